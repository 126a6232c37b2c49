//! The views to choose from: one stop for the Tab key, arrows between them.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::document;
use crate::connection::inspector::words::Words;

/// A view of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// How it came about.
    Establishing,
    /// How it is.
    Now,
    /// How those before it were.
    History,
    /// What goes over it.
    Frames,
    /// What it is to be spoiled with.
    Weather,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Establishing,
        Self::Now,
        Self::History,
        Self::Frames,
        Self::Weather,
    ];

    /// The id of its element.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Establishing => "tab-establishing",
            Self::Now => "tab-now",
            Self::History => "tab-history",
            Self::Frames => "tab-frames",
            Self::Weather => "tab-weather",
        }
    }

    fn name(self, words: Words) -> &'static str {
        match self {
            Self::Establishing => words.tab_establishing,
            Self::Now => words.tab_now,
            Self::History => words.tab_history,
            Self::Frames => words.tab_frames,
            Self::Weather => words.tab_weather,
        }
    }
}

/// The row of tabs.
pub fn tabs(chosen: Tab, words: Words, on_choose: &Callback<Tab>) -> Html {
    let onkeydown = {
        let on_choose = on_choose.clone();
        move |event: KeyboardEvent| {
            let at = Tab::ALL.iter().position(|tab| *tab == chosen).unwrap_or(0);
            let n = Tab::ALL.len();
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % n,
                "ArrowLeft" => (at + n - 1) % n,
                "Home" => 0,
                "End" => n - 1,
                _ => return,
            };
            event.prevent_default();
            let next = Tab::ALL[next];
            on_choose.emit(next);
            let element = document().get_element_by_id(next.id());
            if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = element.focus();
            }
        }
    };
    let tabs = Tab::ALL.map(|tab| {
        let is_chosen = tab == chosen;
        html! {
            <button key={tab.id()} id={tab.id()} type="button" role="tab" class="inspector-tab" aria-selected={is_chosen.to_string()}
                aria-controls="inspector-view" tabindex={if is_chosen { "0" } else { "-1" }} onclick={on_choose.reform(move |_| tab)}>
                { tab.name(words) }
            </button>
        }
    });
    html! { <div class="inspector-tabs" role="tablist" aria-label={words.tabs} {onkeydown}>{ for tabs }</div> }
}
