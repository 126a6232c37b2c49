//! A member of no room asks every kind of message and every address for things of rooms that are none of their
//! business: the answers are those for a room that does not exist, to the letter (S5, L2).

use std::collections::BTreeMap;

use shared::ids::{ClientId, Link, PersonId, RequestId, RoomId, Seq, Timestamp};
use shared::limits::PROTOCOL_VERSION;
use shared::protocol::{
    Action, Choice, ClientMessage, Cursor, Hello, Level, Person, ServerMessage,
};
use shared::text::SearchText;
use shared::wire;

use crate::support::client::Client;
use crate::support::http::Request;
use crate::support::{
    Parlance, add, ban, body, client_id, edit, pace, react, remove, rename, topic,
};

const NOWHERE: RoomId = RoomId(0x0bad_0bad_0bad_0bad);

/// Rooms that the outsider is not to know of, each with things in it; and who is in them.
struct Secrets {
    private: RoomId,
    direct: RoomId,
    empty_direct: RoomId,
    insider: Client,
    ada: Person,
    said: ClientId,
}

async fn secrets(server: &Parlance) -> Secrets {
    let bob = server.sign_in("Bob").await;
    let (mut insider, welcome) = server.join("Ada").await;
    let private = insider.private("Plans").await;
    insider.act(private, add(&bob.me)).await.unwrap();
    insider.act(private, topic(Some("secret"))).await.unwrap();
    let direct = insider.direct(&[&bob.me]).await.unwrap().id;
    let empty_direct = insider.direct(&[]).await.unwrap().id;
    let mut said = ClientId(0);
    for room in [private, direct] {
        said = insider.post(room, "secret").await;
        insider.stored(said).await.unwrap();
    }
    Secrets {
        private,
        direct,
        empty_direct,
        insider,
        ada: welcome.me,
        said,
    }
}

/// Every action there is; one that is new does not compile until it is here as well.
fn actions(person: &Person) -> Vec<Action> {
    let target = Seq(1);
    let all = vec![
        Action::message(body("hi")),
        edit(target, "hi"),
        Action::Delete { target },
        react(target, "👍", true),
        topic(Some("tea")),
        Action::Leave,
        rename("Tea"),
        Action::Pin { target, on: true },
        Action::Forward {
            from: NOWHERE,
            target,
        },
        Action::Archive { on: true },
        add(person),
        remove(person),
        ban(person, true),
        ban(person, false),
        pace(30),
    ];
    for action in &all {
        match action {
            Action::Message { .. }
            | Action::Edit { .. }
            | Action::Delete { .. }
            | Action::React { .. }
            | Action::Topic { .. }
            | Action::Leave
            | Action::Pin { .. }
            | Action::Forward { .. }
            | Action::Rename { .. }
            | Action::Archive { .. }
            | Action::Add { .. }
            | Action::Remove { .. }
            | Action::Ban { .. }
            | Action::Pace { .. } => {}
        }
    }
    all
}

