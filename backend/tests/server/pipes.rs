//! Section 13: connections made of plain requests. That they say the same as sockets is tested where that is tested of sockets,
//! on every transport; here is what they have of their own.

use std::time::Duration;

use shared::limits;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::wire;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::support::http::{Reply, Request};
use crate::support::{Guest, Parlance, fresh_hello, soon};

const LINES: &str = "application/x-ndjson";

/// A pipe by hand.
struct Pipe {
    guest: Guest,
    id: String,
    said: u64,
    heard: u64,
}

impl Pipe {
    async fn make(guest: &Guest) -> Self {
        let reply = make(guest, "protocol=parlance.v1", &[]).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let id = reply.body.trim().strip_prefix("open ").unwrap().to_owned();
        assert_eq!(id.len(), 32);
        Self {
            guest: guest.clone(),
            id,
            said: 0,
            heard: 0,
        }
    }

    /// One that has said hello and heard everything up to `resumed`.
    async fn join(guest: &Guest) -> Self {
        let mut pipe = Self::make(guest).await;
        let hello = ClientMessage::Hello(fresh_hello());
        assert_eq!(pipe.say(&[&wire::encode(&hello)]).await.status, 204);
        pipe.until(|line| line.contains("\"resumed\"")).await;
        pipe
    }

    fn request(&self, method: &str, more: &str) -> Request {
        let path = format!("/api/pipe/{}{more}", self.id);
        let request = Request::new(method, &path);
        request.header("Cookie", &self.guest.cookie)
    }

    async fn ask(&self, request: Request) -> Reply {
        request.send(self.guest.address).await
    }

    fn saying(&self, n: u64, lines: &[&str]) -> Request {
        let request = self.request("POST", &format!("?n={n}"));
        request
            .header("Content-Type", LINES)
            .body(&lines.join("\n"))
    }

    async fn say(&mut self, lines: &[&str]) -> Reply {
        self.said += 1;
        self.ask(self.saying(self.said, lines)).await
    }

    async fn poll(&self, after: u64, wait: u64) -> Reply {
        let query = format!("?after={after}&wait={wait}");
        self.ask(self.request("GET", &query)).await
    }

    async fn hear(&mut self) -> Vec<String> {
        let reply = self.poll(self.heard, 20).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let lines: Vec<String> = reply.body.lines().map(str::to_owned).collect();
        self.heard += lines.len() as u64;
        lines
    }

    /// The first line that is due, and all that came before it.
    async fn until(&mut self, is_due: impl Fn(&str) -> bool) -> Vec<String> {
        let mut all = Vec::new();
        while !all.iter().any(|line: &String| is_due(line)) {
            all.extend(soon("a line", self.hear()).await);
        }
        all
    }
}

async fn make(guest: &Guest, query: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::new("POST", &format!("/api/pipe?{query}"));
    request = request.header("Cookie", &guest.cookie);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send(guest.address).await
}

fn ping(n: u64) -> String {
    wire::encode(&ClientMessage::Ping { n })
}

fn pongs(lines: &[String]) -> Vec<u64> {
    let pong = |line: &String| match wire::decode_server(line) {
        Ok(ServerMessage::Pong { n, .. }) => Some(n),
        _ => None,
    };
    lines.iter().filter_map(pong).collect()
}

/// W1: the checks of the handshake.
#[tokio::test]
async fn a_pipe_is_made_only_for_those_who_may_open_a_socket() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let none = make(&ada, "", &[]).await;
    assert_eq!(none.status, 400, "{none:?}");
    let foreign = [("Origin", "https://evil.example")];
    let reply = make(&ada, "protocol=parlance.v1", &foreign).await;
    assert_eq!(reply.status, 403);
    assert!(reply.body.contains("foreign_origin"));
    let other = make(&ada, "protocol=parlance.v9", &[]).await;
    assert_eq!(other.status, 200);
    let lines: Vec<&str> = other.body.lines().collect();
    assert!(lines[0].contains("version_unsupported"), "{lines:?}");
    assert_eq!(lines[1], "close 4406 protocol version");
    let nobody = Request::new("POST", "/api/pipe?protocol=parlance.v1");
    let reply = server.http(nobody).await;
    assert_eq!(
        (reply.status, &*reply.body),
        (200, "close 4401 no session\n")
    );
    let get = server.http(Request::get("/api/pipe")).await;
    assert_eq!(get.status, 405);
    server.until_connections(0).await;
}

