//! The address of a view. Four routes do not need a router: `/`, `/r/<room>`, `/r/<room>/<seq>` and
//! `/theatre`.

use shared::ids::{RoomId, Seq};
use wasm_bindgen::JsValue;

use crate::browser::window;

/// Where the transports are side by side.
const THEATRE: &str = "/theatre";

/// What the address bar names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Route {
    /// No room: on a phone the list of rooms, else a hint.
    #[default]
    Home,
    /// A room's timeline.
    Room(RoomId),
    /// The same, at this place.
    At(RoomId, Seq),
    /// The transports side by side.
    Theatre,
}

impl Route {
    /// The route of a path; what is no route of ours is home.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let Some(rest) = path.strip_prefix("/r/") else {
            return match path {
                THEATRE => Self::Theatre,
                _ => Self::Home,
            };
        };
        let mut parts = rest.trim_end_matches('/').split('/');
        let room = parts.next().and_then(|id| id.parse().ok());
        match (room, parts.next(), parts.next()) {
            (Some(room), None, _) => Self::Room(room),
            (Some(room), Some(seq), None) => match seq.parse() {
                Ok(seq) => Self::At(room, Seq(seq)),
                Err(_) => Self::Home,
            },
            _ => Self::Home,
        }
    }

    /// The path of this route.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Theatre => THEATRE.to_owned(),
            Self::Room(id) => format!("/r/{id}"),
            Self::At(id, seq) => format!("/r/{id}/{seq}"),
        }
    }

    /// The room, if the route names one.
    #[must_use]
    pub fn room(self) -> Option<RoomId> {
        match self {
            Self::Home | Self::Theatre => None,
            Self::Room(id) | Self::At(id, _) => Some(id),
        }
    }

    /// Where the address bar is now.
    #[must_use]
    pub fn current() -> Self {
        Self::parse(&window().location().pathname().unwrap_or_default())
    }

    /// Goes here, with a new entry in the history.
    pub fn push(self) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&self.path()));
        }
    }

    /// Goes here in place of where we are.
    pub fn replace(self) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&self.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_route_is_the_path_it_makes() {
        let room = RoomId(0x2a);
        for route in [
            Route::Home,
            Route::Room(room),
            Route::At(room, Seq(7)),
            Route::Theatre,
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[wasm_bindgen_test]
    fn what_is_no_route_is_home() {
        for path in [
            "",
            "/r/",
            "/r/theatre",
            "/theatre/x",
            "/r/xyz",
            "/r/2a",
            "/r/000000000000002a/x",
            "/r/000000000000002a/1/2",
            "/s/000000000000002a",
            "/r/000000000000002A",
        ] {
            assert_eq!(Route::parse(path), Route::Home, "{path}");
        }
    }
}
