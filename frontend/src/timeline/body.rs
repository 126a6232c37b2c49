//! What a message says, as nodes of the page: from the tree that [`shared::markdown`] reads, never from HTML.

pub mod code;
mod link;

use shared::ids::PersonId;
use shared::markdown::{Block, Inline, Item, Style, emoji, parse};
use shared::protocol::Person;
use yew::prelude::*;

use crate::locale::words::Words;

/// The body of a message. Line ends are kept by the style sheet.
pub(super) fn body(text: &str, named: &[Person], me: PersonId, words: &'static Words) -> Html {
    let large = emoji::alone(text).is_some();
    let reader = &Reader { named, me, words };
    let names: Vec<&str> = named.iter().map(|person| &*person.name).collect();
    let shown = match &parse(text, &names)[..] {
        // Nearly every message is this.
        [Block::Lines(inlines)] => line(inlines, reader),
        blocks => several(blocks, reader),
    };
    html! { <div class="message-body" dir="auto" data-large={large.then_some("true")}>{ shown }</div> }
}

/// Who reads, and whom the message names.
struct Reader<'a> {
    named: &'a [Person],
    me: PersonId,
    words: &'static Words,
}

fn several(blocks: &[Block<'_>], reader: &Reader<'_>) -> Html {
    blocks.iter().map(|block| one(block, reader)).collect()
}

fn one(block: &Block<'_>, reader: &Reader<'_>) -> Html {
    match block {
        Block::Lines(inlines) => html! { <p dir="auto">{ line(inlines, reader) }</p> },
        Block::Code { language, lines } => code::block(language, lines.join("\n"), reader.words),
        Block::Quote(inner) => html! { <blockquote>{ several(inner, reader) }</blockquote> },
        Block::List(items) => {
            let shown: Html = items.iter().map(|item| point(item, reader)).collect();
            if items.iter().any(|item| item.number().is_some()) {
                html! { <ol role="list">{ shown }</ol> }
            } else {
                html! { <ul role="list">{ shown }</ul> }
            }
        }
    }
}

/// A point shows the number that was typed, whatever comes before it. It is text, so that who selects the list copies it.
fn point(item: &Item<'_>, reader: &Reader<'_>) -> Html {
    let shown = match &item.blocks[..] {
        [Block::Lines(inlines)] => line(inlines, reader),
        blocks => several(blocks, reader),
    };
    let marker = item.number().map_or("•", |_| item.marker);
    html! { <li dir="auto"><span class="marker">{ format!("{marker} ") }</span>{ shown }</li> }
}

/// Parts of lines; text with its line ends is one node.
fn line(inlines: &[Inline<'_>], reader: &Reader<'_>) -> Html {
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
            Inline::Mention(name) => mention(name, reader),
            Inline::Styled(style, inner) => styled(*style, line(inner, reader)),
            Inline::Link(link) => link::link(link, line(&link.shown, reader), reader.words),
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

/// A name, the reader's own more than the others.
fn mention(text: &str, reader: &Reader<'_>) -> Html {
    let is_it = |person: &&Person| text.strip_prefix('@') == Some(&person.name);
    let meant = reader.named.iter().filter(is_it);
    let mut own = meant.filter(|it| it.id == reader.me || it.id == PersonId::EVERYONE);
    let own = own.next().is_some().to_string();
    html! { <span class="mention" data-own={own}>{ text.to_owned() }</span> }
}

fn styled(style: Style, inner: Html) -> Html {
    match style {
        Style::Bold => html! { <strong>{ inner }</strong> },
        Style::Italic => html! { <em>{ inner }</em> },
        Style::Struck => html! { <s>{ inner }</s> },
    }
}
