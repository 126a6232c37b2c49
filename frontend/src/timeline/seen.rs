//! What the reader has had on the screen, and where what is new begins.

use gloo_timers::callback::Timeout;
use shared::ids::{PersonId, Seq};
use shared::protocol::{Content, Event};
use shared::session::io::Input;
use shared::session::views::Row;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::browser::is_visible;
use crate::timeline::rows;
use crate::timeline::{Msg, Timeline, TimelineProps, anchor};

/// Milliseconds of scrolling between two looks at what is on the screen.
const LOOK_MS: u32 = 250;

impl Timeline {
    /// Tells the session up to where the room is read.
    pub(super) fn note_seen(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        if !is_visible() || self.landing.is_some() {
            return;
        }
        let is_missing = matches!(props.rows.last(), Some(Row::Gap { .. }) | None);
        let seen = if self.at_end && !is_missing {
            // What changes a message has no row, and is seen in that message.
            props.beside.last
        } else {
            self.last_read(props)
        };
        if let Some(seq) = seen.filter(|seq| Some(*seq) > self.told_seen) {
            self.told_seen = Some(seq);
            let room = props.room;
            props.actions.input.emit(Input::Seen { room, seq });
        }
    }

    /// Looks a moment later, once for all the scrolling until then.
    pub(super) fn look_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let look = move || link.send_message(Msg::Look);
        self.looking
            .get_or_insert_with(|| Timeout::new(LOOK_MS, look));
    }

    /// The page can be seen again: what came meanwhile is new.
    pub(super) fn returned(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        if is_visible() && self.told_seen.is_some() && props.beside.last > self.told_seen {
            let room = props.room;
            props.actions.input.emit(Input::Returned { room });
        }
        self.note_seen(ctx);
    }

    /// The last row on the screen, if everything between what was read and it has been there. Who has jumped over some
    /// of it has not read that.
    fn last_read(&self, props: &TimelineProps) -> Option<Seq> {
        let read = self.told_seen?;
        let range = self.window.range();
        let last = range.start + self.rows_shown()?.checked_sub(1)?;
        let rows = props.rows.get(range.start..=last)?;
        let first = rows.iter().find_map(rows::seq)?;
        let leaves_out = |row: &Row| matches!(row, Row::Gap { span, .. } if span.to > read);
        if first > read.next() || rows.iter().any(leaves_out) {
            return None;
        }
        rows::last_seq(rows)
    }

    /// How many rows of the page end above the lower edge of the screen.
    fn rows_shown(&self) -> Option<usize> {
        let scroller = self.scroller.cast::<HtmlElement>()?;
        let list = self.list.cast::<Element>()?;
        let bottom = scroller.get_bounding_client_rect().bottom();
        Some(anchor::first_below(&list.children(), bottom + 1.0) as usize)
    }
}

/// The row above which the line stands: the first message of others behind `after`.
pub(super) fn first_new(rows: &[Row], after: Seq, me: PersonId) -> Option<usize> {
    let is_new = |event: &Event| {
        event.seq > after
            && event.author.id != me
            && matches!(event.content, Content::Message { .. })
    };
    rows.iter()
        .position(|row| matches!(row, Row::Event(event) if is_new(event)))
}
