//! The bodies of the few HTTP endpoints: signing in and out happens before there is a socket.

use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::protocol::Person;

/// `POST /api/session`: a guest signs in. The answer is 201 [`SignedIn`] and the session cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The display name as typed; the server parses it.
    pub name: String,
}

/// `GET /api/session` (200) and `POST /api/session` (201): who this browser is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The person of the oldest session, or the one who has just signed in.
    pub me: Person,
    /// The other people whose sessions this browser has. A request names one of them by `as=<id>` in its query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Person>,
}

/// The body of every refusal under `/api` and of a refused upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was wrong.
    pub error: Problem,
}
