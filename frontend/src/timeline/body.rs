//! What a message says, as nodes of the page: from the tree that [`shared::markdown`] reads, never from HTML.

mod code;
mod link;

use shared::markdown::{Block, Inline, Item, Style, emoji, parse};
use yew::prelude::*;

use crate::locale::words::Words;

/// The body of a message. Line ends are kept by the style sheet.
pub(super) fn body(text: &str, words: &'static Words) -> Html {
    let large = emoji::alone(text).is_some();
    let shown = match &parse(text, &[])[..] {
        // Nearly every message is this.
        [Block::Lines(inlines)] => line(inlines, words),
        blocks => several(blocks, words),
    };
    html! { <div class="message-body" dir="auto" data-large={large.to_string()}>{ shown }</div> }
}

fn several(blocks: &[Block<'_>], words: &'static Words) -> Html {
    blocks.iter().map(|block| one(block, words)).collect()
}

fn one(block: &Block<'_>, words: &'static Words) -> Html {
    match block {
        Block::Lines(inlines) => html! { <p dir="auto">{ line(inlines, words) }</p> },
        Block::Code { language, lines } => code::block(language, lines.join("\n"), words),
        Block::Quote(inner) => html! { <blockquote>{ several(inner, words) }</blockquote> },
        Block::List(items) => {
            let shown: Html = items.iter().map(|item| point(item, words)).collect();
            if items.iter().any(|item| item.number().is_some()) {
                html! { <ol role="list">{ shown }</ol> }
            } else {
                html! { <ul role="list">{ shown }</ul> }
            }
        }
    }
}

/// A point shows the number that was typed, whatever comes before it. It is text, so that who selects the list copies it.
fn point(item: &Item<'_>, words: &'static Words) -> Html {
    let shown = match &item.blocks[..] {
        [Block::Lines(inlines)] => line(inlines, words),
        blocks => several(blocks, words),
    };
    let marker = item.number().map_or("•", |_| item.marker);
    html! { <li dir="auto"><span class="marker">{ format!("{marker} ") }</span>{ shown }</li> }
}

/// Parts of lines; text with its line ends is one node.
fn line(inlines: &[Inline<'_>], words: &'static Words) -> Html {
    let mut nodes = Vec::new();
    let mut text = String::new();
    for inline in inlines {
        let node = match inline {
            Inline::Text(part) => {
                text.push_str(part);
                continue;
            }
            Inline::Break => {
                text.push('\n');
                continue;
            }
            Inline::Code(code) => html! { <code>{ (*code).to_owned() }</code> },
            Inline::Mention(name) => html! { <span class="mention">{ (*name).to_owned() }</span> },
            Inline::Styled(style, inner) => styled(*style, line(inner, words)),
            Inline::Link(link) => link::link(link, line(&link.shown, words), words),
        };
        if !text.is_empty() {
            nodes.push(Html::from(std::mem::take(&mut text)));
        }
        nodes.push(node);
    }
    if !text.is_empty() {
        nodes.push(Html::from(text));
    }
    nodes.into_iter().collect()
}

fn styled(style: Style, inner: Html) -> Html {
    match style {
        Style::Bold => html! { <strong>{ inner }</strong> },
        Style::Italic => html! { <em>{ inner }</em> },
        Style::Struck => html! { <s>{ inner }</s> },
    }
}
