//! The menu for theme and language, and for signing out: a native popover, so that Esc and a click beside close it.

use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::{Language, use_locale};
use crate::settings::{Settings, SettingsHandle, Theme};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingsMenuProps {
    /// Offers to be somebody else in this tab.
    #[prop_or_default]
    pub on_leave: Option<Callback<()>>,
    /// Offers to sign out.
    #[prop_or_default]
    pub on_sign_out: Option<Callback<()>>,
}

/// The button and its menu.
#[component]
pub fn SettingsMenu(props: &SettingsMenuProps) -> Html {
    let words = use_locale().words;
    let handle = use_context::<SettingsHandle>().expect("the app provides settings");
    let theme_name = |theme: Theme| match theme {
        Theme::System => words.theme_system,
        Theme::Light => words.theme_light,
        Theme::Dark => words.theme_dark,
    };
    let settings = handle.settings;
    let themes = Theme::ALL.map(|theme| Choice {
        name: AttrValue::from(theme_name(theme)),
        chosen: settings.theme == theme,
        settings: Settings { theme, ..settings },
    });
    let language = |language: Option<Language>| Choice {
        name: language
            .map_or(words.language_auto, Language::own_name)
            .into(),
        chosen: settings.language == language,
        settings: Settings {
            language,
            ..settings
        },
    };
    let mut languages = vec![language(None)];
    languages.extend(Language::ALL.map(|known| language(Some(known))));
    let leave = props.on_leave.clone().unwrap_or_default();
    let sign_out = props.on_sign_out.clone().unwrap_or_default();
    html! {
        <>
            <button type="button" class="icon-button" popovertarget="settings" aria-label={words.settings} title={words.settings}>
                { icon(Glyph::Sliders) }
            </button>
            <div id="settings" class="menu" popover="auto" role="dialog" aria-label={words.settings}>
                { choices("theme", words.theme, &themes, &handle.set) }
                { choices("language", words.language, &languages, &handle.set) }
                <p class="hint" role="status" hidden={!handle.not_kept}>{ words.settings_not_kept }</p>
                <button type="button" class="button wide" popovertarget="settings" popovertargetaction="hide"
                    hidden={props.on_leave.is_none()} onclick={leave.reform(|_| ())}>
                    { words.another_name }
                </button>
                <button type="button" class="button wide" popovertarget="settings" popovertargetaction="hide"
                    hidden={props.on_sign_out.is_none()} onclick={sign_out.reform(|_| ())}>
                    { words.sign_out }
                </button>
            </div>
        </>
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Choice {
    name: AttrValue,
    chosen: bool,
    settings: Settings,
}

fn choices(name: &'static str, legend: &str, choices: &[Choice], set: &Callback<Settings>) -> Html {
    let choice = |choice: &Choice| {
        let settings = choice.settings;
        let onchange = set.reform(move |_| settings);
        html! {
            <label class="choice" key={choice.name.to_string()}>
                <input type="radio" {name} checked={choice.chosen} {onchange} />
                <span>{ &choice.name }</span>
            </label>
        }
    };
    html! {
        <fieldset class="choices">
            <legend>{ legend }</legend>
            <div class="segments">{ for choices.iter().map(choice) }</div>
        </fieldset>
    }
}
