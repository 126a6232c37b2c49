//! Notifications of the desktop. The browser asks the person for the permission, and only after a click of theirs.

use gloo_events::EventListener;
use js_sys::Reflect;
use shared::ids::{PersonId, RoomId};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};
use yew::Callback;

use crate::browser::window;

/// Whether the browser lets us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It cannot, or not for this page: it has to come over https, or from the same machine.
    Unsupported,
    /// The person was not asked yet.
    Unknown,
    /// The person, or the browser, said no.
    Denied,
    /// It does.
    Granted,
}

impl Permission {
    /// As it is now.
    #[must_use]
    pub fn now() -> Self {
        let window = window();
        let known = window.is_secure_context()
            && Reflect::has(&window, &"Notification".into()).unwrap_or(false);
        if !known {
            return Self::Unsupported;
        }
        match Notification::permission() {
            NotificationPermission::Granted => Self::Granted,
            NotificationPermission::Denied => Self::Denied,
            _ => Self::Unknown,
        }
    }

    /// Asks the person, unless they have answered before.
    pub async fn ask() -> Self {
        if Self::now() == Self::Unknown
            && let Ok(asking) = Notification::request_permission()
        {
            let _ = JsFuture::from(asking).await;
        }
        Self::now()
    }
}

/// What to show.
#[derive(Debug)]
pub struct Notice {
    pub title: String,
    pub text: String,
    /// Whose it is: another person may use the same browser.
    pub me: PersonId,
    /// The room that it is about, if it is one.
    pub room: Option<RoomId>,
}

/// The notifications of this tab that may still be on the screen.
#[derive(Debug, Default)]
pub struct Desktop(Vec<(Option<RoomId>, Notification, EventListener)>);

impl Desktop {
    /// Shows a notice in the place of an earlier one about the same. A click brings the tab to the front.
    pub fn show(&mut self, notice: &Notice, clicked: Callback<()>) {
        let options = NotificationOptions::new();
        options.set_body(&notice.text);
        options.set_icon("/icon.svg");
        // We have a sound of our own, which can be switched off.
        options.set_silent(Some(true));
        let about = notice.room.map_or(String::new(), |room| room.to_string());
        options.set_tag(&format!("parlance.{}.{about}", notice.me));
        // Some browsers have the constructor and refuse to use it.
        let Ok(shown) = Notification::new_with_options(&notice.title, &options) else {
            return;
        };
        let on_click = EventListener::new(&shown, "click", {
            let shown = shown.clone();
            move |_| {
                let _ = window().focus();
                shown.close();
                clicked.emit(());
            }
        });
        self.0.retain(|(room, _, _)| *room != notice.room);
        self.0.push((notice.room, shown, on_click));
    }

    /// Takes back what is about a room, and what is about several.
    pub fn withdraw(&mut self, of: RoomId) {
        self.0.retain(|(room, shown, _)| {
            let stays = room.is_some_and(|room| room != of);
            if !stays {
                shown.close();
            }
            stays
        });
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.0.iter().for_each(|(_, shown, _)| shown.close());
    }
}
