//! What is offered while one writes: a list below the caret's line of what the text before the caret may become. Who
//! offers something is told by the caller; keys, focus and input methods are the same for all.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::composer::insert;
use crate::composer::keys::Press;
use crate::locale::use_locale;

/// Something that may stand in the place of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// An emoji, or an initial.
    pub sign: AttrValue,
    /// What it is called.
    pub name: AttrValue,
    /// What is written, without a space behind it.
    pub text: String,
}

/// What the text before the caret may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes before the caret in whose place it goes.
    pub replaces: usize,
    /// At least one.
    pub choices: Vec<Choice>,
    /// There is nothing to choose: it was typed to its end.
    pub at_once: bool,
}

/// The list, and what the composer has to tell it.
#[derive(Debug, Clone)]
pub struct Completion {
    /// To be put beside the text.
    pub list: Html,
    /// For `aria-activedescendant`.
    pub active: Option<String>,
    /// The text has changed.
    pub look: Callback<()>,
    /// A key was pressed; says whether it was for the list.
    pub press: Callback<KeyboardEvent, bool>,
    /// The text has lost the focus, or was sent.
    pub hide: Callback<()>,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    found: Found,
    at: usize,
}

/// Offers what `find` makes of the text before the caret.
#[hook]
pub fn use_completion(area: &NodeRef, find: Callback<String, Option<Found>>) -> Completion {
    let words = use_locale().words;
    let shown = use_state(|| None::<Shown>);
    let choose = {
        let (area, set) = (area.clone(), shown.setter());
        Callback::from(move |(found, at): (Found, usize)| {
            set.set(None);
            let (Some(area), Some(choice)) = (area.cast(), found.choices.get(at)) else {
                return;
            };
            let space = if found.at_once { "" } else { " " };
            insert::before_caret(&area, found.replaces, &format!("{}{space}", choice.text));
        })
    };
    let look = {
        let (area, set, choose) = (area.clone(), shown.setter(), choose.clone());
        Callback::from(move |()| {
            let area = area.cast::<HtmlTextAreaElement>();
            let found = area.and_then(|area| insert::text_before_caret(&area));
            match found.and_then(|before| find.emit(before)) {
                Some(found) if found.at_once => choose.emit((found, 0)),
                found => set.set(found.map(|found| Shown { found, at: 0 })),
            }
        })
    };
    let hide = {
        let set = shown.setter();
        Callback::from(move |()| set.set(None))
    };
    let press = {
        let (shown, choose) = (shown.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| press(&event, &shown, &choose))
    };
    let active = shown
        .as_ref()
        .map(|shown| format!("completion-{}", shown.at));
    let count = shown.as_ref().map_or(0, |shown| shown.found.choices.len());
    let status = if count == 0 {
        String::new()
    } else {
        words.offered(&count.to_string())
    };
    let list = html! {
        <>
            <p class="unseen" role="status">{ status }</p>
            <ul id="completion" class="completion" role="listbox" aria-label={words.completion} hidden={count == 0}
                onmousedown={|event: MouseEvent| event.prevent_default()}>
                { shown.as_ref().map_or_else(Html::default, |shown| choices(shown, &choose)) }
            </ul>
        </>
    };
    Completion {
        list,
        active,
        look,
        press,
        hide,
    }
}

/// A click does not take the focus from the text: see `onmousedown` above.
fn choices(shown: &Shown, choose: &Callback<(Found, usize)>) -> Html {
    let option = |(at, choice): (usize, &Choice)| {
        let (found, choose) = (shown.found.clone(), choose.clone());
        html! {
            <li key={at} id={format!("completion-{at}")} class="completion-option" role="option"
                aria-selected={(at == shown.at).to_string()} onclick={move |_| choose.emit((found.clone(), at))}>
                <span class="completion-sign" aria-hidden="true">{ &choice.sign }</span>
                <span dir="auto">{ &choice.name }</span>
            </li>
        }
    };
    shown.found.choices.iter().enumerate().map(option).collect()
}

fn press(
    event: &KeyboardEvent,
    shown: &UseStateHandle<Option<Shown>>,
    choose: &Callback<(Found, usize)>,
) -> bool {
    let Some(Shown { found, at }) = &**shown else {
        return false;
    };
    let key = event.key();
    if !Press::of(event).is_plain(event, &key) {
        return false;
    }
    let (at, count) = (*at, found.choices.len());
    let go = |at| {
        let found = found.clone();
        shown.set(Some(Shown { found, at }));
        scroll_to(at);
    };
    match key.as_str() {
        "ArrowDown" => go((at + 1) % count),
        "ArrowUp" => go((at + count - 1) % count),
        "Enter" | "Tab" => choose.emit((found.clone(), at)),
        "Escape" => shown.set(None),
        "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
            shown.set(None);
            return false;
        }
        _ => return false,
    }
    event.prevent_default();
    event.stop_propagation();
    true
}

/// Keeps the chosen one in view, where the list is higher than its space.
fn scroll_to(at: usize) {
    let option = crate::browser::document().get_element_by_id(&format!("completion-{at}"));
    if let Some(option) = option.and_then(|option| option.dyn_into::<HtmlElement>().ok())
        && let Some(list) = option.offset_parent()
    {
        let (top, height) = (option.offset_top(), option.offset_height());
        if top < list.scroll_top() || top + height > list.scroll_top() + list.client_height() {
            list.set_scroll_top(top - height);
        }
    }
}
