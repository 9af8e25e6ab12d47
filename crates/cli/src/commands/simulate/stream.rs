//! Many requests, one a line: several threads ask, and the answers come in the order of the lines.
//!
//! The lines that have arrived are read, asked at once and told; then the next ones. So memory does not grow with
//! the stream, and whoever writes one line and waits gets its answer.

use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;
use twokeys::report::Style;
use twokeys::request::RequestObject;
use twokeys::source::escaped;

use super::{Simulate, read_request, too_long};
use crate::commands::Io;
use crate::deciding::{Answered, Run, unexpected};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};
use crate::intake::{Given, Idle, Question, World};
use crate::lines::{Line, Lines};
use crate::records::{Expecting, Records};
use crate::survey::{self, Progress};

/// No more lines than this are asked at once,
const MOST_LINES: usize = 1_024;
/// and no more once they have so many bytes.
const MOST_BYTES: usize = 1 << 20;
/// Fewer lines are not worth another thread.
const FEW: usize = 16;

/// A line of the file that is no blank.
struct Asked {
    number: usize,
    is_too_long: bool,
    document: Document,
}

/// What became of a line; the record is written already if nothing that was told before can change it.
type Told = Result<(Question, Answered, Option<String>), Failure>;

impl Simulate {
    /// A bad line stands in its place as an error.
    pub(super) fn stream(
        &self,
        io: &mut Io<'_>,
        path: &Path,
        given: &Given,
        world: &World,
    ) -> Result<Exit, Failure> {
        let name = input::name(path);
        let mut lines = Lines::new(io.input.open(path, "requests")?, RequestObject::MAX_BYTES);
        let mut run = Run::start(world, self.detail(), io)?;
        let mut records = Records::new(io.out, self.format, Expecting::Stream, io.look);
        let mut requests: usize = 0;
        let mut idle = Idle::new(world);
        let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
        let mut progress = Progress::of_stream(self.progress, size, "requests");
        let jobs = survey::jobs(self.jobs);
        let mut pool = None;
        loop {
            let (asked, end) = next_lines(&mut lines, &name);
            requests += asked.len();
            let told: Vec<Told> = if jobs == 1 || asked.len() < FEW {
                asked.iter().map(|line| self.ask(line, given, world, &run)).collect()
            } else {
                let pool = match &pool {
                    Some(pool) => pool,
                    None => pool.insert(survey::threads(jobs)?),
                };
                pool.install(|| asked.par_iter().map(|line| self.ask(line, given, world, &run)).collect())
            };
            progress.aside(|| -> Result<(), Failure> {
                for (line, told) in asked.iter().zip(told) {
                    self.tell(line, told, &mut run, &mut idle, &mut records, io.err, &io.look)?;
                }
                Ok(records.flush()?)
            })?;
            progress.reach(lines.reached(), requests);
            match end {
                Some(Ok(())) => break,
                Some(Err(error)) => return Err(input::unreadable(path, "requests", &error)),
                None => {}
            }
        }
        progress.finish();
        if requests == 0 {
            let problem = Problem::new("no-request", format!("no request was given: `{name}` holds none"));
            return Err(problem.help("write one request object a line").into());
        }
        records.finish()?;
        // Only the end of a stream shows what nothing in it was about.
        io.out.flush()?;
        let style = Style { colors: io.look.colors_err(), ..io.look.style() };
        for warning in idle.warnings() {
            io.err.write_all(warning.to_text(style).as_bytes())?;
        }
        run.finish(self.strict, io)
    }

    fn ask(&self, line: &Asked, given: &Given, world: &World, run: &Run<'_>) -> Told {
        let document = &line.document;
        let object = if line.is_too_long { Err(too_long(document)) } else { read_request(document) }?;
        let question = given.question(object, Some(document), world)?;
        let answered = run.ask(&question)?;
        let written = if answered.decision().warnings.is_empty() && !run.has_waiting() {
            Records::line_of(self.format, answered.decision()).transpose()?
        } else {
            None
        };
        Ok((question, answered, written))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the run with its ends, apart so that the loop stays short"
    )]
    fn tell(
        &self,
        line: &Asked,
        told: Told,
        run: &mut Run<'_>,
        idle: &mut Idle,
        records: &mut Records<'_>,
        err: &mut dyn Write,
        look: &crate::look::Look,
    ) -> Result<(), Failure> {
        match told {
            Ok((question, answered, written)) => {
                idle.see(&question);
                let decision = run.settle(answered);
                self.tell_warnings(&decision, err, look)?;
                match written {
                    Some(text) => records.written(&text)?,
                    None => records.decision(&decision)?,
                }
                if let Some(words) = unexpected(&decision, question.expect) {
                    writeln!(err, "{}:{}: {words}", escaped(&line.document.name), line.number)?;
                }
            }
            Err(Failure::Problems(problems)) => {
                run.note_trouble();
                // A record holds one error; the first is the one to mend first.
                for problem in problems.iter().take(1) {
                    if !records.bad_line(line.number, problem)? {
                        err.write_all(problem.to_text(look.colors_err()).as_bytes())?;
                    }
                }
            }
            Err(closed @ Failure::ClosedPipe) => return Err(closed),
        }
        Ok(())
    }
}

/// The lines that have arrived, at least one if there is one; and how the file ended, if it did.
fn next_lines(lines: &mut Lines, name: &str) -> (Vec<Asked>, Option<io::Result<()>>) {
    let mut asked = Vec::new();
    let mut bytes = 0;
    loop {
        let line = match lines.next() {
            Ok(Line::End) => return (asked, Some(Ok(()))),
            Ok(line) => line,
            Err(error) => return (asked, Some(Err(error))),
        };
        // Of a line that is too long only the beginning is here; what follows may be a request.
        let is_too_long = line == Line::TooLong;
        if is_too_long || !lines.buffer.iter().all(u8::is_ascii_whitespace) {
            let before = (lines.number - 1, lines.offset);
            let document = Document { before, ..Document::new(name, lines.buffer.as_slice()) };
            bytes += document.bytes.len();
            asked.push(Asked { number: lines.number, is_too_long, document });
        }
        let is_enough = asked.len() >= MOST_LINES || bytes >= MOST_BYTES || !lines.is_at_hand();
        if is_enough && !asked.is_empty() {
            return (asked, None);
        }
    }
}
