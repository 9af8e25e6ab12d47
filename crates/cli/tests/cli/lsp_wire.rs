//! What `twokeys lsp` makes of messages that are none, come at the wrong time, or ask for what there is not.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::lsp::{BAD, Editor, URI};

impl Editor {
    /// Sends a body and reads what is answered.
    fn answer_to(&mut self, body: &str) -> Value {
        self.write(body);
        self.read()
    }

    /// Ends the input and waits for the end.
    fn code(mut self) -> i32 {
        drop(self.to);
        self.child.wait().unwrap().code().unwrap()
    }
}

#[test]
fn lengths_that_no_message_has_end_it_with_words() {
    for length in ["99999999999999", "99999999999999999999999999", "-1", "many"] {
        let mut editor = Editor::silent();
        write!(editor.to, "Content-Length: {length}\r\n\r\n{{}}").unwrap();
        drop(editor.to);
        let output = editor.child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(&format!("no message has `Content-Length: {length}`")), "{stderr}");
    }
}

#[test]
fn a_message_that_is_too_long_is_passed_over() {
    let (mut editor, _) = Editor::start(json!({}));
    assert_eq!(editor.answer_to(&" ".repeat(64 * 1024 * 1024 + 1))["error"]["code"], -32600);
    assert_eq!(editor.ask("textDocument/hover", json!({}))["error"]["code"], -32602);
    editor.end();
}

#[test]
fn what_is_no_json_is_answered_and_the_conversation_goes_on() {
    let (mut editor, _) = Editor::start(json!({}));
    let answer = editor.answer_to("{not json");
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32700)));
    assert_eq!(editor.answer_to("[]")["error"]["code"], -32600);
    assert_eq!(editor.answer_to(r#"{"id": true, "method": "m"}"#)["error"]["code"], -32600);
    editor.send(&json!({"id": 7, "result": null}));
    assert!(!editor.open(URI, BAD).is_empty());
    editor.end();
}

#[test]
fn ids_of_every_kind_come_back_as_they_are() {
    let (mut editor, _) = Editor::start(json!({}));
    for id in ["1", "-1", "4294967296", "99999999999999999", "\"a\\u007f\"", "\"\"", "1.5"] {
        let answer = editor.answer_to(&format!(r#"{{"jsonrpc": "2.0", "id": {id}, "method": "m"}}"#));
        assert_eq!(answer["id"], serde_json::from_str::<Value>(id).unwrap());
        assert_eq!(answer["error"]["code"], -32601);
    }
    editor.end();
}

#[test]
fn requests_have_their_time_and_their_parameters() {
    let mut editor = Editor::silent();
    let code = |answer: &Value| answer["error"]["code"].as_i64().unwrap();
    assert_eq!(code(&editor.ask("textDocument/hover", json!({}))), -32002);
    assert_eq!(code(&editor.ask("shutdown", Value::Null)), -32002);
    assert_eq!(code(&editor.ask("initialize", json!([]))), -32602);
    editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(code(&editor.ask("initialize", json!({"capabilities": {}}))), -32600);
    editor.open(URI, BAD);
    for params in [
        json!([]),
        json!({"textDocument": {"uri": 7}}),
        json!({"textDocument": {"uri": URI}}),
        json!({"textDocument": {"uri": URI}, "position": {"line": -1, "character": 0}}),
    ] {
        assert_eq!(code(&editor.ask("textDocument/hover", params)), -32602);
    }
    let of_document = json!({"textDocument": {"uri": URI}});
    assert_eq!(code(&editor.ask("textDocument/codeAction", of_document)), -32602);
    let closed = json!({"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", closed)["result"], Value::Null);
    editor.ask("shutdown", Value::Null);
    assert_eq!(code(&editor.ask("textDocument/hover", json!({}))), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.code(), 0);
}

#[test]
fn who_goes_without_a_word_is_told_so_by_the_exit_code() {
    assert_eq!(Editor::silent().code(), 1);
    let (mut editor, _) = Editor::start(json!({}));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.child.wait().unwrap().code(), Some(1), "the input is still open");
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    assert_eq!(editor.code(), 1);
    let (mut editor, _) = Editor::start(json!({}));
    write!(editor.to, "Content-Length: 100\r\n\r\n{{").unwrap();
    assert_eq!(editor.code(), 1);
    let output =
        Command::new(env!("CARGO_BIN_EXE_twokeys")).arg("lsp").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{output:?}");
}

#[test]
fn what_was_cancelled_is_answered_all_the_same() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    editor.send(&json!({"jsonrpc": "2.0", "id": "c", "method": "textDocument/documentSymbol",
                        "params": {"textDocument": {"uri": URI}}}));
    editor.tell("$/cancelRequest", json!({"id": "c"}));
    let answer = editor.read();
    assert_eq!((&answer["id"], answer["result"].as_array().unwrap().len()), (&json!("c"), 2));
    editor.end();
}

#[test]
fn hidden_characters_do_not_make_answers_shorter_than_they_say() {
    let (mut editor, _) = Editor::start(json!({}));
    let hidden = "a\u{7f}\u{9b}31m\u{202e}\u{1b}[0m";
    let text =
        json!({"Version": "2012-10-17", "Statement": [{"Sid": hidden, "Effect": hidden, "Action": hidden}]});
    let text = text.to_string();
    editor.open(URI, &text);
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": URI}}));
    assert!(symbols["result"][0]["name"].as_str().unwrap().contains("a\u{7f}\u{9b}31m\u{202e}"), "{symbols}");
    editor.end();
}

#[test]
fn edits_beyond_the_text_and_within_characters_do_no_harm() {
    for capabilities in [json!({}), json!({"general": {"positionEncodings": ["utf-8"]}})] {
        let (mut editor, _) = Editor::start(capabilities);
        let text = "{\"Statement\": [\r\n{\"Sid\": \"é𝄞\", \"Effect\": \"Permit\"}\r\n]}";
        editor.open(URI, text);
        let at = |line: i64, character: i64| json!({"line": line, "character": character});
        let mut version = 1;
        for start in
            [at(0, 0), at(1, 9), at(1, 10), at(1, 11), at(9, 9), at(0, 15), at(-1, 0), at(i64::MAX, 0)]
        {
            for end in [at(1, 10), at(1, 999), at(0, 16), at(0, 0), at(i64::MAX, i64::MAX)] {
                version += 1;
                let change = json!({"range": {"start": start, "end": end}, "rangeLength": 3, "text": "\r𝄞"});
                let changes = json!([change, {"text": 7}, {"range": null, "text": text}, change]);
                editor.tell(
                    "textDocument/didChange",
                    json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": changes}),
                );
                editor.findings(URI);
            }
        }
        editor.end();
    }
}

#[test]
fn who_types_fast_is_told_what_holds_in_the_end() {
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(URI, BAD);
    for version in 2..200 {
        let text = if version == 199 { "{}" } else { BAD };
        editor.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": [{"text": text}]}),
        );
    }
    loop {
        let told = editor.read()["params"].clone();
        if told["version"] == 199 {
            assert_eq!(told["diagnostics"], json!([]));
            break;
        }
    }
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    assert!(editor.findings(URI).is_empty());
    editor.end();
}