/// W1 and H10: pipes and sockets count together.
#[tokio::test]
async fn a_pipe_takes_the_place_of_a_socket() {
    let server = Parlance::start_with(|config| config.rooms.sockets_per_person = 2).await;
    let ada = server.sign_in("Ada").await;
    let (_socket, _) = ada.join().await;
    let _pipe = Pipe::make(&ada).await;
    let reply = make(&ada, "protocol=parlance.v1", &[]).await;
    assert_eq!(reply.body, "close 4429 too many sockets\n");
}

/// W1: what a person holds open is no secret of the browser's cache.
#[tokio::test]
async fn no_answer_of_a_pipe_is_kept() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    for reply in [pipe.poll(pipe.heard, 0).await, pipe.say(&[]).await] {
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

/// W3: to everybody else a pipe is one that never was, and nothing happens to it.
#[tokio::test]
async fn the_pipe_of_somebody_else_does_not_exist() {
    let server = Parlance::start().await;
    let (ada, eve) = (server.sign_in("Ada").await, server.sign_in("Eve").await);
    let mut pipe = Pipe::join(&ada).await;
    let of_eve = |id: &str| Pipe {
        guest: eve.clone(),
        id: id.to_owned(),
        said: 0,
        heard: 0,
    };
    let stolen = of_eve(&pipe.id);
    let never = of_eve("0123456789abcdef0123456789abcdef");
    for request in [
        |pipe: &Pipe| pipe.saying(1, &["{}"]),
        |pipe: &Pipe| pipe.request("GET", "?after=0"),
        |pipe: &Pipe| pipe.request("GET", "/events"),
        |pipe: &Pipe| pipe.request("DELETE", ""),
        |pipe: &Pipe| pipe.request("DELETE", "").without("Cookie"),
    ] {
        let (one, other) = (
            stolen.ask(request(&stolen)).await,
            never.ask(request(&never)).await,
        );
        assert!(matches!(one.status, 204 | 404), "{one:?}");
        assert_eq!((one.status, one.body), (other.status, other.body));
    }
    assert_eq!(pipe.say(&[&ping(1)]).await.status, 204);
    assert_eq!(pongs(&pipe.until(|line| line.contains("pong")).await), [1]);
}

/// W3: a page of somebody else's gets nothing done with a person's cookies.
#[tokio::test]
async fn a_foreign_page_can_do_nothing_with_a_pipe() {
    let server = Parlance::start().await;
    let pipe = Pipe::join(&server.sign_in("Ada").await).await;
    for request in [
        pipe.saying(2, &[&ping(1)]),
        pipe.request("GET", "?after=0"),
        pipe.request("GET", "/events"),
        pipe.request("DELETE", ""),
    ] {
        let foreign = request.header("Origin", "https://evil.example");
        assert_eq!(pipe.ask(foreign).await.status, 403);
    }
    let simple = pipe
        .request("POST", "?n=2")
        .header("Content-Type", "text/plain");
    assert_eq!(pipe.ask(simple.body(&ping(1))).await.status, 415);
    server.until_connections(1).await;
}

/// W4: a request that comes twice is taken once, several lines keep their order, and no number is left out.
#[tokio::test]
async fn what_is_said_is_taken_once_and_in_order() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    let lines: Vec<String> = (1..=5).map(ping).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for _ in 0..3 {
        assert_eq!(pipe.ask(pipe.saying(2, &lines)).await.status, 204);
    }
    assert_eq!(pipe.ask(pipe.saying(3, &[&ping(6)])).await.status, 204);
    let heard = pipe.until(|line| line.contains("\"n\":6")).await;
    assert_eq!(pongs(&heard), [1, 2, 3, 4, 5, 6]);
    for n in [1, 2, 5] {
        let reply = pipe.ask(pipe.saying(n, &[&ping(9)])).await;
        assert_eq!(reply.status, 400, "{n}");
        assert!(reply.body.contains("out_of_turn"));
    }
    let reply = pipe
        .ask(pipe.request("POST", "").header("Content-Type", LINES))
        .await;
    assert_eq!(reply.status, 400);
}

