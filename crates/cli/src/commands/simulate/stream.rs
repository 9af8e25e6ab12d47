//! Many requests, one a line: several threads ask, and the answers come in the order of the lines.
//!
//! The lines that have arrived are asked at once and told; then the next ones. So memory does not grow with the
//! stream, and whoever writes one line and waits gets its answer. Threads take some lines at a time and write their
//! records one behind the other, all those that nothing told before can change: handing these on is all that is
//! left to do in order. It is done, and the next lines are read, while the threads are at work.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use twokeys::report::{Expectation, Style};
use twokeys::request::RequestObject;
use twokeys::source::escaped;

use super::{Simulate, read_request, too_long};
use crate::commands::Io;
use crate::deciding::{Answered, Run, Sum, unexpected};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{self, Document};
use crate::intake::{Given, Idle, Question, Recent, World};
use crate::lines::{Line, Lines};
use crate::records::{Expecting, Records};
use crate::survey::{self, Progress};

/// No more lines than this are asked at once,
const MOST_LINES: usize = 2_048;
/// and no more once they have so many bytes.
const MOST_BYTES: usize = 1 << 20;
/// So many lines are taken by a thread at a time.
const AT_A_TIME: usize = 128;
/// Fewer are not worth another thread.
const FEW: usize = 32;

/// The lines that have arrived.
struct Batch<'n> {
    /// The name of the file.
    name: &'n str,
    bytes: Vec<u8>,
    lines: Vec<Asked>,
}

/// A line of the file that is no blank.
struct Asked {
    number: usize,
    /// Bytes of the file before it.
    offset: u64,
    /// Where it stands in the batch.
    span: Range<usize>,
    is_too_long: bool,
}

/// What became of lines that follow each other.
struct Told<'b> {
    /// Records, one behind the other.
    text: Vec<u8>,
    parts: Vec<Part<'b>>,
    /// What the run is to know of the lines whose records are written.
    sum: Sum,
    idle: Idle,
}

/// What became of a line.
enum Part<'b> {
    /// So many lines have their records, which end here.
    Written { lines: usize, to: usize },
    /// What was told before it changes the record.
    Open(&'b Asked, Option<Expectation>, Box<Answered>),
    /// It stands in its place as an error.
    Failed(&'b Asked, Failure),
}

/// The threads that ask; none are started for a few lines.
struct Threads {
    jobs: usize,
    pool: Option<rayon::ThreadPool>,
}

/// What does not change from line to line.
struct Asking<'a> {
    simulate: &'a Simulate,
    given: &'a Given,
    world: &'a World,
}

impl Simulate {
    /// A bad line stands in its place as an error.
    pub(super) fn stream(
        &self,
        io: &mut Io<'_>,
        path: &Path,
        given: &Given,
        world: &World,
    ) -> Result<Exit, Failure> {
        let asking = Asking { simulate: self, given, world };
        let name = input::name(path);
        let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
        let reader = io.input.open(path, "requests")?;
        let mut lines = Lines::new(reader, RequestObject::MAX_BYTES, size.is_some());
        let mut run = Run::start(world, self.detail(), io)?;
        let mut records = Records::new(self.format, Expecting::Stream, io.look);
        let mut requests: usize = 0;
        let mut idle = Idle::new(world);
        let mut progress = Progress::of_stream(self.progress, size, "requests");
        let mut threads = Threads { jobs: survey::jobs(self.jobs), pool: None };
        // What is told of the lines before, and not written yet.
        let mut pending: Vec<Vec<u8>> = Vec::new();
        let (mut batch, mut next) = (Batch::new(&name), Batch::new(&name));
        let mut end = batch.take(&mut lines);
        loop {
            requests += batch.lines.len();
            let taken = {
                let ask = |some| asking.ask_all(&batch, some, &run, &idle);
                let (told, taken) = threads.ask(&batch.lines, ask, || -> Result<_, Failure> {
                    progress.aside(|| write_all(io.out, &mut pending))?;
                    Ok((end.is_none() && lines.is_at_hand()).then(|| next.take(&mut lines)))
                })?;
                progress.aside(|| -> Result<(), Failure> {
                    for told in told {
                        idle.join(&told.idle);
                        pending.push(asking.tell(&batch, told, &mut run, &mut records, io)?);
                    }
                    Ok(())
                })?;
                taken?
            };
            progress.reach(lines.reached(), requests);
            if let Some(taken) = taken {
                end = taken;
                std::mem::swap(&mut batch, &mut next);
                continue;
            }
            // Whoever writes the lines may be waiting for the answers.
            progress.aside(|| write_all(io.out, &mut pending).and_then(|()| io.out.flush()))?;
            match end {
                Some(Ok(())) => break,
                Some(Err(error)) => return Err(input::unreadable(path, "requests", &error)),
                None => end = batch.take(&mut lines),
            }
        }
        progress.finish();
        if requests == 0 {
            let problem = Problem::new("no-request", format!("no request was given: `{name}` holds none"));
            return Err(problem.help("write one request object a line").into());
        }
        records.finish(io.out)?;
        // Only the end of a stream shows what nothing in it was about.
        io.out.flush()?;
        let style = Style { colors: io.look.colors_err(), ..io.look.style() };
        for warning in idle.warnings() {
            io.err.write_all(warning.to_text(style).as_bytes())?;
        }
        run.finish(self.strict, io)
    }
}

