//! An editor's conversation with `twokeys lsp`, over its real standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::scratch::Scratch;

pub(super) struct Editor {
    pub(super) child: Child,
    pub(super) to: ChildStdin,
    from: BufReader<ChildStdout>,
    next: i64,
}

pub(super) const URI: &str = "file:///nowhere/policy.json";
pub(super) const BAD: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "NoMfa", "Effect": "Deny", "Action": "iam:*", "Resource": "*",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "*"}
  ]
}"#;

impl Editor {
    pub(super) fn start(capabilities: Value) -> (Self, Value) {
        let mut editor = Self::silent();
        let answer = editor
            .ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
        editor.tell("initialized", json!({}));
        (editor, answer)
    }

    /// One that has said nothing yet.
    pub(super) fn silent() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_twokeys"))
            .arg("lsp")
            .env("TWOKEYS_NOW", "2026-01-05T09:00:00Z")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from, next: 1 }
    }

    pub(super) fn send(&mut self, message: &Value) {
        self.write(&message.to_string());
    }

    /// Sends a body, whatever it is.
    pub(super) fn write(&mut self, body: &str) {
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.to.flush().unwrap();
    }

    pub(super) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
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

    pub(super) fn read(&mut self) -> Value {
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
    pub(super) fn open(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let document = json!({"uri": uri, "languageId": "json", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.findings(uri)
    }

    pub(super) fn findings(&mut self, uri: &str) -> Vec<Value> {
        let message = self.read();
        assert_eq!(message["method"], "textDocument/publishDiagnostics");
        assert_eq!(message["params"]["uri"], uri);
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Asks about a whole document.
    fn ask_of(&mut self, method: &str, uri: &str) -> Value {
        let everywhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let params = json!({"textDocument": {"uri": uri}, "range": everywhere, "context": {}, "options": {}});
        self.ask(method, params)["result"].clone()
    }

    /// What a text becomes by all fixes at once.
    fn fixed(&mut self, uri: &str, text: &str) -> String {
        let everywhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let params = json!({"textDocument": {"uri": uri}, "range": everywhere,
                            "context": {"diagnostics": [], "only": ["source.fixAll"]}});
        let actions = self.ask("textDocument/codeAction", params)["result"].clone();
        let edits = actions[0]["edit"]["changes"][uri].as_array().unwrap().clone();
        assert_eq!(edits.len(), 1);
        let offset = |place: &Value| {
            let number = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
            let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
            start + number("character")
        };
        let (start, end) = (offset(&edits[0]["range"]["start"]), offset(&edits[0]["range"]["end"]));
        let new = edits[0]["newText"].as_str().unwrap();
        format!("{}{new}{}", text.get(..start).unwrap(), text.get(end..).unwrap())
    }

    /// Asks about the place behind the first `mark` of a text.
    pub(super) fn ask_at(&mut self, method: &str, text: &str, mark: &str) -> Value {
        self.ask_in(URI, method, text, mark)
    }

    fn ask_in(&mut self, uri: &str, method: &str, text: &str, mark: &str) -> Value {
        let offset = text.find(mark).unwrap() + mark.len();
        let before = text.get(..offset).unwrap();
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().encode_utf16().count();
        let params =
            json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        self.ask(method, params)["result"].clone()
    }

    pub(super) fn end(mut self) {
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
    let laid_out = edits[0]["newText"].as_str().unwrap();
    assert!(laid_out.contains("\"Sid\": \"NoMfa\"") && laid_out.ends_with("}\n"), "{laid_out:?}");
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
    let other = r#"{"name": "x", "date": "2012-10-17", "Effects": ["glow"]}"#;
    assert!(editor.open("file:///nowhere/other.json", other).is_empty());
    // What is meant as one is told what it lacks.
    let findings = editor.open(URI, r#"{"Version": "2012-10-17", "Effect": "Allow"}"#);
    assert!(codes(&findings).contains(&"E106"), "{findings:?}");
    editor.end();
}

const TEMPLATE: &str = "\
Resources:
  Ops:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: Näme𝄞
            Effect: Deny
            Action: iam:*
            Resource: '*'
            Condition:
              Bool: {aws:MultiFactorAuthPresent: 'false'}
          - Effect: Allow
            Action: [s3:GetObject, s3:ListBu]
            Resource: !Sub 'arn:aws:s3:::${Bucket}/*'
  Trust:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Sid: T, Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
";

#[test]
fn templates_in_yaml_have_symbols_explanations_and_completion() {
    let (mut editor, _) = Editor::start(json!({}));
    let uri = "file:///nowhere/template.yaml";
    let findings = editor.open(uri, TEMPLATE);
    let bool_finding = findings.iter().find(|finding| finding["code"] == "M402").unwrap();
    assert_eq!(bool_finding["range"]["start"], json!({"line": 12, "character": 14}));
    let symbols = editor.ask_of("textDocument/documentSymbol", uri);
    let told = |symbol: &Value| {
        let (from, to) = (&symbol["range"]["start"], &symbol["range"]["end"]);
        format!("{} {} {}..{}", symbol["name"], symbol["detail"], from["line"], to["line"])
    };
    let mut names = Vec::new();
    for symbol in symbols.as_array().unwrap() {
        names.push(told(symbol));
        names.extend(symbol["children"].as_array().unwrap().iter().map(|child| format!("  {}", told(child))));
    }
    insta::assert_snapshot!(names.join("\n"), @r#"
    "Ops" "identity" 5..15
      "Näme𝄞" "Deny" 7..12
      "statement 2" "Allow" 13..15
    "Trust" "trust" 20..20
      "T" "Allow" 20..20
    "#);
    let sid = &symbols[0]["children"][0]["selectionRange"];
    assert_eq!(
        (&sid["start"], &sid["end"]),
        (&json!({"line": 7, "character": 17}), &json!({"line": 7, "character": 23}))
    );
    for (mark, expected) in [
        ("aws:MultiFactorAuthPres", "aws:MultiFactorAuthPresent"),
        ("  Bool", "Bool"),
        ("s3:GetOb", "s3:GetObject"),
    ] {
        let hover = editor.ask_in(uri, "textDocument/hover", TEMPLATE, mark);
        assert!(
            hover["contents"]["value"].as_str().unwrap_or_default().contains(expected),
            "{mark}: {hover}"
        );
    }
    assert_eq!(editor.ask_in(uri, "textDocument/hover", TEMPLATE, "AWS::IAM::Man"), Value::Null);
    let completion = editor.ask_in(uri, "textDocument/completion", TEMPLATE, "s3:ListBu");
    assert!(labels(&completion).contains(&"s3:ListBucket"), "{completion}");
    let place = &completion["items"][0]["textEdit"]["range"];
    assert_eq!(place["start"], json!({"line": 14, "character": 35}));
    assert_eq!(place["end"], json!({"line": 14, "character": 44}));
    editor.end();
}

#[test]
fn findings_are_those_of_lint_with_the_same_configuration() {
    let scratch = Scratch::new("lsp-configured");
    scratch.put("twokeys.toml", "[lint]\nbaseline = \"known.json\"\n\n[[lint.suppress]]\ncode = \"M402\"\nfile = \"policies/*.json\"\nreason = \"on purpose\"\n");
    scratch.put("policies/p.json", BAD);
    let uri = format!("file://{}", scratch.path("policies/p.json").display());
    let lint = |scratch: &Scratch| -> Vec<String> {
        let report = scratch.shell("twokeys lint --format json policies/p.json").stdout;
        let report: Value = serde_json::from_str(&report).unwrap();
        let open =
            report["findings"].as_array().unwrap().iter().filter(|finding| finding["suppressed"].is_null());
        let codes = open.map(|finding| finding["code"].as_str().unwrap().to_owned());
        codes.filter(|code| code != "L906").collect()
    };
    // A baseline that is not there is told where nobody overlooks it.
    let (mut editor, _) = Editor::start(json!({}));
    let findings = editor.open(&uri, BAD);
    assert!(findings[0]["message"].as_str().unwrap().contains("known.json"), "{findings:?}");
    assert_eq!(scratch.shell("twokeys lint --select S --write-baseline known.json policies/p.json").code, 0);
    let mut known: Value = serde_json::from_str(&scratch.text("known.json")).unwrap();
    assert!(!known["findings"].as_array().unwrap().is_empty());
    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    let findings = editor.findings(&uri);
    assert!(!findings.is_empty() && !codes(&findings).contains(&"M402"), "{:?}", codes(&findings));
    assert_eq!(codes(&findings), lint(&scratch));
    // An entry silences one finding.
    known["findings"] = json!([]);
    scratch.put("known.json", &known.to_string());
    editor.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    let more = editor.findings(&uri);
    assert!(more.len() > findings.len());
    assert_eq!(codes(&more), lint(&scratch));
    editor.end();
}

#[test]
fn fixing_all_is_what_lint_does() {
    let text = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:Get*"], "Resource": ["arn:aws:s3:::c/*", "arn:aws:s3:::c/*"]},
    {"Effect": "Deny", "Action": "iam:*", "Resource": "*",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
  ]
}
"#;
    let scratch = Scratch::new("lsp-fixes");
    scratch.put("p.json", text);
    let uri = format!("file://{}", scratch.path("p.json").display());
    let (mut editor, _) = Editor::start(json!({}));
    editor.open(&uri, text);
    let fixed = editor.fixed(&uri, text);
    scratch.shell("twokeys lint --fix p.json");
    assert_ne!(fixed, text);
    assert_eq!(fixed, scratch.text("p.json"));
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": fixed}]}),
    );
    editor.findings(&uri);
    let titles = editor.ask_of("textDocument/codeAction", &uri);
    assert!(titles.as_array().unwrap().iter().all(|action| action["kind"] == "quickfix"), "{titles:#}");
    editor.end();
}

#[test]
fn that_a_kind_is_guessed_is_no_finding_in_an_editor() {
    let (mut editor, _) = Editor::start(json!({}));
    let fine = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
    assert_eq!(codes(&editor.open(URI, fine)), [""; 0]);
    editor.end();
}

#[test]
fn findings_name_other_places_and_how_much_they_weigh() {
    let (mut editor, _) = Editor::start(json!({}));
    let twice = "{\r\n\"Version\": \"2012-10-17\",\r\n\"Version\": \"2012-10-17\",\r\n\"Statement\": []}";
    let findings = editor.open(URI, twice);
    let twice = findings.iter().find(|finding| finding["code"] == "E102").unwrap();
    assert_eq!((&twice["severity"], &twice["source"]), (&json!(1), &json!("twokeys")));
    assert_eq!(twice["range"]["start"], json!({"line": 2, "character": 0}));
    let other = &twice["relatedInformation"][0]["location"];
    assert_eq!((&other["uri"], &other["range"]["start"]["line"]), (&json!(URI), &json!(1)));
    editor.end();
}

#[test]
fn many_statements_are_listed_in_no_quadratic_time() {
    // Not linted, for that takes longer.
    let scratch = Scratch::new("lsp-many");
    scratch.put("twokeys.toml", "[lint]\nexclude = [\"*\"]\n");
    let uri = format!("file://{}", scratch.path("p.json").display());
    let statement = r#"{"Sid": "é", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;
    for between in [",", ",\n"] {
        let text = format!("{{\"Statement\": [{}]}}", vec![statement; 8_000].join(between));
        let (mut editor, _) = Editor::start(json!({}));
        assert_eq!(editor.open(&uri, &text), [Value::Null; 0]);
        let started = Instant::now();
        let symbols = editor.ask_of("textDocument/documentSymbol", &uri);
        assert_eq!(symbols.as_array().unwrap().len(), 8_000);
        // Eight thousand times the whole text would be a minute; this is far from both.
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        editor.end();
    }
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
    let backwards = json!({"range": {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}, "text": BAD});
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": URI, "version": 3}, "contentChanges": [backwards]}),
    );
    editor.findings(URI);
    editor.end();
}
