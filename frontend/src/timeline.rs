//! The timeline of a room: a window of rows over a long log, which never moves under the reader's eyes.

pub mod anchor;
pub mod body;
mod day;
mod delivery;
mod edges;
mod files;
mod landing;
pub mod message;
mod motion;
mod pointing;
pub mod quote;
mod readers;
pub mod row;
pub mod rows;
mod seen;
mod tools;
pub mod window;

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use shared::ids::{RoomId, Seq, Timestamp};
use shared::markdown::plain;
use shared::protocol::Person;
use shared::session::io::Input;
use shared::session::views::Row;
use shared::text::RoomName;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use crate::browser::{clock, document};
use crate::chat::actions::Actions;
use crate::chat::shown::Beside;
use crate::conversation::Wish;
use crate::locale::Locale;
use crate::locale::format::Day;
use crate::timeline::anchor::Anchor;
use crate::timeline::landing::Landing;
use crate::timeline::motion::Holding;
use crate::timeline::row::RowView;
use crate::timeline::rows::RowKey;
use crate::timeline::window::Window;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TimelineProps {
    pub room: RoomId,
    pub name: RoomName,
    /// The room is a direct one.
    pub direct: bool,
    /// The reader and one other person are in it.
    pub alone: bool,
    pub me: Person,
    pub rows: Rc<Vec<Row>>,
    pub beside: Rc<Beside>,
    /// Whether messages go out at once.
    pub live: bool,
    /// The message that is in the composer.
    pub editing: Option<Seq>,
    pub actions: Actions,
    pub on_wish: Callback<Wish>,
}

/// What happens to the timeline.
#[derive(Debug)]
pub enum Msg {
    /// The reader scrolled.
    Scrolled,
    /// The space for it changed, or the height of what is in it.
    Resized,
    /// What has changed is laid out.
    Settled,
    /// The page can be seen, or not any more.
    Visible,
    /// It is time to look at what is on the screen.
    Look,
    /// The reader wants to see the newest.
    ToPresent,
    /// An arrow key, on the element that has the focus.
    Step(Element, bool),
    /// A message is pointed at, or none.
    Point(Option<Seq>),
    /// The place that the reader was brought to was marked for long enough.
    Unmark,
    /// The language changed.
    Locale(Locale),
}

/// The timeline.
#[derive(Debug)]
pub struct Timeline {
    locale: Locale,
    window: Window,
    scroller: NodeRef,
    list: NodeRef,
    /// The reader is at the end and stays there.
    at_end: bool,
    /// The first row in the page and how far the reader had scrolled when last looked at. Under another first row the
    /// distance tells nothing: the browser scrolls by what comes and goes above.
    scrolled: Option<(Element, i32)>,
    anchor: Anchor,
    /// The browser keeps the place by itself.
    native: bool,
    settling: Option<Timeout>,
    /// The number of the opening that was seen last.
    opened: u64,
    /// Where the reader is to be brought.
    landing: Option<Landing>,
    /// Where the reader was brought a moment ago.
    marked: Option<Seq>,
    unmark: Option<Timeout>,
    /// The last event that the session was told to be seen.
    told_seen: Option<Seq>,
    looking: Option<Timeout>,
    /// The first event on the screen, when last looked at.
    at_top: Option<(Seq, Timestamp)>,
    /// The newest event that was read aloud, or was there before.
    announced: Option<Seq>,
    announcement: String,
    /// The message that shows what can be done with it.
    pointed: Option<Seq>,
    /// Watches the heights for as long as it is held.
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
    /// Watches which rows come and go, likewise.
    holding: Option<Holding>,
    _visible: EventListener,
    _locale: ContextHandle<Locale>,
}

impl Component for Timeline {
    type Message = Msg;
    type Properties = TimelineProps;

