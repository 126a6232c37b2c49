//! Keeps what waits, shares it between the tabs of the person, and lets one of them send.
//!
//! The outbox in the browser's database is the truth that all tabs share. A tab that begins reads it before it signs in;
//! a tab whose turn to send it is reads it again before it sends; in between the tabs tell each other.

use std::collections::BTreeSet;

use gloo_timers::callback::Timeout;
use shared::ids::{ClientId, PersonId, RoomId};
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::database::Refused;
use crate::chat::tabs::{Tabs, Told};
use crate::chat::turn::{Granted, Turn};
use crate::chat::{Chat, Msg};
use crate::kept::{Kept, Unsent};
use crate::tab;

/// Milliseconds after which the app is shown although it is not known yet what is kept.
const SHOW_AFTER_MS: u32 = 1_500;

/// Milliseconds after which a database that has not opened counts as refused.
const OPEN_MS: u32 = 8_000;

/// Milliseconds that a message stored by another tab stays on the screen as waiting: its event is about to come.
const EVENT_MS: u32 = 1_000;

/// Milliseconds within which another tab's message may be known here and not yet be kept.
const BEING_KEPT_MS: u64 = 2_000;

/// Whether the browser keeps anything.
#[derive(Debug)]
pub(super) enum Store {
    Opening,
    Open(Kept),
    Refused,
}

/// What is kept of the person, and the other tabs.
#[derive(Debug)]
pub(super) struct Keeping {
    me: Person,
    pub(super) store: Store,
    signed_in: bool,
    tabs: Option<Tabs>,
    turn: Option<Turn>,
    /// The turn ends then, by the wall clock.
    until: Option<u64>,
    sending: bool,
    /// What others told before what is kept was read.
    early: Option<Vec<Told>>,
    /// Taken before the database was open, and to be kept in it.
    unwritten: Vec<Draft>,
    /// What the browser would not keep.
    unkept: BTreeSet<ClientId>,
    /// Given up here, to be told as such.
    discarded: BTreeSet<ClientId>,
    /// Rooms whose text has changed since it was kept.
    texts_changed: BTreeSet<RoomId>,
    keeping_texts: bool,
    _deadlines: [Timeout; 2],
}

/// What happens around what is kept.
#[derive(Debug)]
pub enum Step {
    /// The database is open and read, or was refused.
    Opened(Result<(Kept, Vec<Draft>, Vec<Unsent>), Refused>),
    /// It takes long to open.
    Late,
    /// It takes too long.
    GivenUp,
    /// Another tab said something.
    Told(Told),
    /// Whether this tab sends.
    Granted(Granted),
    /// The outbox was read again; `known` was known here when the reading began.
    Reread {
        outbox: Result<Vec<Draft>, Refused>,
        known: Vec<ClientId>,
    },
    /// The browser would not keep this.
    Unkept(ClientId),
    /// What another tab stored needs no place on the screen any more.
    Passed(ClientId),
    /// The texts that had changed are kept.
    TextsKept,
}

impl Chat {
    /// Begins with a person: reads what is kept, then signs in. `carried` is what this tab brings along.
    pub(super) fn begin(&mut self, ctx: &Context<Self>, me: Person, carried: Vec<Draft>) {
        tab::remember(me.id);
        let after = |wait: u32, step: fn() -> Step| {
            let (link, person) = (ctx.link().clone(), me.id);
            Timeout::new(wait, move || {
                link.send_message(Msg::Keeping(person, step()));
            })
        };
        self.handle(Input::Sending(false));
        self.keeping = Some(Keeping {
            store: Store::Opening,
            signed_in: false,
            tabs: Some(self.join_tabs(ctx, me.id)),
            turn: None,
            until: None,
            sending: false,
            early: Some(Vec::new()),
            unwritten: carried,
            unkept: BTreeSet::new(),
            discarded: BTreeSet::new(),
            texts_changed: self.actions.texts.rooms().into_iter().collect(),
            keeping_texts: false,
            _deadlines: [
                after(SHOW_AFTER_MS, || Step::Late),
                after(OPEN_MS, || Step::GivenUp),
            ],
            me: me.clone(),
        });
        ctx.link()
            .send_future(async move { Msg::Keeping(me.id, Step::Opened(open(me.id).await)) });
    }

