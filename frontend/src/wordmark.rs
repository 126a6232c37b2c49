//! The name, and the mark beside it: the same drawing as `icon.svg`.

use yew::prelude::*;

const BUBBLE: &str = "M9 3h14a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6H12.5l-6.2 4.7A.8.8 0 0 1 5 28.06V22.5A6 6 0 0 1 3 18V9a6 6 0 0 1 6-6Z";
const LETTER: &str = "M12.5 19V9.5h4.25a3.25 3.25 0 0 1 0 6.5H12.5";

/// The wordmark.
pub fn wordmark() -> Html {
    html! {
        <span class="wordmark">
            <svg class="wordmark-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <path class="wordmark-bubble" d={BUBBLE} />
                <path class="wordmark-letter" d={LETTER} />
            </svg>
            { "Parlance" }
        </span>
    }
}