/// W4 and M7: a line is a message, with its bounds; a request has bounds of its own.
#[tokio::test]
async fn too_long_a_line_closes_the_connection_and_too_long_a_request_does_not() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    let body = "x".repeat(2 * limits::CLIENT_MESSAGE_BYTES + 1);
    assert_eq!(pipe.ask(pipe.saying(2, &[&body])).await.status, 413);
    assert_eq!(pipe.say(&["{not json", &ping(1)]).await.status, 204);
    let heard = pipe.until(|line| line.contains("pong")).await;
    assert!(
        heard.iter().any(|line| line.contains("malformed")),
        "{heard:?}"
    );
    let line = "x".repeat(limits::CLIENT_MESSAGE_BYTES + 1);
    assert_eq!(pipe.say(&[&line]).await.status, 204);
    let heard = pipe.until(|line| line.starts_with("close")).await;
    assert!(
        heard.last().unwrap().starts_with("close 1009 "),
        "{heard:?}"
    );
}

/// W5: what was in an answer that got lost is said again; what arrived is not.
#[tokio::test]
async fn an_answer_that_got_lost_is_given_again() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    pipe.say(&[&ping(1)]).await;
    let first = pipe.poll(pipe.heard, 20).await;
    let again = pipe.poll(pipe.heard, 20).await;
    assert_eq!(first.body, again.body);
    let count = first.body.lines().count() as u64;
    pipe.heard += count;
    pipe.say(&[&ping(2)]).await;
    assert_eq!(pongs(&pipe.until(|line| line.contains("pong")).await), [2]);
    for unknown in [0, pipe.heard + 1] {
        let reply = pipe.poll(unknown, 0).await;
        assert_eq!(reply.status, 400, "{unknown}");
    }
}

/// W5: a poll that waits is answered when there is something, one that does not at once; a later one takes over.
#[tokio::test]
async fn a_poll_waits_as_long_as_it_is_asked_to() {
    let server = Parlance::start().await;
    let pipe = Pipe::join(&server.sign_in("Ada").await).await;
    let at_once = soon("an empty answer", pipe.poll(pipe.heard, 0)).await;
    assert_eq!((at_once.status, &*at_once.body), (200, ""));
    let (heard, again) = (pipe.poll(pipe.heard, 20), pipe.poll(pipe.heard, 20));
    let mut replies = [Box::pin(heard), Box::pin(again)];
    for reply in &mut replies {
        // Long enough for it to reach the server, which keeps it.
        let early = tokio::time::timeout(Duration::from_millis(200), reply).await;
        assert!(early.is_err(), "{early:?}");
    }
    let [first, second] = replies;
    assert_eq!(soon("the older one", first).await.body, "");
    pipe.ask(pipe.saying(2, &[&ping(1)])).await;
    assert!(soon("the newer one", second).await.body.contains("pong"));
}

/// A stream of events by hand.
struct Events(BufReader<TcpStream>);

impl Events {
    async fn open(pipe: &Pipe) -> (String, Self) {
        let mut stream = TcpStream::connect(pipe.guest.address).await.unwrap();
        let request = format!(
            "GET /api/pipe/{}/events HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n",
            pipe.id, pipe.guest.cookie
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut events = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            events.0.read_line(&mut head).await.unwrap();
        }
        (head.to_ascii_lowercase(), events)
    }

    async fn next(&mut self) -> String {
        loop {
            let mut line = String::new();
            soon("an event", self.0.read_line(&mut line)).await.unwrap();
            if let Some(data) = line.strip_prefix("data: ") {
                return data.trim_end().to_owned();
            }
        }
    }
}

