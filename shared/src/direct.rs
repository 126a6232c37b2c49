//! What a direct room is called: nobody gave it a name.

use crate::ids::PersonId;
use crate::limits;
use crate::protocol::Person;
use crate::text::RoomName;

/// What a direct room is called for one of its people: by the others, as many as a name holds. A room of one's own is
/// called as oneself.
#[must_use]
pub fn name_of(people: &[Person], reader: PersonId) -> Option<RoomName> {
    let others = people.iter().filter(|person| person.id != reader);
    let mut names: Vec<&str> = others.map(|person| &*person.name).collect();
    if names.is_empty() {
        names = people.iter().map(|person| &*person.name).collect();
    }
    let whole = names.join(", ");
    RoomName::parse(&whole).ok().or_else(|| {
        let limit = limits::ROOM_NAME_CHARS;
        let start: String = whole.chars().take(limit - 1).collect();
        RoomName::parse(&format!("{start}…")).ok()
    })
}

#[cfg(test)]
mod tests {
    use crate::text::PersonName;

    use super::*;

    fn named(names: &[&str]) -> Vec<Person> {
        let person = |(n, name): (usize, &&str)| Person {
            id: PersonId(n as u64),
            name: PersonName::parse(name).unwrap(),
        };
        names.iter().enumerate().map(person).collect()
    }

    /// L4
    #[test]
    fn a_direct_room_is_called_by_the_others() {
        let name = |names: &[&str], reader| {
            let name = name_of(&named(names), PersonId(reader)).unwrap();
            name.to_string()
        };
        assert_eq!(name(&["Ada", "Bob"], 0), "Bob");
        assert_eq!(name(&["Ada", "Bob", "Cy"], 1), "Ada, Cy");
        assert_eq!(name(&["Ada"], 0), "Ada");
        let long = "x".repeat(limits::PERSON_NAME_CHARS);
        let cut = name(&["Ada", &long, &long], 0);
        assert_eq!(cut.chars().count(), limits::ROOM_NAME_CHARS);
        assert!(cut.ends_with('…'));
    }
}
