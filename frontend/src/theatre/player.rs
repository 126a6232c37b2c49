//! One of the four: a connection of its own, the questions that go over it, and what it costs.

use shared::ids::PersonId;
use shared::limits;
use shared::protocol::{ClientMessage, Handshake, Hello, SWITCHING, ServerMessage};
use shared::session::connection::{Generation, RoundTrips};
use shared::session::io::Input;
use shared::session::time::Ticks;
use shared::sorted::Map;
use shared::transport::Transport;
use shared::wire;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::Figures;
use crate::api::json;
use crate::browser::clock;
use crate::socket::{Socket, To};

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    #[default]
    Waiting,
    Opening,
    Playing,
    /// It does not get through here.
    Broken,
    Done,
}

#[derive(Debug)]
pub(super) struct Player {
    pub(super) way: Transport,
    pub(super) stage: Stage,
    socket: Option<Socket>,
    /// When the question was asked that has no answer yet; it is its number, too.
    asked: Option<Ticks>,
    trips: RoundTrips,
    /// As far as it is known here.
    figures: Figures,
}

impl Player {
    pub(super) fn new(way: Transport) -> Self {
        Self {
            way,
            stage: Stage::default(),
            socket: None,
            asked: None,
            trips: RoundTrips::default(),
            figures: Figures::default(),
        }
    }

    pub(super) fn begin(&mut self, me: PersonId, inputs: Callback<Input>) {
        *self = Self::new(self.way);
        self.stage = Stage::Opening;
        let to = To {
            inputs,
            generation: Generation(0),
            me,
        };
        self.socket = Socket::connect(to, self.way);
    }

    pub(super) fn end(&mut self) {
        self.socket = None;
        if self.stage != Stage::Broken {
            self.stage = Stage::Done;
        }
    }

    pub(super) fn figures(&self) -> Figures {
        Figures {
            middle: self.trips.percentile(50),
            high: self.trips.percentile(95),
            ..self.figures
        }
    }

    /// Where the server says what a pipe has cost.
    pub(super) fn costs_address(&self) -> Option<String> {
        let address = self.socket.as_ref()?.address()?;
        Some(address + "/costs")
    }

    pub(super) fn costs(&mut self, costs: &JsValue) {
        self.figures.requests = json::number(costs, "requests");
        self.figures.overhead = json::number(costs, "head_bytes");
        self.figures.wakes = json::number(costs, "wakes");
    }

    /// Asks the next question, unless one is under way.
    pub(super) fn ask(&mut self) {
        if self.stage == Stage::Playing && self.asked.is_none() {
            let now = clock::ticks();
            self.asked = Some(now);
            self.say(&ClientMessage::Ping { n: now.0 });
        }
    }

    pub(super) fn happened(&mut self, input: Input) {
        match input {
            Input::Opened { .. } => self.say(&ClientMessage::Hello(Hello {
                protocol: limits::PROTOCOL_VERSION,
                client: "parlance-theatre".to_owned(),
                epoch: None,
                cursors: Map::new(),
                people: 0,
                explain: true,
            })),
            Input::Received { text, .. } => self.heard(&text),
            Input::Closed { .. } if self.socket.take().is_some() => self.stage = Stage::Broken,
            _ => {}
        }
    }

    fn heard(&mut self, text: &str) {
        self.figures.payload += text.len() as u64;
        self.frame(text.len(), 0);
        match wire::decode_server(text) {
            Ok(ServerMessage::Welcome(welcome)) => {
                if let (Transport::WebSocket, Some(handshake)) = (self.way, &welcome.handshake) {
                    self.figures.requests = 1;
                    self.figures.overhead += head_bytes(handshake);
                }
            }
            Ok(ServerMessage::Resumed) => self.stage = Stage::Playing,
            Ok(ServerMessage::Pong { n, .. }) => {
                if let Some(sent) = self.asked.take_if(|asked| asked.0 == n) {
                    self.trips.push(clock::ticks() - sent);
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, message: &ClientMessage) {
        const MASK: u64 = 4;
        let text = wire::encode(message);
        self.figures.payload += text.len() as u64;
        self.frame(text.len(), MASK);
        if let Some(socket) = &self.socket {
            socket.transmit(text);
        }
    }

    /// What is around a message on a WebSocket (RFC 6455 section 5.2). Of a pipe, the server knows.
    fn frame(&mut self, length: usize, mask: u64) {
        if self.way == Transport::WebSocket {
            let header = match length {
                0..126 => 2,
                126..=0xffff => 4,
                _ => 10,
            };
            self.figures.overhead += header + mask;
            self.figures.wakes += 1;
        }
    }
}

/// The two heads of a handshake, as bytes: each line has a colon, a space and its end.
fn head_bytes(handshake: &Handshake) -> u64 {
    const AROUND: usize = 4;
    const ENDS: usize = 2 + 2 + 2;
    let answer = SWITCHING.len() + "\r\n".len();
    let lines = handshake.headers.iter().chain(&handshake.answer);
    let lines = lines.map(|line| line.name.len() + line.bytes + AROUND);
    (handshake.request.len() + answer + ENDS + lines.sum::<usize>()) as u64
}
