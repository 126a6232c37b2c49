//! The day that the reader looks at, and the way to another one: the browser's own date input.

use shared::ids::{Seq, Timestamp};
use shared::session::io::Input;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::locale::format::{Day, day_begins, day_value};
use crate::locale::words::Words;
use crate::timeline::{Timeline, TimelineProps, anchor, rows};

/// Before that year nobody has written here: who types "2026" has typed "2", "20" and "202" first.
const FIRST_YEAR: u32 = 2_000;

impl Timeline {
    /// Notes what is at the top of the screen, and says whether it is of another day than before.
    pub(super) fn note_top(&mut self, props: &TimelineProps) -> bool {
        let now = self.event_at_top(props);
        let before = std::mem::replace(&mut self.at_top, now);
        let day = |at: Option<(Seq, Timestamp)>| at.map(|(_, at)| Day::of(at));
        day(before) != day(now)
    }

    fn event_at_top(&self, props: &TimelineProps) -> Option<(Seq, Timestamp)> {
        let scroller = self.scroller.cast::<HtmlElement>()?;
        let list = self.list.cast::<Element>()?;
        let top = scroller.get_bounding_client_rect().top();
        let first = anchor::first_below(&list.children(), top) as usize;
        let rows = props.rows.get(self.window.range().start + first..)?;
        rows.iter()
            .find_map(|row| rows::seq(row).zip(rows::moment(row)))
    }
}

/// The day, with the date input over it. `name` is how the day is called.
pub(super) fn picker(
    shown: bool,
    day: Option<(Timestamp, AttrValue)>,
    today: Timestamp,
    props: &TimelineProps,
    words: &Words,
) -> Html {
    let (value, name) = match day {
        Some((at, name)) => (day_value(at), name),
        None => Default::default(),
    };
    let room = props.room;
    let input = props.actions.input.clone();
    let onchange = move |event: Event| {
        let picked = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let at = picked.and_then(|it| day_begins(&it.value(), FIRST_YEAR));
        if let Some(at) = at {
            input.emit(Input::OpenWhen { room, at });
        }
    };
    html! {
        <div class="day-picker" data-shown={shown.to_string()} hidden={name.is_empty()}>
            <span aria-hidden="true">{ name }</span>
            <input type="date" aria-label={words.to_date} title={words.to_date} {value} max={day_value(today)} {onchange} />
        </div>
    }
}
