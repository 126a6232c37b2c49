//! A small WebSocket client over a library that is not the server's own framing.

use std::net::SocketAddr;
use std::time::Duration;

use bridge::Way;
use futures_util::{SinkExt, StreamExt};
use shared::ids::{ClientId, RequestId, RoomId, Seq, Timestamp};
use shared::people::Profile;
use shared::problem::Problem;
use shared::protocol::{
    Action, ClientMessage, DirectoryRoom, Event, Hello, Page, Person, Room, ServerMessage,
    TakenOut, Welcome,
};
use shared::transport::Transport;
use shared::wire;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, coding};
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Message};

use super::{body, client_id, soon, transports};

/// Between two polls that do not wait.
const PAUSE: Duration = Duration::from_millis(10);

/// What `stored` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) seq: Seq,
    pub(crate) at: Timestamp,
    pub(crate) repeat: bool,
}

pub(crate) struct Client {
    pub(crate) ws: WebSocketStream<TcpStream>,
    last_request: u64,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, cookie: Option<&str>) -> Self {
        let stream = match transports::current() {
            Transport::WebSocket => TcpStream::connect(address).await.unwrap(),
            transport => bridge::open(Way {
                transport,
                server: address,
                cookie: cookie.unwrap_or_default().to_owned(),
                pause: PAUSE,
            })
            .await
            .unwrap(),
        };
        Self::over(stream, address, "/ws", cookie, "parlance.v1").await
    }

    /// With a path and cookies of the test's own.
    pub(crate) async fn connect_to(address: SocketAddr, path: &str, cookies: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, address, path, Some(cookies), "parlance.v1").await
    }

    pub(crate) async fn over(
        stream: TcpStream,
        address: SocketAddr,
        path: &str,
        cookie: Option<&str>,
        protocol: &str,
    ) -> Self {
        let uri = format!("ws://{address}{path}").parse().unwrap();
        let mut request = ClientRequestBuilder::new(uri).with_sub_protocol(protocol);
        if let Some(cookie) = cookie {
            request = request.with_header("Cookie", cookie);
        }
        let connected = tokio_tungstenite::client_async(request, stream);
        let (ws, _) = soon("an upgrade", connected).await.unwrap();
        Self {
            ws,
            last_request: 0,
        }
    }

    pub(crate) async fn send(&mut self, message: &ClientMessage) {
        self.send_text(&wire::encode(message)).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.send_raw(Message::text(text)).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        self.ws.send(message).await.unwrap();
    }

    /// A frame that no client should send.
    pub(crate) async fn send_frame(&mut self, opcode: coding::OpCode, payload: &[u8], fin: bool) {
        let frame = Frame::message(payload.to_vec(), opcode, fin);
        self.send_raw(Message::Frame(frame)).await;
    }

    /// The next message of the protocol; pings and pongs are passed over.
    pub(crate) async fn receive(&mut self) -> ServerMessage {
        loop {
            match soon("a message", self.ws.next()).await {
                Some(Ok(Message::Text(text))) => return wire::decode_server(&text).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("a message was due, not {other:?}"),
            }
        }
    }

    /// The code with which the server closes, and what it said before.
    pub(crate) async fn closed(&mut self) -> (Option<u16>, Vec<ServerMessage>) {
        let mut said = Vec::new();
        loop {
            match soon("a close frame", self.ws.next()).await {
                Some(Ok(Message::Text(text))) => said.push(wire::decode_server(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return (frame.map(|frame| frame.code.into()), said);
                }
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return (None, said),
            }
        }
    }

    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        self.closed().await.0
    }

    /// Says hello and reads up to `resumed`.
    pub(crate) async fn hello(&mut self, hello: Hello) -> (Welcome, Vec<Page>) {
        let (welcome, pages, diverged) = self.resume(hello).await;
        assert!(diverged.is_empty(), "{diverged:?}");
        (welcome, pages)
    }

    /// The same, with the cursors that were not of the server's log.
    pub(crate) async fn resume(
        &mut self,
        hello: Hello,
    ) -> (Welcome, Vec<Page>, Vec<(RoomId, Seq)>) {
        self.send(&ClientMessage::Hello(hello)).await;
        let ServerMessage::Welcome(welcome) = self.receive().await else {
            panic!("welcome comes first");
        };
        let (mut pages, mut diverged) = (Vec::new(), Vec::new());
        loop {
            match self.receive().await {
                ServerMessage::Page(page) => pages.push(page),
                ServerMessage::Diverged { room, seq } => {
                    assert!(pages.is_empty(), "right after the welcome");
                    diverged.push((room, seq));
                }
                ServerMessage::Resumed => return (welcome, pages, diverged),
                other => panic!("{other:?} among the replays"),
            }
        }
    }

    /// The answer to a request: live events and other news that come before it are passed over.
    pub(crate) async fn answer(&mut self) -> ServerMessage {
        loop {
            match self.receive().await {
                ServerMessage::Event { .. }
                | ServerMessage::Behind { .. }
                | ServerMessage::People { .. }
                | ServerMessage::Chosen { .. }
                | ServerMessage::Receipts { request: None, .. }
                | ServerMessage::Joined { request: None, .. }
                | ServerMessage::Left { .. }
                | ServerMessage::Noted { request: None, .. } => {}
                answer => return answer,
            }
        }
    }

    /// The next live event; answers that come before it are passed over.
    pub(crate) async fn event(&mut self) -> (RoomId, Event) {
        loop {
            if let ServerMessage::Event { room, event, .. } = self.receive().await {
                return (room, event);
            }
        }
    }

    /// What is told next about people; all else is passed over.
    pub(crate) async fn people(&mut self) -> Vec<Profile> {
        loop {
            if let ServerMessage::People { people } = self.receive().await {
                return people;
            }
        }
    }

    /// The next live message in the log; other events are passed over.
    pub(crate) async fn message(&mut self) -> Event {
        loop {
            let (_, event) = self.event().await;
            if matches!(event.content, shared::protocol::Content::Message { .. }) {
                return event;
            }
        }
    }

    /// Waits until the server has read everything that was sent: it answers a WebSocket ping when it comes to it. Returns
    /// the answers that came meanwhile.
    pub(crate) async fn until_read(&mut self) -> Vec<ServerMessage> {
        if transports::current() != Transport::WebSocket {
            // The bridge answers pings itself.
            return self.rest().await;
        }
        self.send_raw(Message::Ping("read?".into())).await;
        let mut answers = Vec::new();
        loop {
            match soon("a pong", self.ws.next()).await {
                Some(Ok(Message::Pong(_))) => return answers,
                Some(Ok(Message::Text(text))) => match wire::decode_server(&text).unwrap() {
                    ServerMessage::Event { .. } => {}
                    answer => answers.push(answer),
                },
                other => panic!("a pong was due, not {other:?}"),
            }
        }
    }

    /// Sends without waiting for the answer.
    pub(crate) async fn post(&mut self, room: RoomId, text: &str) -> ClientId {
        let client_id = client_id();
        self.post_as(room, client_id, text).await;
        client_id
    }

    pub(crate) async fn post_as(&mut self, room: RoomId, client_id: ClientId, text: &str) {
        let body = body(text);
        self.act_as(room, client_id, Action::message(body)).await;
    }

    pub(crate) async fn act_as(&mut self, room: RoomId, client_id: ClientId, action: Action) {
        self.send(&ClientMessage::Send {
            room,
            client_id,
            after: None,
            action,
        })
        .await;
    }

    /// Does something in a room and waits for the answer, whatever comes before it.
    pub(crate) async fn act(&mut self, room: RoomId, action: Action) -> Result<Stored, Problem> {
        self.act_again(room, client_id(), action).await
    }

    /// The same under a client id of the test's own.
    pub(crate) async fn act_again(
        &mut self,
        room: RoomId,
        client_id: ClientId,
        action: Action,
    ) -> Result<Stored, Problem> {
        self.act_as(room, client_id, action).await;
        self.stored(client_id).await
    }

    /// The answer to a send, whatever comes before it.
    pub(crate) async fn stored(&mut self, sent: ClientId) -> Result<Stored, Problem> {
        loop {
            match self.receive().await {
                ServerMessage::Stored {
                    client_id,
                    seq,
                    at,
                    repeat,
                    ..
                } if client_id == sent => {
                    return Ok(Stored { seq, at, repeat });
                }
                ServerMessage::Refused {
                    client_id: Some(client_id),
                    problem,
                    ..
                } if client_id == sent => return Err(problem),
                _ => {}
            }
        }
    }

    /// Everything that was on its way when this was called.
    pub(crate) async fn rest(&mut self) -> Vec<ServerMessage> {
        const N: u64 = 815;
        self.send(&ClientMessage::Ping { n: N }).await;
        let mut rest = Vec::new();
        loop {
            match self.receive().await {
                ServerMessage::Pong { n: N, .. } => return rest,
                message => rest.push(message),
            }
        }
    }

    /// Sends and waits until it is stored.
    pub(crate) async fn say(&mut self, room: RoomId, text: &str) -> Seq {
        let client_id = self.post(room, text).await;
        match self.answer().await {
            ServerMessage::Stored {
                client_id: stored,
                seq,
                ..
            } if stored == client_id => seq,
            other => panic!("{other:?}"),
        }
    }

    /// Fills a room with so many messages.
    pub(crate) async fn fill(&mut self, room: RoomId, count: usize) {
        // In helpings, so that neither side waits for the other.
        for first in (0..count).step_by(32) {
            let helping = 32.min(count - first);
            for number in first..first + helping {
                self.post(room, &format!("number {number}")).await;
            }
            for _ in 0..helping {
                let answer = self.answer().await;
                assert!(matches!(answer, ServerMessage::Stored { .. }), "{answer:?}");
            }
        }
    }

    pub(crate) fn next_request(&mut self) -> RequestId {
        self.last_request += 1;
        RequestId(self.last_request)
    }

    pub(crate) async fn read(&mut self, room: RoomId, from: u64, to: u64) -> Result<Page, Problem> {
        let request = self.next_request();
        let (from, to) = (Seq(from), Seq(to));
        self.send(&ClientMessage::Read {
            request,
            room,
            from,
            to,
        })
        .await;
        match self.answer().await {
            ServerMessage::Page(page) if page.request == Some(request) => Ok(page),
            ServerMessage::Refused {
                request: Some(of),
                problem,
                ..
            } if of == request => Err(problem),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn place_at(&mut self, room: RoomId, at: Timestamp) -> Result<Seq, Problem> {
        let request = self.next_request();
        let asking = ClientMessage::PlaceAt { request, room, at };
        self.send(&asking).await;
        match self.answer().await {
            ServerMessage::Place {
                request: of, seq, ..
            } if of == request => Ok(seq),
            ServerMessage::Refused {
                request: Some(of),
                problem,
                ..
            } if of == request => Err(problem),
            other => panic!("{other:?}"),
        }
    }

    /// The whole log of a room, by as many pages as it takes.
    pub(crate) async fn log(&mut self, room: RoomId) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let from = events.len() as u64 + 1;
            let page = self.read(room, from, Seq::MAX.0).await.unwrap();
            let done = page.to >= page.head;
            events.extend(page.events);
            if done {
                return events;
            }
        }
    }

    pub(crate) async fn create(
        &mut self,
        client_id: ClientId,
        name: &str,
    ) -> Result<Room, Problem> {
        self.make(client_id, name, false).await
    }

    pub(crate) async fn make(
        &mut self,
        client_id: ClientId,
        name: &str,
        private: bool,
    ) -> Result<Room, Problem> {
        let request = self.next_request();
        let name = shared::text::RoomName::parse(name).unwrap();
        self.send(&ClientMessage::Create {
            request,
            client_id,
            name,
            private,
        })
        .await;
        self.joined(request).await
    }

    /// A private room of one's own.
    pub(crate) async fn private(&mut self, name: &str) -> RoomId {
        self.make(client_id(), name, true).await.unwrap().id
    }

    /// The direct room with these.
    pub(crate) async fn direct(&mut self, people: &[&Person]) -> Result<Room, Problem> {
        self.direct_again(client_id(), people).await
    }

    /// The same under a client id of the test's own.
    pub(crate) async fn direct_again(
        &mut self,
        client_id: ClientId,
        people: &[&Person],
    ) -> Result<Room, Problem> {
        let request = self.next_request();
        let people = people.iter().map(|person| person.id).collect();
        self.send(&ClientMessage::OpenDirect {
            request,
            client_id,
            people,
        })
        .await;
        self.joined(request).await
    }

    /// The next time that this person is told of being in a room, without having asked.
    pub(crate) async fn told_joined(&mut self) -> Room {
        loop {
            if let ServerMessage::Joined {
                request: None,
                room,
            } = self.receive().await
            {
                return room;
            }
        }
    }

    /// The next time that this person is told of having been taken out of a room.
    pub(crate) async fn told_taken_out(&mut self) -> Option<TakenOut> {
        loop {
            if let ServerMessage::Left { taken_out, .. } = self.receive().await {
                return taken_out.map(|it| *it);
            }
        }
    }

    /// The next time that this person is told of being in a room no more.
    pub(crate) async fn told_left(&mut self) -> RoomId {
        loop {
            if let ServerMessage::Left { room, .. } = self.receive().await {
                return room;
            }
        }
    }

    pub(crate) async fn find_people(&mut self, text: &str) -> (Vec<String>, bool) {
        let (request, text) = (self.next_request(), text.to_owned());
        self.send(&ClientMessage::FindPeople { request, text })
            .await;
        match self.answer().await {
            ServerMessage::PeopleFound { people, more, .. } => {
                let names = people.iter().map(|person| person.name.to_string());
                (names.collect(), more)
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn directory(&mut self) -> Vec<DirectoryRoom> {
        let request = self.next_request();
        self.send(&ClientMessage::Directory { request }).await;
        match self.answer().await {
            ServerMessage::Directory { rooms, .. } => rooms,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn enter(
        &mut self,
        client_id: ClientId,
        room: RoomId,
    ) -> Result<Room, Problem> {
        let request = self.next_request();
        self.send(&ClientMessage::Join {
            request,
            client_id,
            room,
        })
        .await;
        self.joined(request).await
    }

    /// Who is in a room: as of which place, their names, and whether there are more.
    pub(crate) async fn members(
        &mut self,
        room: RoomId,
    ) -> Result<(Seq, Vec<String>, bool), Problem> {
        let request = self.next_request();
        self.send(&ClientMessage::Members { request, room }).await;
        match self.answer().await {
            ServerMessage::Members {
                request: of,
                head,
                people,
                more,
                ..
            } if of == request => {
                let names = people.iter().map(|person| person.name.to_string());
                Ok((head, names.collect(), more))
            }
            ServerMessage::Refused {
                request: Some(of),
                problem,
                ..
            } if of == request => Err(problem),
            other => panic!("{other:?}"),
        }
    }

    async fn joined(&mut self, asked: RequestId) -> Result<Room, Problem> {
        match self.answer().await {
            ServerMessage::Joined { request, room } if request == Some(asked) => Ok(room),
            ServerMessage::Refused {
                request, problem, ..
            } if request == Some(asked) => Err(problem),
            other => panic!("{other:?}"),
        }
    }
}

/// What a refusal says.
pub(crate) fn problem(message: ServerMessage) -> Problem {
    match message {
        ServerMessage::Refused { problem, .. } => problem,
        other => panic!("a refusal was due, not {other:?}"),
    }
}
