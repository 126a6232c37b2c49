//! What the browser's tab shows: the room, how much is unread, and a dot on the icon.

use gloo_timers::callback::Timeout;

use crate::browser::document;
use crate::chat::Chat;
use crate::chat::shown::RoomItem;

/// Milliseconds that a title has to hold before it is shown: what arrives in the room that is read counts as unread for a
/// moment only.
const TITLE_MS: u32 = 60;

/// The icon with a dot, for when something is unread; with a number in it, when that concerns the person.
fn dotted(calls: u64) -> String {
    let (size, number) = match calls {
        0 => (8, String::new()),
        1..10 => (11, calls.to_string()),
        _ => (11, "9+".to_owned()),
    };
    format!(
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>\
<path fill='%235b4fd6' d='M9 3h14a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6H12.5l-6.2 4.7A.8.8 0 0 1 5 28v-5.5A6 6 0 0 1 3 18V9a6 6 0 0 1 6-6Z'/>\
<circle cx='{at}' cy='{size}' r='{size}' fill='%23e5484d'/>\
<text x='{at}' y='16' font-family='sans-serif' font-weight='700' font-size='15' text-anchor='middle' fill='white'>{number}</text></svg>",
        at = 32 - size
    )
}

/// The title, the icon as it is without a dot, and what is about to be shown.
#[derive(Debug, Default)]
pub struct Title {
    text: String,
    calls: u64,
    icon: Option<String>,
    showing: Option<Timeout>,
}

impl Chat {
    pub(super) fn show_title(&mut self) {
        let rooms = &self.shown.rooms;
        let heard = rooms.iter().filter(|room| room.stands_out());
        let unread: u64 = heard.map(|room| room.unread).sum();
        let calls: u64 = rooms.iter().map(RoomItem::calls).sum();
        let room = rooms.iter().find(|room| Some(room.id) == self.route.room());
        let name = room.map_or(String::new(), |room| format!("{} · ", room.name));
        let count = match unread {
            0 => String::new(),
            1..100 => format!("({unread}) "),
            _ => "(99+) ".to_owned(),
        };
        let text = format!("{count}{name}Parlance");
        if (&text, calls) == (&self.title.text, self.title.calls) {
            return;
        }
        let icon = self
            .title
            .icon
            .get_or_insert_with(|| icon().unwrap_or_default());
        let icon = if unread == 0 {
            icon.clone()
        } else {
            dotted(calls)
        };
        self.title.text.clone_from(&text);
        self.title.calls = calls;
        self.title.showing = Some(Timeout::new(TITLE_MS, move || {
            document().set_title(&text);
            set_icon(&icon);
        }));
    }
}

fn icon_link() -> Option<web_sys::Element> {
    document().query_selector("link[rel='icon']").ok()?
}

fn icon() -> Option<String> {
    icon_link()?.get_attribute("href")
}

fn set_icon(href: &str) {
    if let Some(link) = icon_link() {
        let _ = link.set_attribute("href", href);
    }
}
