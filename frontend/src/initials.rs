//! The one or two characters and the colour that stand for a person in an avatar.

use crate::matching::capital;
use shared::ids::PersonId;

/// How many avatar colours the style sheet has.
pub const TONES: u64 = 12;

/// "Ada Lovelace" is AL, "ada" is A, "王小明" is 王. A name of several words gives its first and last.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(first_letter);
    let Some(first) = words.next() else {
        return name.chars().take(1).collect();
    };
    let last = words.next_back().filter(|_| !is_ideograph(first));
    let upper = |c: char| capital(c.encode_utf8(&mut [0; 4]));
    match last {
        Some(last) if !is_ideograph(last) => upper(first) + &upper(last),
        _ => upper(first),
    }
}

/// A colour that stays with the person. Ids are random, so their bits are spread well.
#[must_use]
pub fn tone(id: PersonId) -> u64 {
    id.0 % TONES
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().find(|c| c.is_alphanumeric())
}

/// Scripts in which one character says as much as a word.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn initials_are_the_first_and_last_word() {
        for (name, expected) in [
            ("Ada", "A"),
            ("ada lovelace", "AL"),
            ("Jean de la Fontaine", "JF"),
            ("(Bob)", "B"),
            ("王小明", "王"),
            ("王 小明", "王"),
            ("Ada 王", "A"),
            ("김철수", "김"),
            ("ß", "SS"),
            ("🙂", "🙂"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
