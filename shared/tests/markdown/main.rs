//! What messages look like: the rules by example, and what holds for every text.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod blocks;
mod highlight;
mod links;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod shown;
mod styles;
