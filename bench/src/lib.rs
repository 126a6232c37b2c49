//! How fast Parlance is: a load generator, two servers to compare with, and what was measured.
//!
//! The generator is one thread around epoll that knows just enough of WebSocket and of the protocol to count; it
//! must never be what limits the figures. It drives real server processes over loopback. `docs/PERFORMANCE.md`
//! says what each figure means. All of it reads `/proc`, so it exists on Linux only.
#![cfg(target_os = "linux")]

pub mod cli;
pub mod scenarios;

pub mod figures;
pub mod report;
pub mod stats;

pub mod rooms;
pub mod system;

pub mod errands;
pub mod people;
pub mod witness;

pub mod crowd;
pub mod frames;
pub mod told;

pub mod disk;
pub mod machine;
pub mod process;
