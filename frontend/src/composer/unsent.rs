//! What is written in the composers of a person and not sent, per room. It is held here, and kept by the owner of the
//! session, which also hears of it from the other tabs.

use shared::sorted::Map;
use std::cell::RefCell;
use std::rc::Rc;

use shared::ids::{ClientId, FileId, RoomId, Seq, Timestamp};
use shared::protocol::{Attachment, Post};
use yew::Callback;

use crate::browser::random;
use crate::kept::Unsent;

#[derive(Debug, Default)]
struct Held {
    by_room: Map<RoomId, Unsent>,
    /// The composer that is shown, to be told what came from elsewhere.
    composer: Option<(RoomId, Callback<Unsent>)>,
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

    /// The message that the text of a room's composer will answer.
    #[must_use]
    pub fn reply_to(&self, room: RoomId) -> Option<Seq> {
        self.0.borrow().by_room.get(&room)?.reply_to
    }

    /// The files that the text of a room's composer will carry.
    #[must_use]
    pub fn files(&self, room: RoomId) -> Vec<Attachment> {
        let held = self.0.borrow();
        held.by_room
            .get(&room)
            .map_or(Vec::new(), |unsent| unsent.files.clone())
    }

    /// The files in all composers.
    #[must_use]
    pub fn all_files(&self) -> Vec<FileId> {
        let held = self.0.borrow();
        let files = held.by_room.values().flat_map(|unsent| &unsent.files);
        files.map(|file| file.id).collect()
    }

    /// The name under which the text will be sent; a text that has none yet gets one.
    #[must_use]
    pub fn name(&self, room: RoomId) -> ClientId {
        let held = self.0.borrow();
        let says = |it: &&Unsent| !it.text.is_empty() || !it.files.is_empty();
        let named = held.by_room.get(&room).filter(says);
        named.map_or_else(random::client_id, |unsent| unsent.client_id)
    }

    /// The text of a room as it is to be kept; empty if there is none.
    #[must_use]
    pub fn unsent(&self, room: RoomId) -> Option<Unsent> {
        self.0.borrow().by_room.get(&room).cloned()
    }

    /// The rooms that have one.
    #[must_use]
    pub fn rooms(&self) -> Vec<RoomId> {
        self.0.borrow().by_room.keys().copied().collect()
    }

    /// The person wrote: another text is another message, hence the new name.
    pub fn wrote(&self, room: RoomId, text: &str, now: Timestamp) -> Unsent {
        let reply_to = self.reply_to(room);
        self.set(room, text.to_owned(), reply_to, now)
    }

    /// The person wants to answer a message, or none: that makes it another message as well.
    pub fn answers(&self, room: RoomId, reply_to: Option<Seq>, now: Timestamp) -> Unsent {
        let unsent = self.set(room, self.get(room), reply_to, now);
        self.show(&unsent);
        unsent
    }

    /// A file is put to a text, or taken away from it: that makes it another message as well.
    pub fn carries(&self, room: RoomId, files: Vec<Attachment>, now: Timestamp) -> Unsent {
        self.set(room, self.get(room), self.reply_to(room), now);
        let unsent = self.with_files(room, files);
        self.show(&unsent);
        unsent
    }

    /// The text of a room, which is held, with other files.
    fn with_files(&self, room: RoomId, files: Vec<Attachment>) -> Unsent {
        let mut held = self.0.borrow_mut();
        match held.by_room.get_mut(&room) {
            Some(unsent) => {
                unsent.files = files;
                unsent.clone()
            }
            None => Unsent::none(room),
        }
    }

    /// The person takes back what did not go out: it stands before what was written since.
    pub fn taken_back(&self, room: RoomId, post: &Post, now: Timestamp) -> Unsent {
        let written = self.get(room);
        let body = post.body.as_deref().unwrap_or_default();
        let text = match (body, written.as_str()) {
            (body, "") => body.to_owned(),
            ("", written) => written.to_owned(),
            (body, written) => format!("{body}\n{written}"),
        };
        let reply_to = post.reply_to.or(self.reply_to(room));
        let mut files = post.attachments.clone();
        files.extend(self.files(room));
        self.set(room, text, reply_to, now);
        let unsent = self.with_files(room, files);
        self.show(&unsent);
        unsent
    }

