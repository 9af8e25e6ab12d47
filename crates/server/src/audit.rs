//! The audit trail: one line of JSON for every answer, without a secret (API-052, RL-038).

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use twokeys::source::escaped;

use crate::endpoint::Event;
use crate::wire::iso8601;

/// Where the lines go.
#[derive(Debug, Default)]
pub struct Audit {
    file: Option<Mutex<File>>,
    /// On stderr too, as this form.
    log: Option<Log>,
}

/// How lines look on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// The lines of the file.
    Json,
    /// For people.
    Human,
}

impl Audit {
    /// Lines go to a file, which is made where there is none, and to stderr.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn new(file: Option<&Path>, log: Option<Log>) -> std::io::Result<Self> {
        let open = |path: &Path| OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        let file = file.map(open).transpose()?.map(Mutex::new);
        Ok(Self { file, log })
    }

    /// Writes down what happened.
    pub fn write(&self, request_id: &str, peer: IpAddr, status: u16, event: &Event) {
        if self.file.is_none() && self.log.is_none() {
            return;
        }
        let now = crate::http::now();
        let line = json!({
            "time": iso8601(now),
            "request_id": request_id,
            "peer": peer.to_string(),
            "status": status,
            "action": event.action,
            "principal": event.principal,
            "key": event.key_id,
            "resource": event.resource,
            "serial": event.serial,
            "error": event.error,
            "why": event.why,
        })
        .to_string();
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // The answer is given whether or not the disk takes the line.
            let _ = writeln!(file, "{line}");
        }
        match self.log {
            Some(Log::Json) => drop(writeln!(std::io::stderr(), "{line}")),
            Some(Log::Human) => {
                let said = |text: &Option<String>| escaped(text.as_deref().unwrap_or("-"));
                let outcome = event.error.as_deref().map_or_else(|| "ok".to_owned(), escaped);
                let why = event.why.as_deref().map_or_else(String::new, |why| format!(" ({})", escaped(why)));
                let (action, who) = (said(&event.action), said(&event.principal));
                drop(writeln!(std::io::stderr(), "{} {status} {action} {who} {outcome}{why}", iso8601(now)));
            }
            None => {}
        }
    }
}