/// W6: what nothing in between may hold back or keep.
#[tokio::test]
async fn a_stream_begins_at_once_and_says_what_it_is() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::make(&server.sign_in("Ada").await).await;
    let (head, mut events) = Events::open(&pipe).await;
    for line in [
        "http/1.1 200",
        "content-type: text/event-stream\r\n",
        "cache-control: no-store, no-transform\r\n",
        "x-accel-buffering: no\r\n",
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert_eq!(events.next().await, "open");
    let hello = ClientMessage::Hello(fresh_hello());
    pipe.say(&[&wire::encode(&hello)]).await;
    assert!(events.next().await.starts_with("{\"type\":\"welcome\""));
}

/// W6: a stream that ends ends its connection, at once.
#[tokio::test]
async fn who_goes_from_a_stream_is_gone() {
    let server = Parlance::start().await;
    let pipe = Pipe::join(&server.sign_in("Ada").await).await;
    let (_, mut events) = Events::open(&pipe).await;
    assert_eq!(events.next().await, "open");
    server.until_connections(1).await;
    drop(events);
    server.until_connections(0).await;
    assert_eq!(pipe.poll(0, 0).await.status, 404);
}

/// W7 and K1: any request is a sign of life, a ping asks for one, and who gives none is cut.
#[tokio::test]
async fn a_ping_is_answered_by_the_next_request() {
    let server = Parlance::start_with(|config| {
        config.web.ping = Duration::from_millis(300);
        config.web.pong = Duration::from_millis(250);
    })
    .await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    for _ in 0..3 {
        let heard = pipe.until(|line| line == "ping").await;
        assert_eq!(heard.last().map(String::as_str), Some("ping"));
    }
    server.until_connections(1).await;
    // The last ping was heard, and no request follows.
    server.until_connections(0).await;
    let heard = pipe.until(|line| line.starts_with("close")).await;
    assert_eq!(heard.last().unwrap(), "close 4408 no sign of life");
}

/// W8 and K2: the end is told with its code, on a stream and by polls, and then the pipe is no more.
#[tokio::test]
async fn the_end_is_told_with_its_code() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut pipe, other) = (Pipe::join(&ada).await, Pipe::join(&ada).await);
    let (_, mut events) = Events::open(&other).await;
    assert_eq!(events.next().await, "open");
    ada.sign_out().await;
    let heard = pipe.until(|line| line.starts_with("close")).await;
    assert_eq!(heard.last().unwrap(), "close 4401 the session ended");
    assert_eq!(events.next().await, "close 4401 the session ended");
    let mut rest = Vec::new();
    soon("the end of the stream", events.0.read_to_end(&mut rest))
        .await
        .unwrap();
    // What is said to a connection that has ended is said to nobody; how it ended is heard.
    assert_eq!(pipe.say(&[&ping(1)]).await.status, 204);
    assert_eq!(pipe.poll(pipe.heard, 0).await.status, 404);
}

/// W1: pipes that ended and wait to be heard are bounded, for each session by itself.
#[tokio::test]
async fn pipes_that_end_without_being_heard_are_bounded() {
    let server = Parlance::start_with(|config| config.rooms.sockets_per_person = 1).await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let long = "x".repeat(limits::CLIENT_MESSAGE_BYTES + 1);
    for _ in 0..2 {
        let mut pipe = Pipe::make(&ada).await;
        assert_eq!(pipe.say(&[&long]).await.status, 204);
        server.until_connections(0).await;
    }
    let reply = make(&ada, "protocol=parlance.v1", &[]).await;
    assert_eq!(reply.status, 503, "{reply:?}");
    assert!(reply.body.contains("overloaded"), "{reply:?}");
    Pipe::make(&bob).await;
}

/// H11: what was never upgraded has no handshake to show.
#[tokio::test]
async fn a_pipe_shows_no_handshake() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::make(&server.sign_in("Ada").await).await;
    let mut hello = fresh_hello();
    hello.explain = true;
    pipe.say(&[&wire::encode(&ClientMessage::Hello(hello))])
        .await;
    let lines = pipe.until(|line| line.contains("\"resumed\"")).await;
    let welcome = lines
        .iter()
        .find_map(|line| match wire::decode_server(line) {
            Ok(ServerMessage::Welcome(welcome)) => Some(welcome),
            _ => None,
        });
    assert_eq!(welcome.unwrap().handshake, None);
}

