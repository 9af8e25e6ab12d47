//! Messages as they come and go: a header that tells a length, and JSON-RPC behind it.
//!
//! Whatever comes, reading goes on as long as it is known where the next message begins.

use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};

use serde_json::{Value, json};
use twokeys::report::json_line;
use twokeys::source::shown;

use crate::failure::{Failure, Problem};

/// Longer messages are passed over.
const MOST: u32 = 64 * 1024 * 1024;
/// A header has a few dozen bytes.
const MOST_HEADER: u64 = 8 * 1024;
/// Messages that may wait while one is worked on.
const MOST_WAITING: usize = 16;

/// What an editor sends.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// It waits for an answer with this id.
    Request { id: Value, method: String, params: Value },
    /// It waits for nothing.
    Notice { method: String, params: Value },
    /// It answers what we asked; we ask nothing.
    Response,
    /// It is no message of the protocol.
    Wrong { id: Value, refusal: Refusal },
}

/// Why there is no result: a number of JSON-RPC or of the protocol, and words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: i32,
    message: String,
}

impl Refusal {
    pub(super) fn no_json(message: impl Into<String>) -> Self {
        Self { code: -32700, message: message.into() }
    }

    pub(super) fn invalid_request(message: impl Into<String>) -> Self {
        Self { code: -32600, message: message.into() }
    }

    pub(super) fn no_such_method(method: &str) -> Self {
        Self { code: -32601, message: format!("`{}` is not served", shown(method)) }
    }

    pub(super) fn invalid_params(message: impl Into<String>) -> Self {
        Self { code: -32602, message: message.into() }
    }

    pub(super) fn not_initialized() -> Self {
        Self { code: -32002, message: "`initialize` comes first".to_owned() }
    }
}

/// The messages on standard input, read while others are worked on. They end with the input, or with a failure.
pub(super) fn messages() -> Receiver<Result<Message, Failure>> {
    let (to, from) = sync_channel(MOST_WAITING);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input).transpose() {
            let is_last = message.is_err();
            if to.send(message).is_err() || is_last {
                return;
            }
        }
    });
    from
}

/// Sends a notice.
pub(super) fn tell(to: &mut dyn Write, method: &str, params: &Value) -> Result<(), Failure> {
    write(to, &json!({ "jsonrpc": "2.0", "method": method, "params": params }))
}

/// Sends the answer to a request.
pub(super) fn answer(to: &mut dyn Write, id: &Value, answer: Result<Value, Refusal>) -> Result<(), Failure> {
    let message = match answer {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Refusal { code, message }) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
        }
    };
    write(to, &message)
}

/// Hidden characters are escaped: what is taken out on the way would make the length wrong.
fn write(to: &mut dyn Write, message: &Value) -> Result<(), Failure> {
    let body = json_line(message)?;
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    Ok(to.flush()?)
}

/// The next message; none at the end of the input, be it in the midst of one.
fn read(from: &mut impl BufRead) -> Result<Option<Message>, Failure> {
    let Some(length) = read_length(from)? else { return Ok(None) };
    let mut body = from.take(length.into());
    if length > MOST {
        io::copy(&mut body, &mut io::sink()).map_err(|error| unreadable(&error))?;
        let refusal = Refusal::invalid_request(format!("the message is longer than {MOST} bytes"));
        return Ok(Some(Message::Wrong { id: Value::Null, refusal }));
    }
    // Room is made for what comes, not for what was said to come.
    let mut bytes = Vec::new();
    let read = body.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok((read == length as usize).then(|| Message::of(&bytes)))
}

/// The length that the next header tells.
fn read_length(from: &mut impl BufRead) -> Result<Option<u32>, Failure> {
    let (mut length, mut left) = (None, MOST_HEADER);
    loop {
        let mut line = Vec::new();
        let read =
            from.by_ref().take(left).read_until(b'\n', &mut line).map_err(|error| unreadable(&error))?;
        left = left.saturating_sub(read as u64);
        if left == 0 {
            return Err(no_header(&format!("it has more than {MOST_HEADER} bytes")));
        }
        if !line.ends_with(b"\n") {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(line.trim_ascii());
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| no_header("it has no `Content-Length`"));
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(no_header(&format!("`{}` is no field of one", shown(&line))));
        };
        if name.trim_ascii().eq_ignore_ascii_case("content-length") {
            let number = value.trim_ascii().parse();
            length = Some(number.map_err(|_| no_header(&format!("no message has `{}`", shown(&line))))?);
        }
    }
}

fn no_header(why: &str) -> Failure {
    Problem::new("lsp", format!("there is no header where one should begin: {why}"))
        .help("an editor starts `twokeys lsp`, and speaks the Language Server Protocol with it")
        .into()
}

