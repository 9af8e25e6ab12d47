//! `twokeys lsp`: the linter in an editor, over the Language Server Protocol on standard input and output.

mod assist;
mod scan;
mod text;

use std::collections::BTreeMap;

use clap::Args;
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde_json::{Value, json};
use twokeys::policy::Policy;
use twokeys::report::lint::{LintEdit, LintFinding};

use self::text::{Text, Units, path_of};
use super::{Io, lint};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::Document;

/// Lint policies in an editor
///
/// Speaks the Language Server Protocol: findings as you type, with quick fixes; what an action, a key or an
/// operator means; completion of actions, keys and operators. The configuration is that of `twokeys lint`.
/// How to set up VS Code, Neovim and Helix stands in editors/README.md.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys lsp < /dev/null
  twokeys lsp --stdio < /dev/null

An editor starts it; by hand it waits for messages of the protocol.")]
pub(crate) struct Lsp {
    /// Taken and ignored: editors that can also use sockets say so
    #[arg(long)]
    stdio: bool,
}

/// Documents longer than this get no findings.
const MOST_TEXT: usize = crate::input::MAX_FILE;

struct Server {
    units: Units,
    open: BTreeMap<String, Text>,
}

impl Lsp {
    /// Exit status: 0 the editor ended it, 2 the other side does not speak the protocol.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let _ = self.stdio;
        let wrong = |why: std::io::Error| Failure::from(Problem::new("lsp", why.to_string()));
        let mut from = std::io::stdin().lock();
        let mut server: Option<Server> = None;
        let mut ending = false;
        while let Some(message) = Message::read(&mut from).map_err(wrong)? {
            for said in converse(message, &mut server, &mut ending, io) {
                said.write(&mut io.out).map_err(wrong)?;
            }
            if ending && server.is_none() {
                return Ok(Exit::Yes);
            }
        }
        // An editor that goes without a word is gone all the same.
        Ok(Exit::Yes)
    }
}

/// One message in, any number out. `shutdown` comes before `exit`; after `exit` there is no server.
fn converse(
    message: Message,
    server: &mut Option<Server>,
    ending: &mut bool,
    io: &mut Io<'_>,
) -> Vec<Message> {
    match message {
        Message::Request(request) => {
            let response = match (request.method.as_str(), &server) {
                ("initialize", None) => {
                    let (new, answer) = hello(&request.params);
                    *server = Some(new);
                    Response::new_ok(request.id, answer)
                }
                ("shutdown", Some(_)) => {
                    *ending = true;
                    Response::new_ok(request.id, Value::Null)
                }
                (_, Some(_)) if *ending => {
                    let code = ErrorCode::InvalidRequest as i32;
                    Response::new_err(request.id, code, "shutdown was asked for".to_owned())
                }
                (_, Some(server)) => server.answer(&request, io),
                (_, None) => {
                    let code = ErrorCode::ServerNotInitialized as i32;
                    Response::new_err(request.id, code, "initialize comes first".to_owned())
                }
            };
            vec![Message::Response(response)]
        }
        Message::Notification(notification) if notification.method == "exit" => {
            *ending = true;
            *server = None;
            Vec::new()
        }
        Message::Notification(notification) => {
            let Some(server) = server else { return Vec::new() };
            let changed = server.notice(&notification);
            changed.iter().map(|uri| Message::Notification(server.diagnostics(uri, io))).collect()
        }
        Message::Response(_) => Vec::new(),
    }
}

/// What we can do, in the units that both sides know.
fn hello(params: &Value) -> (Server, Value) {
    let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
    let bytes = offered.is_some_and(|offered| offered.iter().any(|one| one == "utf-8"));
    let units = if bytes { Units::Utf8 } else { Units::Utf16 };
    let answer = json!({
        "capabilities": {
            "positionEncoding": if bytes { "utf-8" } else { "utf-16" },
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "hoverProvider": true,
            "completionProvider": { "triggerCharacters": ["\"", ":"] },
            "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
            "documentSymbolProvider": true,
            "documentFormattingProvider": true,
        },
        "serverInfo": { "name": "twokeys", "version": env!("CARGO_PKG_VERSION") },
    });
    (Server { units, open: BTreeMap::new() }, answer)
}

