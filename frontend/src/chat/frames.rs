//! When the views are drawn: whatever the session has learnt is on the screen with the next frame, and drawn as seldom as that
//! allows.
//!
//! A room in which much is said, and the several small changes that follow from one message, would otherwise be drawn more
//! often than anybody can see.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::html::Scope;

use crate::browser::{is_visible, window};
use crate::chat::{Chat, Msg};

/// What has changed for the views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing.
    #[default]
    None,
    /// Something beside the timeline: it comes with the next frame.
    Beside,
    /// The rows of the timeline: they are drawn at once, unless they were drawn in this frame already.
    Rows,
}

/// The frame that the browser shows next.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// It was asked for.
    asked: bool,
    /// The rows as they are in it were drawn.
    has_rows: bool,
    /// What is to be drawn in it.
    due: Change,
}

impl Frames {
    /// Takes a change, and says whether it is drawn now. A page that nobody sees has no frames and does not wait for them.
    pub(super) fn take(&mut self, change: Change, link: &Scope<Chat>) -> bool {
        self.due = self.due.max(change);
        if self.due == Change::None {
            return false;
        }
        self.ask(link);
        let at_once = self.due == Change::Rows && !self.has_rows;
        (at_once || !is_visible()) && self.draw()
    }

    /// The frame is about to be shown: whether there is something to draw. What comes until the next one waits for that if the
    /// rows were drawn just now.
    pub(super) fn begin(&mut self, link: &Scope<Chat>) -> bool {
        (self.asked, self.has_rows) = (false, false);
        if self.due == Change::Rows {
            self.ask(link);
        }
        self.draw()
    }

    /// Everything is drawn.
    fn draw(&mut self) -> bool {
        let due = std::mem::take(&mut self.due);
        self.has_rows |= due == Change::Rows;
        due != Change::None
    }

    fn ask(&mut self, link: &Scope<Chat>) {
        if !self.asked {
            let link = link.clone();
            let begin = Closure::once_into_js(move || link.send_message(Msg::Frame));
            self.asked = window()
                .request_animation_frame(begin.unchecked_ref())
                .is_ok();
        }
    }
}
