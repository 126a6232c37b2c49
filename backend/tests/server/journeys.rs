//! J1: where a message has arrived.

use shared::ids::{RequestId, RoomId, Seq};
use shared::problem::Problem;
use shared::protocol::{Choice, ClientMessage, Cursor, ServerMessage};

use crate::support::Parlance;
use crate::support::client::Client;

async fn journey(client: &mut Client, room: RoomId, seq: Seq) -> Result<(u64, u64), Problem> {
    let request = RequestId(7);
    client
        .send(&ClientMessage::Journey { request, room, seq })
        .await;
    match client.answer().await {
        ServerMessage::Journey {
            delivered, devices, ..
        } => Ok((delivered, devices)),
        ServerMessage::Refused { problem, .. } => Err(problem),
        other => panic!("{other:?}"),
    }
}

async fn apply(client: &mut Client, room: RoomId, seq: Seq) {
    let cursor = Cursor { seq, link: None };
    let cursors = [(room, cursor)].into();
    client.send(&ClientMessage::Applied { cursors }).await;
    client.until_read().await;
}

/// J1: a device counts when it says that it has the message, not before, and not when it has less.
#[tokio::test]
async fn an_author_is_told_on_how_many_devices_a_message_has_arrived() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let (mut eve, _) = server.join("Eve").await;
    let room = welcome.rooms[0].id;
    let seq = ada.say(room, "hello").await;
    assert_eq!(journey(&mut ada, room, seq).await, Ok((0, 2)));
    apply(&mut bob, room, seq).await;
    apply(&mut eve, room, seq.back(1)).await;
    assert_eq!(journey(&mut ada, room, seq).await, Ok((1, 2)));
    apply(&mut eve, room, seq).await;
    assert_eq!(journey(&mut ada, room, seq).await, Ok((2, 2)));
    drop(bob);
    assert_eq!(
        journey(&mut ada, room, seq).await,
        Ok((2, 2)),
        "it was there"
    );
}

/// J1: nobody follows the messages of others.
#[tokio::test]
async fn only_the_author_is_told() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let room = welcome.rooms[0].id;
    let seq = ada.say(room, "hello").await;
    for seq in [seq, Seq(1), Seq(900)] {
        let refused = journey(&mut bob, room, seq).await;
        assert_eq!(refused, Err(Problem::NoSuchMessage), "{seq:?}");
    }
    let nowhere = journey(&mut ada, RoomId(1), Seq(1)).await;
    assert_eq!(nowhere, Err(Problem::NoSuchRoom));
}

/// J1, T3: who hides how far they have read is not in the count, and counts nobody but themselves.
#[tokio::test]
async fn who_hides_what_they_have_read_is_not_counted() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (mut bob, _) = server.join("Bob").await;
    let room = welcome.rooms[0].id;
    let (mine, theirs) = (ada.say(room, "one").await, bob.say(room, "two").await);
    apply(&mut bob, room, theirs).await;
    assert_eq!(journey(&mut ada, room, mine).await, Ok((1, 1)));
    let (request, choice) = (RequestId(8), Choice::Receipts { on: false });
    bob.send(&ClientMessage::Choose { request, choice }).await;
    bob.until_read().await;
    assert_eq!(journey(&mut ada, room, mine).await, Ok((0, 0)));
    assert_eq!(journey(&mut bob, room, theirs).await, Ok((0, 0)));
}
