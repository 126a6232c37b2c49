//! What is written in a composer and not sent: kept per person and room, so that a reload or a look into another
//! room does not lose it.

use shared::ids::{PersonId, RoomId};

use crate::browser::storage::Store;

fn key(person: PersonId, room: RoomId) -> String {
    format!("{}{room}", prefix(person))
}

fn prefix(person: PersonId) -> String {
    format!("parlance.text.{person}.")
}

/// Keeps the text of a composer. A browser that keeps nothing has been told of by the outbox.
pub fn save(person: PersonId, room: RoomId, text: &str) {
    if text.is_empty() {
        Store::Tab.remove(&key(person, room));
    } else {
        let _ = Store::Tab.set(&key(person, room), text);
    }
}

/// The text that was in the composer.
#[must_use]
pub fn load(person: PersonId, room: RoomId) -> String {
    Store::Tab.get(&key(person, room)).unwrap_or_default()
}

/// Forgets every text of a person.
pub fn forget(person: PersonId) {
    for key in Store::Tab.keys(&prefix(person)) {
        Store::Tab.remove(&key);
    }
}

/// Gives every text of one person to another, who goes on in the same tab.
pub fn hand_over(from: PersonId, to: PersonId) {
    for key in Store::Tab.keys(&prefix(from)) {
        let text = Store::Tab.get(&key).unwrap_or_default();
        let room = key.trim_start_matches(&prefix(from));
        let _ = Store::Tab.set(&format!("{}{room}", prefix(to)), &text);
        Store::Tab.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn each_room_of_each_person_has_its_own_text() {
        let (ada, bob) = (PersonId(1), PersonId(2));
        let (tea, lobby) = (RoomId(1), RoomId(2));
        save(ada, tea, "half a sen");
        save(ada, lobby, "你好");
        save(bob, tea, "mine");
        assert_eq!(load(ada, tea), "half a sen");
        assert_eq!(load(ada, lobby), "你好");
        forget(ada);
        assert_eq!(load(ada, tea), "");
        assert_eq!(load(bob, tea), "mine");
        hand_over(bob, ada);
        assert_eq!(load(ada, tea), "mine");
        assert_eq!(load(bob, tea), "");
        save(bob, tea, "");
        assert_eq!(load(bob, tea), "");
        forget(ada);
    }
}
