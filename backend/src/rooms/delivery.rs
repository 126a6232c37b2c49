//! From the commit to the mailboxes: each event is encoded once and put where it is due. It never writes to the
//! log, and never waits for a reader.

use std::sync::Arc;

use shared::ids::RequestId;
use shared::protocol::{Content, Room, ServerMessage};

use super::hub::Hub;
use super::mailbox::ConnectionId;
use super::parcel::Parcel;
use crate::engine::Commits;
use crate::engine::committed::{Committed, Entrance};

/// Delivers until the engine ends.
pub(super) async fn run(mut commits: Commits, hub: Arc<Hub>) {
    while let Some(batch) = commits.recv().await {
        for committed in batch {
            deliver(&hub, committed);
        }
    }
}

fn deliver(hub: &Hub, committed: Committed) {
    let Committed {
        room,
        event,
        quote,
        entrance,
    } = committed;
    let seq = event.seq;
    if let Some(Entrance {
        name,
        topic,
        origin,
    }) = entrance
    {
        let joined = |request| {
            let room = Room {
                id: room,
                name: name.clone(),
                head: seq,
                topic: topic.clone(),
            };
            Parcel::message(&ServerMessage::Joined { request, room })
        };
        hub.enter(event.author.id, room, |mailbox| {
            let asked = ConnectionId(origin.connection) == mailbox.connection;
            mailbox.notify(joined(asked.then_some(RequestId(origin.request))));
        });
    }
    if matches!(event.content, Content::Left) {
        hub.exit(event.author.id, room);
    }
    let quote = quote.map(Box::new);
    let parcel = Parcel::event(room, &ServerMessage::Event { room, event, quote });
    hub.deliver(room, seq, &parcel);
}
