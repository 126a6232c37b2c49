//! The third column: one panel at a time, on demand. On a phone it is a sheet over the room.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::document;
use crate::icon::{Glyph, icon};
use crate::locale::use_locale;

/// Which panel is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Panel {
    /// None is.
    #[default]
    None,
    /// How the connection is.
    Connection,
    /// Who is in the room.
    Members,
    /// Looking for messages.
    Search,
}

impl Panel {
    /// The id of its element; what opens it names that in `aria-controls`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Connection => "connection",
            Self::Members => "members",
            Self::Search => "search",
        }
    }

    /// Gives the focus back to what opened it. Of several such elements one is visible; the others take no focus.
    pub fn give_focus_back(self) {
        let openers = format!("[aria-controls=\"{}\"]", self.id());
        let Ok(openers) = document().query_selector_all(&openers) else {
            return;
        };
        for at in 0..openers.length() {
            let opener = openers.item(at);
            if let Some(opener) = opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()) {
                let _ = opener.focus();
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SidePanelProps {
    pub panel: Panel,
    pub title: &'static str,
    pub on_close: Callback<()>,
    pub children: Html,
}

/// The frame of a panel: a head with its name and the way out, which takes the focus unless something in the panel has.
#[component]
pub fn SidePanel(props: &SidePanelProps) -> Html {
    let close = use_locale().words.close;
    let button = use_node_ref();
    use_effect_with(button.clone(), |button| {
        let focus = document().active_element();
        let within = focus.and_then(|focus| focus.closest(".panel").ok().flatten());
        if let (None, Some(button)) = (within, button.cast::<HtmlElement>()) {
            let _ = button.focus();
        }
    });
    let id = props.panel.id();
    let title = format!("{id}-title");
    html! {
        <aside {id} class="panel" aria-labelledby={title.clone()}>
            <header class="panel-head">
                <h2 id={title}>{ props.title }</h2>
                <button ref={button} type="button" class="icon-button" aria-label={close} title={close}
                    onclick={props.on_close.reform(|_| ())}>
                    { icon(Glyph::Close) }
                </button>
            </header>
            <div class="panel-body">{ props.children.clone() }</div>
        </aside>
    }
}
