//! What this browser keeps for its people in IndexedDB: the outbox, what is written and not sent, who sends, and the
//! totals of the proof of delivery.
//!
//! Every change writes its own record and no other. A message and the end of its text in the composer are one
//! transaction, so that after a crash it is in exactly one of the two.

mod files;
mod lease;
mod totals;

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use shared::ids::{ClientId, PersonId, RoomId, Seq, Timestamp};
use shared::json::FromJson;
use shared::protocol::Attachment;
use shared::session::outbox::Draft;
use shared::wire;
use wasm_bindgen::JsValue;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStoreParameters};

use crate::browser::database::{Database, Mode, Refused, answer, texts};

const NAME: &str = "parlance";
const VERSION: u32 = 2;

/// What waits, in the order of its keys, which count up: `{person, draft, id}`.
const OUTBOX: &str = "outbox";
const BY_PERSON: &str = "person";
const BY_ID: &str = "id";
/// What is in the composers, by person and room.
const TEXTS: &str = "texts";
/// Which tab sends for a person, where there are no locks.
const LEASES: &str = "leases";
/// The totals.
const TOTALS: &str = "totals";
/// Bytes of files that wait or are in a composer, by person and file.
const FILES: &str = "files";

/// A text that is not sent, and the name that it will have when it is: a message whose sending was cut short by a
/// crash is the same message when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Unsent {
    /// The room it is meant for.
    pub room: RoomId,
    /// The text; empty when there is none any more.
    pub text: String,
    /// The message that it will answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// The files that it will carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Its name.
    pub client_id: ClientId,
    /// When it was written, by the wall clock that all tabs of a browser share: the last one wins.
    pub written: Timestamp,
}

impl Unsent {
    /// Nothing at all for a room.
    #[must_use]
    pub fn none(room: RoomId) -> Self {
        Self {
            room,
            text: String::new(),
            reply_to: None,
            files: Vec::new(),
            client_id: ClientId(0),
            written: Timestamp(0),
        }
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.reply_to.is_none() && self.files.is_empty()
    }
}

/// The open stores.
#[derive(Debug, Clone)]
pub struct Kept(Database);

fn make_stores(database: &IdbDatabase) -> Result<(), JsValue> {
    let known = database.object_store_names();
    if !known.contains(FILES) {
        database.create_object_store(FILES)?;
    }
    if known.contains(OUTBOX) {
        return Ok(());
    }
    let counting = IdbObjectStoreParameters::new();
    counting.set_auto_increment(true);
    let outbox = database.create_object_store_with_optional_parameters(OUTBOX, &counting)?;
    outbox.create_index_with_str(BY_PERSON, BY_PERSON)?;
    outbox.create_index_with_str(BY_ID, BY_ID)?;
    for name in [TEXTS, LEASES, TOTALS] {
        database.create_object_store(name)?;
    }
    Ok(())
}

fn id(person: PersonId, client_id: ClientId) -> JsValue {
    format!("{person}.{client_id}").into()
}

fn text_key(person: PersonId, room: &str) -> JsValue {
    format!("{person}.{room}").into()
}

impl Kept {
    /// Opens the stores.
    pub async fn open() -> Result<Self, Refused> {
        Ok(Self(Database::open(NAME, VERSION, make_stores).await?))
    }

    /// What waits of a person, in the order it was written. What cannot be read is left out, the others come back.
    pub async fn outbox(&self, person: PersonId) -> Result<Vec<Draft>, Refused> {
        let transaction = self.0.begin(&[OUTBOX], Mode::Read)?;
        let index = transaction.store(OUTBOX)?.index(BY_PERSON)?;
        let request = index.get_all_with_key(&person.to_string().into())?;
        let records = Array::from(&answer(&request).await?);
        let draft = |record: JsValue| {
            let text = Reflect::get(&record, &"draft".into()).ok()?.as_string()?;
            wire::decode(&text)
        };
        Ok(records.iter().filter_map(draft).collect())
    }

    /// Keeps a message behind what is kept already; the text that it was is in the composer no more. It is begun at
    /// once, and written through to the disk: what a person has sent survives even a power failure.
    pub fn keep(
        &self,
        person: PersonId,
        draft: &Draft,
        ends: Option<RoomId>,
    ) -> Result<impl Future<Output = Result<(), Refused>> + use<>, Refused> {
        let record = Object::new();
        let fields = [
            (BY_PERSON, person.to_string().into()),
            (BY_ID, id(person, draft.client_id)),
            ("draft", wire::encode(draft).into()),
        ];
        for (name, value) in fields {
            Reflect::set(&record, &name.into(), &value)?;
        }
        let transaction = self.0.begin(&[OUTBOX, TEXTS], Mode::WriteThrough)?;
        transaction.store(OUTBOX)?.put(&record)?;
        if let Some(room) = ends {
            let key = text_key(person, &room.to_string());
            transaction.store(TEXTS)?.delete(&key)?;
        }
        Ok(transaction.commit())
    }

