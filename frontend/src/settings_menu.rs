//! The menu for theme and language, and for signing out: a native popover, so that Esc and a click beside close it.

use shared::protocol::Choices;
use shared::session::io::Input;
use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::{Language, use_locale};
use crate::notices::device::device;
use crate::notices::others::others;
use crate::notices::quiet::quiet;
use crate::segments::{Segment, segments};
use crate::settings::{Settings, SettingsHandle, Theme};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SettingsMenuProps {
    /// Offers not to be disturbed, and how to be told of things.
    #[prop_or_default]
    pub notices: Option<(Choices, Callback<Input>)>,
    /// Offers what the person arranges about themselves.
    #[prop_or_default]
    pub on_account: Option<Callback<()>>,
    /// Offers what owners and moderators arrange.
    #[prop_or_default]
    pub on_order: Option<Callback<()>>,
    /// Offers to explain the keys.
    #[prop_or_default]
    pub on_keys: Option<Callback<()>>,
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
    let locale = use_locale();
    let words = locale.words;
    let handle = use_context::<SettingsHandle>().expect("the app provides settings");
    let theme_name = |theme: Theme| match theme {
        Theme::System => words.theme_system,
        Theme::Light => words.theme_light,
        Theme::Dark => words.theme_dark,
    };
    let settings = handle.settings;
    let toggled = use_state(|| 0_u32);
    // What the browser allows may change outside of the page while the menu is closed.
    let look_again = {
        let toggled = toggled.clone();
        Callback::from(move |()| toggled.set(toggled.wrapping_add(1)))
    };
    let ontoggle = look_again.reform(|_: Event| ());
    let (on_device, others_see) = match &props.notices {
        Some((choices, input)) => (
            device(&handle, look_again, &words.notices),
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
            <button type="button" class="icon-button" popovertarget="settings" aria-label={words.settings} title={words.settings}>
                { icon(Glyph::Sliders) }
            </button>
            <div id="settings" class="menu" popover="auto" role="dialog" aria-label={words.settings} {ontoggle}>
                { quiet(props.notices.as_ref(), &locale) }
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
            </div>
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