impl Asking<'_> {
    /// Asks lines that follow each other.
    fn ask_all<'b>(&self, batch: &Batch<'_>, lines: &'b [Asked], run: &Run<'_>, idle: &Idle) -> Told<'b> {
        let mut told = Told {
            text: Vec::with_capacity(lines.len() * 1024),
            parts: Vec::new(),
            sum: Sum::default(),
            idle: idle.clone(),
        };
        let mut recent = Recent::default();
        for line in lines {
            let asked = self.ask(batch, line, run, &mut recent, |question, answered| {
                told.idle.see(question);
                match self.write(question.expect, &answered, run, &mut told.text) {
                    Some(sum) => {
                        told.sum.add(sum);
                        told.written();
                    }
                    None => told.parts.push(Part::Open(line, question.expect, Box::new(answered))),
                }
            });
            if let Err(failure) = asked {
                told.parts.push(Part::Failed(line, failure));
            }
        }
        told
    }

    /// Asks one line, and hands on what was asked and answered.
    fn ask(
        &self,
        batch: &Batch<'_>,
        line: &Asked,
        run: &Run<'_>,
        recent: &mut Recent,
        mut then: impl FnMut(&Question, Answered),
    ) -> Result<(), Failure> {
        if line.is_too_long {
            return Err(too_long(&batch.document(line)));
        }
        let mut answer = |object, document: Option<&Document>| {
            let mut question = self.given.question(object, document, self.world)?;
            let answered = run.ask(&mut question, recent)?;
            then(&question, answered);
            Ok(())
        };
        if let Ok(object) = RequestObject::read(batch.text(line))
            && answer(object, None).is_ok()
        {
            return Ok(());
        }
        // Once more, with the place of what is wrong.
        let document = batch.document(line);
        answer(read_request(&document)?, Some(&document))
    }

    /// Writes the record of an answer, if nothing that is told before it can change it, nor what is told beside it.
    fn write(
        &self,
        expect: Option<Expectation>,
        answered: &Answered,
        run: &Run<'_>,
        text: &mut Vec<u8>,
    ) -> Option<Sum> {
        let decision = answered.decision();
        let sum = answered.settled().filter(|_| !run.has_waiting())?;
        let is_all = unexpected(decision, expect).is_none();
        (is_all && Records::line_of(self.simulate.format, decision, text)).then_some(sum)
    }

    /// What is told of lines, in their order.
    fn tell(
        &self,
        batch: &Batch<'_>,
        told: Told<'_>,
        run: &mut Run<'_>,
        records: &mut Records,
        io: &mut Io<'_>,
    ) -> Result<Vec<u8>, Failure> {
        run.add(told.sum);
        if let [Part::Written { lines, .. }] = *told.parts {
            records.count(lines);
            return Ok(told.text);
        }
        let (err, look) = (&mut *io.err, &io.look);
        let (mut text, mut from) = (Vec::new(), 0);
        let out = &mut text;
        for part in told.parts {
            match part {
                Part::Written { lines, to } => {
                    records.count(lines);
                    out.extend_from_slice(told.text.get(from..to).unwrap_or_default());
                    from = to;
                }
                Part::Open(line, expect, answered) => {
                    let decision = run.settle(*answered);
                    self.simulate.tell_warnings(&decision, err, look)?;
                    records.decision(out, &decision)?;
                    if let Some(words) = unexpected(&decision, expect) {
                        writeln!(err, "{}:{}: {words}", escaped(batch.name), line.number)?;
                    }
                }
                Part::Failed(line, Failure::Problems(problems)) => {
                    run.note_trouble();
                    // A record holds one error; the first is the one to mend first.
                    for problem in problems.iter().take(1) {
                        if !records.bad_line(out, line.number, problem)? {
                            err.write_all(problem.to_text(look.colors_err()).as_bytes())?;
                        }
                    }
                }
                Part::Failed(_, closed @ Failure::ClosedPipe) => return Err(closed),
            }
        }
        Ok(text)
    }
}