impl Server {
    /// Takes a notice; the documents whose findings are to be told anew.
    fn notice(&mut self, notification: &Notification) -> Vec<String> {
        let params = &notification.params;
        let Some(uri) = params.pointer("/textDocument/uri").and_then(Value::as_str) else {
            return Vec::new();
        };
        let version = params.pointer("/textDocument/version").cloned().unwrap_or_default();
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let text = params.pointer("/textDocument/text").and_then(Value::as_str).unwrap_or_default();
                self.open.insert(uri.to_owned(), Text::new(text.to_owned(), version, self.units));
            }
            "textDocument/didChange" => {
                let Some(text) = self.open.get_mut(uri) else { return Vec::new() };
                for change in params.get("contentChanges").and_then(Value::as_array).into_iter().flatten() {
                    text.change(change);
                }
                text.version = version;
            }
            "textDocument/didClose" => drop(self.open.remove(uri)),
            // Someone may have changed the configuration.
            "textDocument/didSave" => return self.open.keys().cloned().collect(),
            _ => return Vec::new(),
        }
        vec![uri.to_owned()]
    }

    fn answer(&self, request: &Request, io: &mut Io<'_>) -> Response {
        let params = &request.params;
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).unwrap_or_default();
        let text = self.open.get(uri);
        let at = |text: &Text| text.offset(params.get("position").unwrap_or(&Value::Null));
        let result = match (request.method.as_str(), text) {
            ("textDocument/hover", Some(text)) => assist::hover(text, at(text)),
            ("textDocument/completion", Some(text)) => assist::complete(text, at(text)),
            ("textDocument/documentSymbol", Some(text)) => assist::symbols(text),
            ("textDocument/codeAction", Some(text)) => self.actions(uri, text, params, io),
            ("textDocument/formatting", Some(text)) => format(text),
            (
                "textDocument/hover"
                | "textDocument/completion"
                | "textDocument/documentSymbol"
                | "textDocument/codeAction"
                | "textDocument/formatting",
                None,
            ) => Value::Null,
            (method, _) => {
                let code = ErrorCode::MethodNotFound as i32;
                return Response::new_err(request.id.clone(), code, format!("{method} is not served"));
            }
        };
        Response::new_ok(request.id.clone(), result)
    }

    fn findings(&self, uri: &str, io: &mut Io<'_>) -> Result<Vec<LintFinding>, Failure> {
        let Some(text) = self.open.get(uri).filter(|text| text.text.len() <= MOST_TEXT) else {
            return Ok(Vec::new());
        };
        let path = path_of(uri);
        let document = Document::new(path.display().to_string(), text.text.as_bytes());
        lint::look_at(&document, &path, &mut io.input)
    }

    fn diagnostics(&self, uri: &str, io: &mut Io<'_>) -> Notification {
        let text = self.open.get(uri);
        let told: Vec<Value> = match (self.findings(uri, io), text) {
            (Ok(findings), Some(text)) => {
                findings.iter().map(|finding| diagnostic(text, uri, finding)).collect()
            }
            // A configuration that cannot be read is told where nobody overlooks it.
            (Err(failure), Some(text)) => {
                let why = failure.to_string();
                vec![json!({ "range": text.range(0, 0), "severity": 1, "source": "twokeys", "message": why })]
            }
            (_, None) => Vec::new(),
        };
        let version = text.map_or(Value::Null, |text| text.version.clone());
        let mut params = json!({ "uri": uri, "diagnostics": told });
        if let (Some(params), true) = (params.as_object_mut(), version.is_i64()) {
            params.insert("version".to_owned(), version);
        }
        Notification { method: "textDocument/publishDiagnostics".to_owned(), params }
    }

    /// Quick fixes for what the range touches, and one for all that keep every decision.
    fn actions(&self, uri: &str, text: &Text, params: &Value, io: &mut Io<'_>) -> Value {
        let Ok(findings) = self.findings(uri, io) else { return Value::Null };
        let place =
            |name: &str| text.offset(params.pointer(&format!("/range/{name}")).unwrap_or(&Value::Null));
        let (start, end) = (place("start"), place("end"));
        let only = params.pointer("/context/only").and_then(Value::as_array);
        let wants = |kind: &str| {
            let under = |only: &str| kind == only || kind.starts_with(&format!("{only}."));
            only.is_none_or(|only| only.iter().filter_map(Value::as_str).any(under))
        };
        let edits = |edits: &mut dyn Iterator<Item = &LintEdit>| {
            let edit = |edit: &LintEdit| {
                let [start, end] = edit.span.map(|at| at as usize);
                json!({ "range": text.range(start, end), "newText": edit.text })
            };
            let edits: Vec<Value> = edits.map(edit).collect();
            json!({ "changes": { uri: edits } })
        };
        let mut actions = Vec::new();
        let touched = |finding: &&LintFinding| {
            let [from, to] = finding.span.map(|at| at as usize);
            from <= end && start <= to
        };
        for finding in findings.iter().filter(touched).filter(|_| wants("quickfix")) {
            let Some(fix) = &finding.fix else { continue };
            let safe = fix.safety == "safe";
            let title =
                if safe { fix.title.clone() } else { format!("{} (can change a decision)", fix.title) };
            actions.push(json!({
                "title": format!("{}: {title}", finding.code),
                "kind": "quickfix",
                "isPreferred": safe,
                "diagnostics": [diagnostic(text, uri, finding)],
                "edit": edits(&mut fix.edits.iter()),
            }));
        }
        if wants("source.fixAll") {
            // Edits that touch each other wait for the next time.
            let mut chosen: Vec<&LintEdit> = Vec::new();
            for fix in
                findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safety == "safe")
            {
                let apart = |new: &LintEdit| {
                    chosen.iter().all(|old| new.span[1] < old.span[0] || old.span[1] < new.span[0])
                };
                if fix.edits.iter().all(apart) {
                    chosen.extend(&fix.edits);
                }
            }
            if !chosen.is_empty() {
                actions.push(json!({
                    "title": "twokeys: make all fixes that keep every decision",
                    "kind": "source.fixAll",
                    "edit": edits(&mut chosen.into_iter()),
                }));
            }
        }
        Value::Array(actions)
    }
}

fn diagnostic(text: &Text, uri: &str, finding: &LintFinding) -> Value {
    let [start, end] = finding.span.map(|at| at as usize);
    let severity = match finding.severity {
        "error" => 1,
        "warning" => 2,
        _ => 3,
    };
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let [start, end] = related.span.map(|at| at as usize);
            json!({ "location": { "uri": uri, "range": text.range(start, end) }, "message": related.message })
        })
        .collect();
    json!({
        "range": text.range(start, end),
        "severity": severity,
        "code": finding.code,
        "source": "twokeys",
        "message": message,
        "relatedInformation": related,
    })
}

/// The layout of `twokeys fmt`; nothing for what is no policy.
fn format(text: &Text) -> Value {
    let Ok(policy) = Policy::parse(&text.text) else { return Value::Null };
    let printed = policy.to_string();
    // The same policy, or nothing is touched.
    if Policy::parse(&printed).as_ref() != Ok(&policy) || printed == text.text {
        return Value::Null;
    }
    json!([{ "range": text.range(0, text.text.len()), "newText": printed }])
}
