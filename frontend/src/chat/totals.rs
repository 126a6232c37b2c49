//! The totals of the proof of delivery over all reloads and tabs of this browser: added up seldom, shown at any time.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use shared::session::proof::Proof;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::chat::keeping::Store;
use crate::chat::{Chat, Msg};

/// Milliseconds between two additions.
const ADD_MS: u32 = 10_000;

/// What is added up so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Of all tabs, when last read.
    total: Proof,
    /// Of this tab, in the total.
    counted: Proof,
}

impl Counts {
    /// The totals with what this tab has counted since.
    #[must_use]
    pub fn with(&self, now: &Proof) -> Proof {
        let new = less(now, &self.counted);
        Proof {
            applied: self.total.applied + new.applied,
            repeated: self.total.repeated + new.repeated,
            early: self.total.early + new.early,
            diverged: self.total.diverged + new.diverged,
        }
    }
}

fn less(now: &Proof, before: &Proof) -> Proof {
    Proof {
        applied: now.applied - before.applied,
        repeated: now.repeated - before.repeated,
        early: now.early - before.early,
        diverged: now.diverged - before.diverged,
    }
}

/// Reminds the chat to add up.
pub(super) fn remind(link: &html::Scope<Chat>) -> Interval {
    let link = link.clone();
    Interval::new(ADD_MS, move || link.send_message(Msg::AddUp))
}

impl Chat {
    /// Adds what this tab has counted to the totals.
    pub(super) fn add_up(&self) {
        let Some(Store::Open(kept)) = self.keeping.as_ref().map(|it| &it.store) else {
            return;
        };
        let now = self.session.borrow().proof();
        let counts = self.counts.get();
        let new = less(&now, &counts.counted);
        if new == Proof::default() {
            return;
        }
        if let Ok(adding) = kept.add(&new) {
            let total = counts.with(&now);
            let counted = now;
            self.counts.set(Counts { total, counted });
            spawn_local(async move {
                let _ = adding.await;
            });
        }
    }

    /// Reads what all tabs have added up.
    pub(super) fn read_totals(&self, ctx: &Context<Self>) {
        let Some(Store::Open(kept)) = self.keeping.as_ref().map(|it| &it.store) else {
            return;
        };
        let (kept, link) = (kept.clone(), ctx.link().clone());
        let counts = Rc::clone(&self.counts);
        let counted = counts.get().counted;
        spawn_local(async move {
            // Not if something was added meanwhile: it may be in the total or not.
            let read = kept.totals().await;
            if let (Ok(total), true) = (read, counts.get().counted == counted) {
                counts.set(Counts { total, counted });
                link.send_message(Msg::Counted);
            }
        });
    }
}

/// The counts, where the panel reads them.
pub type Counting = Rc<Cell<Counts>>;
