//! Naming people in a message: who is offered after an `@`, and who is named by what was written.

use crate::matching::small;
use shared::ids::PersonId;
use shared::limits;
use shared::mentions;
use shared::protocol::Person;
use shared::sorted::by_key;
use shared::text::PersonName;

use crate::composer::completion::{Choice, Found};

/// People on offer at most.
const MOST: usize = 8;

/// What names everyone in the room.
const EVERYONE: &str = "room";

/// Characters after an `@` that are looked at.
const TYPED_CHARS: usize = limits::PERSON_NAME_CHARS;

/// Everyone as one that can be named.
fn everyone() -> Option<Person> {
    let (id, name) = (PersonId::EVERYONE, PersonName::parse(EVERYONE).ok()?);
    Some(Person { id, name })
}

/// Who is named in a text.
pub(super) fn named(text: &str, people: &[Person]) -> Vec<PersonId> {
    let mut all = people.to_vec();
    all.extend(everyone());
    let pieces = mentions::pieces(text, &all);
    let mut ids: Vec<PersonId> = Vec::new();
    for person in pieces.into_iter().filter_map(|(_, person)| person) {
        // Two who are called alike are both meant.
        let alike = all.iter().filter(|other| other.name == person.name);
        for other in alike.filter(|other| other.id != PersonId::EVERYONE || person.id == other.id) {
            if !ids.contains(&other.id) && ids.len() < limits::MENTIONS_PER_MESSAGE {
                ids.push(other.id);
            }
        }
    }
    ids
}

/// What was typed after an `@` that may begin a name.
fn typed(before: &str) -> Option<&str> {
    let at = before.rfind('@')?;
    let (lead, name) = (&before[..at], &before[at + 1..]);
    let begins = lead
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_ascii_alphanumeric());
    let fits = name.chars().count() <= TYPED_CHARS && !name.contains('\n');
    (begins && fits && !name.starts_with(char::is_whitespace)).then_some(name)
}

/// The people who may be meant by what was typed before the caret: those whose name has a word that begins so, first
/// those whose name itself does.
pub(super) fn offer(
    before: &str,
    people: &[Person],
    me: PersonId,
    everyone_hint: &str,
) -> Option<Found> {
    let name = typed(before)?;
    let wanted = small(name);
    let rank = |name: &str| {
        let name = small(name);
        let word = || {
            name.split(' ')
                .skip(1)
                .any(|word| word.starts_with(&wanted))
        };
        // What is complete already needs no offer.
        match name.starts_with(&wanted) {
            true if name == wanted => None,
            true => Some(0),
            false => word().then_some(1),
        }
    };
    let others = people.iter().filter(|person| person.id != me);
    let others = others.map(|person| (person.name.to_string(), person.name.to_string()));
    let everyone = (EVERYONE.to_owned(), format!("{EVERYONE} · {everyone_hint}"));
    let found = others.chain([everyone]).filter_map(|(name, shown)| {
        let choice = Choice {
            sign: "@".into(),
            name: shown.into(),
            text: format!("@{name}"),
        };
        Some((rank(&name)?, choice))
    });
    let found = by_key(found, |(rank, _)| *rank);
    let mut choices: Vec<Choice> = found.into_iter().map(|(_, choice)| choice).collect();
    choices.dedup();
    choices.truncate(MOST);
    (!choices.is_empty()).then_some(Found {
        replaces: name.len() + 1,
        choices,
        at_once: false,
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const ME: PersonId = PersonId(1);

    fn people() -> Vec<Person> {
        let names = ["Ada", "Bob", "Ann Lee", "小明", "Ann"];
        let person = |(id, name): (u64, &str)| Person {
            id: PersonId(id),
            name: PersonName::parse(name).unwrap(),
        };
        (1..).zip(names).map(person).collect()
    }

    fn names(text: &str) -> Vec<String> {
        let found = offer(&format!("hi @{text}"), &people(), ME, "all");
        let choices = found.map_or_else(Vec::new, |found| found.choices);
        choices.into_iter().map(|choice| choice.text).collect()
    }

    #[wasm_bindgen_test]
    fn a_name_begins_after_a_sign_that_is_in_no_word() {
        assert_eq!(typed("hi @an"), Some("an"));
        assert_eq!(typed("@"), Some(""));
        assert_eq!(typed("请@小"), Some("小"));
        assert_eq!(typed("mail@host"), None);
        assert_eq!(typed("@ann\nnext"), None);
        assert_eq!(typed("@ "), None);
        assert_eq!(typed("none"), None);
    }

    #[wasm_bindgen_test]
    fn those_whose_name_begins_so_are_offered_and_never_oneself() {
        assert_eq!(names("an"), ["@Ann Lee", "@Ann"]);
        assert_eq!(names("lee"), ["@Ann Lee"]);
        assert_eq!(names("小"), ["@小明"]);
        assert_eq!(names("ada"), Vec::<String>::new());
        assert_eq!(names("ro"), ["@room"]);
        assert_eq!(names("zz"), Vec::<String>::new());
    }

    #[wasm_bindgen_test]
    fn who_is_named_follows_from_the_text() {
        let ids = |text: &str| named(text, &people());
        assert_eq!(ids("@Ann Lee and @Bob, @Bob"), [PersonId(3), PersonId(2)]);
        assert_eq!(ids("@room: tea"), [PersonId::EVERYONE]);
        assert_eq!(ids("nobody"), []);
    }
}