    fn set(&self, room: RoomId, text: String, reply_to: Option<Seq>, now: Timestamp) -> Unsent {
        let unsent = Unsent {
            room,
            text,
            reply_to,
            files: self.files(room),
            client_id: random::client_id(),
            written: now,
        };
        let mut held = self.0.borrow_mut();
        held.by_room.insert(room, unsent.clone());
        unsent
    }

    /// Tells the composer that is shown, if it is the one of this text.
    fn show(&self, unsent: &Unsent) {
        let composer = self.0.borrow().composer.clone();
        if let Some((shown, show)) = composer
            && shown == unsent.room
        {
            show.emit(unsent.clone());
        }
    }

    /// A text came from elsewhere: from what is kept, or from another tab. What was written here since is newer.
    pub fn came(&self, unsent: Unsent) {
        let mut held = self.0.borrow_mut();
        let is_newer = held.by_room.get(&unsent.room).is_none_or(|known| {
            known.client_id == unsent.client_id || known.written < unsent.written
        });
        if is_newer {
            held.by_room.insert(unsent.room, unsent.clone());
            drop(held);
            self.show(&unsent);
        }
    }

    /// What was kept before is known now. What was written here meanwhile stands behind it.
    pub fn was_kept(&self, unsent: Unsent) {
        let mut unsent = unsent;
        let typed = self.get(unsent.room);
        if !typed.is_empty() && typed != unsent.text {
            unsent.text = format!("{}\n{typed}", unsent.text);
            unsent.client_id = random::client_id();
        }
        unsent.reply_to = self.reply_to(unsent.room).or(unsent.reply_to);
        for file in self.files(unsent.room) {
            if !unsent.files.contains(&file) {
                unsent.files.push(file);
                unsent.client_id = random::client_id();
            }
        }
        let known = self.unsent(unsent.room);
        unsent.written.0 = known.map_or(unsent.written.0, |known| known.written.0 + 1);
        self.came(unsent);
    }

    /// The text of this name was sent: returns what is left of it, if it was here.
    pub fn sent(&self, room: RoomId, client_id: ClientId) -> Option<Unsent> {
        let mut held = self.0.borrow_mut();
        let unsent = held.by_room.get_mut(&room)?;
        if unsent.client_id != client_id {
            return None;
        }
        unsent.text.clear();
        unsent.reply_to = None;
        unsent.files.clear();
        Some(unsent.clone())
    }

