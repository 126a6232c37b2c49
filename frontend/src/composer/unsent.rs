//! What is written in the composers of a person and not sent, per room. It is held here, and kept by the owner of the
//! session, which also hears of it from the other tabs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use shared::ids::{ClientId, RoomId};
use yew::Callback;

use crate::browser::random;
use crate::kept::Unsent;

#[derive(Debug, Default)]
struct Held {
    by_room: BTreeMap<RoomId, Unsent>,
    /// The composer that is shown, to be told what came from elsewhere.
    composer: Option<(RoomId, Callback<String>)>,
}

/// The texts. Copies are of the same texts.
#[derive(Debug, Clone, Default)]
pub struct Texts(Rc<RefCell<Held>>);

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Texts {
    /// The text of a room's composer.
    #[must_use]
    pub fn get(&self, room: RoomId) -> String {
        let held = self.0.borrow();
        held.by_room
            .get(&room)
            .map_or(String::new(), |unsent| unsent.text.clone())
    }

    /// The name under which the text will be sent; a text that has none yet gets one.
    #[must_use]
    pub fn name(&self, room: RoomId) -> ClientId {
        let held = self.0.borrow();
        let named = held.by_room.get(&room);
        named.map_or_else(random::client_id, |unsent| unsent.client_id)
    }

    /// The text of a room, empty if there is none.
    #[must_use]
    pub fn unsent(&self, room: RoomId) -> Unsent {
        let held = self.0.borrow();
        let none = || Unsent {
            room,
            text: String::new(),
            client_id: ClientId(0),
        };
        held.by_room.get(&room).cloned().unwrap_or_else(none)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<Unsent> {
        self.0.borrow().by_room.values().cloned().collect()
    }

    /// The person wrote: another text is another message, hence the new name.
    pub fn wrote(&self, room: RoomId, text: &str) -> Unsent {
        let unsent = Unsent {
            room,
            text: text.to_owned(),
            client_id: random::client_id(),
        };
        self.hold(unsent.clone());
        unsent
    }

    /// A text came from elsewhere: from what is kept, or from another tab.
    pub fn came(&self, unsent: Unsent) {
        let (room, text) = (unsent.room, unsent.text.clone());
        self.hold(unsent);
        let composer = self.0.borrow().composer.clone();
        if let Some((shown, show)) = composer
            && shown == room
        {
            show.emit(text);
        }
    }

    /// The text of this name was sent, and whether it was here.
    pub fn sent(&self, room: RoomId, client_id: ClientId) -> bool {
        let mut held = self.0.borrow_mut();
        let is_here = |unsent: &Unsent| unsent.client_id == client_id;
        let here = held.by_room.get(&room).is_some_and(is_here);
        if here {
            held.by_room.remove(&room);
        }
        here
    }

    /// The composer of a room is shown and wants to be told.
    pub fn listen(&self, room: RoomId, show: Callback<String>) {
        self.0.borrow_mut().composer = Some((room, show));
    }

    /// Forgets every text.
    pub fn clear(&self) {
        self.0.borrow_mut().by_room.clear();
    }

    fn hold(&self, unsent: Unsent) {
        let mut held = self.0.borrow_mut();
        if unsent.text.is_empty() {
            held.by_room.remove(&unsent.room);
        } else {
            held.by_room.insert(unsent.room, unsent);
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const TEA: RoomId = RoomId(1);
    const LOBBY: RoomId = RoomId(2);

    #[wasm_bindgen_test]
    fn each_room_has_its_own_text() {
        let texts = Texts::default();
        texts.wrote(TEA, "half a sen");
        texts.wrote(LOBBY, "你好");
        assert_eq!(texts.get(TEA), "half a sen");
        assert_eq!(texts.get(LOBBY), "你好");
        texts.wrote(TEA, "");
        assert_eq!(texts.get(TEA), "");
        assert_eq!(texts.all().len(), 1);
    }

    #[wasm_bindgen_test]
    fn a_text_keeps_its_name_until_it_is_changed() {
        let texts = Texts::default();
        let first = texts.wrote(TEA, "half a sen").client_id;
        assert_eq!(texts.name(TEA), first);
        let second = texts.wrote(TEA, "half a sentence").client_id;
        assert_ne!(first, second);
        assert!(!texts.sent(TEA, first), "what was sent is another text");
        assert_eq!(texts.get(TEA), "half a sentence");
        assert!(texts.sent(TEA, second));
        assert_eq!(texts.get(TEA), "");
    }

    #[wasm_bindgen_test]
    fn the_composer_that_is_shown_hears_what_came_from_elsewhere() {
        let texts = Texts::default();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let hear = Rc::clone(&heard);
        let show = Callback::from(move |text| hear.borrow_mut().push(text));
        texts.listen(TEA, show);
        texts.wrote(TEA, "typed here");
        for (room, text) in [(TEA, "typed there"), (LOBBY, "elsewhere")] {
            let (text, client_id) = (text.to_owned(), ClientId(1));
            texts.came(Unsent {
                room,
                text,
                client_id,
            });
        }
        assert_eq!(*heard.borrow(), ["typed there"]);
        assert_eq!(texts.get(LOBBY), "elsewhere");
    }
}
