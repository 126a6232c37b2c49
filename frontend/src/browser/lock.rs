//! A Web Lock: of all tabs that want it one has it, and when that tab goes, however it goes, the next one gets it.
//!
//! Browsers offer locks in secure contexts only, which plain HTTP over a local network is not.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use crate::browser::window;

#[derive(Debug)]
enum Stage {
    Waiting,
    Held { release: Function },
    GivenUp,
}

/// The wish for a lock, or the lock. Dropping it gives it up.
#[derive(Debug)]
pub struct Lock(Rc<RefCell<Stage>>);

impl Lock {
    /// Asks for a lock and calls back when this tab has it; `None` where the browser has no locks.
    pub fn ask(name: &str, got: Callback<()>) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let stage = Rc::new(RefCell::new(Stage::Waiting));
        let granted = {
            let stage = Rc::clone(&stage);
            Closure::once_into_js(move |_: JsValue| -> Promise {
                if matches!(*stage.borrow(), Stage::GivenUp) {
                    return Promise::resolve(&JsValue::UNDEFINED);
                }
                got.emit(());
                Promise::new(&mut |release, _| *stage.borrow_mut() = Stage::Held { release })
            })
        };
        let over: Promise = request
            .call2(&locks, &name.into(), &granted)
            .ok()?
            .dyn_into()
            .ok()?;
        spawn_local(async move {
            let _ = JsFuture::from(over).await;
        });
        Some(Self(stage))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Stage::Held { release } = self.0.replace(Stage::GivenUp) {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}