    /// Forgets a message: it is stored, or was given up.
    pub async fn forget(&self, person: PersonId, client_id: ClientId) -> Result<(), Refused> {
        self.forget_by(BY_ID, &id(person, client_id)).await
    }

    /// Forgets all that is kept of a person.
    pub async fn forget_all(&self, person: PersonId) -> Result<(), Refused> {
        self.forget_by(BY_PERSON, &person.to_string().into())
            .await?;
        let transaction = self.0.begin(&[TEXTS], Mode::Write)?;
        transaction.store(TEXTS)?.delete(&texts_of(person)?)?;
        transaction.commit().await?;
        self.forget_all_files(person).await
    }

    async fn forget_by(&self, index: &str, value: &JsValue) -> Result<(), Refused> {
        let transaction = self.0.begin(&[OUTBOX], Mode::Write)?;
        let store = transaction.store(OUTBOX)?;
        let keys = store.index(index)?.get_all_keys_with_key(value)?;
        for key in Array::from(&answer(&keys).await?).iter() {
            store.delete(&key)?;
        }
        transaction.commit().await
    }

    /// What a person has written and not sent.
    pub async fn texts(&self, person: PersonId) -> Result<Vec<Unsent>, Refused> {
        let transaction = self.0.begin(&[TEXTS], Mode::Read)?;
        let store = transaction.store(TEXTS)?;
        let request = store.get_all_with_key(&texts_of(person)?)?;
        let kept = texts(&request).await?;
        let read = |text: &String| wire::decode(text);
        Ok(kept.iter().filter_map(read).collect())
    }

    /// Keeps the text of a composer, or forgets it when it is empty.
    pub async fn keep_text(&self, person: PersonId, unsent: &Unsent) -> Result<(), Refused> {
        let transaction = self.0.begin(&[TEXTS], Mode::Write)?;
        let store = transaction.store(TEXTS)?;
        let key = text_key(person, &unsent.room.to_string());
        if unsent.is_empty() {
            store.delete(&key)?;
        } else {
            store.put_with_key(&wire::encode(unsent).into(), &key)?;
        }
        transaction.commit().await
    }
}

/// All texts of a person: their keys begin alike, and rooms are written in hexadecimal digits.
fn texts_of(person: PersonId) -> Result<JsValue, Refused> {
    let range = IdbKeyRange::bound(&text_key(person, ""), &text_key(person, "g"))?;
    Ok(range.into())
}

#[cfg(test)]
mod tests {
    use shared::ids::FileId;
    use shared::protocol::Action;
    use shared::session::proof::Proof;
    use shared::text::Body;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::browser::random;

    fn someone() -> PersonId {
        PersonId(random::seed() >> 1)
    }

    fn draft(n: u128) -> Draft {
        Draft {
            room: RoomId(7),
            client_id: ClientId(n),
            action: Action::message(Body::parse("早上好 \"quoted\"\n\tsecond line").unwrap()),
            written: Timestamp(1_795_435_509_000),
        }
    }

    fn unsent(room: u64, text: &str) -> Unsent {
        Unsent {
            room: RoomId(room),
            text: text.to_owned(),
            reply_to: Some(Seq(4)).filter(|_| !text.is_empty()),
            files: Vec::new(),
            client_id: ClientId(9),
            written: Timestamp(1),
        }
    }

    async fn ids(kept: &Kept, person: PersonId) -> Vec<u128> {
        let drafts = kept.outbox(person).await.unwrap();
        drafts.iter().map(|draft| draft.client_id.0).collect()
    }

