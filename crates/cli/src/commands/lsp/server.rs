//! The server: which documents are open, how far the conversation is, and who answers what.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use twokeys::policy::Policy;

use super::text::{Text, Units};
use super::wire::Refusal;
use super::{assist, findings};
use crate::input::Input;

/// What is known of the editor.
#[derive(Debug, Default)]
pub(super) struct Server {
    stage: Stage,
    units: Units,
    open: BTreeMap<String, Text>,
}

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    /// Nothing but `initialize` is answered.
    #[default]
    New,
    Serving,
    /// Nothing but `exit` is waited for.
    Ending,
}

impl Server {
    /// Did the editor say that it ends?
    pub(super) fn may_go(&self) -> bool {
        self.stage == Stage::Ending
    }

    /// The answer to a request.
    pub(super) fn answer(&mut self, method: &str, params: &Value, input: &Input) -> Result<Value, Refusal> {
        match (self.stage, method) {
            (Stage::New, "initialize") => {
                if !params.is_object() {
                    return Err(Refusal::invalid_params("`initialize` has an object of parameters"));
                }
                self.stage = Stage::Serving;
                Ok(self.hello(params))
            }
            (Stage::New, _) => Err(Refusal::not_initialized()),
            (Stage::Serving, "initialize") => Err(Refusal::invalid_request("`initialize` comes once")),
            (Stage::Serving, "shutdown") => {
                self.stage = Stage::Ending;
                Ok(Value::Null)
            }
            (Stage::Serving, _) => self.serve(method, params, input),
            (Stage::Ending, _) => Err(Refusal::invalid_request("after `shutdown` comes `exit`")),
        }
    }

    /// What we can do, in the units that both sides know.
    fn hello(&mut self, params: &Value) -> Value {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let bytes = offered.is_some_and(|offered| offered.iter().any(|one| one == "utf-8"));
        self.units = if bytes { Units::Utf8 } else { Units::Utf16 };
        json!({
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
        })
    }

    fn serve(&self, method: &str, params: &Value, input: &Input) -> Result<Value, Refusal> {
        type Told = Result<Value, Refusal>;
        let of_document: &dyn Fn(&str, &Text) -> Told = match method {
            "textDocument/hover" => &|uri, text| Ok(assist::hover(uri, text, place(text, params)?)),
            "textDocument/completion" => &|uri, text| Ok(assist::complete(uri, text, place(text, params)?)),
            "textDocument/documentSymbol" => &|uri, text| Ok(assist::symbols(uri, text)),
            "textDocument/codeAction" => &|uri, text| {
                let range = params.get("range").and_then(|range| text.stretch(range));
                let range = range.ok_or_else(|| Refusal::invalid_params("`range` is no range"))?;
                let only = params.pointer("/context/only").and_then(Value::as_array);
                Ok(findings::actions(uri, text, range, only.map(Vec::as_slice), input))
            },
            "textDocument/formatting" => &|_, text| Ok(format(text)),
            _ => return Err(Refusal::no_such_method(method)),
        };
        let uri = uri_of(params).ok_or_else(|| Refusal::invalid_params("`textDocument` has no `uri`"))?;
        // A document that was closed meanwhile has nothing to be told.
        self.open.get(uri).map_or(Ok(Value::Null), |text| of_document(uri, text))
    }

    /// Takes a notice; the documents that are to be looked at again.
    pub(super) fn notice(&mut self, method: &str, params: &Value) -> Vec<String> {
        if self.stage != Stage::Serving {
            return Vec::new();
        }
        match method {
            // Someone may have changed the configuration.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                return self.open.keys().cloned().collect();
            }
            _ => {}
        }
        let Some(uri) = uri_of(params) else { return Vec::new() };
        let version = params.pointer("/textDocument/version").cloned().unwrap_or_default();
        match method {
            "textDocument/didOpen" => {
                let Some(text) = params.pointer("/textDocument/text").and_then(Value::as_str) else {
                    return Vec::new();
                };
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
            _ => return Vec::new(),
        }
        vec![uri.to_owned()]
    }

    /// Lints a document; what the editor is told of it. A document that was closed has no findings.
    pub(super) fn look_again(&mut self, uri: &str, input: &Input) -> Value {
        match self.open.get_mut(uri) {
            Some(text) => findings::look_again(uri, text, input),
            None => json!({ "uri": uri, "diagnostics": [] }),
        }
    }
}

/// The document that is spoken of.
pub(super) fn uri_of(params: &Value) -> Option<&str> {
    params.pointer("/textDocument/uri").and_then(Value::as_str)
}

fn place(text: &Text, params: &Value) -> Result<usize, Refusal> {
    let offset = params.get("position").and_then(|position| text.offset(position));
    offset.ok_or_else(|| Refusal::invalid_params("`position` is no position"))
}

/// The layout of `twokeys fmt`; nothing for what is no policy.
fn format(text: &Text) -> Value {
    let Ok(policy) = Policy::parse(&text.text) else { return Value::Null };
    let printed = format!("{policy}\n");
    // The same policy, or nothing is touched.
    if Policy::parse(&printed).as_ref() != Ok(&policy) || printed == text.text {
        return Value::Null;
    }
    json!([{ "range": text.range(0, text.text.len()), "newText": printed }])
}
