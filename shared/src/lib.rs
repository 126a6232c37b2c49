//! What both sides of Parlance agree on, and the client engine.
//!
//! Three things live here: the protocol (the messages, their limits and the close
//! codes), the parsed types that those messages are made of, and the [`session`]: the
//! client's state machine, which the browser, the tests and the load tools run alike.
//!
//! This crate never reads a clock, never draws a random number and never does IO: time,
//! jitter and ids come in as arguments. It must not depend on tokio or web-sys.

// The derive of `FromJson` names this crate by its name, here as elsewhere.
extern crate self as shared;

pub mod chain;
pub mod json;
pub mod protocol;
pub mod wire;

pub mod attention;
pub mod direct;
pub mod doctor;
pub mod http;
pub mod order;
pub mod people;

pub mod markdown;

pub mod accept;
pub mod close;
pub mod ids;
pub mod limits;
pub mod mentions;
pub mod problem;
pub mod sorted;
pub mod text;
pub mod transport;

pub mod recording;
pub mod session;
pub mod weather;