/// Hands on all pieces of a text.
fn write_all(out: &mut dyn Write, pieces: &mut Vec<Vec<u8>>) -> io::Result<()> {
    pieces.drain(..).try_for_each(|piece| out.write_all(&piece))
}

impl Told<'_> {
    /// One more line has its record.
    fn written(&mut self) {
        let end = self.text.len();
        match self.parts.last_mut() {
            Some(Part::Written { lines, to }) => (*lines, *to) = (*lines + 1, end),
            _ => self.parts.push(Part::Written { lines: 1, to: end }),
        }
    }
}

impl Threads {
    /// Asks lines, some at a time, and does something else meanwhile.
    fn ask<'b, T: Send, M>(
        &mut self,
        lines: &'b [Asked],
        ask: impl Fn(&'b [Asked]) -> T + Send + Sync,
        meanwhile: impl FnOnce() -> M,
    ) -> Result<(Vec<T>, M), Failure> {
        if self.jobs == 1 || lines.len() < FEW {
            let meanwhile = meanwhile();
            return Ok((lines.chunks(AT_A_TIME).map(ask).collect(), meanwhile));
        }
        let pool = match &self.pool {
            Some(pool) => pool,
            None => self.pool.insert(survey::threads(self.jobs)?),
        };
        let (mut made, jobs) = (Vec::new(), self.jobs);
        let told = &mut made;
        let meanwhile = pool.in_place_scope(|scope| {
            let at_a_time = lines.len().div_ceil(jobs).min(AT_A_TIME);
            scope.spawn(move |_| *told = lines.par_chunks(at_a_time).map(ask).collect());
            meanwhile()
        });
        Ok((made, meanwhile))
    }
}

impl<'n> Batch<'n> {
    fn new(name: &'n str) -> Self {
        Self { name, bytes: Vec::new(), lines: Vec::new() }
    }

    /// Takes the lines that have arrived, at least one if there is one; and how the file ended, if it did.
    fn take(&mut self, lines: &mut Lines) -> Option<io::Result<()>> {
        self.bytes.clear();
        self.lines.clear();
        loop {
            let start = self.bytes.len();
            let line = match lines.next(&mut self.bytes) {
                Ok(Line::End) => return Some(Ok(())),
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            // Of a line that is too long only the beginning is here; what follows may be a request.
            let is_too_long = line == Line::TooLong;
            let span = start..self.bytes.len();
            let is_blank = self.bytes.iter().skip(start).all(u8::is_ascii_whitespace);
            if is_too_long || !is_blank {
                self.lines.push(Asked { number: lines.number, offset: lines.offset, span, is_too_long });
            }
            let is_enough =
                self.lines.len() >= MOST_LINES || self.bytes.len() >= MOST_BYTES || !lines.is_at_hand();
            if is_enough && !self.lines.is_empty() {
                return None;
            }
        }
    }

    fn text(&self, line: &Asked) -> &[u8] {
        self.bytes.get(line.span.clone()).unwrap_or_default()
    }

    /// The line as a text of its own, for messages.
    fn document(&self, line: &Asked) -> Document {
        let before = (line.number - 1, line.offset);
        Document { before, ..Document::new(self.name, self.text(line)) }
    }
}
