//! A clock for the few views that show time passing; they alone are drawn again when it ticks.

use gloo_timers::callback::Interval;
use yew::prelude::*;

/// Calls back every `milliseconds`, or never.
#[hook]
pub fn use_interval(milliseconds: Option<u32>, call: Callback<()>) {
    use_effect_with((milliseconds, call), |(milliseconds, call)| {
        let call = call.clone();
        let interval = milliseconds.map(|every| Interval::new(every, move || call.emit(())));
        move || drop(interval)
    });
}

/// Draws the component again every `milliseconds`, or never.
#[hook]
pub fn use_ticking(milliseconds: Option<u32>) {
    let update = use_force_update();
    let call = use_callback((), move |(), ()| update.force_update());
    use_interval(milliseconds, call);
}
