//! The text of a message as nodes of the page, never as HTML: web addresses become links, the rest stays as typed.

use yew::prelude::*;

use crate::links::{Piece, pieces};
use crate::locale::words::Words;

/// The body of a message. Line ends are kept by the style sheet.
pub(super) fn body(text: &str, words: &Words) -> Html {
    let node = |(at, piece): (usize, Piece<'_>)| match piece {
        Piece::Text(text) => html! { <span key={at}>{ text.to_owned() }</span> },
        Piece::Link(link) => html! {
            <a key={at} href={link.to_owned()} target="_blank" rel="noopener noreferrer" title={words.opens_new_tab}>
                { link.to_owned() }
            </a>
        },
    };
    let nodes = pieces(text).into_iter().enumerate().map(node);
    html! { <div class="message-body" dir="auto">{ for nodes }</div> }
}
