//! The server by its front door: a real port, real frames, real files. Each test cites the rules of
//! `docs/PROTOCOL.md` that it holds to. One program, because linking SQLite a dozen times would take longer than all
//! the tests.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;
#[macro_use]
mod on_every_transport;

mod accounts;
mod answering;
mod assets;
mod changing;
mod choosing;
mod closing;
mod deleting;
mod delivery;
mod files;
mod handshake;
mod invites;
mod journeys;
mod keeping_order;
mod law;
mod leaving;
mod messages;
mod names;
mod order;
mod outsider;
mod owners_page;
mod pipes;
mod places;
mod presence;
mod probes;
mod process;
mod profiles;
mod proof;
mod ranks;
mod reading;
mod receipts;
mod resuming;
mod searching;
mod security;
mod sending;
mod shutting_out;
mod signing_in;
mod slow_readers;
mod typing;
mod unread;
