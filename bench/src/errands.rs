//! What has to be done at the server before a measurement: rooms made, joined and filled. Few are connected meanwhile, so
//! that nobody has to hear of it.

use std::net::SocketAddrV4;

use anyhow::{Context, Result, bail};
use shared::ids::{ClientId, Epoch, RequestId, RoomId};
use shared::protocol::{Action, ClientMessage, Room, ServerMessage};
use shared::text::{Body, RoomName};
use shared::wire;

use crate::crowd::{Crowd, Heard, PATIENCE, text};
use crate::people::Guest;
use crate::told::{Told, told};

/// Guests connected at once for their errands.
const AT_ONCE: usize = 64;

/// Messages of a history that are on their way at once: enough to share commits.
const FILLING: usize = 128;

/// Numbers client ids, so that no two are the same within this process.
#[must_use]
pub fn client_id() -> ClientId {
    use std::sync::atomic::{AtomicU64, Ordering};
    static LAST: AtomicU64 = AtomicU64::new(0);
    ClientId(u128::from(LAST.fetch_add(1, Ordering::Relaxed)))
}

/// What the server says to a guest who joins: the history, and the rooms (the lobby at least).
///
/// # Errors
/// When it says something else.
pub fn look(address: SocketAddrV4, guest: &Guest) -> Result<(Epoch, Vec<Room>)> {
    let (mut crowd, mut found) = (Crowd::new()?, None);
    crowd.connect(&guest.seat(address))?;
    while found.is_none() {
        crowd.turn(PATIENCE, |_, heard, _| {
            if let ServerMessage::Welcome(welcome) = decode(heard)? {
                found = Some((welcome.epoch, welcome.rooms));
            }
            Ok(())
        })?;
    }
    found.context("no welcome")
}

/// Each guest makes a room of its own: the rooms, in the order of the guests.
///
/// # Errors
/// When one is refused.
pub fn create(address: SocketAddrV4, guests: &[&Guest]) -> Result<Vec<RoomId>> {
    let mut names = Vec::new();
    for number in 0..guests.len() {
        names.push(RoomName::parse(&format!("room {number}"))?);
    }
    let joined = errands(address, guests, |guest| {
        vec![ClientMessage::Create {
            request: RequestId(1),
            client_id: client_id(),
            name: names[guest].clone(),
            private: false,
        }]
    })?;
    Ok(joined.into_iter().flatten().collect())
}

/// Each guest joins some rooms.
///
/// # Errors
/// When one is refused.
pub fn join(
    address: SocketAddrV4,
    guests: &[&Guest],
    rooms: impl Fn(usize) -> Vec<RoomId>,
) -> Result<()> {
    errands(address, guests, |guest| {
        let asks = rooms(guest).into_iter().zip(1..);
        let ask = |(room, request)| ClientMessage::Join {
            request: RequestId(request),
            client_id: client_id(),
            room,
        };
        asks.map(ask).collect()
    })?;
    Ok(())
}

/// One guest after the other connects, asks, waits for all answers (each a `joined`) and goes.
fn errands(
    address: SocketAddrV4,
    guests: &[&Guest],
    asks: impl Fn(usize) -> Vec<ClientMessage>,
) -> Result<Vec<Vec<RoomId>>> {
    let mut crowd = Crowd::new()?;
    let mut joined = vec![Vec::new(); guests.len()];
    let asks: Vec<_> = (0..guests.len()).map(asks).collect();
    let (mut begun, mut done) = (0, 0);
    while done < guests.len() {
        while begun < guests.len() && begun - done < AT_ONCE {
            crowd.connect(&guests[begun].seat(address))?;
            begun += 1;
        }
        let mut gone = Vec::new();
        crowd.turn(PATIENCE, |guest, heard, outgoing| {
            match decode(heard)? {
                ServerMessage::Resumed => {
                    for ask in &asks[guest] {
                        outgoing.push(guest, text(ask));
                    }
                }
                ServerMessage::Joined {
                    room,
                    request: Some(_),
                } => {
                    joined[guest].push(room.id);
                    if joined[guest].len() == asks[guest].len() {
                        gone.push(guest);
                    }
                }
                ServerMessage::Refused { problem, .. } => bail!("refused: {problem:?}"),
                _ => {}
            }
            Ok(())
        })?;
        done += gone.len();
        for guest in gone {
            crowd.drop_client(guest);
        }
    }
    Ok(joined)
}

/// A guest says these things in a room: place of the last one.
///
/// # Errors
/// When one is refused.
pub fn fill<B: AsRef<str>>(
    address: SocketAddrV4,
    guest: &Guest,
    room: RoomId,
    bodies: impl ExactSizeIterator<Item = B>,
) -> Result<u64> {
    let (count, mut bodies) = (bodies.len(), bodies);
    let mut crowd = Crowd::new()?;
    let (mut sent, mut stored, mut last) = (0, 0, 0);
    crowd.gather([&guest.seat(address)])?;
    while stored < count {
        while sent - stored < FILLING
            && let Some(body) = bodies.next()
        {
            crowd.send(0, &say(room, body.as_ref())?)?;
            sent += 1;
        }
        crowd.turn(PATIENCE, |_, heard, _| match heard {
            Heard::Text(message) => {
                match told(message) {
                    Told::Stored { seq } => (stored, last) = (stored + 1, seq),
                    Told::Refused => bail!("{}", String::from_utf8_lossy(message)),
                    _ => {}
                }
                Ok(())
            }
            Heard::Opened => Ok(()),
            Heard::Closed(code) => bail!("closed with {code:?}"),
        })?;
    }
    Ok(last)
}

/// A message of its own client id, as a client frame.
///
/// # Errors
/// When the body is none.
pub fn say(room: RoomId, body: &str) -> Result<Vec<u8>> {
    Ok(text(&ClientMessage::Send {
        room,
        client_id: client_id(),
        after: None,
        action: Action::message(Body::parse(body)?),
    }))
}

/// Everything in full: what is not measured may be slow.
fn decode(heard: Heard<'_>) -> Result<ServerMessage> {
    match heard {
        Heard::Text(text) => match wire::decode_server(std::str::from_utf8(text)?) {
            Ok(message) => Ok(message),
            Err(problem) => bail!("the server said something unreadable: {problem:?}"),
        },
        // Nothing to be done about it.
        Heard::Opened => Ok(ServerMessage::Pong {
            n: 0,
            now: shared::ids::Timestamp(0),
        }),
        Heard::Closed(code) => bail!("closed with {code:?}"),
    }
}