/// Everything that can be asked about a room, by kind; a kind that is new fails here until it is asked as well.
fn questions(kind: &str, room: RoomId, secrets: &Secrets, me: &Person) -> Vec<ClientMessage> {
    let request = RequestId(7);
    match kind {
        "send" => {
            let send = |action, after| ClientMessage::Send {
                room,
                client_id: client_id(),
                after,
                action,
            };
            let plain = actions(&secrets.ada).into_iter().chain(actions(me));
            let mut sends: Vec<_> = plain.map(|action| send(action, None)).collect();
            let hello = Action::message(body("hi"));
            sends.push(send(hello, Some(secrets.said)));
            sends
        }
        "read" => [(1, 1), (1, 500), (3, 3), (900, 901)]
            .map(|(from, to)| ClientMessage::Read {
                request,
                room,
                from: Seq(from),
                to: Seq(to),
            })
            .into(),
        "place_at" => [0, u64::from(u32::MAX)]
            .map(|at| ClientMessage::PlaceAt {
                request,
                room,
                at: Timestamp(at),
            })
            .into(),
        // What is said of a room of one's own as well has an answer, which is looked at below.
        "seen" => vec![ClientMessage::Seen {
            rooms: [(room, Seq(1))].into(),
        }],
        "unread" => [1, 900]
            .map(|from| ClientMessage::Unread {
                room,
                from: Seq(from),
            })
            .into(),
        "typing" => vec![ClientMessage::Typing { room }],
        "join" => vec![ClientMessage::Join {
            request,
            client_id: client_id(),
            room,
        }],
        "choose" => Level::ALL
            .map(|level| ClientMessage::Choose {
                request,
                choice: Choice::Level { room, level },
            })
            .into(),
        "receipts" => vec![ClientMessage::Receipts { request, room }],
        "members" => vec![ClientMessage::Members { request, room }],
        "pins" => vec![ClientMessage::Pins { request, room }],
        "journey" => [1, 3, 900]
            .map(|seq| ClientMessage::Journey {
                request,
                room,
                seq: Seq(seq),
            })
            .into(),
        "history_of" => [1, 3, 900]
            .map(|target| ClientMessage::HistoryOf {
                request,
                room,
                target: Seq(target),
            })
            .into(),
        "applied" => {
            let (seq, link) = (Seq(1), Some(Link(1)));
            let cursors = [(room, Cursor { seq, link })].into();
            vec![ClientMessage::Applied { cursors }]
        }
        // These name no room; what they answer is looked at below.
        "hello" | "create" | "open_direct" | "directory" | "search" | "find_people" | "noted"
        | "ping" | "watch" | "away" => Vec::new(),
        other => panic!("what does an outsider learn from {other}?"),
    }
}

/// The answers as text, without what differs between one question and the next.
fn plain(messages: &[ServerMessage], room: RoomId) -> Vec<String> {
    let plain = |message: &ServerMessage| {
        let text = wire::encode(message).replace(&room.to_string(), "ROOM");
        match message {
            ServerMessage::Refused {
                client_id: Some(id),
                ..
            } => text.replace(&id.to_string(), "ID"),
            _ => text,
        }
    };
    messages.iter().map(plain).collect()
}

/// L2, S5
#[tokio::test]
async fn to_an_outsider_a_room_does_not_exist_whatever_is_asked() {
    let server = Parlance::start().await;
    let secrets = secrets(&server).await;
    let (mut outsider, welcome) = server.join("Mallory").await;
    let lobby = welcome.rooms[0].id;
    outsider.act(lobby, Action::Leave).await.unwrap();
    assert_eq!(outsider.told_left().await, lobby);
    let mut asked = 0;
    for kind in wire::CLIENT_KINDS {
        let mut answers = BTreeMap::new();
        for room in [
            NOWHERE,
            secrets.private,
            secrets.direct,
            secrets.empty_direct,
        ] {
            let mut heard = Vec::new();
            for message in questions(kind, room, &secrets, &welcome.me) {
                outsider.send(&message).await;
                heard.extend(plain(&outsider.rest().await, room));
                asked += 1;
            }
            answers.insert(room, heard);
        }
        let nothing = &answers[&NOWHERE];
        for (room, heard) in &answers {
            assert_eq!(heard, nothing, "{kind} about {room}");
        }
        let refusals = nothing.iter();
        for answer in refusals {
            assert!(answer.contains("no_such_room"), "{kind}: {answer}");
        }
    }
    assert!(asked > 100, "{asked} questions");
    // How far the outsider has read is answered later than the rest, of the rooms that they are in.
    let own = outsider.private("Own").await;
    let foreign = [NOWHERE, secrets.private, secrets.direct, own];
    let rooms = foreign.map(|room| (room, Seq(1))).into();
    outsider.send(&ClientMessage::Seen { rooms }).await;
    let told = loop {
        if let ServerMessage::Seen { rooms } = outsider.receive().await {
            break rooms;
        }
    };
    assert_eq!(told.keys().collect::<Vec<_>>(), [&own]);
}