    /// The composer of a room is shown and wants to be told.
    pub fn listen(&self, room: RoomId, show: Callback<Unsent>) {
        self.0.borrow_mut().composer = Some((room, show));
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const TEA: RoomId = RoomId(1);
    const LOBBY: RoomId = RoomId(2);

    fn at(moment: u64) -> Timestamp {
        Timestamp(moment)
    }

    #[wasm_bindgen_test]
    fn each_room_has_its_own_text() {
        let texts = Texts::default();
        texts.wrote(TEA, "half a sen", at(1));
        texts.wrote(LOBBY, "你好", at(2));
        assert_eq!(texts.get(TEA), "half a sen");
        assert_eq!(texts.get(LOBBY), "你好");
        texts.wrote(TEA, "", at(3));
        assert_eq!(texts.get(TEA), "");
        assert_eq!(texts.get(LOBBY), "你好");
    }

    #[wasm_bindgen_test]
    fn a_text_keeps_its_name_until_it_is_changed_or_sent() {
        let texts = Texts::default();
        let first = texts.wrote(TEA, "half a sen", at(1)).client_id;
        assert_eq!(texts.name(TEA), first);
        let second = texts.wrote(TEA, "half a sentence", at(2)).client_id;
        assert_ne!(first, second);
        assert_eq!(texts.sent(TEA, first), None, "what was sent is another");
        assert_eq!(texts.get(TEA), "half a sentence");
        assert!(texts.sent(TEA, second).is_some());
        assert_eq!(texts.get(TEA), "");
        assert_ne!(texts.name(TEA), second, "the next message is another one");
    }

    #[wasm_bindgen_test]
    fn what_a_text_answers_is_kept_with_it_and_goes_with_it() {
        let texts = Texts::default();
        let first = texts.wrote(TEA, "half", at(1)).client_id;
        let answer = texts.answers(TEA, Some(Seq(7)), at(2));
        assert_ne!(answer.client_id, first, "it is another message");
        let more = texts.wrote(TEA, "half a sentence", at(3));
        assert_eq!(more.reply_to, Some(Seq(7)));
        assert_eq!(texts.reply_to(LOBBY), None);
        let reloaded = Texts::default();
        reloaded.was_kept(more.clone());
        assert_eq!(reloaded.reply_to(TEA), Some(Seq(7)));
        let left = texts.sent(TEA, more.client_id).unwrap();
        assert!(left.is_empty());
        assert_eq!(texts.reply_to(TEA), None);
    }

    #[wasm_bindgen_test]
    fn what_is_taken_back_stands_before_what_was_written_since() {
        let texts = Texts::default();
        let post = Post {
            reply_to: Some(Seq(7)),
            ..Post::from(shared::text::Body::parse("failed").unwrap())
        };
        assert_eq!(texts.taken_back(TEA, &post, at(1)).text, "failed");
        texts.wrote(LOBBY, "since", at(1));
        let both = texts.taken_back(LOBBY, &post, at(2));
        assert_eq!(
            (both.text.as_str(), both.reply_to),
            ("failed\nsince", Some(Seq(7)))
        );
    }

    #[wasm_bindgen_test]
    fn the_composer_that_is_shown_hears_what_came_from_elsewhere() {
        let texts = Texts::default();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let hear = Rc::clone(&heard);
        let show = Callback::from(move |unsent: Unsent| hear.borrow_mut().push(unsent.text));
        texts.listen(TEA, show);
        texts.wrote(TEA, "typed here", at(1));
        let there = Texts::default();
        texts.came(there.wrote(TEA, "typed there", at(2)));
        texts.came(there.wrote(LOBBY, "elsewhere", at(3)));
        assert_eq!(*heard.borrow(), ["typed there"]);
        assert_eq!(texts.get(LOBBY), "elsewhere");
    }

    #[wasm_bindgen_test]
    fn what_was_kept_and_what_was_written_meanwhile_are_both_there() {
        let (before, texts) = (Texts::default(), Texts::default());
        let kept = before.wrote(TEA, "kept", at(1));
        texts.wrote(TEA, "typed", at(2));
        texts.was_kept(kept.clone());
        assert_eq!(texts.get(TEA), "kept\ntyped");
        assert_ne!(texts.name(TEA), kept.client_id, "it is another message");
        let again = Texts::default();
        again.was_kept(kept.clone());
        assert_eq!(again.name(TEA), kept.client_id, "it is the same message");
    }

    #[wasm_bindgen_test]
    fn whatever_comes_late_does_not_touch_what_was_written_since() {
        let (here, there) = (Texts::default(), Texts::default());
        let first = there.wrote(TEA, "typed there", at(1));
        here.came(first.clone());
        let left = there.sent(TEA, first.client_id).unwrap();
        let newer = here.wrote(TEA, "typed here", at(2));
        here.came(left);
        here.came(first);
        assert_eq!(here.get(TEA), "typed here");
        there.came(newer.clone());
        here.came(there.sent(TEA, newer.client_id).unwrap());
        assert_eq!(here.get(TEA), "", "sent there is gone here");
    }
}
