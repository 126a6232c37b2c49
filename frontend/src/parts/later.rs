//! A place for what may have to be fetched first.

use std::future::Future;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::browser::window;
use crate::locale::use_locale;
use crate::parts::Fetch;
use crate::ticking::use_interval;

/// How long until what did not come is asked for again.
const AGAIN_MS: u32 = 5_000;

/// What is shown once it is there.
pub type View = Rc<dyn Fn() -> Option<Html>>;

#[derive(Clone, Properties)]
pub struct LaterProps {
    pub fetch: Fetch,
    /// In place of what is said until it is there.
    pub meanwhile: Option<Html>,
    pub view: View,
}

/// What is shown knows itself whether it changed.
impl PartialEq for LaterProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// What a part shows; until it is there, that it is coming, or that it could not be fetched.
#[component]
pub fn Later(props: &LaterProps) -> Html {
    let words = use_locale().words;
    let node = use_node_ref();
    let failed = use_state(|| false);
    let update = use_force_update();
    let shown = (props.view)();
    let there = shown.is_some();
    let was_there = *use_memo((), |()| there);
    let bring = use_callback((), {
        let (fetch, failed) = (props.fetch, failed.setter());
        move |(), ()| {
            let (failed, update) = (failed.clone(), update.clone());
            spawn_local(async move {
                failed.set(!fetch().await);
                update.force_update();
            });
        }
    });
    use_interval(Some(AGAIN_MS).filter(|_| *failed && !there), bring.clone());
    use_effect_with(there, {
        let (bring, node) = (bring.clone(), node.clone());
        move |there| match there {
            false => bring.emit(()),
            true if was_there => {}
            // The browser gives the focus when a dialog opens, which was too early.
            true => focus_first(&node),
        }
    });
    let waits = || {
        html! {
            <div class="form late" data-failed={failed.to_string()}>
                <p role="status">{ if *failed { words.part_failed } else { words.part_loading } }</p>
                <div class="form-actions" hidden={!*failed}>
                    <button type="button" class="button" onclick={|_| reload()}>{ words.reload }</button>
                    <button type="button" class="button primary" onclick={bring.reform(|_| ())}>{ words.retry }</button>
                </div>
            </div>
        }
    };
    html! { <div ref={node} class="part">{ shown.or_else(|| props.meanwhile.clone()).unwrap_or_else(waits) }</div> }
}

fn focus_first(node: &NodeRef) {
    let place = node.cast::<Element>();
    let first = place.and_then(|place| place.query_selector("[autofocus]").ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        let _ = first.focus();
    }
}

fn reload() {
    let _ = window().location().reload();
}

/// Does something when the browser has nothing better to do; where it does not say when that is (Safari), at once.
pub fn when_idle(work: impl Future<Output = ()> + 'static) {
    let window = window();
    let knows = Reflect::has(&window, &"requestIdleCallback".into());
    let begin = Closure::once_into_js(move || spawn_local(work));
    if knows.is_ok_and(|knows| knows) {
        let _ = window.request_idle_callback(begin.unchecked_ref());
    } else {
        let _ = window.set_timeout_with_callback(begin.unchecked_ref());
    }
}
