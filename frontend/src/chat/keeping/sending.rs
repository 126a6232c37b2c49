//! Whose turn to send it is: asked for, granted, taken from a tab that does not use it, and lost.

use shared::sorted::Set;

use gloo_timers::callback::Timeout;
use shared::ids::ClientId;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use yew::prelude::*;

use super::{Step, Store};
use crate::browser::database::Refused;
use crate::browser::{clock, is_visible};
use crate::chat::turn::{Granted, Turn};
use crate::chat::{Chat, Msg};

/// Milliseconds within which another tab's message may be known here and not yet be kept.
const BEING_KEPT_MS: u64 = 2_000;

/// Milliseconds that a message may wait for another tab although this one is connected. A page in the background may
/// take a minute to notice that it has to reconnect.
const RESCUE_MS: u32 = 3_000;

impl Chat {
    /// Looks after a while whether the tab that sends gets on, if something waits for it.
    pub(super) fn watch_the_sender(&mut self, ctx: &Context<Self>) -> Option<()> {
        let waits = !self.session.borrow().drafts().is_empty();
        let keeping = self.keeping.as_mut()?;
        if keeping.rescue.is_none() && !keeping.sending && waits {
            let (link, person) = (ctx.link().clone(), keeping.me.id);
            let look = move || link.send_message(Msg::Keeping(person, Step::Rescue));
            keeping.rescue = Some(Timeout::new(RESCUE_MS, look));
        }
        Some(())
    }

    /// Takes the turn from a tab that does not get on while this one, which the person sees, could.
    pub(super) fn rescue(&mut self, ctx: &Context<Self>) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        keeping.rescue = None;
        let now = clock::now();
        let old = now.clock.0.saturating_sub(u64::from(RESCUE_MS));
        let session = self.session.borrow();
        let drafts = session.drafts();
        let waits = |it: &Draft| it.written.0 <= old && !keeping.refused.contains(&it.client_id);
        let stuck = drafts.iter().any(waits)
            && now.ticks - keeping.progress >= u64::from(RESCUE_MS)
            && session.connection().is_live()
            && is_visible();
        drop(session);
        if stuck && !keeping.sending {
            keeping.progress = now.ticks;
            keeping.turn = None;
            self.ask_for_turn(ctx, true)?;
        }
        self.watch_the_sender(ctx)
    }

    pub(super) fn ask_for_turn(&mut self, ctx: &Context<Self>, taking: bool) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        let (person, Store::Open(kept)) = (keeping.me.id, &keeping.store) else {
            return None;
        };
        let granted = move |granted| Msg::Keeping(person, Step::Granted(granted));
        keeping.turn = Some(Turn::ask(
            kept,
            person,
            taking,
            ctx.link().callback(granted),
        ));
        Some(())
    }

    pub(super) fn granted(&mut self, ctx: &Context<Self>, granted: Granted) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        keeping.turn.as_ref()?;
        match granted {
            Granted::No => {
                let had_lock = keeping.sending && keeping.until.take().is_none();
                self.set_sending(false);
                if had_lock {
                    // It was taken away: this tab waits for it again, behind the others.
                    self.ask_for_turn(ctx, false)?;
                    self.watch_the_sender(ctx)?;
                }
            }
            Granted::ForLife | Granted::Until(_) => {
                if let Granted::Until(until) = granted {
                    keeping.until = Some(until);
                }
                if !keeping.sending {
                    keeping.sending = true;
                    self.read_again(ctx)?;
                }
            }
        }
        Some(())
    }

    pub(super) fn read_again(&mut self, ctx: &Context<Self>) -> Option<()> {
        let keeping = self.keeping.as_ref()?;
        let (person, Store::Open(kept)) = (keeping.me.id, &keeping.store) else {
            return None;
        };
        let kept = kept.clone();
        let drafts = self.session.borrow().drafts();
        let old = js_sys::Date::now() as u64 - BEING_KEPT_MS;
        let known = drafts.iter().filter(|draft| draft.written.0 < old);
        let known = known.map(|draft| draft.client_id).collect();
        ctx.link().send_future(async move {
            let outbox = kept.outbox(person).await;
            Msg::Keeping(person, Step::Reread { outbox, known })
        });
        Some(())
    }

    /// What is kept is shown here too; what was known and is kept no more was stored or given up elsewhere.
    pub(super) fn reread(
        &mut self,
        ctx: &Context<Self>,
        outbox: Result<Vec<Draft>, Refused>,
        known: &[ClientId],
    ) -> Option<()> {
        if let Ok(outbox) = outbox {
            let kept: Set<ClientId> = outbox.iter().map(|draft| draft.client_id).collect();
            for draft in outbox {
                self.handle(Input::Shared(draft));
            }
            for &client_id in known {
                if !kept.contains(&client_id) && !self.keeping.as_ref()?.unkept.contains(&client_id)
                {
                    self.handle(Input::Settled { client_id });
                }
            }
        }
        self.hear_early(ctx)?;
        if self.keeping.as_ref()?.sending {
            self.handle(Input::Sending(true));
        }
        Some(())
    }

    pub(super) fn set_sending(&mut self, sending: bool) {
        if let Some(keeping) = &mut self.keeping {
            keeping.sending = sending;
        }
        self.handle(Input::Sending(sending));
    }

    /// A lease that has run out is another tab's by now.
    pub(in crate::chat) fn mind_the_lease(&mut self) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        let over = |until: u64| js_sys::Date::now() as u64 >= until;
        if keeping.until.take_if(|until| over(*until)).is_some() {
            self.set_sending(false);
        }
    }
}
