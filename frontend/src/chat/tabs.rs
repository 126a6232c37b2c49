//! What the tabs of one person tell each other: so all show the same outbox, though one of them sends.

use serde::Serialize;
use shared::ids::{ClientId, PersonId};
use shared::json::FromJson;
use shared::problem::Problem;
use shared::session::outbox::Draft;
use shared::wire;
use yew::Callback;

use crate::browser::channel::Channel;
use crate::kept::Unsent;

/// What a tab tells the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Told {
    /// This was taken into the outbox.
    Kept(Draft),
    /// This is stored: it waits no more.
    Stored { client_id: ClientId },
    /// The person gave this up.
    Discarded { client_id: ClientId },
    /// This was refused for good.
    Failed {
        client_id: ClientId,
        problem: Problem,
    },
    /// The person wants another try of this.
    Retry { client_id: ClientId },
    /// A composer holds this now.
    Text(Unsent),
}

/// The way to the other tabs of a person.
#[derive(Debug)]
pub struct Tabs(Option<Channel>);

impl Tabs {
    /// Joins them. Where the browser has no channels, tabs learn of each other only from what is kept.
    pub fn join(person: PersonId, told: Callback<Told>) -> Self {
        let heard = Callback::from(move |text: String| {
            // A tab of a later version may say more.
            if let Some(what) = wire::decode(&text) {
                told.emit(what);
            }
        });
        Self(Channel::join(&format!("parlance.{person}"), heard))
    }

    /// Tells all the others.
    pub fn tell(&self, what: &Told) {
        if let Some(channel) = &self.0 {
            channel.tell(&wire::encode(what));
        }
    }
}
