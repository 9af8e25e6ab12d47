//! Files, standard input, the clock and the environment: the only place that asks the system.

use std::borrow::Cow;
use std::env::VarError;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Datelike, Timelike, Utc};
use flate2::bufread::MultiGzDecoder;
use twokeys::source::{Position, Positions};

use crate::failure::{Failure, Problem};

/// What a file packed with gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The largest policy, request or test file that is read.
pub(crate) const MAX_FILE: usize = 16 * 1024 * 1024;

/// What the system gives to one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    /// Which flag or argument has taken standard input.
    stdin_for: Option<String>,
    now: Option<DateTime<Utc>>,
}

/// A text that was read, with the name people know it by.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// The path as it was given, or `<stdin>`.
    pub(crate) name: String,
    /// What was in it.
    pub(crate) bytes: Arc<[u8]>,
    /// Where the text begins in the file of that name: the lines and the bytes before it.
    pub(crate) before: (usize, u64),
    /// Where its lines begin, found when a position is asked for.
    pub(crate) positions: Arc<OnceLock<Positions>>,
}

impl Document {
    /// A whole file.
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), bytes: bytes.into(), before: (0, 0), positions: Arc::default() }
    }

    /// The position of a byte of the text.
    pub(crate) fn position(&self, offset: usize) -> Position {
        self.positions.get_or_init(|| Positions::new(&self.bytes)).of(&self.bytes, offset)
    }

    /// The text, byte for byte in place: what is no UTF-8 becomes `?`.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(in_place(&self.bytes)),
        }
    }
}

/// The bytes as text of the same length, so that places in them stay places in it.
fn in_place(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

impl Input {
    /// The given time, or that of the clock when it is asked for.
    pub(crate) fn new(now: Option<DateTime<Utc>>) -> Self {
        Self { stdin_for: None, now }
    }

    /// Reads a whole file; `-` is standard input, once a run. `wanted` names what it is, for messages.
    pub(crate) fn read(&mut self, path: &Path, wanted: &str) -> Result<Document, Failure> {
        whole(self.open(path, wanted)?, path, wanted)
    }

    /// Reads a dump of an account, unpacked if it is packed with gzip; beyond `limit` bytes it is refused.
    pub(crate) fn read_dump(&mut self, path: &Path, wanted: &str, limit: usize) -> Result<Document, Failure> {
        let mut reader = self.open(path, wanted)?;
        let unreadable = |error: io::Error| unreadable(path, wanted, &error);
        let packed = reader.fill_buf().map_err(unreadable)?.starts_with(&GZIP);
        let mut bytes = Vec::new();
        // One byte more than the limit is enough to know; a bomb is never unpacked as a whole (D008).
        let most = limit as u64 + 1;
        let read = if packed {
            MultiGzDecoder::new(reader).take(most).read_to_end(&mut bytes)
        } else {
            reader.take(most).read_to_end(&mut bytes)
        };
        let name = name(path);
        read.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Problem::new("bad-gzip", format!("`{name}` is packed with gzip and damaged: {error}"))
                    .help("pack it again, or give it unpacked")
                    .into()
            }
            _ => unreadable(error),
        })?;
        if bytes.len() > limit {
            let unpacked = if packed { " unpacked" } else { "" };
            let message = format!("`{name}` has more than {limit} bytes{unpacked}, which is the limit");
            return Err(Problem::new("dump-limit", message)
                .help("give the pages of the dump as files of their own")
                .into());
        }
        Ok(Document::new(name, bytes))
    }

    /// Opens a file to be read piece by piece; `-` is standard input, once a run.
    pub(crate) fn open(&mut self, path: &Path, wanted: &str) -> Result<Box<dyn BufRead>, Failure> {
        if path.as_os_str() == "-" {
            if let Some(first) = self.stdin_for.replace(wanted.to_owned()) {
                return Err(Problem::new(
                    "stdin-twice",
                    format!("`-` is standard input, and it is taken by the {first} already"),
                )
                .help("give one of the two as a file")
                .into());
            }
            if io::stdin().is_terminal() {
                return Err(Problem::new(
                    "stdin-terminal",
                    format!("the {wanted} is to come from standard input, but that is your terminal"),
                )
                .help("pipe something into the command, or name a file instead of `-`")
                .into());
            }
            return Ok(Box::new(BufReader::with_capacity(64 * 1024, io::stdin())));
        }
        let file = open_file(path, wanted)?;
        Ok(Box::new(BufReader::with_capacity(64 * 1024, file)))
    }

    /// The time: `--now`, `TWOKEYS_NOW`, else the clock.
    pub(crate) fn now(&mut self) -> Result<DateTime<Utc>, Failure> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let variable = match std::env::var("TWOKEYS_NOW") {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => {
                return Err(Problem::new("bad-time", "TWOKEYS_NOW is not UTF-8, so it is no time")
                    .help("write it as 2026-01-05T09:00:00Z, or unset it")
                    .into());
            }
        };
        let now = match variable {
            Some(text) => instant(&text).map_err(|message| {
                Problem::new("bad-time", format!("TWOKEYS_NOW: {message}"))
                    .help("write it as 2026-01-05T09:00:00Z, or unset it")
            })?,
            None => DateTime::from(std::time::SystemTime::now()),
        };
        // Asked twice, it answers the same: one run happens at one instant.
        self.now = Some(now);
        Ok(now)
    }
}

