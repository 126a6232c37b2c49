//! `parlance doctor` as a person runs it, against the real nginx and HAProxy: set up well, and in every way that it is there to
//! find. The lines that it prints are put into the wrong configuration, and then there is nothing left to find.
//!
//! Without these programs it fails and says what to install.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![cfg(target_os = "linux")]

#[path = "../server"]
mod server {
    #[allow(dead_code, reason = "the tests of the server use the rest")]
    pub(crate) mod support;
}

mod configuration;
mod doctor;
mod found;
mod proxy;
mod tls;
mod unreachable;
