//! What a person chose about the app's look and language, kept in the browser when it lets us.

use yew::prelude::*;

use crate::browser::storage::{NotKept, Store};
use crate::browser::{document, languages};
use crate::locale::{Language, Locale};

const THEME_KEY: &str = "parlance.theme";
const LANGUAGE_KEY: &str = "parlance.language";
const ALERTS_KEY: &str = "parlance.alerts";
const SILENT_KEY: &str = "parlance.silent";
const COMPACT_KEY: &str = "parlance.compact";
const YES: &str = "yes";

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name in storage and in the style sheet.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The choices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// The language, or none to follow the browser.
    pub language: Option<Language>,
    /// Notifications of the desktop are shown, if the browser allows it.
    pub alerts: bool,
    /// Nothing is heard.
    pub silent: bool,
    /// More fits on the screen.
    pub compact: bool,
}

impl Settings {
    /// What was chosen before; the defaults where nothing was or where it cannot be read.
    #[must_use]
    pub fn load() -> Self {
        let theme = Store::Browser.get(THEME_KEY).unwrap_or_default();
        let tag = Store::Browser.get(LANGUAGE_KEY).unwrap_or_default();
        let by_name = |name: &Theme| name.name() == theme;
        let by_tag = |language: &Language| language.tag() == tag;
        Self {
            theme: Theme::ALL.into_iter().find(by_name).unwrap_or_default(),
            language: Language::ALL.into_iter().find(by_tag),
            alerts: is_set(ALERTS_KEY),
            silent: is_set(SILENT_KEY),
            compact: is_set(COMPACT_KEY),
        }
    }

    /// Keeps the choices for the next visit.
    pub fn save(self) -> Result<(), NotKept> {
        Store::Browser.set(THEME_KEY, self.theme.name())?;
        let tag = self.language.map_or("", Language::tag);
        Store::Browser.set(LANGUAGE_KEY, tag)?;
        let text = |on| if on { YES } else { "" };
        Store::Browser.set(ALERTS_KEY, text(self.alerts))?;
        Store::Browser.set(SILENT_KEY, text(self.silent))?;
        Store::Browser.set(COMPACT_KEY, text(self.compact))
    }

    /// The language that follows from the choices.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
            .unwrap_or_else(|| Language::preferred(&languages()))
    }

    /// Tells the page, whose style sheets do the rest.
    pub fn show(self, locale: &Locale) {
        let Some(root) = document().document_element() else {
            return;
        };
        let _ = root.set_attribute("data-theme", self.theme.name());
        let density = if self.compact { "compact" } else { "" };
        let _ = root.set_attribute("data-density", density);
        let _ = root.set_attribute("lang", locale.language.tag());
    }
}

fn is_set(key: &str) -> bool {
    Store::Browser.get(key).is_some_and(|text| text == YES)
}

/// The choices and the way to change them, for whoever offers it.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsHandle {
    /// As they are now.
    pub settings: Settings,
    /// Whether the browser refused to keep the last change.
    pub not_kept: bool,
    /// Changes them.
    pub set: Callback<Settings>,
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_saved_is_loaded() {
        for language in [None, Some(Language::Chinese)] {
            let settings = Settings {
                theme: Theme::Dark,
                language,
                alerts: language.is_some(),
                silent: language.is_none(),
                compact: language.is_some(),
            };
            settings.save().unwrap();
            assert_eq!(Settings::load(), settings);
        }
        Store::Browser.set(THEME_KEY, "no such theme").unwrap();
        assert_eq!(Settings::load().theme, Theme::System);
    }
}
