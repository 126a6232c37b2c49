//! What holds on this server, for the owner: so that nobody has to guess why something was refused.

use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::api::json;
use crate::locale::Locale;

pub(super) fn limits(limits: &JsValue, locale: &Locale) -> Html {
    let words = &locale.words.order;
    let number = |name: &str| locale.format.number(json::number(limits, name));
    let lines = [
        (
            words.limit_sends,
            words.limit_rate(&number("sends_per_second"), &number("send_burst")),
        ),
        (
            words.limit_body,
            locale.format.bytes(json::number(limits, "body_bytes")),
        ),
        (
            words.limit_searches,
            words.a_second(&number("searches_per_second")),
        ),
        (
            words.limit_rooms_made,
            words.an_hour(&number("rooms_per_hour")),
        ),
        (
            words.limit_invites,
            words.an_hour(&number("invites_per_hour")),
        ),
        (
            words.limit_guests,
            words.an_hour(&number("guests_per_hour")),
        ),
        (words.limit_rooms, number("rooms")),
        (words.limit_sockets, number("sockets")),
    ];
    let line = |(name, value): (&'static str, String)| {
        html! { <div key={name} class="fact"><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <section class="form account-part" aria-labelledby="order-limits">
            <h3 id="order-limits">{ words.limits }</h3>
            <p class="hint">{ words.limits_hint }</p>
            <dl class="facts limits">{ for lines.into_iter().map(line) }</dl>
        </section>
    }
}
