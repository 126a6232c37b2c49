//! Which room is shown, in step with the address bar.

use shared::session::io::Input;

use crate::browser::storage::Store;
use crate::chat::Chat;
use crate::chat::frames::Change;
use crate::route::Route;

const LAST_ROOM_KEY: &str = "parlance.room";

impl Chat {
    pub(super) fn go(&mut self, route: Route) {
        if route != self.route {
            route.push();
        }
        self.show(route);
    }

    pub(super) fn show(&mut self, route: Route) {
        self.route = route;
        if let Some(room) = route.room() {
            // Not being kept only means that the next visit starts elsewhere.
            let _ = Store::Tab.set(LAST_ROOM_KEY, &room.to_string());
            self.handle(match route {
                Route::At(room, seq) => Input::OpenAt { room, seq },
                _ => Input::Open { room },
            });
        }
    }

    /// Where there is space for both, a room is shown beside the list: the last one, or the first.
    pub(super) fn show_some_room(&mut self) -> Change {
        let last = Store::Tab.get(LAST_ROOM_KEY).and_then(|id| id.parse().ok());
        let mut rooms = self.shown.rooms.iter().map(|room| room.id);
        let Some(room) = rooms.clone().find(|id| Some(*id) == last).or(rooms.next()) else {
            return Change::None;
        };
        Route::Room(room).replace();
        self.show(Route::Room(room));
        self.shown
            .refresh(&self.session.borrow(), Some(room), &self.failures)
    }
}
