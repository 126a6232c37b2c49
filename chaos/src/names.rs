//! What each message is called and says: both follow from the seed, the client and the number of the message, so that
//! whoever reads one anywhere can tell whose it is and whether it was altered.

use shared::ids::ClientId;

use crate::random::mix;

/// Numbers from here on are joins and the making of rooms, not messages.
pub(crate) const SETTING_UP: u32 = 0xf000_0000;

/// A message's number within the run: its author and how many the author wrote before it. Events that the run
/// did not make (guests joining the lobby) have a number of their own above [`Key::FOREIGN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

impl Key {
    const FOREIGN: u64 = 1 << 63;

    /// The `n`th of a client.
    pub(crate) fn new(client: u32, n: u32) -> Self {
        Self(u64::from(client) << 32 | u64::from(n))
    }

    /// Whose it is and which, if the run made it.
    pub(crate) fn parts(self) -> Option<(u32, u32)> {
        (self.0 & Self::FOREIGN == 0).then_some(((self.0 >> 32) as u32, self.0 as u32))
    }

    /// The same for a message or another action of a person, not for setting up.
    pub(crate) fn action(self) -> Option<(usize, usize)> {
        let (client, n) = self.parts()?;
        (n < SETTING_UP).then_some((client as usize, n as usize))
    }

    /// The client id under which it is sent.
    pub(crate) fn client_id(self, seed: u64) -> ClientId {
        ClientId(u128::from(mix(seed)) << 64 | u128::from(self.0))
    }

    /// What a client id stands for.
    pub(crate) fn of(client_id: ClientId, seed: u64) -> Self {
        let low = client_id.0 as u64;
        if (client_id.0 >> 64) as u64 == mix(seed) && low & Self::FOREIGN == 0 {
            Self(low)
        } else {
            Self(mix(low ^ (client_id.0 >> 64) as u64) | Self::FOREIGN)
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.parts() {
            Some((client, n)) => write!(f, "client {client} #{n}"),
            None => write!(f, "foreign event {:x}", self.0),
        }
    }
}

/// What the message of this client id says: the id itself, then padding whose length and letters follow from it.
/// Most are lines of chat; one in 64 is a letter of up to 4 KiB. `extra` bytes come on top.
pub(crate) fn body(client_id: ClientId, extra: usize) -> String {
    let chance = mix(client_id.0 as u64);
    let length = if chance.is_multiple_of(64) {
        chance >> 8 & 0xfff
    } else {
        chance >> 8 & 0x7f
    };
    let mut text = format!("{client_id} ");
    let letters = (0..length as usize + extra).map(|at| {
        let turn = (chance >> (at % 48)) as u8 & 0x0f;
        char::from(b'a' + turn)
    });
    text.extend(letters);
    // A body's white space at the end is cut, and the padding may be empty.
    text.push('.');
    text
}

/// Who made this text: the message or edit whose id it begins with, if every letter is as it should be.
pub(crate) fn maker_of(text: &str, seed: u64, extra: usize) -> Option<Key> {
    let client_id: ClientId = text.get(..32)?.parse().ok()?;
    (text == body(client_id, extra)).then(|| Key::of(client_id, seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_way_through_a_client_id() {
        let key = Key::new(17, 4_000_000);
        assert_eq!(Key::of(key.client_id(5), 5), key);
        assert_eq!(key.action(), Some((17, 4_000_000)));
        assert_eq!(Key::new(17, SETTING_UP).action(), None);
    }

    #[test]
    fn the_ids_of_others_are_foreign() {
        assert_eq!(Key::of(Key::new(1, 2).client_id(5), 6).parts(), None);
        assert_eq!(Key::of(ClientId(1 << 127 | 12_345), 5).parts(), None);
    }

    #[test]
    fn a_body_is_a_function_of_its_id_and_passes_the_parser() {
        for n in 0..500 {
            let id = Key::new(3, n).client_id(9);
            let text = body(id, 0);
            assert_eq!(text, body(id, 0));
            assert_eq!(maker_of(&text, 9, 0), Some(Key::new(3, n)));
            assert_eq!(maker_of(&text.replace('.', "!"), 9, 0), None);
            assert_eq!(&*shared::text::Body::parse(&text).unwrap(), text.as_str());
        }
    }
}
