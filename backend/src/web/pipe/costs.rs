//! What a pipe costs besides its messages, for those who compare the transports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use warp::http::Method;
use warp::http::header::HeaderMap;
use warp::reply::Response;

/// What is around the lines of an event in a stream: `data: ` and an empty line.
const AROUND_EVENT: u64 = 8;

/// What hyper adds to each head: a date, and a length or an encoding.
const ADDED: u64 = 64;

/// Counted while the pipe lives.
#[derive(Debug, Default)]
pub(super) struct Costs {
    requests: AtomicU64,
    head_bytes: AtomicU64,
    wakes: AtomicU64,
}

/// What they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Counted {
    /// Requests, the one that made the pipe included.
    requests: u64,
    /// Bytes of the heads of requests and answers, and around events.
    head_bytes: u64,
    /// How often the server had a request to read or something to send.
    wakes: u64,
}

/// On an answer: its head is to be counted when it is complete.
#[derive(Debug, Clone)]
pub(in crate::web) struct Metered(pub(super) Arc<Costs>);

impl Metered {
    /// Counts the head of an answer that is complete.
    pub(in crate::web) fn count(response: &Response) {
        if let Some(Self(costs)) = response.extensions().get() {
            let line = "HTTP/1.1 200 OK\r\n\r\n".len() as u64;
            let bytes = line + lines(response.headers()) + ADDED;
            costs.head_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

impl Costs {
    /// A request came, whose path has so many bytes behind `/api/pipe`.
    pub(super) fn request(&self, method: &Method, path: usize, query: &str, headers: &HeaderMap) {
        let around = " /api/pipe? HTTP/1.1\r\n\r\n".len();
        let line = method.as_str().len() + path + query.len() + around;
        let bytes = line as u64 + lines(headers);
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.head_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.woken();
    }

    /// Something was to be sent to who waited.
    pub(super) fn woken(&self) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }

    /// So many events go into a stream.
    pub(super) fn events(&self, count: u64) {
        let bytes = count * AROUND_EVENT;
        self.head_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.woken();
    }

    pub(super) fn counted(&self) -> Counted {
        let now = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counted {
            requests: now(&self.requests),
            head_bytes: now(&self.head_bytes),
            wakes: now(&self.wakes),
        }
    }
}

fn lines(headers: &HeaderMap) -> u64 {
    let line = |(name, value): (&_, &_)| line_bytes(name, value);
    headers.iter().map(line).sum()
}

fn line_bytes(name: &warp::http::HeaderName, value: &warp::http::HeaderValue) -> u64 {
    (name.as_str().len() + value.len() + ": \r\n".len()) as u64
}
