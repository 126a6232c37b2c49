//! Brings the reader to a place of the log, as soon as it is held.

use gloo_timers::callback::Timeout;
use shared::session::views::Place;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::timeline::anchor;
use crate::timeline::rows;
use crate::timeline::window::Window;
use crate::timeline::{Msg, Timeline, TimelineProps};

/// Milliseconds for which the place is marked.
const MARK_MS: u32 = 2_500;

/// The part of the screen that stays above a place that was asked for, and above what is new.
const ABOVE: f64 = 0.3;
const ABOVE_NEW: f64 = 0.15;

/// A place that the reader is to be brought to.
#[derive(Debug)]
pub(super) enum Landing {
    /// It is not held yet.
    Bound(Place),
    /// Its row is in the page with the next drawing.
    Row(usize, Place),
}

impl Timeline {
    /// The room was opened, or opened again: then the reader may want to be elsewhere.
    pub(super) fn set_out(&mut self, props: &TimelineProps) {
        let opening = props.beside.opening;
        if std::mem::replace(&mut self.opened, opening.n) == opening.n {
            return;
        }
        if let Some(divider) = opening.divider {
            self.told_seen = Some(divider.after);
        }
        if let Some(place) = opening.at {
            self.landing = Some(Landing::Bound(place));
            self.at_end = false;
        }
    }

    /// Puts the row of the place into the page, once it is held. Says whether the page has to be drawn.
    pub(super) fn approach(&mut self, props: &TimelineProps) -> bool {
        let Some(Landing::Bound(place)) = self.landing else {
            return false;
        };
        let Some(at) = rows::at_place(&props.rows, place.seq()) else {
            return false;
        };
        self.window = Window::around(at, props.rows.len());
        self.landing = Some(Landing::Row(at, place));
        self.marked = rows::seq(&props.rows[at]).filter(|_| matches!(place, Place::Asked(_)));
        true
    }

    /// Shows the row; one that was asked for gets the focus.
    pub(super) fn land(&mut self, ctx: &Context<Self>) {
        let Some(&Landing::Row(at, place)) = self.landing.as_ref() else {
            return;
        };
        self.landing = None;
        let places = (
            self.scroller.cast::<HtmlElement>(),
            self.list.cast::<Element>(),
        );
        let (Some(scroller), Some(list)) = places else {
            return;
        };
        let nth = at.saturating_sub(self.window.range().start);
        let row = list.children().item(nth as u32);
        let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let asked = matches!(place, Place::Asked(_));
        if asked {
            // Before the scrolling, because it scrolls as well.
            let _ = row.focus();
        }
        let screen = scroller.get_bounding_client_rect();
        let below = row.get_bounding_client_rect().top() - screen.top();
        let above = match place {
            Place::Asked(_) => ABOVE,
            Place::Unread(_) => ABOVE_NEW,
            Place::Left(_) => 0.0,
        };
        scroller.scroll_by_with_x_and_y(0.0, below - screen.height() * above);
        let newest = self.window.is_at_end(ctx.props().rows.len());
        self.at_end = newest && anchor::is_at_end(&scroller);
        self.note_scrolled();
        self.take_anchor();
        if !asked {
            return;
        }
        let link = ctx.link().clone();
        let unmark = move || link.send_message(Msg::Unmark);
        self.unmark = Some(Timeout::new(MARK_MS, unmark));
    }
}
