//! Whose chat it is: signing in again, as another one, and out.

use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use yew::prelude::*;

use crate::api;
use crate::chat::{Chat, Msg};
use crate::route::Route;
use crate::tab;

impl Chat {
    /// Somebody else than before takes over what waits: the sign-in view has said so.
    pub(super) fn sign_in_again(&mut self, ctx: &Context<Self>, me: Person) {
        let (before, drafts) = {
            let session = self.session.borrow();
            (session.me().map(|person| person.id), session.drafts())
        };
        if before == Some(me.id) {
            tab::remember(me.id);
            let restored = Vec::new();
            self.handle(Input::SignedIn { me, restored });
            return self.show(self.route);
        }
        self.discard_all();
        self.settle(ctx);
        self.forget_person();
        self.begin(ctx, me, drafts);
    }

    pub(super) fn ask_to_sign_out(&self, ctx: &Context<Self>) {
        if let Some(me) = self.session.borrow().me().map(|person| person.id) {
            ctx.link()
                .send_future(async move { Msg::SignedOut(api::sign_out(me).await) });
        }
    }

    pub(super) fn sign_out(&mut self, ctx: &Context<Self>) {
        self.discard_all();
        self.settle(ctx);
        self.forget_person();
        self.leave(ctx);
    }

    /// What waits stays kept, for when the person is back in a tab.
    pub(super) fn leave(&mut self, ctx: &Context<Self>) {
        self.handle(Input::SignedOut);
        tab::leave();
        Route::Home.replace();
        ctx.props().on_left.emit(());
    }

    pub(super) fn discard_all(&mut self) {
        let drafts = self.session.borrow().drafts();
        for Draft { client_id, .. } in drafts {
            self.share_wish(&Input::Discard { client_id });
            self.handle(Input::Discard { client_id });
        }
    }
}
