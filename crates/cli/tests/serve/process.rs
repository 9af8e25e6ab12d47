//! The server as a child, and a small client of our own that can also misbehave.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use twokeys_server::sigv4::{SignedRequest, sign};

/// A key that signs.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A server over a folder; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

/// An answer: its status and everything after the header.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A folder that goes with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("twokeys-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn root() -> Key {
    Key { id: "AKIAROOTOFTHESETESTS".to_owned(), secret: "the secret of root".to_owned() }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

impl Server {
    /// Starts it and waits until it listens; every start checks the database first.
    pub(crate) fn start(folder: &Path) -> Self {
        // What does nothing but run the rest.
        Self::start_by(Command::new("env"), folder)
    }

    /// The same as the last arguments of another command.
    pub(crate) fn start_by(command: Command, folder: &Path) -> Self {
        Self::start_with(command, folder, &[])
    }

    /// The same with more options.
    pub(crate) fn start_with(mut command: Command, folder: &Path, more: &[&str]) -> Self {
        let Key { id, secret } = root();
        let mut child = command
            .arg(env!("CARGO_BIN_EXE_twokeys"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .args(more)
            .env("TWOKEYS_ROOT_ACCESS_KEY_ID", id)
            .env("TWOKEYS_ROOT_SECRET_ACCESS_KEY", secret)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let (mut all, mut address) = (String::new(), None);
        while said.read_line(&mut all).unwrap() > 0 {
            let line = all.lines().last().unwrap_or_default();
            if let Some(rest) = line.strip_prefix("endpoint  http://") {
                address = rest.split('/').next().map(str::to_owned);
            }
            if line.starts_with("ready") {
                break;
            }
        }
        let address = address.unwrap_or_else(|| panic!("the server did not start:\n{all}"));
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, address }
    }

    /// Ends it with no chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as an operator does.
    pub(crate) fn end(&mut self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success());
        self.child.wait().unwrap();
    }

    /// How many descriptors it has open.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes on a connection of their own; `None` if it is closed without an answer.
    pub(crate) fn send(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // A server that has refused already may have closed its end.
        let _ = stream.write_all(bytes);
        read(&mut stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads one answer. Nothing, if the connection ends before.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Answer> {
    let (mut bytes, mut byte) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                let status = head.split(' ').nth(1)?.parse().ok()?;
                return Some(Answer { status, head: head.to_owned(), body: body.to_owned() });
            }
        }
        match stream.read(&mut byte) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&byte[..read]),
        }
    }
}

/// `Version=…&…`, encoded.
pub(crate) fn form(service: &str, pairs: &[(&str, &str)]) -> String {
    let version = if service == "sts" { "2011-06-15" } else { "2010-05-08" };
    let encode = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("Version={version}&{}", pairs.join("&"))
}

/// The header lines that a signed request needs, without the one that says how long the body is.
pub(crate) fn signed(address: &str, key: &Key, service: &str, body: &str) -> String {
    let date = twokeys_server::wire::iso8601(now()).replace(['-', ':'], "");
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("host", address), ("x-amz-date", &date)];
    let request =
        SignedRequest { method: "POST", path: "/", query: "", headers: &headers, body: body.as_bytes() };
    let authorization = sign(&request, &key.id, key.secret.as_bytes(), "us-east-1", service);
    let mut lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    lines.push_str(&format!("authorization: {authorization}\r\n"));
    lines
}

/// A whole request.
pub(crate) fn request(address: &str, key: &Key, service: &str, pairs: &[(&str, &str)]) -> String {
    let body = form(service, pairs);
    let head = signed(address, key, service, &body);
    format!("POST / HTTP/1.1\r\n{head}content-length: {}\r\n\r\n{body}", body.len())
}

/// A call on an open connection; nothing, if the server is gone.
pub(crate) fn call(
    stream: &mut TcpStream,
    address: &str,
    key: &Key,
    service: &str,
    pairs: &[(&str, &str)],
) -> Option<Answer> {
    stream.write_all(request(address, key, service, pairs).as_bytes()).ok()?;
    read(stream)
}

/// The text of the first element of this name.
pub(crate) fn element<'b>(body: &'b str, name: &str) -> Option<&'b str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}
