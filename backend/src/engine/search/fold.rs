//! Text as it is compared: full and half width, upper and lower case are the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text with its differences of width and case taken away (NFKC, lower case), and where each byte came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`, and for its end, where the sign begins in the original that it came from.
    origins: Vec<usize>,
}

impl Folded {
    /// Folds sign by sign: a letter with the marks that follow it.
    pub(super) fn new(original: &str) -> Self {
        if original.is_ascii() {
            return Self {
                text: original.to_ascii_lowercase(),
                origins: (0..=original.len()).collect(),
            };
        }
        let mut folded = Self::default();
        let mut signs = original.char_indices().peekable();
        while let Some((start, _)) = signs.next() {
            while signs.next_if(|(_, c)| continues(*c)).is_some() {}
            let end = signs.peek().map_or(original.len(), |(at, _)| *at);
            let sign = original[start..end].nfkc().flat_map(char::to_lowercase);
            folded.text.extend(sign);
            folded.origins.resize(folded.text.len(), start);
        }
        folded.origins.push(original.len());
        folded
    }

    /// Where `part` (folded as well) is found, as ranges of bytes of the original, in order and without overlaps.
    pub(super) fn find(&self, part: &str) -> Vec<(usize, usize)> {
        let places = self.text.match_indices(part);
        places
            .map(|(at, found)| {
                // A sign that only part of was asked for is marked whole.
                let start = self.origins[at];
                let last = self.origins[at + found.len() - 1];
                let after = self.origins[at + found.len()..]
                    .iter()
                    .find(|origin| **origin > last);
                (start, after.copied().unwrap_or(last))
            })
            .collect()
    }
}

/// A mark on the letter before it. The two of half-width katakana are letters to Unicode.
fn continues(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_make_no_difference() {
        for (one, other) in [
            ("Rust", "ｒｕｓｔ"),
            ("ガギ", "ｶﾞｷﾞ"),
            ("Straße", "straße"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("１２３", "123"),
        ] {
            assert_eq!(Folded::new(one).text, Folded::new(other).text);
        }
        assert_ne!(Folded::new("体").text, Folded::new("體").text, "as typed");
    }

    #[test]
    fn what_is_found_is_named_by_its_place_in_the_original() {
        let text = "Ｒｕｓｔ与RUST";
        let found = Folded::new(text).find("rust");
        let found: Vec<&str> = found
            .into_iter()
            .map(|(from, to)| &text[from..to])
            .collect();
        assert_eq!(found, ["Ｒｕｓｔ", "RUST"]);
    }

    #[test]
    fn a_sign_that_folds_to_several_is_marked_whole() {
        let text = "第㍿号";
        let found = Folded::new(text).find("式");
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].0..found[0].1], "㍿");
        let text = "cafe\u{301}s";
        let found = Folded::new(text).find("\u{e9}");
        assert_eq!(&text[found[0].0..found[0].1], "e\u{301}");
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(Folded::new("").find("a"), []);
    }
}
