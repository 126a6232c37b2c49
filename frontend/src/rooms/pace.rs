//! Slow rooms: how the wait is chosen, and how it is said.

use shared::protocol::Pace;
use shared::session::time::Ticks;
use yew::prelude::*;

use crate::browser::clock;
use crate::locale::{Locale, use_locale};
use crate::ticking::use_ticking;

/// Seconds that are offered.
const OFFERED: [u32; 9] = [0, 5, 10, 30, 60, 300, 900, 1_800, 3_600];

/// Milliseconds between two looks at the clock.
const TICK_MS: u32 = 250;

/// A time in the largest unit that it has a whole number of.
pub fn every(pace: Pace, locale: &Locale) -> String {
    let (words, seconds) = (&locale.words.order, pace.seconds());
    let number = |n: u32| locale.format.number(n.into());
    match seconds {
        0 => words.slow_off.to_owned(),
        _ if seconds.is_multiple_of(3_600) => words.hours(&number(seconds / 3_600)),
        _ if seconds.is_multiple_of(60) => words.minutes(&number(seconds / 60)),
        _ => words.seconds(&number(seconds)),
    }
}

/// The field. What is not among the offers is offered too while it holds.
pub fn field(node: &NodeRef, now: Pace, locale: &Locale) -> Html {
    let words = &locale.words.order;
    let mut offers = OFFERED
        .map(|n| Pace::of_seconds(n).unwrap_or_default())
        .to_vec();
    if !offers.contains(&now) {
        offers.push(now);
    }
    let option = |pace: Pace| {
        let seconds = pace.seconds().to_string();
        html! { <option key={seconds.clone()} value={seconds} selected={pace == now}>{ every(pace, locale) }</option> }
    };
    html! {
        <div class="field">
            <label for="room-pace">{ words.slow }</label>
            <select ref={node} id="room-pace" class="input" aria-describedby="room-pace-hint">{ for offers.into_iter().map(option) }</select>
            <p id="room-pace-hint" class="hint">{ words.slow_hint }</p>
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PaceHintProps {
    pub pace: Pace,
    /// When this person may say the next thing.
    pub until: Option<Ticks>,
}

/// A quiet line below the composer, which takes text all the same. Only it is drawn again as the seconds pass.
#[component]
pub fn PaceHint(props: &PaceHintProps) -> Html {
    let locale = use_locale();
    let words = &locale.words.order;
    let left = props.until.map_or(0, |until| until - clock::ticks());
    use_ticking((left > 0).then_some(TICK_MS));
    let text = match left {
        _ if props.pace.is_none() => String::new(),
        0 => words.slow_here(&every(props.pace, &locale)),
        _ => words.slow_wait(&locale.format.number(left.div_ceil(1_000))),
    };
    html! { <p class="hint pace" hidden={text.is_empty()}>{ text }</p> }
}
