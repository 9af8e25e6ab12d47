//! Serving: a socket, connections within limits, an orderly end (RL-040, UX-072).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower_service::Service as _;

use crate::audit::Audit;
use crate::endpoint::Endpoint;
use crate::framing::Watched;
use crate::http::{MOST_BODY, Shared, router, two_lengths, watch_router};
use crate::metrics::Metrics;
use crate::sign_in::Challenges;

/// How many connections are open at a time.
const MOST_CONNECTIONS: usize = 512;
/// How many of those who watch are connected at a time.
const MOST_WATCHERS: usize = 16;
/// How long the whole header of a request may take.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// No block of headers is longer.
const MOST_HEADER_BYTES: usize = 16 * 1024;
/// No request has more headers.
const MOST_HEADERS: usize = 64;
/// How long running requests are waited for at the end.
const GRACE: Duration = Duration::from_secs(5);
/// How often the last uses of keys are written down.
const FLUSH: Duration = Duration::from_mins(1);

/// What is served, and where.
#[derive(Debug)]
pub struct Service {
    /// The account.
    pub endpoint: Endpoint,
    /// The audit trail.
    pub audit: Audit,
    /// The address; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Host names that are served beside loopback.
    pub hosts: Vec<String>,
    /// The token of the decision API.
    pub decision_token: Option<secrecy::SecretString>,
    /// An address for health and counters alone, for others than this host.
    pub metrics_listen: Option<SocketAddr>,
    /// No body is longer; none takes the most there is.
    pub most_body: Option<usize>,
    /// Threads; none takes as many as there are cores.
    pub workers: Option<usize>,
}

/// Serves until the process is asked to end. `ready` is told the address once the socket accepts.
///
/// # Errors
///
/// The address cannot be had.
pub fn serve(service: Service, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().worker_threads(service.workers.unwrap_or(cores).max(1));
    runtime.build()?.block_on(run(service, cores, ready))
}

async fn run(service: Service, cores: usize, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let listener = TcpListener::bind(service.listen).await?;
    let shared = Arc::new(Shared {
        endpoint: service.endpoint,
        challenges: Challenges::default(),
        audit: service.audit,
        metrics: Metrics::default(),
        hosts: service.hosts,
        decision_token: service.decision_token,
        most_body: service.most_body.unwrap_or(MOST_BODY).min(MOST_BODY),
        places: Semaphore::new(2 * cores * 16),
        waiting: AtomicUsize::new(0),
        process: random(),
        requests: AtomicU64::new(0),
    });
    let (stop, stopped) = watch::channel(false);
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let router = router(Arc::clone(&shared));
    if let Some(address) = service.metrics_listen {
        let listener = TcpListener::bind(address).await?;
        tokio::spawn(watch(listener, watch_router(Arc::clone(&shared)), stopped.clone()));
    }
    let mut end = std::pin::pin!(asked_to_end()?);
    let mut flush = tokio::time::interval(FLUSH);
    ready(listener.local_addr()?);
    loop {
        let (stream, peer, permit) = tokio::select! {
            () = &mut end => break,
            _ = flush.tick() => {
                tokio::task::block_in_place(|| shared.endpoint.flush());
                continue;
            }
            accepted = accept(&listener, &connections) => match accepted {
                Some(accepted) => accepted,
                None => continue,
            },
        };
        tokio::spawn(connection(stream, peer, permit, router.clone(), stopped.clone()));
    }
    drop(listener);
    let _ = stop.send(true);
    let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(GRACE, connections.acquire_many(all)).await;
    tokio::task::block_in_place(|| shared.endpoint.flush());
    Ok(())
}

/// Serves those who watch; they have few places, and take none from the others.
async fn watch(listener: TcpListener, router: Router, stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(MOST_WATCHERS));
    loop {
        if let Some((stream, peer, permit)) = accept(&listener, &places).await {
            tokio::spawn(connection(stream, peer, permit, router.clone(), stopped.clone()));
        }
    }
}

/// The next connection, once there is a place for it. None if it was gone before it was taken.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, peer) = listener.accept().await.ok()?;
    // Answers are small; waiting for more of them only delays.
    stream.set_nodelay(true).ok()?;
    Some((stream, peer, permit))
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    _permit: OwnedSemaphorePermit,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let (stream, lengths) = Watched::new(stream);
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let ambiguous = lengths.contradict(request.headers());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut router = router.clone();
        async move {
            if ambiguous {
                return Ok(two_lengths());
            }
            // A router is always ready.
            router.call(request).await
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MOST_HEADER_BYTES)
        .max_headers(MOST_HEADERS);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // A connection that breaks is the client's affair.
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    // A name of a request, no secret.
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// Ends when the process is asked to: SIGTERM, or Ctrl-C.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
