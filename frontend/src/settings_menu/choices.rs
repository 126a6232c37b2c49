//! What is in the menu for theme and language.

use yew::prelude::*;

use crate::locale::{Language, Locale};
use crate::notices::device::device;
use crate::notices::others::others;
use crate::notices::quiet::quiet;
use crate::segments::{Segment, segments};
use crate::settings::{Settings, SettingsHandle, Theme};
use crate::settings_menu::SettingsMenuProps;

/// The choices, and ways to what is larger. `look_again` is called when the browser may allow something else than before.
pub fn choices_of(
    props: &SettingsMenuProps,
    handle: &SettingsHandle,
    look_again: Callback<()>,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let settings = handle.settings;
    let theme_name = |theme: Theme| match theme {
        Theme::System => words.theme_system,
        Theme::Light => words.theme_light,
        Theme::Dark => words.theme_dark,
    };
    let (on_device, others_see) = match &props.notices {
        Some((choices, input)) => (
            device(handle, look_again, &words.notices),
            others(*choices, input, &words.notices),
        ),
        None => (html! { <div hidden=true /> }, html! { <div hidden=true /> }),
    };
    let themes = Theme::ALL.map(|theme| Choice {
        name: AttrValue::from(theme_name(theme)),
        chosen: settings.theme == theme,
        settings: Settings { theme, ..settings },
    });
    let densities =
        [(false, words.density_wide), (true, words.density_compact)].map(|(compact, name)| {
            Choice {
                name: name.into(),
                chosen: settings.compact == compact,
                settings: Settings {
                    compact,
                    ..settings
                },
            }
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
    html! {
        <>
            { quiet(props.notices.as_ref(), locale) }
            { on_device }
            { others_see }
            { choices("theme", words.theme, &themes, &handle.set) }
            { choices("density", words.density, &densities, &handle.set) }
            { choices("language", words.language, &languages, &handle.set) }
            <p class="hint" role="status" hidden={!handle.not_kept}>{ words.settings_not_kept }</p>
            { entry(&props.on_account, words.people.account) }
            { entry(&props.on_order, words.people.order) }
            { entry(&props.on_keys, words.keys) }
            { entry(&props.on_leave, words.another_name) }
            { entry(&props.on_sign_out, words.sign_out) }
        </>
    }
}

/// A button that closes the menu, where there is something to offer.
fn entry(offer: &Option<Callback<()>>, name: &'static str) -> Html {
    let onclick = offer.clone().unwrap_or_default();
    html! {
        <button type="button" class="button wide" popovertarget="settings" popovertargetaction="hide"
            hidden={offer.is_none()} onclick={onclick.reform(|_| ())}>{ name }</button>
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Choice {
    name: AttrValue,
    chosen: bool,
    settings: Settings,
}

fn choices(name: &'static str, legend: &str, choices: &[Choice], set: &Callback<Settings>) -> Html {
    let segment = |choice: &Choice| {
        let settings = choice.settings;
        Segment {
            name: choice.name.clone(),
            chosen: choice.chosen,
            choose: set.reform(move |()| settings),
        }
    };
    segments(name, legend, choices.iter().map(segment).collect())
}
