//! What the tabs of a person tell each other about what waits, and the records of it in the browser's database.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::ids::{ClientId, RoomId};
use shared::session::io::Input;
use shared::session::outbox::Draft;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Keeping, Step, Store};
use crate::browser::clock;
use crate::browser::database::Refused;
use crate::chat::tabs::Told;
use crate::chat::{Chat, Msg};

/// Milliseconds that a message stored by another tab stays on the screen as waiting: its event is about to come.
const EVENT_MS: u32 = 1_000;

impl Chat {
    pub(super) fn told(&mut self, ctx: &Context<Self>, told: Told) {
        self.note_progress(&told);
        match told {
            Told::Kept(draft) => {
                self.handle(Input::Shared(draft));
                self.watch_the_sender(ctx);
            }
            Told::Discarded { client_id } => self.handle(Input::Settled { client_id }),
            Told::Stored { client_id } => {
                self.failures.retain(|it| it.draft.client_id != client_id);
                let Some(keeping) = &self.keeping else { return };
                let (link, person) = (ctx.link().clone(), keeping.me.id);
                let passed = move || {
                    link.send_message(Msg::Keeping(person, Step::Passed(client_id)));
                };
                Timeout::new(EVENT_MS, passed).forget();
            }
            Told::Failed { client_id, problem } => {
                self.note_failure(client_id, &problem);
                self.handle(Input::Failed { client_id, problem });
            }
            Told::Retry { client_id } => {
                self.failures.retain(|it| it.draft.client_id != client_id);
                self.handle(Input::Retry { client_id });
            }
            Told::Text(unsent) => self.actions.texts.came(unsent),
        }
    }

    pub(super) fn hear_early(&mut self, ctx: &Context<Self>) -> Option<()> {
        for told in self.keeping.as_mut()?.early.take().unwrap_or_default() {
            self.told(ctx, told);
        }
        Some(())
    }

    pub(super) fn note_progress(&mut self, told: &Told) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        match told {
            Told::Stored { .. } => keeping.progress = clock::ticks(),
            Told::Failed { client_id, .. } => {
                keeping.progress = clock::ticks();
                keeping.refused.insert(*client_id);
            }
            Told::Retry { client_id } => {
                keeping.refused.remove(client_id);
            }
            _ => {}
        }
    }

    /// Keeps what the session has taken, and tells the others.
    pub(in crate::chat) fn keep(&mut self, ctx: &Context<Self>, draft: Draft) {
        let room = draft.room;
        let left = self.actions.texts.sent(room, draft.client_id);
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        keeping.tell(&Told::Kept(draft.clone()));
        let ends = left.is_some().then_some(room);
        if let Some(left) = left {
            keeping.tell(&Told::Text(left));
        }
        match keeping.store {
            Store::Opening => keeping.unwritten.push(draft),
            Store::Open(_) => self.write(ctx, &draft, ends),
            Store::Refused => {}
        }
        self.watch_the_sender(ctx);
    }

    pub(super) fn write(&mut self, ctx: &Context<Self>, draft: &Draft, ends: Option<RoomId>) {
        let Some(Keeping {
            me,
            store: Store::Open(kept),
            ..
        }) = &self.keeping
        else {
            return;
        };
        let (person, client_id, link) = (me.id, draft.client_id, ctx.link().clone());
        let session = Rc::clone(&self.session);
        let unkept = move || link.send_message(Msg::Keeping(person, Step::Unkept(client_id)));
        match kept.keep(person, draft, ends) {
            Err(Refused) => unkept(),
            Ok(keeping) => spawn_local(async move {
                match keeping.await {
                    Ok(_) => session.borrow_mut().kept(client_id, clock::now()),
                    Err(_) => unkept(),
                }
            }),
        }
    }

    /// Forgets what waits no more, and tells the others.
    pub(in crate::chat) fn forget(&mut self, client_id: ClientId) {
        self.failures.retain(|it| it.draft.client_id != client_id);
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        keeping.unwritten.retain(|it| it.client_id != client_id);
        keeping.unkept.remove(&client_id);
        keeping.refused.remove(&client_id);
        let told = if keeping.discarded.remove(&client_id) {
            Told::Discarded { client_id }
        } else {
            Told::Stored { client_id }
        };
        keeping.tell(&told);
        if let Store::Open(kept) = &keeping.store {
            let (kept, person) = (kept.clone(), keeping.me.id);
            // What could not be forgotten is sent once more after a reload, which changes nothing.
            spawn_local(async move {
                let _ = kept.forget(person, client_id).await;
            });
        }
    }

    /// What the person wants for a message concerns the other tabs too.
    pub(in crate::chat) fn share_wish(&mut self, input: &Input) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        match input {
            Input::Retry { client_id } => {
                self.failures.retain(|it| it.draft.client_id != *client_id);
                keeping.refused.remove(client_id);
                keeping.tell(&Told::Retry {
                    client_id: *client_id,
                });
            }
            Input::Discard { client_id } => {
                keeping.discarded.insert(*client_id);
            }
            _ => {}
        }
    }

    pub(in crate::chat) fn tell(&self, told: &Told) {
        if let Some(keeping) = &self.keeping {
            keeping.tell(told);
        }
    }
}