/// W8: the client ends it.
#[tokio::test]
async fn a_pipe_that_is_deleted_is_gone() {
    let server = Parlance::start().await;
    let pipe = Pipe::join(&server.sign_in("Ada").await).await;
    server.until_connections(1).await;
    assert_eq!(pipe.ask(pipe.request("DELETE", "")).await.status, 204);
    server.until_connections(0).await;
    assert_eq!(pipe.ask(pipe.request("DELETE", "")).await.status, 204);
    assert_eq!(pipe.poll(pipe.heard, 0).await.status, 404);
}

/// W8 and K3: who polls hears that the server restarts, as far as it asks in time.
#[tokio::test]
async fn a_restart_is_told_to_those_who_poll() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    // On one connection, since the server takes no new one.
    let mut stream = BufReader::new(TcpStream::connect(server.address()).await.unwrap());
    let shutdown = tokio::spawn(server.shutdown());
    let mut heard = String::new();
    while !heard.contains("close 1012") {
        let request = format!(
            "GET /api/pipe/{}?after={}&wait=5 HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n",
            pipe.id, pipe.heard, pipe.guest.cookie
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let body = soon("an answer", answer(&mut stream)).await;
        pipe.heard += body.lines().count() as u64;
        heard += &body;
    }
    assert!(heard.contains("\"restarting\""), "{heard}");
    soon("the end of the server", shutdown).await.unwrap();
}

async fn answer(stream: &mut BufReader<TcpStream>) -> String {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    String::from_utf8(body).unwrap()
}

/// W9: a pipe out of which nobody takes anything holds little and harms nobody.
#[tokio::test]
async fn a_pipe_that_is_not_read_is_bounded_and_cut() {
    let server = Parlance::start_with(|config| {
        config.rooms.sends = crate::support::UNLIMITED;
        config.web.ping = Duration::from_millis(1_500);
        config.web.pong = Duration::from_millis(1_000);
    })
    .await;
    let ada = server.sign_in("Ada").await;
    let pipe = Pipe::join(&ada).await;
    let (mut bob, welcome) = server.join("Bob").await;
    let room = welcome.rooms[0].id;
    let long = "x".repeat(limits::BODY_BYTES - 10);
    for number in 0..20 {
        bob.say(room, &format!("{number} {long}")).await;
    }
    server.until_connections(1).await;
    let reply = pipe.poll(pipe.heard, 0).await;
    let most = 3 * 64 * 1024;
    assert!(reply.body.len() < most, "{} bytes", reply.body.len());
}

/// W10
#[tokio::test]
async fn what_a_pipe_costs_is_told_to_its_owner() {
    let server = Parlance::start().await;
    let mut pipe = Pipe::join(&server.sign_in("Ada").await).await;
    let costs = async |pipe: &Pipe| {
        let reply = pipe.ask(pipe.request("GET", "/costs")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let costs: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        ["requests", "head_bytes", "wakes"].map(|name| costs[name].as_u64().unwrap())
    };
    let [requests, head_bytes, wakes] = costs(&pipe).await;
    assert_eq!(
        costs(&pipe).await,
        [requests, head_bytes, wakes],
        "asking costs nothing"
    );
    let request = pipe.request("GET", &format!("?after={}&wait=0", pipe.heard));
    let reply = pipe.ask(request).await;
    let [more, bytes, woken] = costs(&pipe).await;
    assert_eq!((more, woken), (requests + 1, wakes + 1));
    let head = reply.head_bytes() as u64;
    let cost = bytes - head_bytes;
    assert!(
        (head + 100..head + 400).contains(&cost),
        "{cost} for an answer of {head} and its request"
    );
    pipe.say(&[&ping(1)]).await;
    assert_eq!(costs(&pipe).await[0], requests + 2);
}
