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
    /// What is said with the seconds in it.
    pub phrase: Phrase,
}

/// A text with a number in it. Two are equal when they say the same.
#[derive(Debug, Clone, Copy)]
pub struct Phrase(pub fn(seconds: &str) -> String);

impl PartialEq for Phrase {
    fn eq(&self, other: &Self) -> bool {
        (self.0)("0") == (other.0)("0")
    }
}

/// "Reconnecting in 4 s". It is not read aloud, since it would never stop.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    use_ticking(Some(TICK_MS));
    let locale = use_locale();
    let seconds = (props.until - clock::ticks()).div_ceil(1_000).max(1);
    let text = (props.phrase.0)(&locale.format.number(seconds));
    html! { <span class="countdown" aria-hidden="true">{ text }</span> }
}