    fn join_tabs(&self, ctx: &Context<Self>, person: PersonId) -> Tabs {
        let told = move |told| Msg::Keeping(person, Step::Told(told));
        Tabs::join(person, ctx.link().callback(told))
    }

    pub(super) fn step(&mut self, ctx: &Context<Self>, step: Step) -> Option<()> {
        match step {
            Step::Opened(Ok((kept, outbox, texts))) => self.opened(ctx, kept, outbox, texts)?,
            Step::Opened(Err(Refused)) | Step::GivenUp => self.refused()?,
            Step::Late => self.sign_in_with(Vec::new())?,
            Step::Told(told) => match &mut self.keeping.as_mut()?.early {
                Some(early) => early.push(told),
                None => self.told(ctx, told),
            },
            Step::Granted(granted) => self.granted(ctx, granted)?,
            Step::Reread { outbox, known } => self.reread(ctx, outbox, &known)?,
            Step::Unkept(client_id) => {
                self.keeping.as_mut()?.unkept.insert(client_id);
                self.not_kept = true;
            }
            Step::Passed(client_id) => self.handle(Input::Settled { client_id }),
            Step::TextsKept => {
                self.keeping.as_mut()?.keeping_texts = false;
                self.keep_texts(ctx)?;
            }
        }
        Some(())
    }

