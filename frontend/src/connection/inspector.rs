//! What is behind the status dot: how the connection came about, how it is, how it was, what goes over it, and bad weather
//! to try it with.

mod establishing;
mod frames;
mod history;
pub mod journey;
mod now;
mod saving;
mod steps;
mod tabs;
mod weather;
pub mod words;

use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::connection::facts::SessionReader;
use crate::connection::inspector::establishing::Establishing;
use crate::connection::inspector::frames::Frames;
use crate::connection::inspector::history::history;
use crate::connection::inspector::now::Now;
use crate::connection::inspector::tabs::{Tab, tabs};
use crate::connection::inspector::weather::weather;
use crate::connection::inspector::words::use_inspector_words;
use crate::locale::use_locale;
use crate::ticking::use_ticking;
use shared::weather::Weather;

/// How often the figures are looked at.
const TICK_MS: u32 = 1_000;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct InspectorProps {
    pub session: SessionReader,
    /// Grows with the connection's state, which is shown at once; the figures follow every second.
    pub connection_revision: u64,
    /// What waits would be lost with the tab.
    pub not_kept: bool,
    pub weather: Weather,
    pub actions: Actions,
}

/// The inspector: one view at a time.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    use_ticking(Some(TICK_MS));
    let locale = use_locale();
    let tab = use_state(|| Tab::Now);
    let Some(words) = use_inspector_words(locale.language) else {
        return html! { <div class="inspector" aria-busy="true" /> };
    };
    let choose = {
        let setter = tab.setter();
        Callback::from(move |tab| setter.set(tab))
    };
    let view = match *tab {
        Tab::Establishing => {
            html! { <Establishing key="establishing" session={props.session.clone()} {words} revision={props.connection_revision} /> }
        }
        Tab::Now => {
            html! { <Now key="now" revision={props.connection_revision} session={props.session.clone()} {words} not_kept={props.not_kept} weather={props.weather} actions={props.actions.clone()} tick={now_ticks()} /> }
        }
        Tab::History => {
            html! { <div key="history" class="inspector-view">{ history(&props.session, words, &locale) }</div> }
        }
        Tab::Frames => {
            html! { <Frames key="frames" revision={props.connection_revision} session={props.session.clone()} {words} tick={now_ticks()} /> }
        }
        Tab::Weather => {
            html! { <div key="weather" class="inspector-view">{ weather(props.weather, words, &props.actions) }</div> }
        }
    };
    html! {
        <div class="inspector">
            { tabs(*tab, words, &choose) }
            <div id="inspector-view" class="inspector-panel" role="tabpanel" tabindex="0" aria-labelledby={tab.id()}>
                { view }
            </div>
        </div>
    }
}

/// What makes the views that show figures be drawn again.
fn now_ticks() -> u64 {
    crate::browser::clock::ticks().0 / u64::from(TICK_MS)
}
