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
    pub phrase: Phrase,
}

/// What is said with the seconds in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phrase {
    In,
    NextTry,
    Reconnecting,
}

/// "Reconnecting in 4 s". It is not read aloud, since it would never stop.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    use_ticking(Some(TICK_MS));
    let locale = use_locale();
    let seconds = (props.until - clock::ticks()).div_ceil(1_000).max(1);
    let (words, seconds) = (locale.words, locale.format.number(seconds));
    let text = match props.phrase {
        Phrase::In => words.in_seconds(&seconds),
        Phrase::NextTry => words.next_try_in(&seconds),
        Phrase::Reconnecting => words.reconnecting_in(&seconds),
    };
    html! { <span class="countdown" aria-hidden="true">{ text }</span> }
}
