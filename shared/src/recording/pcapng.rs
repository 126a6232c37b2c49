//! A recording as a `.pcapng`, for Wireshark: what would have been seen on the wire if nobody had encrypted it.
//!
//! Browsers tell nothing of packets. So Ethernet, IP and TCP are made up, with addresses that are kept for documentation
//! (RFC 5737), while the handshake is what the server saw and the messages and their times are what the session recorded. What is
//! made up says so in the packet's comment. Only connections by WebSocket that opened are in it; what is secret was never recorded.

mod blocks;
mod frame;
mod wire;

use super::markdown::who;
use super::{Connection, End, Frame, Recording, Way};
use crate::close::CloseCode;
use crate::limits;
use crate::protocol::{Handshake, Header, SWITCHING};
use crate::session::connection::Ender;
use crate::transport::Transport;

use self::blocks::Blocks;
use self::frame::{Opcode, encoded};
use self::wire::{ACK, FIN, Flow, PSH, SYN};

/// Bytes of TCP payload in a packet: what fits into Ethernet's 1,500.
const SEGMENT: usize = 1_460;

/// The file.
#[must_use]
pub fn pcapng(recording: &Recording) -> Vec<u8> {
    let mut file = Blocks::begun(&recording.client);
    let by_socket = recording.connections.iter().filter(|connection| {
        connection.transport == Transport::WebSocket && connection.steps.opened.is_some()
    });
    for connection in by_socket {
        let mut talk = Talk {
            file: &mut file,
            flow: Flow::of(connection.number),
            began: connection.began.0.saturating_mul(1_000),
            micros: 0,
        };
        talk.open(recording, connection);
        for frame in &connection.frames {
            talk.message(connection.number, frame);
        }
        if let Some(end) = &connection.end {
            talk.close(end);
        }
    }
    file.bytes()
}

/// One connection, packet by packet.
struct Talk<'a> {
    file: &'a mut Blocks,
    flow: Flow,
    /// Microseconds since 1970.
    began: u64,
    /// When the last packet was, in microseconds after that.
    micros: u64,
}

impl Talk<'_> {
    /// The next packet is at this time, or right behind the last one: times are milliseconds, in which several things happen.
    fn at(&mut self, ms: u64) {
        self.micros = self.micros.saturating_add(1).max(ms.saturating_mul(1_000));
    }

    fn packet(&mut self, way: Way, flags: u8, payload: &[u8], comment: &str) {
        let packet = self.flow.packet(way, flags, payload);
        let at = self.began.saturating_add(self.micros);
        self.file.packet(at, &packet, comment);
        self.micros = self.micros.saturating_add(1);
    }

    /// Bytes in as many packets as they need, and the acknowledgement of the other side.
    fn bytes(&mut self, way: Way, bytes: &[u8], comment: &str) {
        let mut comment = comment;
        for segment in bytes.chunks(SEGMENT) {
            self.packet(way, PSH | ACK, segment, comment);
            comment = "";
        }
        self.packet(other(way), ACK, &[], "");
    }

    fn open(&mut self, recording: &Recording, connection: &Connection) {
        let opened = connection.steps.opened.unwrap_or_default();
        let number = connection.number;
        let about = format!(
            "Connection {number} of {}, as its client recorded it. Ethernet, IP and TCP are made up; TLS is left out.",
            recording.address
        );
        self.packet(Way::Out, SYN, &[], &about);
        self.packet(Way::In, SYN | ACK, &[], "");
        self.packet(Way::Out, ACK, &[], "");
        let (request, answer, comment) = match &connection.handshake {
            Some(shown) => (request(shown), answer(shown), "As the server saw it."),
            None => {
                let (request, answer) = usual(&recording.address);
                (
                    request,
                    answer,
                    "Made up: the server did not tell what it saw.",
                )
            }
        };
        self.bytes(Way::Out, request.as_bytes(), comment);
        self.at(opened);
        self.bytes(Way::In, answer.as_bytes(), comment);
    }

    fn message(&mut self, connection: u64, frame: &Frame) {
        self.at(frame.after);
        let mut payload = frame.text.clone().into_bytes();
        let mut comment = format!("Message {} of connection {connection}", frame.number);
        if frame.is_cut() {
            comment += &format!(
                "; only its first {} bytes were recorded, the rest is blank",
                payload.len()
            );
            // A length that somebody made up is not believed.
            payload.resize(frame.bytes.min(limits::RECORDED_BYTES), b' ');
        }
        let bytes = encoded(frame.way, Opcode::Text, &payload, frame.number);
        self.bytes(frame.way, &bytes, &comment);
    }

    /// The goodbye of both sides; of a connection that was given up here, that of this side, which nobody answered. Of one that
    /// broke off nobody knows more than that nothing came any more.
    fn close(&mut self, end: &End) {
        let gave_up = end.by == Ender::Watchdog;
        if !end.clean && !gave_up {
            return;
        }
        self.at(end.after);
        let comment = format!("Made up. It was ended by {}.", who(end.by));
        let first = match end.by {
            Ender::Remote => Way::In,
            Ender::Watchdog | Ender::Person | Ender::Left => Way::Out,
        };
        let payload = match end.code {
            // That there was no code.
            CloseCode(1005) => Vec::new(),
            CloseCode(code) => [&code.to_be_bytes(), end.reason.as_bytes()].concat(),
        };
        if !end.clean {
            let bytes = encoded(first, Opcode::Close, &payload, 0);
            self.packet(first, PSH | ACK, &bytes, &comment);
            return;
        }
        for way in [first, other(first)] {
            let bytes = encoded(way, Opcode::Close, &payload, 0);
            self.bytes(way, &bytes, &comment);
        }
        self.packet(Way::In, FIN | ACK, &[], "");
        self.packet(Way::Out, FIN | ACK, &[], "");
        self.packet(Way::In, ACK, &[], "");
    }
}

fn other(way: Way) -> Way {
    match way {
        Way::Out => Way::In,
        Way::In => Way::Out,
    }
}

fn request(shown: &Handshake) -> String {
    head(&shown.request, &shown.headers)
}

fn answer(shown: &Handshake) -> String {
    head(SWITCHING, &shown.answer)
}

fn head(first: &str, headers: &[Header]) -> String {
    let mut head = format!("{first}\r\n");
    for header in headers {
        head += &format!("{header}\r\n");
    }
    head + "\r\n"
}

/// The handshake as every client of the protocol makes it, with the key and the answer of RFC 6455 section 1.3.
fn usual(address: &str) -> (String, String) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, "ws"));
    let request = format!(
        "GET /{path} HTTP/1.1\r\nhost: {host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: {protocol}\r\n\r\n",
        protocol = limits::SUBPROTOCOL
    );
    let answer = format!(
        "{SWITCHING}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nsec-websocket-protocol: {}\r\n\r\n",
        limits::SUBPROTOCOL
    );
    (request, answer)
}
