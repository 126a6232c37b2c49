//! What a field holds when it comes into the page. The attribute `value` would put it back each time the field is drawn, over
//! what was typed since.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Fills a field once.
#[hook]
pub fn use_first_value(field: &NodeRef, text: String) {
    let field = field.clone();
    use_effect_with((), move |()| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            field.set_value(&text);
        }
    });
}
