//! Who has read so far: small faces under the last message that each has read.

use shared::ids::{PersonId, Seq};
use shared::protocol::{Content, Person, Receipt};
use shared::session::receipts::stands_under;
use shared::session::views::Row;
use yew::prelude::*;

use crate::avatar::avatar;
use crate::locale::words::Words;

/// The readers by the place of the message that they stand under.
pub(super) fn by_message(rows: &[Row], receipts: &[Receipt]) -> Vec<(Seq, Person)> {
    let stand = receipts.iter().filter_map(|receipt| {
        let messages = rows.iter().rev().filter_map(said);
        Some((stands_under(receipt, messages)?, receipt.by.clone()))
    });
    stand.collect()
}

fn said(row: &Row) -> Option<(Seq, PersonId)> {
    match row {
        Row::Event(event) if matches!(event.content, Content::Message(_)) => {
            Some((event.seq, event.author.id))
        }
        _ => None,
    }
}

/// The faces. In a direct room of two it goes without saying whose it would be.
pub(super) fn faces(readers: &[Person], alone: bool, words: &Words) -> Html {
    if readers.is_empty() {
        return html! { <p hidden=true /> };
    }
    let names: Vec<&str> = readers.iter().map(|person| &*person.name).collect();
    let title = words.notices.seen_by(&words.list(&names));
    let shown = if alone {
        html! { <span aria-hidden="true">{ words.notices.seen }</span> }
    } else {
        html! { <>{ for readers.iter().map(avatar) }</> }
    };
    html! {
        <p class="readers" title={title.clone()}>
            { shown }<span class="unseen">{ title }</span>
        </p>
    }
}
