//! Which tab of a person sends what is in the outbox.
//!
//! A Web Lock names it and passes on within milliseconds when it closes or crashes. Where there are no locks (plain HTTP
//! over a network), a lease does, which ends some seconds after a crash.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use shared::ids::PersonId;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::lock::Lock;
use crate::browser::random;
use crate::kept::Kept;

/// Milliseconds between looks at the lease: several within its life.
const LOOK_MS: u32 = 1_000;

/// The wish to send, or the turn to. Dropping it passes the turn on.
#[derive(Debug)]
pub struct Turn {
    _lock: Option<Lock>,
    _lease: Option<Lease>,
}

/// What becomes of a wish to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granted {
    /// This tab sends from now on, for as long as it keeps the turn.
    ForLife,
    /// This tab sends until then, by the wall clock.
    Until(u64),
    /// Another tab sends.
    No,
}

impl Turn {
    /// Asks for the turn, and calls back as often as the answer may have changed. `taking` takes it from a tab that does
    /// not use it.
    pub fn ask(kept: &Kept, person: PersonId, taking: bool, granted: Callback<Granted>) -> Self {
        let changed = granted.reform(|has| if has { Granted::ForLife } else { Granted::No });
        let lock = Lock::ask(&format!("parlance.outbox.{person}"), taking, changed);
        let lease = match lock {
            Some(_) => None,
            // A lease that is not used runs out by itself.
            None => Some(Lease::ask(kept, person, granted)),
        };
        Self {
            _lock: lock,
            _lease: lease,
        }
    }
}

/// Looks at the lease again and again, and takes it when it is free.
#[derive(Debug)]
pub struct Lease {
    kept: Kept,
    person: PersonId,
    tab: u64,
    _looking: Interval,
}

impl Lease {
    fn ask(kept: &Kept, person: PersonId, granted: Callback<Granted>) -> Self {
        let tab = random::seed() >> 12;
        let look = {
            let kept = kept.clone();
            Rc::new(move || {
                let (kept, granted) = (kept.clone(), granted.clone());
                spawn_local(async move {
                    let now = js_sys::Date::now() as u64;
                    let answer = kept.lease(person, tab, now).await;
                    // What cannot be read now is read with the next look; until then nothing new is known.
                    if let Ok(until) = answer {
                        granted.emit(until.map_or(Granted::No, Granted::Until));
                    }
                });
            })
        };
        look();
        Self {
            kept: kept.clone(),
            person,
            tab,
            _looking: Interval::new(LOOK_MS, move || look()),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (kept, person, tab) = (self.kept.clone(), self.person, self.tab);
        spawn_local(async move {
            let _ = kept.end_lease(person, tab).await;
        });
    }
}