/// O2, L2: noting that one was taken out of a room has one answer, whether one was, or could have been.
#[tokio::test]
async fn noting_tells_nothing_of_a_room() {
    let server = Parlance::start().await;
    let secrets = secrets(&server).await;
    let (mut outsider, _) = server.join("Mallory").await;
    let mut answers = Vec::new();
    for room in [NOWHERE, secrets.private, secrets.direct] {
        let request = RequestId(7);
        outsider.send(&ClientMessage::Noted { request, room }).await;
        answers.push(plain(&outsider.rest().await, room));
    }
    assert!(answers[0].iter().any(|answer| answer.contains("noted")));
    assert!(
        answers[1..].iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
}

/// L2, R12: neither do cursors tell, be they right or wrong.
#[tokio::test]
async fn coming_back_with_cursors_of_foreign_rooms_tells_nothing() {
    let server = Parlance::start().await;
    let mut secrets = secrets(&server).await;
    let mallory = server.sign_in("Mallory").await;
    let (_, welcome) = mallory.join().await;
    let right = secrets.insider.log(secrets.private).await[0].link;
    for link in [None, Some(right), Some(Link(right.0 ^ 1))] {
        for seq in [1, 900] {
            let rooms = [NOWHERE, secrets.private, secrets.direct];
            let seq = Seq(seq);
            let cursors = rooms.map(|room| (room, Cursor { seq, link }));
            let hello = Hello {
                protocol: PROTOCOL_VERSION,
                client: "outsider/1".into(),
                epoch: Some(welcome.epoch),
                people: 0,
                cursors: cursors.into(),
                explain: false,
            };
            let mut client = mallory.connect().await;
            let (again, pages, diverged) = client.resume(hello).await;
            assert_eq!((pages.len(), diverged.len()), (0, 0), "{link:?} {seq}");
            assert_eq!(again.rooms, welcome.rooms);
        }
    }
}

/// L2, L3, L5: what names no room lists none of them, and who is connected hears nothing of what goes on in them.
#[tokio::test]
async fn nothing_that_is_listed_or_told_names_a_foreign_room() {
    let server = Parlance::start().await;
    let mut secrets = secrets(&server).await;
    let (mut outsider, _) = server.join("Mallory").await;
    let request = RequestId(7);
    let ada: Vec<PersonId> = vec![secrets.ada.id];
    for message in [
        ClientMessage::Directory { request },
        ClientMessage::Search {
            request,
            text: SearchText::parse("secret").unwrap(),
            offset: 0,
            older: None,
        },
        ClientMessage::FindPeople {
            request,
            text: String::new(),
        },
        ClientMessage::OpenDirect {
            request,
            client_id: client_id(),
            people: ada,
        },
    ] {
        outsider.send(&message).await;
    }
    let (ada, bob) = (secrets.ada.clone(), server.sign_in("Bo").await.me);
    for room in [secrets.private, secrets.direct] {
        for action in actions(&bob) {
            // Some of it is refused; what matters is who hears of the rest.
            let is_last = matches!(
                action,
                Action::Leave | Action::Remove { .. } | Action::Ban { .. }
            );
            if !is_last {
                let _ = secrets.insider.act(room, action).await;
            }
        }
    }
    let heard = format!("{:?}", outsider.rest().await);
    for room in [secrets.private, secrets.direct, secrets.empty_direct] {
        assert!(!heard.contains(&format!("{room:?}")), "{heard}");
    }
    for word in ["Plans", "secret"] {
        assert!(!heard.contains(word), "{heard}");
    }
    assert!(heard.contains(&*ada.name), "people can be found: {heard}");
}

/// L2: the addresses of the app are the same for every room.
#[tokio::test]
async fn no_address_tells_of_a_room() {
    let server = Parlance::start().await;
    let secrets = secrets(&server).await;
    let mallory = server.sign_in("Mallory").await;
    for path in [
        "/r/ROOM",
        "/r/ROOM/1",
        "/api/ROOM",
        "/api/rooms/ROOM",
        "/api/rooms/ROOM/members",
        "/ROOM",
    ] {
        let mut answers = Vec::new();
        for room in [NOWHERE, secrets.private, secrets.direct] {
            let path = path.replace("ROOM", &room.to_string());
            let request = Request::new("GET", &path).header("Cookie", &mallory.cookie);
            let reply = server.http(request).await;
            answers.push((reply.status, reply.body.replace(&room.to_string(), "ROOM")));
        }
        assert_eq!(answers[1], answers[0], "{path}");
        assert_eq!(answers[2], answers[0], "{path}");
    }
}