    fn create(ctx: &Context<Self>) -> Self {
        let (locale, handle) = ctx
            .link()
            .context(ctx.link().callback(Msg::Locale))
            .expect("the app provides a locale to every component");
        let link = ctx.link().clone();
        let rows = &ctx.props().rows;
        let mut timeline = Self {
            locale,
            window: Window::newest(rows.len()),
            scroller: NodeRef::default(),
            list: NodeRef::default(),
            at_end: true,
            scrolled: None,
            anchor: Anchor::default(),
            native: false,
            settling: None,
            opened: 0,
            landing: None,
            marked: None,
            unmark: None,
            told_seen: None,
            looking: None,
            at_top: None,
            announced: ctx.props().beside.last,
            announcement: String::new(),
            pointed: None,
            observer: None,
            holding: None,
            _visible: EventListener::new(&document(), "visibilitychange", move |_| {
                link.send_message(Msg::Visible);
            }),
            _locale: handle,
        };
        timeline.set_out(ctx.props());
        timeline.approach(ctx.props());
        timeline
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Scrolled => self.scrolled(ctx),
            Msg::Resized => {
                self.keep_place();
                self.settle(ctx);
                false
            }
            Msg::Settled => {
                self.settling = None;
                self.extend(ctx)
            }
            Msg::Visible => {
                self.returned(ctx);
                false
            }
            Msg::Look => {
                self.looking = None;
                self.note_seen(ctx);
                self.note_top(ctx.props())
            }
            Msg::Unmark => std::mem::take(&mut self.marked).is_some(),
            Msg::ToPresent => {
                self.landing = None;
                self.at_end = true;
                self.scrolled = None;
                self.window = Window::newest(ctx.props().rows.len());
                true
            }
            Msg::Step(from, down) => {
                motion::step(&from, down);
                false
            }
            Msg::Point(pointed) => std::mem::replace(&mut self.pointed, pointed) != pointed,
            Msg::Locale(locale) => {
                self.take_anchor();
                self.locale = locale;
                true
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &TimelineProps) -> bool {
        let props = ctx.props();
        self.set_out(props);
        if self.approach(props) {
            return true;
        }
        if Rc::ptr_eq(&props.rows, &old.rows) {
            return *props != *old;
        }
        self.take_anchor();
        if self.wrote_something(&old.rows, props) {
            self.at_end = true;
            self.scrolled = None;
            self.window = Window::newest(props.rows.len());
        } else {
            self.follow(&old.rows, props);
        }
        self.announce(props);
        if self.at_end {
            // Before it is drawn, so that it is drawn once: as something that is read.
            self.note_seen(ctx);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let now = clock::now().clock;
        let me = props.me.id;
        let range = self.window.range();
        let divider = props.beside.opening.divider;
        let readers = readers::by_message(&props.rows, &props.beside.receipts);
        let new_at = divider.and_then(|it| seen::first_new(&props.rows, it.after, me));
        let rows = range.map(|at| {
            let row = &props.rows[at];
            let place = rows::place(&props.rows[..at], row, me);
            // Only what waits looks different without a connection.
            let live = props.live || !matches!(row, Row::Pending(_));
            let day = place.starts_day.map(|at| self.day(at, now));
            let (seq, changed) = rows::message(row);
            let under = |(at, _): &&(Seq, Person)| seq.is_some() && Some(*at) == seq;
            let readers = readers.iter().filter(under).map(|(_, reader)| reader.clone());
            let edited = changed.map(|at| props.beside.edited.get(&at).copied());
            let quote = rows::answers(row).map(|seq| (seq, props.beside.quotes.get(&seq).cloned()));
            html! {
                <RowView key={RowKey::of(row, me).text()} row={row.clone()} {edited} {quote} readers={readers.collect::<Vec<_>>()} alone={props.alone}
                    pointed={seq.is_some() && seq == self.pointed} marked={self.marked.is_some() && rows::seq(row) == self.marked} editing={seq.is_some() && seq == props.editing}
                    on_wish={props.on_wish.clone()} room={props.room}
                    divider={divider.filter(|_| new_at == Some(at)).map(|it| it.read)}
                    name={props.name.clone()} direct={props.direct} starts_group={place.starts_group || new_at == Some(at)} {day}
                    mine={rows::is_mine(row, me)} me={props.me.clone()} {live} actions={props.actions.clone()} />
            }
        });
        let top_day = self.at_top.map(|(_, at)| (at, self.day(at, now)));
        let jump = ctx.link().callback(|_| Msg::ToPresent);
        let onkeydown = ctx.link().batch_callback(motion::key_step);
        html! {
            <div class="timeline">
                <div ref={&self.scroller} class="timeline-scroll" role="log" aria-live="off" tabindex="0"
                    aria-label={self.locale.words.timeline_of(&props.name)}
                    onscroll={ctx.link().callback(|_| Msg::Scrolled)} {onkeydown}>
                    <div ref={&self.list} class="rows" oncontextmenu={pointing::menu(&props.on_wish)} onpointerover={ctx.link().batch_callback(pointing::over)}
                        onpointermove={ctx.link().batch_callback(pointing::moved)}
                        onpointerleave={ctx.link().batch_callback(pointing::left)}
                        onfocusin={ctx.link().batch_callback(pointing::focused)}
                        onfocusout={ctx.link().batch_callback(pointing::blurred)}>{ for rows }</div>
                </div>
                { edges::empty(props.rows.is_empty(), props.live, self.locale.words) }
                { day::picker(!self.at_end, top_day, now, props, self.locale.words) }
                { edges::to_present(!self.at_end, props.beside.unread, jump, &self.locale) }
                { edges::typing(&props.beside.writers, self.locale.words) }
                { edges::announcer(&self.announcement) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.observe(ctx);
        }
        self.land(ctx);
        self.look_soon(ctx);
        self.keep_place();
        self.note_seen(ctx);
        self.settle(ctx);
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        let at = self.at_top.filter(|_| !self.at_end).map(|(seq, _)| seq);
        let room = ctx.props().room;
        ctx.props().actions.input.emit(Input::Left { room, at });
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
        if let Some((holding, _)) = &self.holding {
            holding.disconnect();
        }
    }
}

impl Timeline {
    fn day(&self, at: Timestamp, now: Timestamp) -> AttrValue {
        let words = self.locale.words;
        match Day::of(at) {
            day if day == Day::of(now) => words.today.into(),
            day if day == Day::before(now) => words.yesterday.into(),
            _ => self.locale.format.day(at, now).into(),
        }
    }

    /// Reads out what others just said, and only that: history that is loaded is not news.
    fn announce(&mut self, props: &TimelineProps) {
        if let Some(announced) = self.announced {
            let words = self.locale.words;
            self.announcement = match rows::news(&props.rows, announced, props.me.id) {
                (0, _) => return,
                (1, Some((who, body))) => words.said(&who.name, &plain(body)),
                (n, _) => words.several_new(&self.locale.format.number(n)),
            };
        }
        self.announced = props.beside.last;
    }
}
