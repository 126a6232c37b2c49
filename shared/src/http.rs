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
    /// The person whose session the cookie carries.
    pub me: Person,
}

/// The body of every refusal under `/api` and of a refused upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was wrong.
    pub error: Problem,
}
