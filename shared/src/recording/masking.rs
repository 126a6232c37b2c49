//! Hides what people said in a recorded message, and leaves its form.

use std::borrow::Cow;

use crate::json::Json;
use crate::recording::Frame;
use crate::wire;

/// Fields that hold what somebody wrote.
const SAID: [&str; 3] = ["body", "text", "topic"];

/// The message with a dot for each character that somebody wrote. One that is cut cannot be read, so that none of it stays.
#[must_use]
pub fn masked(text: &str) -> String {
    match wire::tree(text) {
        Ok(mut tree) => {
            mask(&mut tree);
            wire::encode(&tree)
        }
        Err(_) => dots(text),
    }
}

impl Frame {
    /// Hides what people wrote. As much is missing of it as before.
    pub fn mask(&mut self) {
        let missing = self.bytes.saturating_sub(self.text.len());
        self.text = masked(&self.text);
        self.bytes = self.text.len() + missing;
    }
}

fn mask(json: &mut Json<'_>) {
    match json {
        Json::List(list) => list.iter_mut().for_each(mask),
        Json::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Json::Text(said) if SAID.contains(&&**name) => *said = Cow::Owned(dots(said)),
                    value => mask(value),
                }
            }
        }
        _ => {}
    }
}

fn dots(text: &str) -> String {
    text.chars().map(|_| '•').collect()
}