    fn opened(
        &mut self,
        ctx: &Context<Self>,
        kept: Kept,
        outbox: Vec<Draft>,
        texts: Vec<Unsent>,
    ) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        if !matches!(keeping.store, Store::Opening) {
            return None;
        }
        keeping.store = Store::Open(kept);
        for unsent in texts {
            self.actions.texts.was_kept(unsent);
        }
        self.sign_in_with(outbox)?;
        for draft in std::mem::take(&mut self.keeping.as_mut()?.unwritten) {
            self.write(ctx, &draft, None);
        }
        self.keep_texts(ctx);
        self.hear_early(ctx)?;
        self.ask_for_turn(ctx);
        self.read_totals(ctx);
        Some(())
    }

    /// Nothing is kept: the tab is on its own, and says so.
    fn refused(&mut self) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        if !matches!(keeping.store, Store::Opening) {
            return None;
        }
        keeping.store = Store::Refused;
        keeping.tabs = None;
        keeping.early = None;
        self.not_kept = true;
        self.sign_in_with(Vec::new())?;
        self.keeping.as_mut()?.unwritten.clear();
        self.set_sending(true);
        Some(())
    }

    /// Signs in with what is kept, and behind it what this tab has taken since. If the person wrote before it was known
    /// what is kept, they sign in once more: nothing was sent meanwhile, and the order holds.
    fn sign_in_with(&mut self, outbox: Vec<Draft>) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        let mut restored = outbox;
        restored.extend(keeping.unwritten.iter().cloned());
        if std::mem::replace(&mut keeping.signed_in, true) {
            if keeping.unwritten.is_empty() {
                for draft in restored {
                    self.handle(Input::Shared(draft));
                }
                return Some(());
            }
            if restored.len() == keeping.unwritten.len() {
                return Some(());
            }
            self.handle(Input::SignedOut);
        }
        let me = self.keeping.as_ref()?.me.clone();
        self.handle(Input::SignedIn { me, restored });
        self.show(self.route);
        Some(())
    }

    fn told(&mut self, ctx: &Context<Self>, told: Told) {
        match told {
            Told::Kept(draft) => self.handle(Input::Shared(draft)),
            Told::Discarded(client_id) => self.handle(Input::Settled { client_id }),
            Told::Stored(client_id) => {
                self.failures.retain(|it| it.draft.client_id != client_id);
                let Some(keeping) = &self.keeping else { return };
                let (link, person) = (ctx.link().clone(), keeping.me.id);
                let passed = move || {
                    link.send_message(Msg::Keeping(person, Step::Passed(client_id)));
                };
                Timeout::new(EVENT_MS, passed).forget();
            }
            Told::Failed(client_id, problem) => {
                self.note_failure(client_id, &problem);
                self.handle(Input::Failed { client_id, problem });
            }
            Told::Retry(client_id) => {
                self.failures.retain(|it| it.draft.client_id != client_id);
                self.handle(Input::Retry { client_id });
            }
            Told::Text(unsent) => self.actions.texts.came(unsent),
        }
    }

    fn hear_early(&mut self, ctx: &Context<Self>) -> Option<()> {
        for told in self.keeping.as_mut()?.early.take().unwrap_or_default() {
            self.told(ctx, told);
        }
        Some(())
    }

    fn ask_for_turn(&mut self, ctx: &Context<Self>) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        let (person, Store::Open(kept)) = (keeping.me.id, &keeping.store) else {
            return None;
        };
        let granted = move |granted| Msg::Keeping(person, Step::Granted(granted));
        keeping.turn = Some(Turn::ask(kept, person, ctx.link().callback(granted)));
        Some(())
    }

    fn granted(&mut self, ctx: &Context<Self>, granted: Granted) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        keeping.turn.as_ref()?;
        match granted {
            Granted::No => {
                keeping.until = None;
                self.set_sending(false);
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

    fn read_again(&mut self, ctx: &Context<Self>) -> Option<()> {
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
    fn reread(
        &mut self,
        ctx: &Context<Self>,
        outbox: Result<Vec<Draft>, Refused>,
        known: &[ClientId],
    ) -> Option<()> {
        if let Ok(outbox) = outbox {
            let kept: BTreeSet<ClientId> = outbox.iter().map(|draft| draft.client_id).collect();
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

    fn set_sending(&mut self, sending: bool) {
        if let Some(keeping) = &mut self.keeping {
            keeping.sending = sending;
        }
        self.handle(Input::Sending(sending));
    }

    /// A lease that has run out is another tab's by now.
    pub(super) fn mind_the_lease(&mut self) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        let over = |until: u64| js_sys::Date::now() as u64 >= until;
        if keeping.until.take_if(|until| over(*until)).is_some() {
            self.set_sending(false);
        }
    }

    /// Keeps what the session has taken, and tells the others.
    pub(super) fn keep(&mut self, ctx: &Context<Self>, draft: Draft) {
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
    }

    fn write(&mut self, ctx: &Context<Self>, draft: &Draft, ends: Option<RoomId>) {
        let Some(Keeping {
            me,
            store: Store::Open(kept),
            ..
        }) = &self.keeping
        else {
            return;
        };
        let (person, client_id, link) = (me.id, draft.client_id, ctx.link().clone());
        let unkept = move || link.send_message(Msg::Keeping(person, Step::Unkept(client_id)));
        match kept.keep(person, draft, ends) {
            Err(Refused) => unkept(),
            Ok(keeping) => spawn_local(async move {
                if keeping.await.is_err() {
                    unkept();
                }
            }),
        }
    }

    /// Forgets what waits no more, and tells the others.
    pub(super) fn forget(&mut self, client_id: ClientId) {
        self.failures.retain(|it| it.draft.client_id != client_id);
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        keeping.unwritten.retain(|it| it.client_id != client_id);
        keeping.unkept.remove(&client_id);
        let told = if keeping.discarded.remove(&client_id) {
            Told::Discarded(client_id)
        } else {
            Told::Stored(client_id)
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
    pub(super) fn share_wish(&mut self, input: &Input) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        match input {
            Input::Retry { client_id } => {
                self.failures.retain(|it| it.draft.client_id != *client_id);
                keeping.tell(&Told::Retry(*client_id));
            }
            Input::Discard { client_id } => {
                keeping.discarded.insert(*client_id);
            }
            _ => {}
        }
    }

    pub(super) fn tell(&self, told: &Told) {
        if let Some(keeping) = &self.keeping {
            keeping.tell(told);
        }
    }

    /// A text was written in a composer. The newest is kept as soon as the one before it is.
    pub(super) fn wrote(&mut self, ctx: &Context<Self>, unsent: Unsent) {
        if let Some(keeping) = &mut self.keeping {
            keeping.texts_changed.insert(unsent.room);
            keeping.tell(&Told::Text(unsent));
        }
        self.keep_texts(ctx);
    }

    fn keep_texts(&mut self, ctx: &Context<Self>) -> Option<()> {
        let keeping = self.keeping.as_mut()?;
        let (person, Store::Open(kept)) = (keeping.me.id, &keeping.store) else {
            return None;
        };
        if keeping.keeping_texts || keeping.texts_changed.is_empty() {
            return None;
        }
        keeping.keeping_texts = true;
        let (kept, texts) = (kept.clone(), self.actions.texts.clone());
        let rooms = std::mem::take(&mut keeping.texts_changed);
        ctx.link().send_future(async move {
            for room in rooms {
                // As it is by then: what was sent meanwhile must not come back.
                if let Some(unsent) = texts.unsent(room) {
                    let _ = kept.keep_text(person, &unsent).await;
                }
            }
            Msg::Keeping(person, Step::TextsKept)
        });
        Some(())
    }

    /// The page goes, perhaps into the back/forward cache: another tab is to send, and pages that hold on to a lock or
    /// to a channel are not cached.
    pub(super) fn page_hides(&mut self) {
        self.set_sending(false);
        if let Some(keeping) = &mut self.keeping {
            keeping.turn = None;
            keeping.until = None;
            keeping.tabs = None;
            keeping.early = Some(Vec::new());
        }
    }

    /// The page is back from that cache.
    pub(super) fn page_returns(&mut self, ctx: &Context<Self>) -> Option<()> {
        let person = self.keeping.as_ref()?.me.id;
        let tabs = self.join_tabs(ctx, person);
        let keeping = self.keeping.as_mut()?;
        if matches!(keeping.store, Store::Refused) {
            self.set_sending(true);
            return None;
        }
        keeping.tabs = Some(tabs);
        self.read_again(ctx)?;
        self.ask_for_turn(ctx)
    }

    /// Whoever was here is gone, or somebody else is: nothing of theirs stays in this browser.
    pub(super) fn forget_person(&mut self) {
        let Some(Keeping {
            me,
            store: Store::Open(kept),
            ..
        }) = &self.keeping
        else {
            return;
        };
        let (kept, person) = (kept.clone(), me.id);
        spawn_local(async move {
            let _ = kept.forget_all(person).await;
        });
    }
}

impl Keeping {
    /// How the matter stands, for the page: `reading`, `kept` or `refused`.
    pub(super) fn name(&self) -> &'static str {
        match (&self.store, &self.early) {
            (Store::Refused, _) => "refused",
            (Store::Open(_), None) => "kept",
            _ => "reading",
        }
    }

    pub(super) fn person(&self) -> PersonId {
        self.me.id
    }

    fn tell(&self, told: &Told) {
        if let Some(tabs) = &self.tabs {
            tabs.tell(told);
        }
    }
}

async fn open(person: PersonId) -> Result<(Kept, Vec<Draft>, Vec<Unsent>), Refused> {
    let kept = Kept::open().await?;
    let outbox = kept.outbox(person).await?;
    let texts = kept.texts(person).await?;
    Ok((kept, outbox, texts))
}
