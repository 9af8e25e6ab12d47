//! `twokeys lsp`: the linter in an editor, over the Language Server Protocol on standard input and output.

mod assist;
mod findings;
mod policies;
mod scan;
mod server;
mod text;
mod wire;

use clap::Args;

use self::server::Server;
use self::wire::Message;
use super::Io;
use crate::exit::Exit;
use crate::failure::Failure;

/// Lint policies in an editor
///
/// Speaks the Language Server Protocol: findings as you type, with quick fixes, and all fixes of `lint --fix`
/// at once; what an action, a key or an operator means; completion of actions, keys and operators; the
/// statements by Sid. The configuration, the suppressions and the baseline are those of `twokeys lint`.
/// How to set up VS Code, Neovim and Helix stands in editors/README.md.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  twokeys lsp < /dev/null
  twokeys lsp --stdio < /dev/null

An editor starts it; by hand it waits for messages of the protocol.

Exit status: 0 the editor said `shutdown` and `exit`, 1 it went without, 2 it does not speak the protocol.")]
pub(crate) struct Lsp {
    /// Taken and ignored: editors that can also use sockets say so
    #[arg(long)]
    stdio: bool,
}

impl Lsp {
    /// Exit status: 0 the editor ended it, 1 the editor went without a word, 2 it does not speak the protocol.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit, Failure> {
        let _ = self.stdio;
        let messages = wire::messages();
        let mut server = Server::default();
        let mut next = None;
        while let Some(message) = next.take().or_else(|| messages.recv().ok()) {
            let message = message?;
            next = messages.try_recv().ok();
            match message {
                Message::Request { id, method, params } => {
                    let answer = server.answer(&method, &params, &io.input);
                    wire::answer(io.out, &id, answer)?;
                }
                Message::Wrong { id, refusal } => wire::answer(io.out, &id, Err(refusal))?,
                Message::Response => {}
                Message::Notice { method, .. } if method == "exit" => {
                    return Ok(if server.may_go() { Exit::Yes } else { Exit::No });
                }
                Message::Notice { method, params } => {
                    for uri in server.notice(&method, &params) {
                        if !next.as_ref().is_some_and(|next| changes_again(next, &uri)) {
                            let params = server.look_again(&uri, &io.input);
                            wire::tell(io.out, "textDocument/publishDiagnostics", &params)?;
                        }
                    }
                }
            }
        }
        Ok(Exit::No)
    }
}

/// Who types faster than we look is told what was found in the end.
fn changes_again(next: &Result<Message, Failure>, uri: &str) -> bool {
    match next {
        Ok(Message::Notice { method, params }) if method == "textDocument/didChange" => {
            server::uri_of(params) == Some(uri)
        }
        _ => false,
    }
}
