//! The bodies of the HTTP endpoints: what happens before there is a socket, and what people arrange about themselves.

use serde::Serialize;

use crate::ids::Timestamp;
use crate::json::FromJson;
use crate::people::{Profile, Role};
use crate::problem::Problem;
use crate::protocol::{Attachment, Person};

/// What somebody shows who wants in. `POST /api/session` takes a name (a guest), or a name and a password (an account);
/// `POST /api/session/setup`, `/invite` and `/pass` also take the code of the link. The answer is 201
/// [`SignedIn`] and the session cookie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct SignIn {
    /// The display name as typed; the server parses it. Empty with a pass, which says who it is for.
    pub name: String,
    /// As typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// What the link says behind its `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// `GET /api/session` (200) and `POST /api/session` (201): who this browser is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct SignedIn {
    /// The person of the oldest session, or the one who has just signed in.
    pub me: Person,
    /// The other people whose sessions this browser has. A request names one of them by `as=<id>` in its query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Person>,
}

/// `GET /api/account`: what a person may know about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Account {
    /// As others see them.
    pub profile: Profile,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    /// Where they are signed in, this session first, then by last use.
    pub sessions: Vec<SignedInWhere>,
}

/// One session of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct SignedInWhere {
    /// Which, for `DELETE /api/account/sessions/<id>`.
    pub id: u64,
    /// When it began.
    pub since: Timestamp,
    /// When it was last used, to some minutes.
    pub used: Timestamp,
    /// The program, as it calls itself.
    pub program: String,
    /// Whether the question came with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub this: bool,
    /// Whether it has a socket open now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub live: bool,
}

/// `POST /api/account`: what a person changes about themselves. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct AccountChange {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another colour, by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<u8>,
    /// Another status; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A new password. Of a guest it makes an account; else the other sessions end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The password so far, if there is one and it is to be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_password: Option<String>,
}

/// A link to be followed on another device or by another person. Its code is told only here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Link {
    /// The address.
    pub url: String,
    /// The same as a QR code.
    pub qr: QrCode,
}

/// The dark modules of a QR code, as the `d` of an SVG path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct QrCode {
    /// Modules on a side, the quiet zone included.
    pub size: u32,
    /// The path.
    pub path: String,
}

/// `POST /api/invites`: an invitation to be made. The answer is 201 [`Link`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct NewInvite {
    /// What those become who come with it and set a password.
    pub role: Role,
    /// For how many days it works.
    pub days: u32,
    /// How many people it lets in.
    pub uses: u32,
}

/// One invitation that works, in the answer to `GET /api/invites`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Invite {
    /// Which, for `DELETE /api/invites/<id>`.
    pub id: u64,
    /// What it makes of people.
    pub role: Role,
    /// Who made it.
    pub by: Person,
    /// Until when it works.
    pub until: Timestamp,
    /// How many more it lets in.
    pub uses: u32,
}

/// `GET /api/people`, for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct PeopleList {
    /// By name, accounts first.
    pub people: Vec<Profile>,
    /// Whether there are more than the list holds.
    pub more: bool,
}

/// `POST /api/people/<id>`: what the owner changes about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct PersonChange {
    /// Another role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether they are shut out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<bool>,
    /// With that: whether everything that they said is deleted as well, little by little.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erase: bool,
}

/// `GET /api/door`, for everyone, and `POST /api/door`, for the owner: who may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
pub struct Door {
    /// Whether one may come with a name only; else with an invitation.
    pub guests: bool,
}

/// `PUT /api/files/<id>`: how much of a file the server holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Upload {
    /// Bytes, from the beginning.
    pub held: u64,
    /// The file, once it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
}

/// The body of every refusal under `/api` and of a refused upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromJson)]
pub struct Refusal {
    /// What was wrong.
    pub error: Problem,
}
