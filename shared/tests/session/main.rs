//! The client engine through its public door, natively and in a browser.
//!
//! Each test cites the rules of `docs/PROTOCOL.md` that it holds to.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod bench;
mod model;

mod delivery;
mod faults;
mod lifecycle;
