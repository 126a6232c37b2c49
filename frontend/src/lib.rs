//! Parlance in the browser.
//!
//! [`app`] finds out who is here; [`chat`] owns the session and the socket; everything below it shows copies of
//! what the session knows and asks it for things. No view touches the network, and no text of a person becomes HTML.

pub mod app;
pub mod sign_in;
pub mod start;

pub mod chat;
pub mod socket;

pub mod find_people;
pub mod members;
pub mod panel;
pub mod rail;
pub mod renewal;
pub mod room_view;
pub mod rooms;
pub mod search;
pub mod shell;
pub mod sign_out;

pub mod composer;
pub mod conversation;
pub mod emoji;
pub mod timeline;

pub mod connection;
pub mod notices;
pub mod settings_menu;

pub mod avatar;
pub mod dialog;
pub mod icon;
pub mod segments;
pub mod standing;
pub mod wordmark;

pub mod account;
pub mod order;
pub mod parts;

pub mod initials;
pub mod keys;
pub mod link;
pub mod matching;
pub mod profiles;

pub mod files;
pub mod first_value;
pub mod kept;
pub mod locale;
pub mod route;
pub mod settings;
pub mod tab;
pub mod theatre;
pub mod ticking;

pub mod api;
pub mod browser;
pub mod crash;

/// Starts the app in the page.
pub fn run() {
    crash::watch();
    wasm_bindgen_futures::spawn_local(async {
        let locale = app::first_locale().await;
        let root = browser::document()
            .get_element_by_id("app")
            .expect("index.html has the element");
        root.set_inner_html("");
        yew::Renderer::<app::App>::with_root_and_props(root, app::AppProps { locale }).render();
    });
}

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
