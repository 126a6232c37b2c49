//! The one place that draws random numbers: ids, session tokens.

use shared::ids::{ClientId, Epoch, PersonId, RoomId};

/// `N` bytes from the operating system.
///
/// # Panics
///
/// When the operating system has no randomness to give: nothing could be done safely then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// 63 bits: ids are keys in SQLite, whose integers are signed. Never 0.
fn id() -> u64 {
    (u64::from_be_bytes(bytes()) >> 1).max(1)
}

/// A person who has not been before.
#[must_use]
pub fn person_id() -> PersonId {
    PersonId(id())
}

/// A room that has not been before.
#[must_use]
pub fn room_id() -> RoomId {
    RoomId(id())
}

/// A new history.
#[must_use]
pub fn epoch() -> Epoch {
    Epoch(id())
}

/// A name for an event that the server itself causes, such as a guest's joining of the lobby.
#[must_use]
pub fn client_id() -> ClientId {
    ClientId(u128::from_be_bytes(bytes()))
}
