//! The seconds until the next attempt. Only this is drawn again as they pass.

use shared::session::time::Ticks;
use yew::prelude::*;

use crate::browser::clock;
use crate::locale::use_locale;
use crate::ticking::use_ticking;

const TICK_MS: u32 = 250;

#[derive(Debug, Clone, Copy, PartialEq, Properties)]
pub struct CountdownProps {
    pub until: Ticks,
}

/// "in 4 s". It is not read aloud, since it would never stop.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    use_ticking(Some(TICK_MS));
    let locale = use_locale();
    let seconds = (props.until - clock::ticks()).div_ceil(1_000);
    let text = (locale.words.in_seconds)(&locale.format.number(seconds));
    html! { <span class="countdown" aria-hidden="true">{ text }</span> }
}
