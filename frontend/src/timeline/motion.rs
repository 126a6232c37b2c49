//! How the timeline moves: which rows come into the page, and where the reader stays meanwhile.

use gloo_timers::callback::Timeout;
use shared::ids::{ClientId, Seq};
use shared::protocol::Span;
use shared::session::io::Input;
use shared::session::timeline::STEP_EVENTS;
use shared::session::views::Row;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};
use yew::prelude::*;

use crate::timeline::anchor::{self, Anchor};
use crate::timeline::rows::RowKey;
use crate::timeline::{Msg, Timeline, TimelineProps};

/// Screens between the reader and an edge of the window at which more rows come in.
const AHEAD_SCREENS: i32 = 2;

/// Milliseconds in which a page is laid out and scrolled after a change: two frames.
const SETTLE_MS: u32 = 34;

/// What is missing near the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Older rows that are held.
    Older,
    /// Newer rows that are held.
    Newer,
    /// Older events, from the server.
    Load,
    /// What is left out between two events that are held.
    Fill(Span),
}

impl Timeline {
    pub(super) fn scrolled(&mut self, ctx: &Context<Self>) -> bool {
        let was_at_end = self.at_end;
        if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
            let newest = self.window.is_at_end(ctx.props().rows.len());
            // What grew below did not move the reader: only scrolling up leaves the end.
            let stays = self.at_end && !self.has_left(&scroller);
            self.at_end = newest && (anchor::is_at_end(&scroller) || stays);
            self.note_scrolled();
            if self.at_end {
                self.keep_place();
            }
        }
        self.take_anchor();
        self.look_soon(ctx);
        let other_day = self.note_top(ctx.props());
        let extended = self.settling.is_none() && self.extend(ctx);
        extended || other_day || was_at_end != self.at_end
    }

    /// Brings in what is missing near the reader, and says whether the page has to be drawn again.
    pub(super) fn extend(&mut self, ctx: &Context<Self>) -> bool {
        let props = ctx.props();
        match self.wish(props) {
            None => return false,
            Some(Wish::Older) => self.window = self.window.older(),
            Some(Wish::Newer) => self.window = self.window.newer(props.rows.len()),
            Some(Wish::Load) => {
                let room = props.room;
                props.actions.input.emit(Input::LoadOlder { room });
                return false;
            }
            Some(Wish::Fill(span)) => {
                let room = props.room;
                props.actions.input.emit(Input::LoadGap { room, span });
                return false;
            }
        }
        self.take_anchor();
        true
    }

    pub(super) fn wish(&self, props: &TimelineProps) -> Option<Wish> {
        let scroller = self.scroller.cast::<HtmlElement>()?;
        let (above, below) = anchor::room_around(&scroller);
        let ahead = scroller.client_height() * AHEAD_SCREENS;
        let can_load = matches!(props.rows.first(), Some(Row::Older(_)))
            && !matches!(props.rows.get(1), Some(Row::Gap { loading: true, .. }));
        let newest = self.window.is_at_end(props.rows.len());
        if above < ahead && !self.window.is_at_start() {
            Some(Wish::Older)
        } else if above < ahead && can_load {
            Some(Wish::Load)
        } else if below < ahead && !newest {
            Some(Wish::Newer)
        } else {
            self.gap_near(props, &scroller).map(Wish::Fill)
        }
    }

    /// The next step into a gap that the reader nears, from their side of it.
    fn gap_near(&self, props: &TimelineProps, scroller: &HtmlElement) -> Option<Span> {
        let list = self.list.cast::<Element>()?.children();
        let screen = scroller.get_bounding_client_rect();
        let ahead = screen.height() * f64::from(AHEAD_SCREENS);
        let range = self.window.range();
        range.clone().find_map(|at| {
            let span = gap_to_fill(&props.rows, at)?;
            let row = list.item((at - range.start) as u32)?;
            let row = row.get_bounding_client_rect();
            if row.bottom() < screen.top() - ahead || row.top() > screen.bottom() + ahead {
                return None;
            }
            let is_above = row.top() + row.bottom() < screen.top() + screen.bottom();
            Some(if is_above {
                let from = span.to.back(STEP_EVENTS - 1).max(span.from);
                Span { from, ..span }
            } else {
                let to = Seq(span.from.0 + STEP_EVENTS - 1).min(span.to);
                Span { to, ..span }
            })
        })
    }

    /// At the end there is nothing to hold on to but the end.
    pub(super) fn take_anchor(&mut self) {
        if self.at_end {
            return;
        }
        let places = (
            self.scroller.cast::<HtmlElement>(),
            self.list.cast::<Element>(),
        );
        if let (Some(scroller), Some(list)) = places {
            self.anchor = Anchor::take(&scroller, &list);
        }
    }

    /// After the page has changed: the end stays at the end, anything else stays where it was.
    pub(super) fn keep_place(&mut self) {
        if self.hold_place() {
            self.note_scrolled();
            self.take_anchor();
        }
    }

    /// The scrolling for it. False while the reader is leaving the end, of which an event is on its way.
    fn hold_place(&self) -> bool {
        let Some(scroller) = self.scroller.cast::<HtmlElement>() else {
            return false;
        };
        if self.at_end {
            if self.has_left(&scroller) && !anchor::is_at_end(&scroller) {
                return false;
            }
            anchor::to_end(&scroller);
        } else if !self.native || scroller.scroll_top() == 0 || self.anchor.is_lost() {
            self.anchor.restore(&scroller);
        }
        true
    }

    /// Whether the reader has scrolled up since last looked at. The page may be half drawn at this moment.
    fn has_left(&self, scroller: &HtmlElement) -> bool {
        let up = |(first, top): &(Element, i32)| {
            scroller.scroll_top() < *top && self.first_row().as_ref() == Some(first)
        };
        self.scrolled.as_ref().is_some_and(up)
    }

    pub(super) fn note_scrolled(&mut self) {
        let scroller = self.scroller.cast::<HtmlElement>();
        let top = scroller.map(|scroller| scroller.scroll_top());
        self.scrolled = self.first_row().zip(top);
    }

    fn first_row(&self) -> Option<Element> {
        self.list.cast::<Element>()?.first_element_child()
    }

    /// Whether the last of the new rows was just written here: then the writer wants to see it.
    pub(super) fn wrote_something(&self, old: &[Row], props: &TimelineProps) -> bool {
        let written = |row: Option<&Row>| -> Option<ClientId> {
            match row? {
                Row::Pending(entry) => Some(entry.draft.client_id),
                _ => None,
            }
        };
        let Some(id) = written(props.rows.last()) else {
            return false;
        };
        let before = old.iter().rev().map(|row| RowKey::of(row, props.me.id));
        !before.take(100).any(|key| key == RowKey::Mine(id))
    }

    /// The window after the rows have changed: on the same rows, above all those that the reader looks at. What came or went
    /// elsewhere in the window moves its edges only.
    pub(super) fn follow(&mut self, old: &[Row], props: &TimelineProps) {
        let key = |row: &Row| RowKey::of(row, props.me.id);
        let range = self.window.range();
        // At the end only the last row must stay one, which it does: the page need not be measured.
        let row = if self.at_end {
            None
        } else {
            self.first_on_screen()
        };
        let first = row.map_or(range.start, |row| range.start + row);
        let first = first.clamp(range.start, range.end);
        let mut outwards = (first..range.end).chain((range.start..first).rev());
        let kept = outwards.find_map(|at| {
            let wanted = old.get(at).map(key).filter(|key| *key != RowKey::Top)?;
            let now = props.rows.iter().position(|row| key(row) == wanted)?;
            Some((at, now))
        });
        let (before, now) = kept.unwrap_or((range.start, range.start));
        let len = props.rows.len();
        self.window = self.window.moved(before, now, len, self.at_end);
    }

    /// Which of the rows in the page is the first one on the screen.
    fn first_on_screen(&self) -> Option<usize> {
        let scroller = self.scroller.cast::<HtmlElement>()?;
        let rows = self.list.cast::<Element>()?.children();
        let top = scroller.get_bounding_client_rect().top();
        Some(anchor::first_below(&rows, top) as usize)
    }

    /// Looks again for what is missing once the page is laid out: until then a browser that anchors has not scrolled,
    /// and every step would seem to need another one.
    pub(super) fn settle(&mut self, ctx: &Context<Self>) {
        if self.settling.is_none() && self.wish(ctx.props()).is_some() {
            let link = ctx.link().clone();
            let settled = move || link.send_message(Msg::Settled);
            self.settling = Some(Timeout::new(SETTLE_MS, settled));
        }
    }

    /// Holds the place as soon as rows have come or gone. When drawing took long, yew lets the browser paint before it says
    /// that it is done (`YIELD_DEADLINE_MS` in its scheduler): the reader would see a frame of another place.
    fn hold_before_paint(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let hold = move || {
            if let Some(timeline) = link.get_component() {
                timeline.hold_place();
            }
        };
        let changed = Closure::<dyn FnMut()>::new(hold);
        let observer = MutationObserver::new(changed.as_ref().unchecked_ref());
        if let (Ok(observer), Some(list)) = (observer, self.list.cast::<Element>()) {
            let rows = MutationObserverInit::new();
            rows.set_child_list(true);
            let _ = observer.observe_with_options(&list, &rows);
            self.holding = Some((observer, changed));
        }
    }

    pub(super) fn observe(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let resized = Closure::<dyn FnMut()>::new(move || link.send_message(Msg::Resized));
        let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
            return;
        };
        for node in [&self.scroller, &self.list] {
            if let Some(element) = node.cast::<Element>() {
                observer.observe(&element);
            }
        }
        self.observer = Some((observer, resized));
        self.hold_before_paint(ctx);
        let scroller = self.scroller.cast::<HtmlElement>();
        self.native = scroller.is_some_and(|scroller| anchor::is_native(&scroller));
    }
}

