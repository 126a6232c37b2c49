//! The images of a room, one at a time and as large as the window.

use std::rc::Rc;

use shared::ids::{FileId, PersonId};
use shared::protocol::Attachment;
use shared::session::views::Row;
use yew::prelude::*;

use crate::files::address;
use crate::icon::{Glyph, icon};
use crate::locale::Locale;

/// The images in what is held of the room, from the oldest to the newest.
pub(super) fn images(rows: &[Row]) -> Rc<[Attachment]> {
    let messages = rows.iter().filter_map(|row| match row {
        Row::Event(event) => event.content.as_message(),
        _ => None,
    });
    let images = messages.flat_map(|message| &message.attachments);
    let images = images.filter(|file| file.image.is_some());
    images.cloned().collect()
}

/// The image beside one of these, if there is one.
fn beside(images: &[Attachment], shown: FileId, forward: bool) -> Option<FileId> {
    let at = images.iter().position(|file| file.id == shown)?;
    let next = if forward { at + 1 } else { at.checked_sub(1)? };
    images.get(next).map(|file| file.id)
}

/// Left and right go from image to image.
pub(super) fn keys(
    images: &[Attachment],
    shown: Option<FileId>,
    show: &Callback<FileId>,
) -> Callback<KeyboardEvent> {
    let beside = |forward| shown.and_then(|shown| self::beside(images, shown, forward));
    let (before, after, show) = (beside(false), beside(true), show.clone());
    Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" => before,
            "ArrowRight" => after,
            _ => None,
        };
        if let Some(to) = to {
            show.emit(to);
        }
    })
}

/// The image with what can be done with it.
pub fn view(
    images: &[Attachment],
    shown: FileId,
    on_show: &Callback<FileId>,
    me: PersonId,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let Some(at) = images.iter().position(|file| file.id == shown) else {
        return html! { <div hidden=true /> };
    };
    let file = &images[at];
    let number = |n: usize| locale.format.number(n as u64);
    let count = words.image_of(&number(at + 1), &number(images.len()));
    let step = |forward: bool, glyph: Glyph, name: &'static str| {
        let to = beside(images, file.id, forward);
        let onclick = {
            let show = on_show.clone();
            move |_: MouseEvent| {
                if let Some(to) = to {
                    show.emit(to);
                }
            }
        };
        html! {
            <button type="button" class="icon-button" aria-label={name} title={name} disabled={to.is_none()} {onclick}>
                { icon(glyph) }
            </button>
        }
    };
    let (width, height) = file.image.map_or((1, 1), |it| (it.width, it.height));
    html! {
        <div class="viewer">
            <img key={file.id.to_string()} src={address(file.id, me)} alt={file.name.to_string()}
                width={width.to_string()} height={height.to_string()} />
            <div class="viewer-foot">
                { step(false, Glyph::ArrowLeft, words.previous_image) }
                <span role="status">{ count }</span>
                { step(true, Glyph::ArrowRight, words.next_image) }
                <a class="button small" href={address(file.id, me)} download={file.name.to_string()}>
                    { icon(Glyph::Download) }{ words.download }{ " " }<small>{ locale.format.bytes(file.size) }</small>
                </a>
            </div>
        </div>
    }
}
