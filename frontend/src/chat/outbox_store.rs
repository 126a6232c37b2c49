//! Keeps the outbox of each person across a reload of this tab.

use shared::ids::PersonId;
use shared::session::outbox::Draft;

use crate::browser::storage::{NotKept, Store};

fn key(person: PersonId) -> String {
    format!("parlance.outbox.{person}")
}

/// Keeps what waits for one person.
pub fn save(person: PersonId, drafts: &[Draft]) -> Result<(), NotKept> {
    if drafts.is_empty() {
        Store::Tab.remove(&key(person));
        return Ok(());
    }
    Store::Tab.set(&key(person), &shared::wire::encode(&drafts))
}

/// What was kept. A draft that cannot be read any more is left out, the others come back.
#[must_use]
pub fn load(person: PersonId) -> Vec<Draft> {
    let text = Store::Tab.get(&key(person)).unwrap_or_default();
    let values: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let drafts = values.into_iter().map(serde_json::from_value);
    drafts.filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use shared::ids::{ClientId, RoomId, Timestamp};
    use shared::protocol::Action;
    use shared::text::Body;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn draft(n: u128) -> Draft {
        Draft {
            room: RoomId(7),
            client_id: ClientId(n),
            action: Action::Message {
                body: Body::parse("早上好 \"quoted\"\n\tsecond line").unwrap(),
            },
            written: Timestamp(1_795_435_509_000),
        }
    }

    #[wasm_bindgen_test]
    fn what_is_kept_for_a_person_comes_back_to_that_person() {
        let (ada, bob) = (PersonId(1), PersonId(2));
        let drafts = vec![draft(1), draft(u128::MAX)];
        save(ada, &drafts).unwrap();
        assert_eq!(load(ada), drafts);
        assert!(load(bob).is_empty());
        save(ada, &[]).unwrap();
        assert!(load(ada).is_empty());
    }

    #[wasm_bindgen_test]
    fn one_unreadable_draft_does_not_take_the_others_with_it() {
        let ada = PersonId(3);
        let good = shared::wire::encode(&draft(5));
        Store::Tab
            .set(&key(ada), &format!("[{{\"from\":\"the future\"}},{good}]"))
            .unwrap();
        assert_eq!(load(ada), [draft(5)]);
        Store::Tab.set(&key(ada), "not json").unwrap();
        assert!(load(ada).is_empty());
    }
}
