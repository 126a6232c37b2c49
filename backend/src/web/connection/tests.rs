//! A connection over memory, with the clock in the hand of the test.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use shared::ids::{ClientId, PersonId, RoomId};
use shared::protocol::{Action, ClientMessage, Hello};
use shared::text::{Body, PersonName};
use shared::wire;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::task::JoinHandle;
use tokio::time::{advance, pause};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::*;
use crate::engine::Engine;
use crate::engine::open::Birth;
use crate::engine::operations::arriving::Arrive;
use crate::engine::session::TokenHash;
use crate::frames::decoder::Bounds;
use crate::random;
use crate::rooms;

/// Bytes that the way to the client holds: what does not fit waits in the connection.
const WAY_BYTES: usize = 4 * 1024;

struct Bench {
    rooms: Arc<Rooms>,
    lobby: RoomId,
    _folder: TempDir,
}

struct Client {
    ws: WebSocketStream<DuplexStream>,
    task: JoinHandle<()>,
}

fn person(id: u64) -> Person {
    Person {
        id: PersonId(id),
        name: PersonName::parse(&format!("Ada {id}")).unwrap(),
    }
}

impl Bench {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let birth = Birth {
            epoch: random::epoch(),
            lobby: random::room_id(),
            host: person(1),
            created: ClientId(1),
            at: crate::clock::now(),
        };
        let (engine, commits) = Engine::open(folder.path(), &birth).unwrap();
        Self {
            rooms: Rooms::start(engine, commits, rooms::Limits::default()),
            lobby: birth.lobby,
            _folder: folder,
        }
    }

    /// Signs a person in and joins.
    async fn join(&self, id: u64) -> Client {
        let token = TokenHash::of(&[u8::try_from(id).unwrap(); 32]);
        let joined = random::client_id();
        let arrival = Arrive::guest(person(id), token, joined, crate::clock::now());
        self.rooms.engine().arrive(arrival).await.unwrap();
        let identity = self.rooms.identify(token).await.unwrap().unwrap();
        let registration = self.rooms.register(&identity).unwrap();
        let (near, far) = tokio::io::duplex(WAY_BYTES);
        let bounds = Bounds {
            bytes: limits::CLIENT_MESSAGE_BYTES,
            fragments: limits::FRAGMENTS,
        };
        let connection = Connection::new(
            Socket::new(near, Bytes::new(), bounds),
            Arc::clone(&self.rooms),
            Arc::default(),
            identity.person,
            registration,
            None,
            None,
        );
        let task = Box::new(connection).run();
        // With more, tokio's task takes 128 bytes more of each connection, all its life.
        assert!(size_of_val(&task) <= 40, "{} bytes", size_of_val(&task));
        let task = tokio::spawn(task);
        let ws = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
        let mut client = Client { ws, task };
        let hello = Hello {
            protocol: limits::PROTOCOL_VERSION,
            client: "test/1".into(),
            epoch: None,
            cursors: Default::default(),
            people: 0,
            explain: false,
        };
        client.send(&ClientMessage::Hello(hello)).await;
        client.until("resumed").await;
        client
    }
}

impl Client {
    async fn send(&mut self, message: &ClientMessage) {
        let text = Message::text(wire::encode(message));
        self.ws.send(text).await.unwrap();
    }

    /// Stores a message so long that it fills the way, and hears it: then it was handed to everyone. (`stored` may come
    /// before that, and a stopped clock jumps while nobody has anything to do.)
    async fn say(&mut self, room: RoomId) {
        let body = Body::parse(&"a".repeat(limits::BODY_BYTES)).unwrap();
        let send = ClientMessage::Send {
            room,
            client_id: ClientId(10),
            after: None,
            action: Action::message(body),
        };
        self.send(&send).await;
        self.until_it("hears itself", |text| text.contains("aaaa"))
            .await;
    }

    async fn until(&mut self, kind: &str) {
        let begins = format!(r#"{{"type":"{kind}""#);
        self.until_it(kind, |text| text.starts_with(&begins)).await;
    }

    async fn until_it(&mut self, due: &str, is_due: impl Fn(&str) -> bool) {
        loop {
            match self.ws.next().await {
                Some(Ok(Message::Text(text))) if is_due(&text) => return,
                Some(Ok(Message::Text(_))) => {}
                other => panic!("{due} was due, not {other:?}"),
            }
        }
    }

    /// Takes so many bytes off the way, whatever they are.
    async fn take(&mut self, count: usize) {
        let mut bytes = vec![0; count];
        self.ws.get_mut().read_exact(&mut bytes).await.unwrap();
    }

    /// Everything that still comes.
    async fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.ws.get_mut().read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    async fn is_open_after(&self, wait_ms: u64) -> bool {
        // In small steps, so that every timer is seen when it is due.
        for _ in 0..wait_ms / 100 {
            advance(Duration::from_millis(100)).await;
            tokio::task::yield_now().await;
        }
        !self.task.is_finished()
    }
}

/// D6: 30 s after it took something for the last time, a connection for which something waits is closed with 4410. One
/// that takes a little now and then is not.
#[tokio::test]
async fn a_client_that_takes_nothing_for_30_seconds_is_closed_as_slow() {
    let bench = Bench::start();
    let (mut slow, mut gone, mut ada) = (
        bench.join(2).await,
        bench.join(3).await,
        bench.join(4).await,
    );
    ada.say(bench.lobby).await;
    pause();
    assert!(slow.is_open_after(29_500).await && gone.is_open_after(0).await);
    // Half of what is on the way, which is no whole frame.
    slow.take(WAY_BYTES / 2).await;
    assert!(slow.is_open_after(2_000).await);
    assert!(!gone.is_open_after(0).await, "who took nothing is cut");
    // It got no close frame, since it took nothing in the second that there was for it either.
    assert_eq!(gone.rest().await.len(), WAY_BYTES);
    assert!(
        slow.is_open_after(27_800).await,
        "29.8 s after the last byte"
    );
    assert!(slow.is_open_after(500).await, "a second is left to say so");
    let rest = slow.rest().await;
    let close = [&4410_u16.to_be_bytes(), &b"too slow for too long"[..]].concat();
    assert!(rest.ends_with(&close), "{:?}", &rest[rest.len() - 30..]);
}
