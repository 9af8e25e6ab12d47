//! A file of records, a line each, read in constant memory.

use std::io::{self, BufRead, BufReader, Read};

/// The next line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is added to the text, without its line break.
    Read,
    /// It is longer than the limit; its beginning is added, and the rest was passed over.
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
        Self { reader, limit, is_file, number: 0, offset: 0, next: 0 }
    }

    /// How many bytes were passed so far.
    pub(crate) fn reached(&self) -> u64 {
        self.next
    }

    /// Is the next line here already? If not, whoever writes them may be waiting for an answer.
    pub(crate) fn is_at_hand(&self) -> bool {
        self.is_file || memchr::memchr(b'\n', self.reader.buffer()).is_some()
    }

    /// Goes to the next line and adds it to `text`.
    pub(crate) fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Line> {
        self.offset = self.next;
        let start = text.len();
        let read = self.read_line(text)?;
        if read == 0 {
            return Ok(Line::End);
        }
        self.number += 1;
        self.next += read as u64;
        if text.pop_if(|last| *last == b'\n').is_some() {
            if text.len() > start {
                text.pop_if(|last| *last == b'\r');
            }
            return Ok(Line::Read);
        }
        if read <= self.limit {
            return Ok(Line::Read);
        }
        self.next += self.reader.skip_until(b'\n')? as u64;
        Ok(Line::TooLong)
    }

    /// Nearly every line is in the buffer as a whole.
    fn read_line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        let buffered = self.reader.buffer();
        let found = memchr::memchr(b'\n', buffered).filter(|at| *at < self.limit);
        if let Some(line) = found.and_then(|at| buffered.get(..=at)) {
            text.extend_from_slice(line);
            let read = line.len();
            self.reader.consume(read);
            return Ok(read);
        }
        (&mut self.reader).take(self.limit as u64 + 1).read_until(b'\n', text)
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
            let mut buffer = b"before".to_vec();
            let line = lines.next(&mut buffer).unwrap();
            if line == Line::End {
                break;
            }
            let text = String::from_utf8_lossy(&buffer[6..]).into_owned();
            found.push((lines.number, lines.offset, line == Line::Read, text));
        }
        let expected = [(1, 0, true, "ab"), (2, 4, true, ""), (3, 5, false, "abcde"), (4, 12, true, "xyz")];
        assert_eq!(found, expected.map(|(number, at, read, text)| (number, at, read, text.to_owned())));
    }
}
