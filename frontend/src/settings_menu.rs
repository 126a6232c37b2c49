//! The menu for theme and language, and for signing out: a native popover, so that Esc and a click beside close it.

pub mod choices;

use shared::protocol::Choices;
use shared::session::io::Input;
use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::use_locale;
use crate::parts::DESK;
use crate::settings::SettingsHandle;

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
    let toggled = use_state(|| 0_u32);
    // What the browser allows may change outside of the page while the menu is closed.
    let look_again = {
        let toggled = toggled.clone();
        Callback::from(move |()| toggled.set(toggled.wrapping_add(1)))
    };
    let ontoggle = look_again.reform(|_: Event| ());
    let content = match *toggled {
        0 => html! { <div hidden=true /> },
        _ => DESK.show(
            |desk| desk.settings,
            (props.clone(), handle, look_again, locale.clone()),
        ),
    };
    html! {
        <>
            <button type="button" class="icon-button" popovertarget="settings" aria-label={words.settings} title={words.settings}>
                { icon(Glyph::Sliders) }
            </button>
            <div id="settings" class="menu" popover="auto" role="dialog" aria-label={words.settings} {ontoggle}>{ content }</div>
        </>
    }
}
