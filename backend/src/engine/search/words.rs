//! What of a text goes into the index, and what is asked of it.
//!
//! Scripts that are written without spaces are cut into single signs and pairs: then a word of one, two or more signs is found
//! wherever it stands. (FTS5's own tokenizers take a Chinese sentence for one word, or find nothing below three signs.)
//! Everything else is cut into words.

use std::collections::BTreeSet;

/// How many bytes of a word are looked at: longer ones are found by their beginning.
const WORD_BYTES: usize = 64;

/// What kind of sign it is to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Part of a word.
    Word,
    /// Written without spaces between words.
    Dense,
    /// Stands for itself: an emoji, a symbol.
    Symbol,
    /// Between words.
    Space,
}

impl Script {
    fn of(c: char) -> Self {
        match c {
            '\u{3040}'..='\u{30ff}' // kana
            | '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' // bopomofo
            | '\u{3005}' | '\u{3007}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3fffd}' // han
            | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' // hangul
            | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // thai, lao, burmese, khmer
            => Self::Dense,
            c if c.is_alphanumeric() => Self::Word,
            c if c.is_ascii() || c.is_whitespace() || is_punctuation(c) => Self::Space,
            _ => Self::Symbol,
        }
    }
}

/// Beyond ASCII: what stands between words, and what has no look of its own.
fn is_punctuation(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{e0000}'..='\u{e0fff}')
}

/// A run of signs of one kind.
fn runs(folded: &str) -> Vec<(Script, &str)> {
    let mut runs: Vec<(Script, usize, usize)> = Vec::new();
    for (at, c) in folded.char_indices() {
        let (script, end) = (Script::of(c), at + c.len_utf8());
        match runs.last_mut() {
            Some((last, _, to)) if *last == script => *to = end,
            _ => runs.push((script, at, end)),
        }
    }
    let cut = |(script, from, to)| (script, &folded[from..to]);
    runs.into_iter().map(cut).collect()
}

/// The tokens of a message, each once, with spaces between.
pub(super) fn tokens(folded: &str) -> String {
    let mut tokens = BTreeSet::new();
    for (script, run) in runs(folded) {
        match script {
            Script::Space => {}
            Script::Word => {
                tokens.insert(beginning(run));
            }
            Script::Symbol => tokens.extend(signs(run, 1)),
            Script::Dense => {
                tokens.extend(signs(run, 1));
                tokens.extend(signs(run, 2));
            }
        }
    }
    tokens.into_iter().collect::<Vec<_>>().join(" ")
}

/// What FTS5 has to match so that a message may hold this term; none when there is nothing in it to look up.
pub(super) fn pattern(term: &str) -> Option<String> {
    let runs = runs(term);
    let mut wanted = BTreeSet::new();
    for (at, (script, run)) in runs.iter().enumerate() {
        match script {
            Script::Space => {}
            Script::Word => {
                let word = beginning(run);
                // The last word may go on.
                let open = at + 1 == runs.len() || word.len() < run.len();
                wanted.insert(format!("\"{word}\"{}", if open { "*" } else { "" }));
            }
            Script::Symbol => wanted.extend(signs(run, 1).map(quoted)),
            Script::Dense if run.chars().nth(1).is_none() => {
                wanted.insert(quoted(run));
            }
            Script::Dense => wanted.extend(signs(run, 2).map(quoted)),
        }
    }
    if wanted.is_empty() {
        return None;
    }
    Some(wanted.into_iter().collect::<Vec<_>>().join(" AND "))
}

/// Tokens hold neither quotes nor anything else that FTS5 would read as its own.
fn quoted(token: &str) -> String {
    format!("\"{token}\"")
}

fn beginning(word: &str) -> &str {
    let end = (0..=WORD_BYTES.min(word.len())).rev();
    let end = end.into_iter().find(|at| word.is_char_boundary(*at));
    &word[..end.unwrap_or(0)]
}

/// Every run of so many neighbouring signs.
fn signs(run: &str, count: usize) -> impl Iterator<Item = &str> {
    let starts = run.char_indices().map(|(at, _)| at);
    let ends = run.char_indices().map(|(at, c)| at + c.len_utf8());
    starts
        .zip(ends.skip(count - 1))
        .map(|(from, to)| &run[from..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_and_dense_scripts_in_ones_and_twos() {
        assert_eq!(tokens("hello, world hello"), "hello world");
        assert_eq!(tokens("用rust写"), "rust 写 用");
        assert_eq!(tokens("聊天室"), "天 天室 室 聊 聊天");
        assert_eq!(tokens("👍👍!"), "👍");
        assert_eq!(tokens("—…!? \n"), "");
    }

    #[test]
    fn every_part_of_a_dense_text_can_be_asked_for() {
        assert_eq!(pattern("天").as_deref(), Some("\"天\""));
        assert_eq!(pattern("天室").as_deref(), Some("\"天室\""));
        assert_eq!(pattern("聊天室").as_deref(), Some("\"天室\" AND \"聊天\""));
        assert_eq!(
            pattern("用rust写").as_deref(),
            Some("\"rust\" AND \"写\" AND \"用\"")
        );
    }

    #[test]
    fn the_last_word_may_go_on() {
        assert_eq!(pattern("hel").as_deref(), Some("\"hel\"*"));
        assert_eq!(pattern("foo-ba").as_deref(), Some("\"ba\"* AND \"foo\""));
        assert_eq!(pattern("c++").as_deref(), Some("\"c\""));
    }

    #[test]
    fn there_may_be_nothing_to_look_up() {
        for term in ["", "++", "。", "\u{200d}"] {
            assert_eq!(pattern(term), None, "{term:?}");
        }
    }

    #[test]
    fn a_very_long_word_is_found_by_its_beginning() {
        let word = "ö".repeat(100);
        let token = tokens(&word);
        assert_eq!(token.len(), WORD_BYTES);
        assert_eq!(pattern(&word), Some(format!("\"{token}\"*")));
    }
}
