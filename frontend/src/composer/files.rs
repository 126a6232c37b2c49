//! Files for a message: chosen, pasted or dropped, shown above the text until it is sent.

use shared::ids::{FileId, RoomId};
use shared::limits;
use shared::protocol::Attachment;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DataTransfer, DragEvent, File, FileList, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::browser::document;
use crate::chat::actions::Actions;
use crate::files::{Files, describe};
use crate::icon::{Glyph, icon};
use crate::locale::Locale;

/// The id of the field that opens the browser's choice of files.
const FIELD: &str = "composer-files";

/// Puts files to the text of a room, in their order. How many do not fit is returned.
pub fn take(files: &FileList, room: RoomId, actions: &Actions) -> usize {
    let place = limits::FILES_PER_MESSAGE.saturating_sub(actions.texts.files(room).len());
    let all: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
    let left = all.len().saturating_sub(place);
    let attach = actions.attach.clone();
    spawn_local(async move {
        // An empty file says nothing; folders come as such, too.
        for file in all.into_iter().take(place).filter(|file| file.size() > 0.0) {
            attach.emit((room, describe(&file).await, file.into()));
        }
    });
    left
}

/// Whether something is dragged that has files.
#[must_use]
pub fn drags_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&"Files".into(), 0))
}

/// The files of a paste, unless a text comes with them: programs paste tables as pictures as well.
pub(super) fn pasted(data: Option<DataTransfer>) -> Option<FileList> {
    let data = data?;
    let has_text = data.types().includes(&"text/plain".into(), 0);
    data.files().filter(|files| !has_text && files.length() > 0)
}

/// The button that lets one choose files; phones offer the camera as well.
pub(super) fn button(on_files: Callback<FileList>, locale: &Locale) -> Html {
    let words = locale.words;
    let onchange = move |event: Event| {
        let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        if let Some(files) = field.files() {
            on_files.emit(files);
        }
        // So that the same file can be chosen again.
        field.set_value("");
    };
    let choose = |_: MouseEvent| {
        let field = document().get_element_by_id(FIELD);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            field.click();
        }
    };
    html! {
        <>
            <input id={FIELD} type="file" multiple=true hidden=true {onchange} />
            <button type="button" class="composer-clip" aria-label={words.attach} title={words.attach} onclick={choose}>
                { icon(Glyph::Clip) }
            </button>
        </>
    }
}

/// What the message will carry.
pub(super) fn chips(
    files: &[Attachment],
    held: &Files,
    on_remove: &Callback<FileId>,
    locale: &Locale,
) -> Html {
    let chips = files.iter().map(|file| {
        let id = file.id;
        let name = file.name.to_string();
        let remove = locale.words.remove_file(&name);
        let shown = match held.url(id).filter(|_| file.image.is_some()) {
            Some(url) => html! { <img src={url} alt="" /> },
            None => icon(Glyph::File),
        };
        html! {
            <li key={id.to_string()} class="attached">
                <span class="attached-picture">{ shown }</span>
                <span class="file-name" dir="auto" title={name.clone()}>{ name }</span>
                <small>{ locale.format.bytes(file.size) }</small>
                <button type="button" class="icon-button" aria-label={remove.clone()} title={remove}
                    onclick={on_remove.reform(move |_| id)}>
                    { icon(Glyph::Close) }
                </button>
            </li>
        }
    });
    html! { <ul class="composer-files" role="list" aria-label={locale.words.files} hidden={files.is_empty()}>{ for chips }</ul> }
}
