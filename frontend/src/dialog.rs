//! A modal dialog: the native element, which traps the focus, closes on Esc and gives the focus back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::icon::{Glyph, icon};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DialogProps {
    pub id: &'static str,
    pub title: AttrValue,
    pub open: bool,
    /// It was closed, by whatever means.
    pub on_close: Callback<()>,
    /// A key was pressed in it.
    #[prop_or_default]
    pub on_key: Callback<KeyboardEvent>,
    pub children: Children,
}

/// The dialog. It stays in the page while closed, because the browser returns the focus only from an element that
/// is still there.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let words = use_locale().words;
    let node = use_node_ref();
    use_effect_with((props.open, node.clone()), |(open, node)| {
        let Some(dialog) = node.cast::<HtmlDialogElement>() else {
            return;
        };
        if *open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    // The app is told before the browser closes it: a `close` event comes later, and what is opened again in between would stay
    // closed.
    let on_cancel = props
        .on_close
        .reform(|event: Event| event.prevent_default());
    let on_close = {
        let (node, open, on_close) = (node.clone(), props.open, props.on_close.clone());
        move |_| {
            if open && !is_open(&node) {
                on_close.emit(());
            }
        }
    };
    let on_backdrop = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<HtmlDialogElement>();
            if target.is_some() && target == node.cast() {
                on_close.emit(());
            }
        }
    };
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog ref={node} id={props.id} class="dialog" aria-labelledby={title_id.clone()}
            oncancel={on_cancel} onclose={on_close} onmousedown={on_backdrop} onkeydown={props.on_key.clone()}>
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2 id={title_id}>{ &props.title }</h2>
                    <button type="button" class="icon-button" onclick={props.on_close.reform(|_| ())} aria-label={words.close} title={words.close}>
                        { icon(Glyph::Close) }
                    </button>
                </header>
                { if props.open { html! { <div class="dialog-content">{ props.children.clone() }</div> } } else { html! { <div hidden=true /> } } }
            </div>
        </dialog>
    }
}

/// Whether the browser shows it, which may have closed it a moment ago.
#[must_use]
pub fn is_open(node: &NodeRef) -> bool {
    node.cast::<HtmlDialogElement>()
        .is_some_and(|dialog| dialog.open())
}
