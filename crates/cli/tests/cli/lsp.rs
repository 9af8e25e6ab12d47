//! An editor's conversation with `twokeys lsp`, over its real standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    next: i64,
}

const URI: &str = "file:///nowhere/policy.json";
const BAD: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "NoMfa", "Effect": "Deny", "Action": "iam:*", "Resource": "*",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "*"}
  ]
}"#;

impl Editor {
    fn start(capabilities: Value) -> (Self, Value) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_twokeys"))
            .arg("lsp")
            .env("TWOKEYS_NOW", "2026-01-05T09:00:00Z")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut editor = Self { child, to, from, next: 1 };
        let answer = editor
            .ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
        editor.tell("initialized", json!({}));
        (editor, answer)
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.to.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.next;
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
        }
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).unwrap(), 0, "the server ended");
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Opens a document and reads its findings.
    fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({"uri": uri, "languageId": "json", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.findings(uri)
    }

    fn findings(&mut self, uri: &str) -> Vec<Value> {
        let message = self.read();
        assert_eq!(message["method"], "textDocument/publishDiagnostics");
        assert_eq!(message["params"]["uri"], uri);
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Asks about the place behind the first `mark` of a text.
    fn ask_at(&mut self, method: &str, text: &str, mark: &str) -> Value {
        let offset = text.find(mark).unwrap() + mark.len();
        let before = text.get(..offset).unwrap();
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let params =
            json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}});
        self.ask(method, params)["result"].clone()
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.tell("exit", Value::Null);
        drop(self.to);
        assert!(self.child.wait().unwrap().success());
    }
}

fn codes(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

fn labels(completion: &Value) -> Vec<&str> {
    completion["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn findings_come_and_go_as_people_type() {
    let (mut editor, hello) = Editor::start(json!({}));
    assert_eq!(hello["result"]["capabilities"]["positionEncoding"], "utf-16");
    let findings = editor.open(URI, BAD);
    assert!(codes(&findings).contains(&"M402"), "{:?}", codes(&findings));
    let bool_finding = findings.iter().find(|finding| finding["code"] == "M402").unwrap();
    assert_eq!(bool_finding["range"]["start"]["line"], 4);
    // "Bool" becomes "BoolIfExists".
    let place = json!({"line": 4, "character": 24});
    let change = json!({"range": {"start": place, "end": place}, "text": "IfExists"});
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": URI, "version": 2}, "contentChanges": [change]}),
    );
    let findings = editor.findings(URI);
    assert!(!codes(&findings).contains(&"M402"), "{findings:#?}");
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    assert!(editor.findings(URI).is_empty());
    editor.end();
}

#[test]
fn quick_fixes_edit_the_text_that_is_open() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    let everywhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let params = json!({"textDocument": {"uri": URI}, "range": everywhere, "context": {"diagnostics": []}});
    let actions = editor.ask("textDocument/codeAction", params)["result"].clone();
    let titles: Vec<&str> =
        actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert!(titles.iter().any(|title| title.starts_with("M402: ")), "{titles:?}");
    assert!(titles.iter().any(|title| title.contains("all fixes that keep every decision")), "{titles:?}");
    let fix = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|action| action["title"].as_str().unwrap().starts_with("M402"))
        .unwrap();
    assert!(fix["edit"]["changes"][URI][0]["newText"].as_str().unwrap().contains("BoolIfExists"), "{fix:#}");
    assert_eq!(fix["isPreferred"], false, "it changes decisions");
    let only = json!({"textDocument": {"uri": URI}, "range": everywhere, "context": {"diagnostics": [], "only": ["source.fixAll"]}});
    let actions = editor.ask("textDocument/codeAction", only)["result"].clone();
    assert_eq!(actions.as_array().unwrap().len(), 1);
    editor.end();
}

#[test]
fn hovering_tells_what_a_word_means() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    for (mark, expected) in [
        ("aws:MultiFactorAuthPres", "aws:MultiFactorAuthPresent"),
        ("\"Bool", "Bool"),
        ("s3:GetOb", "s3:GetObject"),
    ] {
        let hover = editor.ask_at("textDocument/hover", BAD, mark);
        let text = hover["contents"]["value"].as_str().unwrap_or_default();
        assert!(text.contains(expected), "{mark}: {hover}");
    }
    assert_eq!(editor.ask_at("textDocument/hover", BAD, "\"Statement\": ["), Value::Null);
    editor.end();
}

