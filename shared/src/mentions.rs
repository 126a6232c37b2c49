//! Where a text names people: as `@` and their name, not within a word.

use crate::protocol::Person;

/// The text in pieces; those that name one of `people` come with that person. Of several names that fit the longest one
/// is meant.
#[must_use]
pub fn pieces<'a, 'p>(text: &'a str, people: &'p [Person]) -> Vec<(&'a str, Option<&'p Person>)> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = text[at..].find('@') {
        let sign = at + found;
        at = sign + 1;
        let within_a_word = text[..sign].chars().next_back().is_some_and(is_latin_word);
        let Some(person) = named(&text[at..], people).filter(|_| !within_a_word) else {
            continue;
        };
        if from < sign {
            pieces.push((&text[from..sign], None));
        }
        at += person.name.len();
        pieces.push((&text[sign..at], Some(person)));
        from = at;
    }
    if from < text.len() {
        pieces.push((&text[from..], None));
    }
    pieces
}

/// The one with whose name the text begins.
fn named<'p>(text: &str, people: &'p [Person]) -> Option<&'p Person> {
    let fits = |person: &&Person| {
        let rest = text.strip_prefix(&*person.name);
        let next = rest.map(|rest| rest.chars().next());
        // Where names are not parted by spaces, whatever follows may follow.
        next.is_some_and(|next| {
            !next.is_some_and(is_latin_word)
                || !person.name.chars().next_back().is_some_and(is_latin_word)
        })
    };
    people
        .iter()
        .filter(fits)
        .max_by_key(|person| person.name.len())
}

/// Letters and digits of scripts that part words by spaces.
fn is_latin_word(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use crate::text::PersonName;

    fn people(names: &[&str]) -> Vec<Person> {
        let person = |(id, name): (u64, &&str)| Person {
            id: PersonId(id),
            name: PersonName::parse(name).unwrap(),
        };
        (1..).zip(names).map(person).collect()
    }

    fn found(text: &str, names: &[&str]) -> Vec<String> {
        let people = people(names);
        let pieces = pieces(text, &people);
        let whole: String = pieces.iter().map(|(text, _)| *text).collect();
        assert_eq!(whole, text, "nothing is lost");
        pieces
            .into_iter()
            .filter_map(|(text, person)| person.map(|_| text.to_owned()))
            .collect()
    }

    /// Q3
    #[test]
    fn people_are_named_by_their_whole_name() {
        let names = ["Ann", "Ann Lee", "小明", "Bob"];
        assert_eq!(found("@Ann hi", &names), ["@Ann"]);
        assert_eq!(found("hi @Ann Lee, @Bob!", &names), ["@Ann Lee", "@Bob"]);
        assert_eq!(found("@Anna @Bobby", &names), Vec::<String>::new());
        assert_eq!(found("ann@Ann.org", &names), Vec::<String>::new());
        assert_eq!(found("请@小明看看", &names), ["@小明"]);
        assert_eq!(found("@@Bob @", &names), ["@Bob"]);
        assert_eq!(found("no one", &names), Vec::<String>::new());
    }
}
