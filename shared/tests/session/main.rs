//! The client engine through its public door, natively and in a browser.
//!
//! Each test cites the rules of `docs/PROTOCOL.md` that it holds to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod bench;
mod members;
mod model;
mod order;
mod pair;
mod places;
#[cfg(not(target_arch = "wasm32"))]
mod places_law;

mod alerts;
mod answers;
mod changes;
mod choosing;
mod coming;
mod delivery;
mod faults;
mod files;
mod journeys;
mod jumping;
#[cfg(not(target_arch = "wasm32"))]
mod law;
mod lifecycle;
mod people;
mod presence;
mod receipts;
mod recording;
mod replay;
mod searching;
mod sending;
mod typing;
mod unread;
#[cfg(not(target_arch = "wasm32"))]
mod unread_law;
mod ways;