/// What watches the rows that come and go.
pub(super) type Holding = (MutationObserver, Closure<dyn FnMut()>);

/// The gap at this row, if there is one. One of which a part loads already waits for that.
fn gap_to_fill(rows: &[Row], at: usize) -> Option<Span> {
    let gap = |at: usize| match rows.get(at)? {
        Row::Gap { span, loading } => Some((*span, *loading)),
        _ => None,
    };
    let loads = |at: Option<usize>| at.and_then(gap).is_some_and(|(_, loading)| loading);
    let (span, loading) = gap(at)?;
    (!loading && !loads(at.checked_sub(1)) && !loads(Some(at + 1))).then_some(span)
}

/// Up and down go from message to message.
pub(super) fn key_step(event: KeyboardEvent) -> Option<Msg> {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return None,
    };
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    let from = event.target_dyn_into::<Element>()?;
    event.prevent_default();
    Some(Msg::Step(from, down))
}

/// Moves the focus from a row to its neighbour, or from the timeline to its last row.
pub(super) fn step(from: &Element, down: bool) {
    let row = from.closest("[data-row]").ok().flatten();
    let next = match row {
        Some(row) if down => row.next_element_sibling(),
        Some(row) => row.previous_element_sibling(),
        None => from
            .first_element_child()
            .and_then(|list| list.last_element_child()),
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