fn unreadable(error: &io::Error) -> Failure {
    Problem::new("lsp", format!("standard input cannot be read: {error}")).into()
}

impl Message {
    fn of(body: &[u8]) -> Self {
        let wrong = |id, refusal| Self::Wrong { id, refusal };
        let mut members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return wrong(Value::Null, Refusal::invalid_request("a message is an object")),
            Err(error) => return wrong(Value::Null, Refusal::no_json(error.to_string())),
        };
        let (id, params) = (members.remove("id"), members.remove("params").unwrap_or_default());
        match (members.remove("method"), id) {
            (Some(Value::String(method)), None) => Self::Notice { method, params },
            (Some(Value::String(method)), Some(id @ (Value::Number(_) | Value::String(_)))) => {
                Self::Request { id, method, params }
            }
            (Some(Value::String(_)), Some(_)) => {
                wrong(Value::Null, Refusal::invalid_request("an id is a number or a text"))
            }
            (None, Some(_)) if members.contains_key("result") || members.contains_key("error") => {
                Self::Response
            }
            (_, id) => {
                let id = id.filter(|id| id.is_number() || id.is_string()).unwrap_or_default();
                wrong(id, Refusal::invalid_request("a message has a method"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(input: &str) -> Vec<String> {
        let mut from = input.as_bytes();
        let mut told = Vec::new();
        while let Some(message) = read(&mut from).transpose() {
            let is_last = message.is_err();
            told.push(match message {
                Ok(Message::Request { id, method, .. }) => format!("{method} {id}"),
                Ok(Message::Notice { method, .. }) => method,
                Ok(Message::Response) => "response".to_owned(),
                Ok(Message::Wrong { id, refusal }) => format!("{} {id}", refusal.code),
                Err(failure) => failure.to_string(),
            });
            if is_last {
                break;
            }
        }
        told
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_answered_and_the_next_one_is_read() {
        let bodies = [
            r#"{"id": 99999999999, "method": "m"}"#,
            r#"{"id": "a", "method": "m"}"#,
            r#"{"id": 1.5, "method": "m"}"#,
            r#"{"id": null, "method": "m"}"#,
            r#"{"id": [1], "method": "m"}"#,
            r#"{"id": 7, "method": 7}"#,
            r#"{"id": 7, "result": null}"#,
            "{not json",
            "\u{0}",
            "[]",
            r#"{"method": "exit"}"#,
        ];
        let input: String = bodies.iter().map(|body| framed(body)).collect();
        assert_eq!(
            told(&input),
            [
                "m 99999999999",
                "m \"a\"",
                "m 1.5",
                "-32600 null",
                "-32600 null",
                "-32600 7",
                "response",
                "-32700 null",
                "-32700 null",
                "-32600 null",
                "exit"
            ]
        );
        let deep = framed(&"[".repeat(100_000));
        assert_eq!(told(&deep), ["-32700 null"]);
    }

    #[test]
    fn headers_are_read_in_any_case_and_the_input_may_end_anywhere() {
        let body = r#"{"method": "m"}"#;
        let header = format!("content-LENGTH:{}\r\nContent-Type: x\r\n\r\n{body}", body.len());
        assert_eq!(told(&header), ["m"]);
        let whole = framed(body);
        for end in 0..whole.len() {
            assert_eq!(told(whole.get(..end).unwrap()), [""; 0], "{end}");
        }
    }

    #[test]
    fn lengths_that_no_message_has_make_no_room() {
        let too_long = format!("Content-Length: {}\r\n\r\n{}", MOST + 1, " ".repeat(MOST as usize + 1));
        assert_eq!(told(&(too_long + &framed(r#"{"method": "m"}"#))), ["-32600 null", "m"]);
        assert_eq!(told("Content-Length: 4000000000\r\n\r\n{}"), ["-32600 null"]);
        assert_eq!(told(&format!("Content-Length: {MOST}\r\n\r\n{{}}")), [""; 0]);
        let told = ["Content-Length: 99999999999999", "Content-Length: -1", "Content-Length: 1e3", "{}", ""]
            .map(|line| told(&format!("{line}\r\n\r\n{{}}")).join("; "));
        insta::assert_snapshot!(told.join("\n"), @r"
        there is no header where one should begin: no message has `Content-Length: 99999999999999`
        there is no header where one should begin: no message has `Content-Length: -1`
        there is no header where one should begin: no message has `Content-Length: 1e3`
        there is no header where one should begin: `{}` is no field of one
        there is no header where one should begin: it has no `Content-Length`
        ");
        assert!(read(&mut "x".repeat(10_000).as_bytes()).is_err());
    }
}