/// Reads a file that is none of standard input; several at a time may be read.
pub(crate) fn read_file(path: &Path, wanted: &str) -> Result<Document, Failure> {
    whole(open_file(path, wanted)?, path, wanted)
}

fn open_file(path: &Path, wanted: &str) -> Result<File, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, wanted, &error))?;
    // Opening a folder works on Unix; reading it is what fails, with a worse message.
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Problem::new(
            "is-a-folder",
            format!("`{}` is a folder, but the {wanted} is a file", path.display()),
        )
        .help("name the file in it")
        .into());
    }
    Ok(file)
}

/// All of what is to be read, up to the limit.
fn whole(reader: impl Read, path: &Path, wanted: &str) -> Result<Document, Failure> {
    let name = name(path);
    let mut bytes = Vec::new();
    let limit = MAX_FILE as u64 + 1;
    reader.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(path, wanted, &error))?;
    if bytes.len() > MAX_FILE {
        return Err(Problem::new("file-too-large", format!("`{name}` is larger than 16 MiB"))
            .help("a policy, request or test file this large is not read; split it")
            .into());
    }
    Ok(Document::new(name, bytes))
}

/// The name of a path in messages.
pub(crate) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Replaces a file as a whole or not at all: a run that is interrupted leaves the old one.
///
/// A link stays a link, and the file keeps its permissions.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = Path::new(&beside);
    let written = File::create_new(beside).and_then(|mut file| {
        if let Ok(old) = std::fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(beside, &path));
    if done.is_err() {
        // The first error is the one to report; what is left over is only tidied.
        let _ = std::fs::remove_file(beside);
    }
    done
}

/// An open descriptor of this process, to write to.
#[cfg(feature = "serve")]
pub(crate) fn descriptor(number: u32) -> io::Result<File> {
    let opened = std::fs::OpenOptions::new().write(true).open(format!("/dev/fd/{number}"));
    opened.map_err(|error| io::Error::new(error.kind(), format!("descriptor {number}: {error}")))
}

/// A variable of the environment, if it is there and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads an instant as `--now` takes it; it must be one that policies can be compared with.
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let time = DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| format!("`{text}` is no RFC 3339 time, such as 2026-01-05T09:00:00Z"))?;
    if time.nanosecond() >= 1_000_000_000 {
        return Err(format!("`{text}` is a leap second, which no policy can name"));
    }
    if !(0..=9999).contains(&time.year()) {
        return Err(format!("`{text}` is in the year {} in UTC; years go from 0000 to 9999", time.year()));
    }
    Ok(time)
}

/// What to say of a file that cannot be read.
pub(crate) fn unreadable(path: &Path, wanted: &str, error: &io::Error) -> Failure {
    let problem = |code, message| Problem::new(code, message);
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            problem("no-such-file", format!("there is no file `{shown}` (wanted as the {wanted})"))
                .help("check the name; paths are relative to the folder you are in")
        }
        io::ErrorKind::PermissionDenied => {
            problem("no-permission", format!("`{shown}` may not be read (wanted as the {wanted})"))
                .help("check the file's permissions")
        }
        _ => problem("unreadable", format!("`{shown}` cannot be read: {error}"))
            .help("check that it is a plain file on a healthy disk"),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf_8_keeps_its_place() {
        let document = Document::new("p", *b"ab\xff\xfecd");
        assert_eq!(document.text(), "ab??cd");
    }

    #[test]
    fn d_008_unpacking_stops_at_the_limit() {
        let folder = std::env::temp_dir().join(format!("twokeys-gzip-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("dump.json.gz");
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&vec![b' '; 10_000]).unwrap();
        let packed = packer.finish().unwrap();
        let mut told = Vec::new();
        for (bytes, limit) in
            [(&packed[..], 10_000), (&packed[..], 9_999), (&packed[..packed.len() - 9], 10_000)]
        {
            std::fs::write(&path, bytes).unwrap();
            told.push(match Input::default().read_dump(&path, "dump", limit) {
                Ok(document) => document.bytes.len().to_string(),
                Err(Failure::Problems(problems)) => problems[0].to_json()["code"].to_string(),
                Err(Failure::ClosedPipe) => String::new(),
            });
        }
        assert_eq!(told, ["10000", "\"dump-limit\"", "\"bad-gzip\""]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn ux_020_the_given_time_wins_over_the_clock() {
        let given = instant("2026-01-05T09:00:00+01:00").unwrap();
        assert_eq!(Input::new(Some(given)).now().unwrap().to_rfc3339(), "2026-01-05T08:00:00+00:00");
        assert!(instant("yesterday").is_err());
        for text in ["2016-12-31T23:59:60Z", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            assert!(instant(text).is_err(), "{text}");
        }
        assert!(instant("0000-01-01T00:00:00Z").is_ok() && instant("9999-12-31T23:59:59Z").is_ok());
    }
}
