//! From the commit to the mailboxes: each event is encoded once and put where it is due. It never writes to the
//! log, and never waits for a reader.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::ids::{PersonId, RequestId, RoomId};
use shared::protocol::{Content, ReadAsOf, ServerMessage};
use shared::sorted::Map;

use super::hub::Hub;
use super::mailbox::ConnectionId;
use super::parcel::Parcel;
use crate::engine::Commits;
use crate::engine::committed::{Chosen, Committed, Entrance, Read, ReadReceipt};

/// Delivers until the engine ends.
pub(super) async fn run(mut commits: Commits, hub: Arc<Hub>) {
    while let Some(batch) = commits.recv().await {
        // First: a reader counts on from there.
        tell_read(&hub, &batch.read);
        tell_receipts(&hub, batch.receipts);
        for Chosen { person, choice } in batch.chosen {
            hub.tell_person(person, &ServerMessage::Chosen { choice });
        }
        for committed in batch.events {
            deliver(&hub, committed);
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

fn deliver(hub: &Hub, committed: Committed) {
    let Committed {
        room,
        event,
        quote,
        entrances,
        taken_out,
    } = committed;
    let seq = event.seq;
    for entrance in entrances {
        enter(hub, entrance);
    }
    match &event.content {
        Content::Left => hub.exit(event.author.id, room, None),
        Content::Removed { person } | Content::Banned { person, on: true }
            if taken_out.is_some() =>
        {
            hub.exit(person.id, room, taken_out);
        }
        _ => {}
    }
    let quote = quote.map(Box::new);
    let parcel = Parcel::event(room, &ServerMessage::Event { room, event, quote });
    hub.deliver(room, seq, &parcel);
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
