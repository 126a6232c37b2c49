//! What others see of a person, and the person of them.

use shared::protocol::{Choice, Choices};
use shared::session::io::Input;
use yew::prelude::*;

use crate::locale::words::notices::NoticeWords;

/// The switches; the choice holds on every device.
pub fn others(choices: Choices, input: &Callback<Input>, words: &NoticeWords) -> Html {
    let on = !choices.no_receipts;
    let turn = input.reform(move |_: Event| Input::Choose(Choice::Receipts { on: !on }));
    html! {
        <fieldset class="choices others-see">
            <legend>{ words.others_see }</legend>
            <label class="switch">
                <span>{ words.receipts }</span>
                <input type="checkbox" role="switch" checked={on} aria-describedby="receipts-hint" onchange={turn} />
            </label>
            <p id="receipts-hint" class="hint">{ words.receipts_hint }</p>
        </fieldset>
    }
}
