//! What was recorded, as a file of one's own: for Wireshark, to be read, or to be sent to somebody and turned into either.

use js_sys::{Array, Uint8Array};
use shared::recording::Recording;
use shared::recording::markdown::markdown;
use shared::recording::pcapng::pcapng;
use shared::wire::encode;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlElement, Url};
use yew::prelude::*;

use crate::browser::document;
use crate::chat::CLIENT;
use crate::connection::facts::SessionReader;
use crate::connection::inspector::words::Words;
use crate::socket::address;

/// The name of a file and what is in it.
type File = (&'static str, fn(&Recording) -> JsValue);

const FOR_WIRESHARK: File = ("parlance.pcapng", |recording| {
    Uint8Array::from(pcapng(recording).as_slice()).into()
});

const TO_BE_READ: File = ("parlance.md", |recording| markdown(recording).into());

const TO_BE_SENT: File = ("parlance.json", |recording| encode(recording).into());

/// The buttons. What people wrote is hidden in the files, too, if it `hides`.
pub(super) fn saving(session: &SessionReader, hides: bool, words: Words) -> Html {
    let button = |text: &'static str, file: File| {
        let session = session.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            // A browser that takes no file has said so.
            let _ = save(&session, hides, file);
        });
        html! { <button type="button" class="button small" {onclick}>{ text }</button> }
    };
    html! {
        <p class="frames-save">
            <span>{ words.save }</span>
            { button(words.save_pcapng, FOR_WIRESHARK) }
            { button(words.save_markdown, TO_BE_READ) }
            { button(words.save_json, TO_BE_SENT) }
        </p>
    }
}

fn save(session: &SessionReader, hides: bool, (name, content): File) -> Option<()> {
    let mut recording = session.session().recorder()?.recording(CLIENT, &address());
    if hides {
        let connections = recording.connections.iter_mut();
        for frame in connections.flat_map(|connection| &mut connection.frames) {
            frame.mask();
        }
    }
    let blob = Blob::new_with_buffer_source_sequence(&Array::of1(&content(&recording))).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", &url).ok()?;
    link.set_attribute("download", name).ok()?;
    link.click();
    Url::revoke_object_url(&url).ok()
}
