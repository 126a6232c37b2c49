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
    let close = {
        let node = node.clone();
        move || {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        }
    };
    let on_backdrop = {
        let (node, close) = (node.clone(), close.clone());
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<HtmlDialogElement>();
            if target.is_some() && target == node.cast() {
                close();
            }
        }
    };
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog ref={node} id={props.id} class="dialog" aria-labelledby={title_id.clone()}
            onclose={props.on_close.reform(|_| ())} onmousedown={on_backdrop} onkeydown={props.on_key.clone()}>
            <div class="dialog-body">
                <header class="dialog-head">
                    <h2 id={title_id}>{ &props.title }</h2>
                    <button type="button" class="icon-button" onclick={move |_| close()} aria-label={words.close} title={words.close}>
                        { icon(Glyph::Close) }
                    </button>
                </header>
                { if props.open { html! { <div class="dialog-content">{ props.children.clone() }</div> } } else { html! { <div hidden=true /> } } }
            </div>
        </dialog>
    }
}
