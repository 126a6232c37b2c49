//! Whose chat it is: signing in, again, as another one, and out.

use shared::ids::PersonId;
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use yew::prelude::*;

use crate::api;
use crate::chat::{Chat, Msg, outbox_store};
use crate::composer::unsent;
use crate::route::Route;
use crate::tab;

impl Chat {
    pub(super) fn sign_in(&mut self, me: Person, restored: Vec<Draft>) {
        tab::remember(me.id);
        self.handle(Input::SignedIn { me, restored });
        self.show(self.route);
        self.save_outbox();
    }

    /// Somebody else than before takes over what waits: the sign-in view has said so.
    pub(super) fn sign_in_again(&mut self, me: Person) {
        let (before, drafts) = {
            let session = self.session.borrow();
            (session.me().map(|person| person.id), session.drafts())
        };
        if before == Some(me.id) {
            return self.sign_in(me, Vec::new());
        }
        if let Some(before) = before {
            unsent::hand_over(before, me.id);
            forget(before);
        }
        self.sign_in(me, drafts);
    }

    pub(super) fn ask_to_sign_out(&self, ctx: &Context<Self>) {
        if let Some(me) = self.session.borrow().me().map(|person| person.id) {
            ctx.link()
                .send_future(async move { Msg::SignedOut(api::sign_out(me).await) });
        }
    }

    pub(super) fn sign_out(&mut self, ctx: &Context<Self>) {
        if let Some(me) = self.session.borrow().me().map(|person| person.id) {
            forget(me);
        }
        self.leave(ctx);
    }

    /// What waits stays kept in this tab, for when the person is back in it.
    pub(super) fn leave(&mut self, ctx: &Context<Self>) {
        self.handle(Input::SignedOut);
        tab::leave();
        Route::Home.replace();
        ctx.props().on_left.emit(());
    }

    pub(super) fn discard_all(&mut self) {
        let drafts = self.session.borrow().drafts();
        for Draft { client_id, .. } in drafts {
            self.handle(Input::Discard { client_id });
        }
    }
}

fn forget(person: PersonId) {
    let _ = outbox_store::save(person, &[]);
    unsent::forget(person);
}
