//! S1 seen from outside: the real binary runs under strace while people write, and the trace has to show that whatever
//! names a change (`stored`, `joined`, a live event, a page of the log, the answer to a sign-in) leaves a socket only
//! after an fsync that covers the commit of that very change.
//!
//! Linux only, because strace is. Without strace, or where tracing is not permitted, it fails and says so.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![cfg(target_os = "linux")]

#[path = "../server"]
mod server {
    #[allow(dead_code, reason = "the tests of the server use the rest")]
    pub(crate) mod support;
}

mod law;
mod run;
mod trace;