#[test]
fn completion_works_in_a_half_written_text() {
    let (mut editor, _) = Editor::start(json!({}));
    for (text, mark, expected) in [
        ("{\"Statement\": [{\"Action\": \"s3:GetObjectTa", "s3:GetObjectTa", "s3:GetObjectTagging"),
        ("{\"Statement\": {\"Action\": \"cloudtr\n", "cloudtr", "cloudtrail:"),
        ("{\"Statement\": {\"Eff", "Eff", "Effect"),
        ("{\"Vers", "Vers", "Version"),
        ("{\"Statement\": {\"Effect\": \"D", "\"D", "Deny"),
        ("{\"Statement\": {\"Condition\": {\"BoolIf", "BoolIf", "BoolIfExists"),
        (
            "{\"Statement\": {\"Condition\": {\"Bool\": {\"aws:Multi",
            "aws:Multi",
            "aws:MultiFactorAuthPresent",
        ),
        (
            "{\"Statement\": {\"Action\": \"s3:ListBucket\", \"Condition\": {\"StringLike\": {\"s3:pre",
            "s3:pre",
            "s3:prefix",
        ),
        ("{\"Statement\": {\"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"t", "\"t", "true"),
        (
            "{\"Statement\": {\"Action\": \"s3:GetObject\", \"Resource\": \"arn:",
            "\"arn:",
            "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
        ),
    ] {
        editor.open(URI, text);
        let completion = editor.ask_at("textDocument/completion", text, mark);
        assert!(labels(&completion).contains(&expected), "{text}: {completion}");
    }
    editor.end();
}

#[test]
fn statements_are_the_symbols_of_a_policy() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    let symbols =
        editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": URI}}))["result"].clone();
    let names: Vec<&str> =
        symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["NoMfa", "statement 2"]);
    assert_eq!(symbols[0]["range"]["start"]["line"], 3);
    let edits =
        editor.ask("textDocument/formatting", json!({"textDocument": {"uri": URI}, "options": {}}))["result"]
            .clone();
    assert!(edits[0]["newText"].as_str().unwrap().contains("\"Sid\": \"NoMfa\""));
    editor.end();
}

#[test]
fn an_editor_that_counts_bytes_is_answered_in_bytes() {
    let (mut editor, hello) = Editor::start(json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}}));
    assert_eq!(hello["result"]["capabilities"]["positionEncoding"], "utf-8");
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "𝄞", "Effect": "Permit", "Action": "*", "Resource": "*"}]}"#;
    let findings = editor.open(URI, text);
    let permit = findings.iter().find(|finding| finding["code"] == "E110").unwrap();
    assert_eq!(permit["range"]["start"]["character"], text.find("\"Permit").unwrap());
    editor.end();
}

#[test]
fn a_file_that_is_no_policy_gets_no_findings() {
    let (mut editor, _) = Editor::start(json!({}));
    assert!(editor.open("file:///nowhere/package.json", r#"{"name": "x", "version": "1.0.0"}"#).is_empty());
    assert!(editor.open("file:///nowhere/notes.txt", "hello").is_empty());
    editor.end();
}

#[test]
fn hostile_documents_and_messages_do_no_harm() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, "");
    editor.open(URI, &format!("{{\"Statement\": {}", "[".repeat(50_000)));
    editor.open(URI, "{\"Statement\": [{\"Effect\": \"Allow\u{0}\u{202e}");
    let far = json!({"line": u64::MAX, "character": -5});
    for method in ["textDocument/hover", "textDocument/completion"] {
        editor.ask(method, json!({"textDocument": {"uri": URI}, "position": far}));
        editor.ask(method, json!({"textDocument": {"uri": "file:///unknown"}, "position": far}));
        editor.ask(method, json!([]));
    }
    assert_eq!(editor.ask("workspace/unheardOf", json!({}))["error"]["code"], -32601);
    let backwards = json!({"range": {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}, "text": BAD});
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": URI, "version": 3}, "contentChanges": [backwards]}),
    );
    editor.findings(URI);
    editor.end();
}

#[test]
fn who_says_nothing_gets_nothing() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_twokeys")).arg("lsp").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
}
