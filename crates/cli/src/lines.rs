//! A file of records, a line each, read in constant memory.

use std::io::{self, BufRead, BufReader, Read};

/// The next line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is in the buffer, without its line break.
    Read,
    /// It is longer than the limit; the buffer holds its beginning, and the rest was passed over.
    TooLong,
    /// There is none.
    End,
}

/// How much is read at once, in bytes.
const AT_ONCE: usize = 256 * 1024;

/// Reads lines up to a limit.
pub(crate) struct Lines {
    reader: BufReader<Box<dyn BufRead>>,
    limit: usize,
    is_file: bool,
    /// The line.
    pub(crate) buffer: Vec<u8>,
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Bytes of the file before it.
    pub(crate) offset: u64,
    next: u64,
}

impl Lines {
    /// The lines of `reader`, each at most `limit` bytes long. Is it a file, which is there as a whole?
    pub(crate) fn new(reader: Box<dyn BufRead>, limit: usize, is_file: bool) -> Self {
        let reader = BufReader::with_capacity(AT_ONCE, reader);
        Self { reader, limit, is_file, buffer: Vec::new(), number: 0, offset: 0, next: 0 }
    }

    /// How many bytes were passed so far.
    pub(crate) fn reached(&self) -> u64 {
        self.next
    }

    /// Is the next line here already? If not, whoever writes them may be waiting for an answer.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.is_file || memchr::memchr(b'\n', self.reader.buffer()).is_some()
    }

    /// Goes to the next line.
    pub(crate) fn next(&mut self) -> io::Result<Line> {
        self.buffer.clear();
        self.offset = self.next;
        let most = self.limit as u64 + 1;
        let read = (&mut self.reader).take(most).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(Line::End);
        }
        self.number += 1;
        self.next += read as u64;
        if self.buffer.pop_if(|last| *last == b'\n').is_some() {
            self.buffer.pop_if(|last| *last == b'\r');
            return Ok(Line::Read);
        }
        if self.buffer.len() <= self.limit {
            return Ok(Line::Read);
        }
        self.next += self.reader.skip_until(b'\n')? as u64;
        Ok(Line::TooLong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_passed_over_and_the_next_is_found() {
        let text: &[u8] = b"ab\r\n\nabcdef\nxyz";
        let mut lines = Lines::new(Box::new(text), 4, false);
        let mut found = Vec::new();
        loop {
            let line = lines.next().unwrap();
            if line == Line::End {
                break;
            }
            let text = String::from_utf8_lossy(&lines.buffer).into_owned();
            found.push((lines.number, lines.offset, line == Line::Read, text));
        }
        let expected = [(1, 0, true, "ab"), (2, 4, true, ""), (3, 5, false, "abcde"), (4, 12, true, "xyz")];
        assert_eq!(found, expected.map(|(number, at, read, text)| (number, at, read, text.to_owned())));
    }
}
