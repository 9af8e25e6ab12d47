//! Where a request ends is said in one way (H002).
//!
//! The HTTP library follows `Transfer-Encoding` and drops a `Content-Length` beside it, so nobody behind it could
//! tell. Another reader in between may follow the other, and what one takes for a body the other takes for a
//! request. So a connection on which a length was ever given takes no encoding any more.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::http::{HeaderMap, header};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The beginning of the line that gives a length, in lower case.
const LENGTH: &[u8] = b"\ncontent-length";

/// Has a length been given on this connection?
#[derive(Debug, Clone, Default)]
pub(crate) struct Lengths(Arc<AtomicBool>);

impl Lengths {
    /// Could another reader see another end of this request?
    pub(crate) fn contradict(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::TRANSFER_ENCODING) && self.0.load(Ordering::Acquire)
    }
}

/// A connection whose incoming bytes are looked at on their way.
pub(crate) struct Watched {
    stream: TcpStream,
    seen: Lengths,
    scan: Scan,
}

/// How much of [`LENGTH`] the last bytes were.
#[derive(Debug, Default)]
struct Scan(usize);

impl Scan {
    /// Does the line begin in these bytes, or end with them what began before?
    fn finds(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().any(|byte| {
            let next = LENGTH.get(self.0).copied();
            self.0 = match byte.to_ascii_lowercase() {
                byte if Some(byte) == next => self.0 + 1,
                b'\n' => 1,
                _ => 0,
            };
            self.0 == LENGTH.len()
        })
    }
}

impl Watched {
    pub(crate) fn new(stream: TcpStream) -> (Self, Lengths) {
        let seen = Lengths::default();
        (Self { stream, seen: seen.clone(), scan: Scan::default() }, seen)
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let new = buffer.filled().get(before..).unwrap_or_default();
        // Once is enough: after the first request of most clients nothing is looked at any more.
        if !self.seen.0.load(Ordering::Relaxed) && self.scan.finds(new) {
            self.seen.0.store(true, Ordering::Release);
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h002_a_length_is_found_wherever_reads_cut_it() {
        let text = b"POST / HTTP/1.1\r\nhost: a\r\nCoNtEnT-LeNgTh : 3\r\n\r\n";
        for at in 0..text.len() {
            let (first, second) = text.split_at(at);
            let mut scan = Scan::default();
            assert!(scan.finds(first) || scan.finds(second), "{at}");
        }
        for none in
            ["x-content-length: 3\r\n", "\r\ncontent-type: content-length\r\n", "\n\ncontent-lengt\nh"]
        {
            assert!(!Scan::default().finds(none.as_bytes()), "{none}");
        }
        assert!(Scan::default().finds(b"\n\ncontent-length"));
    }
}
