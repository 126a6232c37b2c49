//! The component that owns the session and the socket's life.
//!
//! Every event of the browser becomes exactly one input of the session; what the session wants done is done here;
//! one timer is armed for the moment that the session names. The views below get copies of what has changed.

pub mod actions;
mod alerting;
pub mod changes;
pub mod frames;
mod keeping;
mod person;
mod place;
pub mod shown;
pub mod tabs;
mod title;
pub mod totals;
mod turn;
mod uploading;
mod weathering;
mod wiring;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use shared::ids::{ClientId, FileId, PersonId};
use shared::protocol::Person;
use shared::session::connection::{Generation, StopReason, Why};
use shared::session::io::{Input, Output};
use shared::session::requests::Asked;
use shared::session::time::Ticks;
use shared::session::{Options, Session};
use shared::transport::Transport;
use shared::weather::Weather;
use yew::prelude::*;

use crate::api::Failure;
use crate::browser::{clock, is_narrow, is_watched, random, window};
use crate::chat::actions::{Actions, Creating, NewRoom, Notice};
use crate::chat::changes::NotDone;
use crate::chat::frames::{Change, Frames};
use crate::chat::keeping::{Keeping, Step};
use crate::chat::shown::{Phase, Shown, Status};
use crate::chat::tabs::Told;
use crate::chat::title::Title;
use crate::chat::totals::Counting;
use crate::chat::uploading::Uploading;
use crate::chat::weathering::{Passing, Weathering, broken};
use crate::connection::facts::SessionReader;
use crate::connection::transport;
use crate::kept::Unsent;
use crate::notices::desktop::Desktop;
use crate::profiles::Profiles;
use crate::route::Route;
use crate::shell::Shell;
use crate::sign_in::SignIn;
use crate::socket::{Socket, To};

/// What this program is called in `hello` and in what it writes down.
pub const CLIENT: &str = concat!("parlance-web/", env!("CARGO_PKG_VERSION"));

/// Milliseconds within which a page that is back hears that its socket was closed.
const CLOSE_HEARD_MS: u32 = 100;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ChatProps {
    /// Who is signed in at first.
    pub me: Person,
    /// The tab is nobody's any more.
    pub on_left: Callback<()>,
}

/// What happens to the chat.
#[derive(Debug)]
pub enum Msg {
    /// An event of the browser or a wish of the person, for the session.
    Input(Input),
    /// A message went into the outbox.
    Sent,
    /// Something did not, because it holds as much as it may.
    Full,
    /// Shows another view.
    Go(Route),
    /// The browser went back or forward.
    Moved,
    /// Makes a room.
    Create(NewRoom),
    /// Signed in again after the session had ended.
    SignedIn(Person),
    /// Leaves the tab to another person.
    Leave,
    /// Signs out.
    SignOut,
    /// The server was asked to sign out.
    SignedOut(Result<(), Failure>),
    /// Gives up every message that waits.
    DiscardAll,
    /// The notice was read.
    Dismiss,
    /// Something about what is kept of a person.
    Keeping(PersonId, Step),
    /// A text was written and not sent.
    Wrote(Unsent),
    /// A file was put to a text.
    Attached(Unsent, FileId),
    /// The page goes, perhaps into the back/forward cache.
    Hidden,
    /// The page is back from that cache.
    Returned,
    /// It is time to add up what was counted.
    AddUp,
    /// The totals were read.
    Counted,
    /// The weather of the connection is to be this.
    Weather(Weather),
    /// The connection is to break off.
    Cut,
    /// Something got through the weather.
    Passed(Passing),
    /// The browser is about to show a frame.
    Frame,
}

/// The chat of one person.
#[derive(Debug)]
pub struct Chat {
    session: Rc<RefCell<Session>>,
    /// The one that is spoken on, and perhaps a better one that is tried.
    sockets: Vec<Socket>,
    weathering: Weathering,
    timer: Option<(Ticks, Timeout)>,
    actions: Actions,
    route: Route,
    shown: Shown,
    frames: Frames,
    creating: (Creating, Option<ClientId>),
    notice: Option<Notice>,
    keeping: Option<Keeping>,
    /// What waits here would be lost with the tab.
    not_kept: bool,
    uploading: Option<Uploading>,
    failures: Vec<NotDone>,
    counts: Counting,
    title: Title,
    desktop: Desktop,
    /// The way on which it was live last, and why.
    way: Option<(Transport, Why)>,
    _listeners: [EventListener; 9],
    _reminder: Interval,
}

impl Component for Chat {
    type Message = Msg;
    type Properties = ChatProps;

