//! Not to be disturbed for a while.

use shared::ids::Timestamp;
use shared::protocol::{Choice, Choices, FOREVER};
use shared::session::io::Input;
use yew::prelude::*;

use crate::browser::clock;
use crate::locale::Locale;
use crate::locale::format::{Day, date};

const HOUR_MS: u64 = 60 * 60 * 1_000;

/// The hour at which the next morning begins.
const MORNING: u32 = 8;

/// Offers quiet, or says how long it lasts and offers its end. Nothing where nobody is signed in.
pub fn quiet(of: Option<&(Choices, Callback<Input>)>, locale: &Locale) -> Html {
    let Some((choices, input)) = of else {
        return html! { <div hidden=true /> };
    };
    let words = &locale.words.notices;
    let button = |name: &'static str, until: fn() -> Option<Timestamp>| {
        let onclick = input.reform(move |_: MouseEvent| {
            let until = until();
            Input::Choose(Choice::Quiet { until })
        });
        html! { <button key={name} type="button" class="button small" {onclick}>{ name }</button> }
    };
    let buttons = match choices.quiet {
        Some(_) => vec![button(words.quiet_end, || None)],
        None => vec![
            button(words.quiet_hour, || {
                Some(Timestamp(clock::now().clock.0 + HOUR_MS))
            }),
            button(words.quiet_tomorrow, || Some(tomorrow())),
            button(words.quiet_open, || Some(FOREVER)),
        ],
    };
    html! {
        <fieldset class="choices quiet">
            <legend>{ words.quiet }</legend>
            <p class="hint" role="status">{ lasts(*choices, locale) }</p>
            <div class="quiet-choices">{ for buttons }</div>
        </fieldset>
    }
}

/// How long the quiet lasts, if there is one.
pub fn lasts(choices: Choices, locale: &Locale) -> String {
    let words = &locale.words.notices;
    match choices.quiet {
        None => String::new(),
        Some(until) if until >= FOREVER => words.quiet_on.to_owned(),
        Some(until) if Day::of(until) == Day::of(clock::now().clock) => {
            words.quiet_until(&locale.format.time(until))
        }
        Some(until) => words.quiet_until(&locale.format.short(until)),
    }
}

/// The next morning, in the reader's time zone.
fn tomorrow() -> Timestamp {
    let day = date(clock::now().clock);
    day.set_date(day.get_date() + 1);
    day.set_hours(MORNING);
    day.set_minutes(0);
    Timestamp(day.get_time() as u64)
}
