//! Which of the people of this browser the tab is. Each tab may be another one: so two tabs can talk to each other.

use shared::ids::PersonId;
use shared::protocol::Person;
use shared::text::PersonName;

use crate::browser::storage::Store;

const KEY: &str = "parlance.person";
const NAME_KEY: &str = "parlance.name";

/// What the tab remembers when another name than those there are is wanted.
const ANOTHER: &str = "another";

/// The person that the tab goes on as, of those who are signed in: the one that it was before; in a new tab the one
/// that was chosen last in this browser, or the first. `None` if the tab's person is gone or another is wanted.
#[must_use]
pub fn person_of(people: &[Person]) -> Option<&Person> {
    let find = |id: &str| people.iter().find(|person| person.id.to_string() == id);
    match Store::Tab.get(KEY) {
        Some(id) => find(&id),
        None => {
            let last = Store::Browser.get(KEY);
            last.and_then(|id| find(&id)).or(people.first())
        }
    }
}

/// The tab is this person from now on. Not being kept only means that a reload asks again.
pub fn remember(person: PersonId) {
    let id = person.to_string();
    let _ = Store::Tab.set(KEY, &id);
    let _ = Store::Browser.set(KEY, &id);
}

/// Who the tab's person is, for when nobody can be asked: then what is kept of theirs is shown nevertheless.
#[must_use]
pub fn kept_person() -> Option<Person> {
    let kept = Store::Browser.get(NAME_KEY)?;
    let (id, name) = kept.split_once(' ')?;
    let person = Person {
        id: id.parse().ok()?,
        name: PersonName::parse(name).ok()?,
    };
    // Another name was wanted in this tab, or it is another person's.
    let mine = Store::Tab.get(KEY).is_none_or(|tab| tab == id);
    mine.then_some(person)
}

/// Keeps who somebody is for such a time.
pub fn keep(person: &Person) {
    let _ = Store::Browser.set(NAME_KEY, &format!("{} {}", person.id, person.name));
}

/// Nobody is kept any more.
pub fn forget() {
    Store::Browser.remove(NAME_KEY);
}

/// The tab is nobody from now on.
pub fn leave() {
    let _ = Store::Tab.set(KEY, ANOTHER);
}

#[cfg(test)]
mod tests {
    use shared::text::PersonName;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn person(id: u64) -> Person {
        let name = PersonName::parse("Someone").unwrap();
        let id = PersonId(id);
        Person { id, name }
    }

    /// A5
    #[wasm_bindgen_test]
    fn a_tab_stays_who_it_is_and_a_new_one_is_who_was_chosen_last() {
        let people = [person(1), person(2), person(3)];
        let found = || person_of(&people).map(|person| person.id.0);
        Store::Tab.remove(KEY);
        Store::Browser.remove(KEY);
        assert_eq!(found(), Some(1));
        remember(PersonId(2));
        assert_eq!(found(), Some(2));
        Store::Tab.remove(KEY);
        assert_eq!(found(), Some(2), "a new tab");
        leave();
        assert_eq!(found(), None, "another name is wanted");
        remember(PersonId(9));
        assert_eq!(found(), None, "the tab's person is gone");
        Store::Tab.remove(KEY);
        assert_eq!(found(), Some(1), "the last one is gone");
        Store::Browser.remove(KEY);
    }
}