    fn create(ctx: &Context<Self>) -> Self {
        let session = Rc::new(RefCell::new(Session::new(Options {
            client: CLIENT.to_owned(),
            seed: random::seed(),
        })));
        session.borrow_mut().record();
        let mut chat = Self {
            actions: wiring::actions(ctx.link(), &session),
            session,
            sockets: Vec::new(),
            weathering: Weathering::default(),
            timer: None,
            route: Route::current(),
            shown: Shown::default(),
            frames: Frames::default(),
            creating: (Creating::No, None),
            notice: None,
            keeping: None,
            not_kept: false,
            uploading: None,
            failures: Vec::new(),
            counts: Counting::default(),
            title: Title::default(),
            desktop: Desktop::default(),
            way: None,
            _listeners: wiring::listen(ctx.link()),
            _reminder: totals::remind(ctx.link()),
        };
        chat.handle(transport::wish());
        chat.handle(Input::Watched(is_watched()));
        if !window().navigator().on_line() {
            chat.handle(Input::Online(false));
        }
        chat.begin(ctx, ctx.props().me.clone(), Vec::new());
        chat.settle(ctx);
        chat
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let mut changed = true;
        match msg {
            Msg::Input(input) => {
                if input == Input::Timer {
                    self.timer = None;
                }
                self.share_wish(&input);
                self.handle(input);
                changed = false;
            }
            Msg::Sent => changed = false,
            Msg::Full => self.notice = Some(Notice::Full),
            Msg::Go(route) => self.go(route),
            Msg::Moved => self.show(Route::current()),
            Msg::Create(NewRoom { name, private }) => {
                let client_id = random::client_id();
                self.creating = (Creating::Asked, Some(client_id));
                self.handle(Input::Create {
                    name,
                    private,
                    client_id,
                });
            }
            Msg::SignedIn(me) => self.sign_in_again(ctx, me),
            Msg::Leave => self.leave(ctx),
            Msg::SignOut => self.ask_to_sign_out(ctx),
            Msg::SignedOut(Ok(())) => self.sign_out(ctx),
            Msg::SignedOut(Err(_)) => self.notice = Some(Notice::SignOut),
            Msg::DiscardAll => self.discard_all(),
            Msg::Dismiss => self.notice = None,
            Msg::Keeping(person, step) => {
                // What concerns somebody who was here before comes too late.
                if self.keeping.as_ref().map(Keeping::person) == Some(person) {
                    self.step(ctx, step);
                }
            }
            Msg::Wrote(unsent) => {
                if !unsent.text.is_empty() {
                    let room = unsent.room;
                    self.handle(Input::Typing { room });
                }
                self.wrote(ctx, unsent);
                changed = false;
            }
            Msg::Attached(unsent, file) => {
                self.attached(ctx, &unsent, file);
                self.wrote(ctx, unsent);
                changed = false;
            }
            Msg::Hidden => {
                self.handle(Input::Hidden);
                self.page_hides();
                self.add_up();
                changed = false;
            }
            Msg::Returned => {
                self.page_returns(ctx);
                self.handle(Input::Wake);
                // The browser closed the socket with the page and says so only now: then the wait ends at once (C7).
                let link = ctx.link().clone();
                let wake = move || link.send_message(Msg::Input(Input::Wake));
                Timeout::new(CLOSE_HEARD_MS, wake).forget();
            }
            Msg::AddUp => {
                self.add_up();
                self.read_totals(ctx);
                changed = false;
            }
            Msg::Counted => {}
            Msg::Weather(weather) => self.change_weather(ctx.link(), weather),
            Msg::Cut => self.cut(),
            Msg::Passed(thing) => {
                self.passed(thing);
                changed = false;
            }
            Msg::Frame => changed = self.frames.begin(ctx.link()),
        }
        let change = self.settle(ctx);
        self.frames.take(change, ctx.link()) || changed
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let session = self.session.borrow();
        let weather = self.weathering.weather();
        let status = Status {
            weather,
            ..Status::of(&session)
        };
        let Some(me) = session.me().cloned() else {
            return html! { <div hidden=true /> };
        };
        let shut_out = status.phase == Phase::Stopped(StopReason::ShutOut);
        if shut_out || status.phase == Phase::Stopped(StopReason::SignIn) {
            return html! {
                <SignIn over=true {shut_out} kept={status.unsent} on_signed_in={self.actions.signed_in.clone()}
                    on_discard={self.actions.discard_all.clone()} />
            };
        }
        let rooms_known = status.been_live && (status.is_live() || !self.shown.rooms.is_empty());
        html! {
            <ContextProvider<Profiles> context={self.shown.profiles.clone()}>
            <Shell {me} {status} route={self.route} actions={self.actions.clone()}
                rooms={Rc::clone(&self.shown.rooms)} taken_out={Rc::clone(&self.shown.taken_out)} {rooms_known} rows={Rc::clone(&self.shown.rows)}
                beside={Rc::clone(&self.shown.beside)}
                directory={self.shown.directory.clone()} members={self.shown.members.clone()} here={Rc::clone(&self.shown.here)} found={self.shown.found.clone()} search={self.shown.search.clone()} creating={self.creating.0.clone()}
                notice={self.notice.clone()} choices={session.choices()} kept={self.keeping.as_ref().map_or("", Keeping::name)} not_kept={self.not_kept} failure={self.failures.first().cloned()}
                session={SessionReader::new(&self.session, &self.counts)}
                connection_revision={session.revisions().connection} />
            </ContextProvider<Profiles>>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first: bool) {
        self.show_title();
    }
}

impl Chat {
    fn handle(&mut self, input: Input) {
        // However late it comes: in bad weather that is not at once.
        if let Input::Closed { generation, .. } = &input {
            self.drop_socket(*generation);
        }
        if !matches!(input, Input::Sending(_)) {
            self.mind_the_lease();
        }
        self.session.borrow_mut().handle(input, clock::now());
    }

