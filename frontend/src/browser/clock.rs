//! Both clocks of the browser, read at once.

use js_sys::Promise;
use shared::ids::Timestamp;
use shared::session::time::{Moment, Ticks};

use wasm_bindgen_futures::JsFuture;

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

/// Waits for some milliseconds.
pub async fn pause(milliseconds: u32) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let over = Promise::new(&mut |resolve, _| {
        let window = window();
        // Where there is no timer there is no wait.
        let _ =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(over).await;
}
