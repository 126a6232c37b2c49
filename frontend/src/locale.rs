//! The languages of the app. All text that a person reads is in `frontend/locale`, and nowhere in the components.
//!
//! [`Words`] has a field for every text, and the compiler refuses a language in which one is missing.

pub mod format;
pub mod texts;
pub mod words;

mod explained;

use std::rc::Rc;

use yew::prelude::*;

use crate::locale::format::Format;
use crate::locale::words::Words;

/// A language that the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The BCP 47 tag, for the page and for `Intl`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// What its own speakers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The first of the preferred languages that the app speaks; English if there is none.
    #[must_use]
    pub fn preferred(tags: &[String]) -> Self {
        let known = |tag: &String| match tag.split('-').next() {
            Some("zh") => Some(Self::Chinese),
            Some("en") => Some(Self::English),
            _ => None,
        };
        tags.iter().find_map(known).unwrap_or(Self::English)
    }
}

/// A language with its words and its way to write dates and numbers.
#[derive(Debug, Clone)]
pub struct Locale {
    /// Which language.
    pub language: Language,
    /// Its words.
    pub words: &'static Words,
    /// Its dates and numbers.
    pub format: Rc<Format>,
}

impl PartialEq for Locale {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl Locale {
    /// The locale of a language. Dates follow the browser's region where it is one of the same language.
    #[must_use]
    pub fn new(language: Language, words: &'static Words, tags: &[String]) -> Self {
        let regional = tags
            .iter()
            .find(|tag| Language::preferred(std::slice::from_ref(tag)) == language)
            .filter(|tag| tag.starts_with(&language.tag()[..2]));
        Self {
            language,
            words,
            format: Rc::new(Format::new(regional.map_or(language.tag(), String::as_str))),
        }
    }
}

/// The locale that the app shows now.
#[hook]
pub fn use_locale() -> Locale {
    use_context::<Locale>().expect("the app provides a locale to every component")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn preferred(tags: &[&str]) -> Language {
        let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
        Language::preferred(&tags)
    }

    #[wasm_bindgen_test]
    fn the_first_language_that_is_spoken_here_wins() {
        assert_eq!(preferred(&["fr-FR", "zh-TW", "en"]), Language::Chinese);
        assert_eq!(preferred(&["en-GB", "zh-CN"]), Language::English);
        assert_eq!(preferred(&["fr"]), Language::English);
        assert_eq!(preferred(&[]), Language::English);
    }
}
