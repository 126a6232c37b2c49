//! From the commit to the mailboxes: each event is encoded once and put where it is due, together with all that is due there by
//! then. It never writes to the log, and never waits for a reader.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::ids::{PersonId, RequestId, RoomId, Seq};
use shared::protocol::{Content, ReadAsOf, ServerMessage};
use shared::sorted::Map;

use super::hub::Hub;
use super::mailbox::ConnectionId;
use super::parcel::Parcel;
use crate::engine::Commits;
use crate::engine::committed::{Chosen, Committed, Entrance, Read, ReadReceipt};

/// Commits that are delivered together when they have waited for each other.
const BATCHES: usize = 16;

/// Delivers until the engine ends.
pub(super) async fn run(mut commits: Commits, hub: Arc<Hub>) {
    let (mut batches, mut due) = (Vec::new(), Due::default());
    while commits.recv_many(&mut batches, BATCHES).await > 0 {
        for batch in batches.drain(..) {
            // First: a reader counts on from there.
            if !batch.read.is_empty() || !batch.chosen.is_empty() {
                due.deliver(&hub).await;
            }
            tell_read(&hub, &batch.read);
            tell_receipts(&hub, batch.receipts);
            for Chosen { person, choice } in batch.chosen {
                hub.tell_person(person, &ServerMessage::Chosen { choice });
            }
            for committed in batch.events {
                due.add(&hub, committed).await;
            }
        }
        due.deliver(&hub).await;
    }
}

/// Events that go to the same people as the ones before them, room by room: each reader takes them in one piece.
#[derive(Debug, Default)]
struct Due(BTreeMap<RoomId, (Seq, Vec<Arc<Parcel>>)>);

impl Due {
    /// Adds an event; when it changes who hears a room, everything before it is delivered first.
    async fn add(&mut self, hub: &Hub, committed: Committed) {
        let Committed {
            room,
            event,
            quote,
            entrances,
            taken_out,
        } = committed;
        let exit = match &event.content {
            Content::Left => Some(event.author.id),
            Content::Removed { person } | Content::Banned { person, on: true } => {
                taken_out.is_some().then_some(person.id)
            }
            _ => None,
        };
        if exit.is_some() || !entrances.is_empty() {
            self.deliver(hub).await;
        }
        for entrance in entrances {
            enter(hub, entrance);
        }
        if let Some(person) = exit {
            hub.exit(person, room, taken_out);
        }
        let seq = event.seq;
        let quote = quote.map(Box::new);
        let parcel = Parcel::event(room, &ServerMessage::Event { room, event, quote });
        let (head, parcels) = self.0.entry(room).or_default();
        *head = seq;
        parcels.push(parcel);
    }

    async fn deliver(&mut self, hub: &Hub) {
        while let Some((room, (head, parcels))) = self.0.pop_first() {
            hub.deliver(room, head, parcels).await;
        }
    }
}

/// Tells each person how far they have read, on all their connections.
fn tell_read(hub: &Hub, read: &[Read]) {
    let mut people: BTreeMap<PersonId, Map<RoomId, ReadAsOf>> = BTreeMap::new();
    for one in read {
        people
            .entry(one.person)
            .or_default()
            .insert(one.room, one.read);
    }
    for (person, rooms) in people {
        hub.tell_person(person, &ServerMessage::Seen { rooms });
    }
}

/// T1: one frame, the same for everybody who hears it.
fn tell_receipts(hub: &Hub, receipts: Vec<ReadReceipt>) {
    for one in receipts {
        let message = ServerMessage::Receipts {
            request: None,
            room: one.room,
            read: vec![one.receipt],
        };
        hub.tell_people(&one.hearers, &message);
    }
}

/// D4: every connection of who is in the room now is told, the one that asked for it with the number of its request.
fn enter(hub: &Hub, entrance: Entrance) {
    let Entrance {
        person,
        room,
        origin,
    } = entrance;
    let joined = |request| {
        let room = room.clone();
        Parcel::message(&ServerMessage::Joined { request, room })
    };
    hub.enter(person, room.id, |mailbox| {
        let asked = origin.filter(|origin| ConnectionId(origin.connection) == mailbox.connection);
        mailbox.notify(joined(asked.map(|origin| RequestId(origin.request))));
    });
}
