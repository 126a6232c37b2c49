//! A file of version 1, as version 1 made it, brought up to date.

use rusqlite::Connection;
use shared::ids::{ClientId, Link, PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{Content, Event, Message};

use crate::engine::queries::page;
use crate::engine::schema::{FIRST, STEPS, migrate};

/// Two rooms, of which the second has the smaller id; the client ids count up.
const CONTENT: &str = "
    PRAGMA user_version = 1;
    INSERT INTO people VALUES (1, 'Host', 0), (2, 'Ada', 5);
    INSERT INTO rooms VALUES (70, 'lobby', 'lobby', 0), (8, 'Tea', 'tea', 7);
    INSERT INTO history VALUES (99, 70);
    INSERT INTO members VALUES (2, 70), (2, 8);
    INSERT INTO events VALUES
        (70, 1, 1, x'00000000000000000000000000000001', 0, 'created', 'lobby'),
        (70, 2, 2, x'00000000000000000000000000000002', 5, 'joined', ''),
        (70, 3, 2, x'00000000000000000000000000000003', 6, 'message', 'hello'),
        (8, 1, 2, x'00000000000000000000000000000004', 7, 'created', 'Tea'),
        (8, 2, 2, x'00000000000000000000000000000005', 8, 'message', 'a cup
of tea');
";

fn log(file: &mut Connection, room: u64) -> Vec<Event> {
    let last = Seq(limits::SAFE_INTEGER);
    let read = page::read(file, PersonId(2), RoomId(room), Seq(1), last);
    read.unwrap().unwrap().events
}

/// R10: after the step every event is there as it was, with the link that the protocol asks for.
#[test]
fn a_file_of_version_1_keeps_its_events_and_gets_their_links() {
    let mut file = Connection::open_in_memory().unwrap();
    file.execute_batch(FIRST).unwrap();
    file.execute_batch(CONTENT).unwrap();
    migrate(&mut file).unwrap();

    let (lobby, tea) = (log(&mut file, 70), log(&mut file, 8));
    for (room, events) in [(70, &lobby), (8, &tea)] {
        let mut link = Link::first(RoomId(room));
        for (event, place) in events.iter().zip(1..) {
            link = link.next(event);
            assert_eq!((event.seq, event.link), (Seq(place), link));
        }
    }
    let said = |event: &Event| match &event.content {
        Content::Message(Message { body, .. }) => body.as_deref().map(str::to_owned),
        other => Some(other.kind().to_owned()),
    };
    let all: Vec<_> = lobby.iter().chain(&tea).filter_map(said).collect();
    assert_eq!(
        all,
        ["created", "joined", "hello", "created", "a cup\nof tea"]
    );
    let named = lobby.iter().chain(&tea).map(|event| event.client_id);
    assert!(named.eq((1..=5).map(ClientId)));

    let count = |sql: &str| -> i64 { file.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("PRAGMA user_version"), STEPS.len() as i64);
    // Nothing of what was there before is unread (U2).
    let unread = "SELECT count(*) FROM members WHERE read <> (SELECT max(seq) FROM events WHERE events.room = members.room)";
    assert_eq!(count(unread), 0);
    // Who made a room is who made its first event.
    let makers = "SELECT count(*) FROM rooms JOIN events ON room = rooms.id AND seq = 1
                  WHERE maker = author AND rooms.kind = 'public'";
    assert_eq!(count(makers), 2);
    assert_eq!(count("SELECT count(*) FROM members"), 2);
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    // The index that makes sends idempotent is there again.
    let twice = "INSERT INTO events (room, seq, author, client_id, at, link, kind, content)
                 SELECT room, 9, author, client_id, at, link, kind, content FROM events WHERE room = 8 AND seq = 2";
    assert!(file.execute(twice, []).is_err());
}