    /// After everything that happened: does what the session wants, arms the timer, copies what has changed.
    fn settle(&mut self, ctx: &Context<Self>) -> Change {
        let mut change = Change::None;
        loop {
            let output = self.session.borrow_mut().poll_output();
            let Some(output) = output else { break };
            if self.perform(ctx, output) {
                change = Change::Beside;
            }
        }
        self.upload(ctx);
        self.drop_files();
        self.arm_timer(ctx);
        self.note_way();
        change = change.max(self.refresh_shown());
        if self.route == Route::Home && !is_narrow() {
            change = change.max(self.show_some_room());
        }
        change
    }

    fn refresh_shown(&mut self) -> Change {
        let session = self.session.borrow();
        self.shown
            .refresh(&session, self.route.room(), &self.failures)
    }

    fn perform(&mut self, ctx: &Context<Self>, output: Output) -> bool {
        match output {
            Output::Connect {
                generation,
                transport,
            } => {
                if !self.may_connect(transport) {
                    self.actions.input.emit(broken(generation));
                    return false;
                }
                let me = self.session.borrow().me().map(|person| person.id);
                let inputs = self.weathering.inputs(ctx.link());
                let to = |me| To {
                    inputs,
                    generation,
                    me,
                };
                if let Some(socket) = me.and_then(|me| Socket::connect(to(me), transport)) {
                    socket.watch();
                    self.sockets.push(socket);
                }
                return false;
            }
            Output::Transmit { generation, text } => {
                let thing = Passing::Out(generation, text);
                if let Some(thing) = self.weathering.take(thing, ctx.link()) {
                    self.passed(thing);
                }
                return false;
            }
            Output::Disconnect { generation, code } => {
                if let Some(socket) = self.drop_socket(generation) {
                    socket.close(code);
                }
                return false;
            }
            Output::Keep(draft) => self.keep(ctx, draft),
            Output::Forget { client_id } => self.forget(client_id),
            Output::Failed { client_id, problem } => {
                self.note_failure(client_id, &problem);
                self.tell(&Told::Failed { client_id, problem });
            }
            Output::Alert(alert) => {
                // What it is about is in the list by now.
                self.refresh_shown();
                self.alert(ctx, &alert);
            }
            Output::Withdraw { room } => {
                self.desktop.withdraw(room);
                return false;
            }
            Output::Joined { room } => {
                self.creating = (Creating::No, None);
                self.go(Route::Room(room));
            }
            Output::Refused { asked, problem } => match asked {
                Asked::Create {
                    client_id, name, ..
                } if self.creating.1 == Some(client_id) => {
                    self.creating = (Creating::Refused(name, problem), None);
                }
                Asked::Create { .. } => {}
                Asked::Join { .. } => self.notice = Some(Notice::Join(problem)),
                Asked::OpenDirect { .. } => self.notice = Some(Notice::Direct(problem)),
                // A room that one is not in has no panel, what was not found is asked for again with the next letter, and what
                // was noted is noted here.
                Asked::ListMembers { .. }
                | Asked::FindPeople { .. }
                | Asked::Noted { .. }
                | Asked::Receipts { .. }
                | Asked::Journey { .. }
                | Asked::Watch { .. } => {}
                Asked::Read { .. }
                | Asked::PlaceAt { .. }
                | Asked::Pins { .. }
                | Asked::History { .. } => self.notice = Some(Notice::Read(problem)),
                Asked::ListRooms => self.notice = Some(Notice::List(problem)),
                // The session keeps it beside what was found; a room that one is not in has no level.
                Asked::Search { .. } | Asked::Choose(_) => {}
            },
        }
        true
    }

    fn note_way(&mut self) {
        let session = self.session.borrow();
        let connection = session.connection();
        let way = Some((connection.transport, connection.why));
        if connection.is_live() && self.way != way {
            self.way = way;
            transport::note(connection);
        }
    }

    fn drop_socket(&mut self, generation: Generation) -> Option<Socket> {
        let mut sockets = self.sockets.iter();
        let at = sockets.position(|it| it.generation() == generation)?;
        Some(self.sockets.remove(at))
    }

    fn arm_timer(&mut self, ctx: &Context<Self>) {
        let wake_at = self.session.borrow().wake_at();
        if self.timer.as_ref().map(|(at, _)| *at) == wake_at {
            return;
        }
        self.timer = wake_at.map(|at| {
            let link = ctx.link().clone();
            let wait = (at - clock::ticks()).min(i32::MAX as u64) as u32;
            let fire = move || link.send_message(Msg::Input(Input::Timer));
            (at, Timeout::new(wait, fire))
        });
    }
}
