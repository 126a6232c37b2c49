//! Who is here.

use serde::Serialize;

use crate::ids::PersonId;
use crate::json::FromJson;

/// Whether somebody is here, over all of their devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// With a page that they can see, or could a moment ago.
    Online,
    /// With pages that they have not looked at for a while.
    Away,
    /// Not, or not for who asks to know.
    #[default]
    Offline,
}

/// The same of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Here {
    /// Who.
    pub id: PersonId,
    /// How.
    pub presence: Presence,
}
