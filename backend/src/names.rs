//! Names of people as the server keeps them, and which of them are taken for one another.
//!
//! The tables of Unicode that this needs are large; they are here and not in `shared`, so that no browser loads them.

use shared::text::{PersonName, TextProblem};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// A name as it was typed, in Unicode's form NFC: what is drawn alike from other code points becomes the same text.
pub fn parse(typed: &str) -> Result<PersonName, TextProblem> {
    PersonName::parse(&typed.nfc().collect::<String>())
}

/// What a reader sees of a name. Two names are alike when they share either of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The skeleton of UTS 39 section 4, in small letters: "pаypаl" with two Cyrillic letters and "paypal" have the same,
    /// and so have "AIice" with a capital i and "Alice". That it takes "Ian" for "Lan" is the price.
    pub look: String,
    /// The skeleton of the small letters: "IAN" and "Ian" have the same, which are drawn differently.
    pub fold: String,
}

impl Likeness {
    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let drawn: String = skeleton(name).collect();
        Self {
            look: bones(&drawn.to_lowercase()),
            fold: bones(&name.to_lowercase()),
        }
    }
}

/// Without spaces: no one sees how many there are.
fn bones(text: &str) -> String {
    skeleton(text).filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        let (one, other) = (Likeness::of(one), Likeness::of(other));
        one.look == other.look || one.fold == other.fold
    }

    /// A6
    #[test]
    fn names_that_look_alike_are_alike() {
        for (one, other) in [
            ("Ada", "ada"),
            ("Ada", "ADA"),
            ("Alice", "AIice"),
            ("Parlance", "parIance"),
            ("IAN", "Ian"),
            ("paypal", "p\u{430}yp\u{430}l"),
            ("Ada", "\u{410}da"),
            ("Bob", "B0b"),
            ("modern", "modem"),
            ("Ada Lovelace", "AdaLovelace"),
            ("Jose\u{301}", "José"),
            ("Åsa", "A\u{30a}sa"),
        ] {
            assert!(alike(one, other), "{one} {other}");
        }
    }

    /// A6
    #[test]
    fn names_that_can_be_told_apart_are_not_alike() {
        for (one, other) in [
            ("Ada", "Eda"),
            ("Jose", "José"),
            ("王小明", "王小朋"),
            ("Client 1", "Client 11"),
            ("Client 10", "Client 1"),
            ("🎈", "🎉"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    /// A2
    #[test]
    fn a_name_is_kept_composed() {
        assert_eq!(&*parse("Jose\u{301}").unwrap(), "José");
        assert_eq!(parse("A\u{200b}da"), Err(TextProblem::Forbidden));
    }
}
