//! The server of Parlance: `web -> files -> people -> rooms -> engine`, never upwards.
//!
//! It is a library so that tests start the real server in their own process; the binary `parlance` only reads
//! flags. [`server`] puts the layers together.

#![forbid(unsafe_code)]

pub mod config;
pub mod server;

pub mod doctor;
pub mod recording;

pub mod web;

pub mod files;

pub mod people;

pub mod rooms;

pub mod engine;

pub mod clock;
#[cfg(feature = "failpoints")]
pub mod failpoints;
pub mod frames;
pub mod names;
pub mod random;
