//! A Web Lock: of all tabs that want it one has it, and when that tab goes, however it goes, the next one gets it.
//!
//! Browsers offer locks in secure contexts only, which plain HTTP over a local network is not.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
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
    /// Asks for a lock and calls back with true when this tab has it, and with false if another tab takes it away;
    /// `None` where the browser has no locks. `taking` takes it away from whoever has it.
    pub fn ask(name: &str, taking: bool, changed: Callback<bool>) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let options = Object::new();
        Reflect::set(&options, &"steal".into(), &taking.into()).ok()?;
        let stage = Rc::new(RefCell::new(Stage::Waiting));
        let granted = {
            let (stage, changed) = (Rc::clone(&stage), changed.clone());
            Closure::once_into_js(move |_: JsValue| -> Promise {
                if matches!(*stage.borrow(), Stage::GivenUp) {
                    return Promise::resolve(&JsValue::UNDEFINED);
                }
                changed.emit(true);
                Promise::new(&mut |release, _| *stage.borrow_mut() = Stage::Held { release })
            })
        };
        let over: Promise = request
            .call3(&locks, &name.into(), &options, &granted)
            .ok()?
            .dyn_into()
            .ok()?;
        let held = Rc::clone(&stage);
        spawn_local(async move {
            let taken_away = JsFuture::from(over).await.is_err();
            if taken_away && !matches!(*held.borrow(), Stage::GivenUp) {
                changed.emit(false);
            }
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
