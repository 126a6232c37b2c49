//! A link that is shown once: to be scanned, or copied.

use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::json;
use crate::locale::words::people::PeopleWords;

/// The link as a QR code and as text, with what is to be known about it.
pub fn shown_link(link: Option<&JsValue>, lead: &'static str, words: &PeopleWords) -> Html {
    let Some(link) = link else {
        return html! { <div hidden=true /> };
    };
    let qr = json::field(link, "qr");
    let size = json::number(&qr, "size");
    let onfocus = |event: FocusEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            field.select();
        }
    };
    html! {
        <div class="shown-link">
            <p role="status">{ lead }</p>
            <svg class="qr" viewBox={format!("0 0 {size} {size}")} role="img" aria-label={words.qr}>
                <path d={json::text(&qr, "path")} />
            </svg>
            <input type="text" class="input" readonly=true value={json::text(link, "url")} aria-label={words.link} {onfocus} />
        </div>
    }
}
