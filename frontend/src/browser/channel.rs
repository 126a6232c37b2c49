//! A channel between the tabs of one browser. What a tab says, the others hear, each in the order of the sayings.

use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};
use yew::Callback;

/// A place in the channel. Dropping it leaves.
#[derive(Debug)]
pub struct Channel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the channel of a name; `None` where the browser has none.
    pub fn join(name: &str, heard: Callback<String>) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard.emit(text);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref::<Function>()));
        Some(Self {
            channel,
            _heard: heard,
        })
    }

    /// Tells the other tabs. There is nothing to do when that fails: they read what is kept before they act on it.
    pub fn tell(&self, text: &str) {
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