    #[wasm_bindgen_test]
    async fn what_is_kept_for_a_person_comes_back_to_that_person_in_order() {
        let kept = Kept::open().await.unwrap();
        let (ada, bob) = (someone(), someone());
        for n in [5, 3, 9] {
            kept.keep(ada, &draft(n), None).unwrap().await.unwrap();
        }
        kept.keep(bob, &draft(3), None).unwrap().await.unwrap();
        let again = Kept::open().await.unwrap();
        assert_eq!(again.outbox(ada).await.unwrap()[0], draft(5));
        assert_eq!(ids(&again, ada).await, [5, 3, 9]);
        again.forget(ada, ClientId(3)).await.unwrap();
        assert_eq!(ids(&again, ada).await, [5, 9]);
        assert_eq!(ids(&again, bob).await, [3], "another person's stays");
        again.forget_all(ada).await.unwrap();
        assert!(ids(&again, ada).await.is_empty());
        again.forget_all(bob).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn a_message_that_is_kept_ends_its_text_in_the_same_transaction() {
        let kept = Kept::open().await.unwrap();
        let ada = someone();
        kept.keep_text(ada, &unsent(7, "half a sen")).await.unwrap();
        kept.keep_text(ada, &unsent(8, "你好")).await.unwrap();
        let keeping = kept.keep(ada, &draft(1), Some(RoomId(7))).unwrap();
        keeping.await.unwrap();
        assert_eq!(kept.texts(ada).await.unwrap(), [unsent(8, "你好")]);
        kept.keep_text(ada, &unsent(8, "")).await.unwrap();
        assert!(kept.texts(ada).await.unwrap().is_empty());
        kept.forget_all(ada).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn a_file_is_kept_with_its_text_until_it_is_forgotten() {
        let kept = Kept::open().await.unwrap();
        let (ada, bob) = (someone(), someone());
        let parts = js_sys::Array::of1(&"milk, eggs".into());
        let blob = web_sys::Blob::new_with_str_sequence(&parts).unwrap();
        let text = unsent(7, "the list");
        for file in [1, 2] {
            let keeping = kept.keep_file(ada, FileId(file), &blob, &text).unwrap();
            keeping.await.unwrap();
        }
        let again = Kept::open().await.unwrap();
        assert_eq!(again.texts(ada).await.unwrap(), [text]);
        let found = again.file(ada, FileId(1)).await.unwrap().unwrap();
        assert_eq!(found.size(), 10.0);
        assert!(again.file(bob, FileId(1)).await.unwrap().is_none());
        again.forget_files(ada, &[FileId(1)]).await.unwrap();
        let left = again.files(ada).await.unwrap();
        assert_eq!(left.iter().map(|(id, _)| id.0).collect::<Vec<_>>(), [2]);
        again.forget_all(ada).await.unwrap();
        assert!(again.files(ada).await.unwrap().is_empty());
    }

    #[wasm_bindgen_test]
    async fn one_tab_at_a_time_has_the_lease_until_it_ends_or_is_given_back() {
        let kept = Kept::open().await.unwrap();
        let ada = someone();
        let mut now = 1_000_000;
        assert!(kept.lease(ada, 1, now).await.unwrap().is_some());
        assert_eq!(kept.lease(ada, 2, now).await.unwrap(), None);
        now += lease::LEASE_MS / 2;
        assert!(kept.lease(ada, 1, now).await.unwrap().is_some(), "renewed");
        now += lease::LEASE_MS - 1;
        assert_eq!(kept.lease(ada, 2, now).await.unwrap(), None);
        now += 1;
        assert!(kept.lease(ada, 2, now).await.unwrap().is_some(), "ended");
        kept.end_lease(ada, 1).await.unwrap();
        assert_eq!(kept.lease(ada, 3, now).await.unwrap(), None, "not 1's");
        kept.end_lease(ada, 2).await.unwrap();
        assert!(kept.lease(ada, 3, now).await.unwrap().is_some());
        // A clock that was set back does not make a lease last for longer.
        assert!(kept.lease(ada, 4, 5).await.unwrap().is_some());
        kept.end_lease(ada, 4).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn the_counts_of_several_tabs_add_up() {
        let (one, two) = (Kept::open().await.unwrap(), Kept::open().await.unwrap());
        let before = one.totals().await.unwrap();
        let counts = Proof {
            applied: 40,
            repeated: 3,
            early: 2,
            diverged: 1,
        };
        for _ in 0..30 {
            // More often than records are kept, and the totals are looked at in between.
            let adding = [one.add(&counts).unwrap(), two.add(&counts).unwrap()];
            let seen = two.totals().await.unwrap();
            assert!(seen.applied > before.applied);
            for added in adding {
                added.await.unwrap();
            }
        }
        let after = one.totals().await.unwrap();
        assert_eq!(after.applied, before.applied + 60 * 40);
        assert_eq!(after.repeated, before.repeated + 60 * 3);
        assert_eq!(after.early, before.early + 60 * 2);
        assert_eq!(after.diverged, before.diverged + 60);
    }
}
