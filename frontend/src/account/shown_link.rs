//! A link that is shown once: to be scanned, or copied.

use shared::http::Link;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::locale::words::Words;

/// The link as a QR code and as text, with what is to be known about it.
pub fn shown_link(link: &Link, lead: &'static str, words: &Words) -> Html {
    let size = link.qr.size;
    let onfocus = |event: FocusEvent| {
        if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
            field.select();
        }
    };
    html! {
        <div class="shown-link">
            <p role="status">{ lead }</p>
            <svg class="qr" viewBox={format!("0 0 {size} {size}")} role="img" aria-label={words.people.qr}>
                <path d={link.qr.path.clone()} />
            </svg>
            <input type="text" class="input" readonly=true value={link.url.clone()} aria-label={words.people.link} {onfocus} />
        </div>
    }
}
