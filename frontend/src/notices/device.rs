//! How one is told on this device: by notifications of the desktop, and by a sound.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::locale::words::notices::NoticeWords;
use crate::notices::desktop::Permission;
use crate::notices::sound;
use crate::settings::{Settings, SettingsHandle};

/// The two switches. What the browser does not allow is said, and not offered; `look_again` draws them anew.
pub fn device(handle: &SettingsHandle, look_again: Callback<()>, words: &NoticeWords) -> Html {
    let settings = handle.settings;
    let permission = Permission::now();
    let on = settings.alerts && permission == Permission::Granted;
    let turn = handle
        .set
        .reform(move |alerts| Settings { alerts, ..settings });
    let turn = move |_: Event| {
        let (turn, look_again) = (turn.clone(), look_again.clone());
        spawn_local(async move {
            turn.emit(Permission::ask().await == Permission::Granted && !on);
            look_again.emit(());
        });
    };
    let turn_sound = handle.set.reform(move |_: Event| {
        let silent = !settings.silent;
        if !silent {
            sound::play();
        }
        Settings { silent, ..settings }
    });
    let why = match permission {
        Permission::Unsupported => words.alerts_unsupported,
        Permission::Denied => words.alerts_denied,
        Permission::Unknown | Permission::Granted => "",
    };
    html! {
        <fieldset class="choices device-notices">
            <legend>{ words.device }</legend>
            <label class="switch">
                <span>{ words.alerts }</span>
                <input type="checkbox" role="switch" checked={on} disabled={!why.is_empty()} aria-describedby="alerts-why" onchange={turn} />
            </label>
            <p id="alerts-why" class="hint" role="status" hidden={why.is_empty()}>{ why }</p>
            <label class="switch">
                <span>{ words.sound }</span>
                <input type="checkbox" role="switch" checked={!settings.silent} onchange={turn_sound} />
            </label>
        </fieldset>
    }
}
