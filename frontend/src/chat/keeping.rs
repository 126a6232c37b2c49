//! Keeps what waits, shares it between the tabs of the person, and lets one of them send.
//!
//! The outbox in the browser's database is the truth that all tabs share. A tab that begins reads it before it signs in;
//! a tab whose turn to send it is reads it again before it sends; in between the tabs tell each other.

mod sending;
mod sharing;

use shared::sorted::Set;

use gloo_timers::callback::Timeout;
use shared::ids::{ClientId, FileId, PersonId, RoomId};
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::outbox::Draft;
use shared::session::time::Ticks;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use yew::prelude::*;

use crate::browser::clock;
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
    unkept: Set<ClientId>,
    /// Given up here, to be told as such.
    discarded: Set<ClientId>,
    /// Rooms whose text has changed since it was kept.
    texts_changed: Set<RoomId>,
    /// What another tab says was refused: it waits for the person, not for a tab.
    refused: Set<ClientId>,
    /// When the tab that sends last got on, by the clock that never goes back.
    progress: Ticks,
    rescue: Option<Timeout>,
    keeping_texts: bool,
    _deadlines: [Timeout; 2],
}

/// What happens around what is kept.
#[derive(Debug)]
pub enum Step {
    /// The database is open and read, or was refused.
    Opened(Result<Found, Refused>),
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
    /// It is time to see whether the tab that sends gets on.
    Rescue,
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
            unkept: Set::new(),
            discarded: Set::new(),
            texts_changed: self.actions.texts.rooms().into_iter().collect(),
            keeping_texts: false,
            refused: Set::new(),
            progress: clock::ticks(),
            rescue: None,
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
            Step::Opened(Ok((kept, files, outbox, texts))) => {
                for (id, blob) in files {
                    self.actions.files.put(id, blob);
                }
                self.opened(ctx, kept, outbox, texts)?;
            }
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
            Step::Rescue => self.rescue(ctx)?,
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
        self.ask_for_turn(ctx, false);
        self.watch_the_sender(ctx);
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

    /// Where things are kept, if the browser keeps them.
    pub(super) fn open_store(&self) -> Option<Kept> {
        match &self.keeping.as_ref()?.store {
            Store::Open(kept) => Some(kept.clone()),
            _ => None,
        }
    }

    /// Whose things they are.
    pub(super) fn person(&self) -> Option<PersonId> {
        self.keeping.as_ref().map(Keeping::person)
    }

    /// Whether all that is kept has been read, or nothing is.
    pub(super) fn knows_what_is_kept(&self) -> bool {
        let keeping = self.keeping.as_ref();
        keeping.is_some_and(|it| it.early.is_none() && !matches!(it.store, Store::Opening))
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
        self.ask_for_turn(ctx, false)
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

type Found = (Kept, Vec<(FileId, Blob)>, Vec<Draft>, Vec<Unsent>);

/// The files are read first: what they belong to is known when they are looked at.
async fn open(person: PersonId) -> Result<Found, Refused> {
    let kept = Kept::open().await?;
    let files = kept.files(person).await?;
    let outbox = kept.outbox(person).await?;
    let texts = kept.texts(person).await?;
    Ok((kept, files, outbox, texts))
}
