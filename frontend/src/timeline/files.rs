//! The files of a message: images in small, everything else by name.

use shared::ids::{FileId, PersonId};
use shared::protocol::{Attachment, Extent};
use yew::prelude::*;

use crate::files::upload::progress_id;
use crate::files::{Files, address, small_address};
use crate::icon::{Glyph, icon};
use crate::locale::Locale;

/// Pixels that an image takes at most, at one for one.
const WIDTH: u32 = 360;
const HEIGHT: u32 = 300;

/// Where the files are.
pub(super) enum Place<'a> {
    /// At the server; a click on an image shows it.
    Server(&'a Callback<FileId>),
    /// Here, on their way.
    Here(&'a Files),
}

/// The files. Each image has its place before it is there, so that nothing moves when it comes.
pub(super) fn files(
    files: &[Attachment],
    place: &Place<'_>,
    me: PersonId,
    locale: &Locale,
) -> Html {
    if files.is_empty() {
        return html! { <ul hidden=true /> };
    }
    let shown = files.iter().map(|file| {
        let inner = match file.image {
            Some(extent) => picture(file, extent, place, me),
            None => row(file, place, me, locale),
        };
        html! { <li key={file.id.to_string()}>{ inner }{ progress(file, place, locale) }</li> }
    });
    html! { <ul class="files" role="list">{ for shown }</ul> }
}

fn picture(file: &Attachment, extent: Extent, place: &Place<'_>, me: PersonId) -> Html {
    let (width, height) = fitted(extent);
    let (width, height) = (width.to_string(), height.to_string());
    let (id, name) = (file.id, file.name.to_string());
    match place {
        Place::Server(on_view) => html! {
            <button type="button" class="picture" aria-haspopup="dialog" onclick={on_view.reform(move |_| id)}>
                <img src={small_address(id, me)} alt={name} {width} {height} loading="lazy" decoding="async" />
            </button>
        },
        Place::Here(held) => html! {
            <div class="picture"><img src={held.url(id)} alt={name} {width} {height} /></div>
        },
    }
}

fn row(file: &Attachment, place: &Place<'_>, me: PersonId, locale: &Locale) -> Html {
    let name = file.name.to_string();
    let inner = html! {
        <>
            { icon(Glyph::File) }
            <span class="file-name" dir="auto">{ name.clone() }</span>
            { " " }
            <small>{ locale.format.bytes(file.size) }</small>
        </>
    };
    match place {
        Place::Server(_) => html! {
            <a class="file" href={address(file.id, me)} download={name}>{ inner }{ icon(Glyph::Download) }</a>
        },
        Place::Here(_) => html! { <div class="file">{ inner }</div> },
    }
}

/// How much of it the server has. The bar is moved by the upload itself, not by drawing the row again.
fn progress(file: &Attachment, place: &Place<'_>, locale: &Locale) -> Html {
    match place {
        Place::Server(_) => html! { <span hidden=true /> },
        Place::Here(_) => html! {
            <progress id={progress_id(file.id)} class="upload" max={file.size.to_string()} value="0" aria-label={locale.words.uploading} />
        },
    }
}

/// As large as there is room, never larger than it is.
fn fitted(Extent { width, height }: Extent) -> (u32, u32) {
    let (width, height) = (width.max(1), height.max(1));
    let narrow = |n: u32, by: u32, of: u32| (u64::from(n) * u64::from(by) / u64::from(of)).max(1);
    let (mut w, mut h) = (u64::from(width), u64::from(height));
    if width > WIDTH {
        (w, h) = (u64::from(WIDTH), narrow(height, WIDTH, width));
    }
    if h > u64::from(HEIGHT) {
        (w, h) = (narrow(width, HEIGHT, height), u64::from(HEIGHT));
    }
    (w as u32, h as u32)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_image_keeps_its_shape_and_is_never_made_larger() {
        for (width, height, expected) in [
            (40, 30, (40, 30)),
            (720, 300, (360, 150)),
            (900, 1_200, (225, 300)),
            (4_000, 2_000, (360, 180)),
            (10, 50_000, (1, 300)),
            (50_000, 1, (360, 1)),
        ] {
            assert_eq!(fitted(Extent { width, height }), expected);
        }
    }
}
