//! Both clocks of the browser, read at once.

use shared::ids::Timestamp;
use shared::session::time::{Moment, Ticks};

use crate::browser::window;

/// Now, on both clocks.
pub fn now() -> Moment {
    Moment {
        ticks: ticks(),
        clock: Timestamp(js_sys::Date::now() as u64),
    }
}

/// Now, on the clock that never goes back.
pub fn ticks() -> Ticks {
    let performance = window()
        .performance()
        .expect("every browser that runs wasm has performance.now");
    Ticks(performance.now() as u64)
}
