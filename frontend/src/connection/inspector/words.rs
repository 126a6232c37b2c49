//! The texts of the inspector, fetched when it is opened.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::clock;
use crate::locale::Language;
use crate::locale::texts;
use crate::locale::words::inspector::InspectorWords;

/// The words, for a component's properties.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub &'static InspectorWords);

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl std::ops::Deref for Words {
    type Target = InspectorWords;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

/// Milliseconds before they are asked for again, where the server cannot be reached.
const AGAIN_MS: u32 = 5_000;

/// The words of a language; none until they are there.
#[hook]
pub fn use_inspector_words(language: Language) -> Option<Words> {
    let update = use_force_update();
    let asked = use_mut_ref(|| None::<Language>);
    let held = texts::held_of_inspector(language).map(Words);
    if held.is_none() && asked.borrow_mut().replace(language) != Some(language) {
        let asked = Rc::clone(&asked);
        spawn_local(async move {
            if texts::fetch_of_inspector(language).await.is_none() {
                clock::pause(AGAIN_MS).await;
                asked.borrow_mut().take();
            }
            update.force_update();
        });
    }
    held
}
