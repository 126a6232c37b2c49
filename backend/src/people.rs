//! Who may come, and how one proves to be somebody: names, passwords, invitations, links to other devices, roles.
//!
//! It asks the engine for what is written, and the rooms to close the sockets of sessions that ended and to tell others
//! what has changed about a person. It must never know of cookies, headers or HTTP, and never keep a password.

pub mod account;
pub mod arrival;
pub mod order;

pub mod code;
pub mod password;
pub mod qr;
pub mod tries;

use std::sync::Arc;

use shared::limits;

use crate::rooms::Rooms;
use crate::rooms::budget::{Rate, Spent};

use self::password::Passwords;
use self::tries::{Recent, Tries};

/// The people of a server.
#[derive(Debug)]
pub struct People {
    rooms: Arc<Rooms>,
    passwords: Passwords,
    tries: Tries,
    changes: Recent,
    /// Guests from an address, and invitations of a person.
    guests: Spent,
    invites: Spent,
}

impl People {
    /// Of these rooms.
    #[must_use]
    pub fn new(rooms: Arc<Rooms>) -> Self {
        Self {
            rooms,
            passwords: Passwords::default(),
            tries: Tries::default(),
            changes: Recent::within(CHANGES_SECONDS),
            guests: Spent::of(Rate::hourly(limits::GUESTS_PER_HOUR, limits::GUEST_BURST)),
            invites: Spent::of(Rate::hourly(limits::INVITES_PER_HOUR, limits::INVITE_BURST)),
        }
    }

    /// The rooms that they are in.
    #[must_use]
    pub fn rooms(&self) -> &Arc<Rooms> {
        &self.rooms
    }
}

/// Seconds within which a person may change [`tries::SLOTS`] times what others see of them: each change goes to everybody
/// who is in a room with them.
const CHANGES_SECONDS: u32 = 60;
