//! The way to the server, whichever it is: opened, spoken on and closed. Every event is passed on with the generation that
//! it belongs to.
//!
//! It decides nothing. What an event means, and whether it still matters, the session knows.

pub mod pipe;
mod websocket;

use std::cell::RefCell;
use std::rc::Rc;

use shared::close::CloseCode;
use shared::ids::PersonId;
use shared::session::connection::Generation;
use shared::session::io::Input;
use shared::transport::Transport;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::window;
use crate::parts::LINE;
use crate::socket::websocket::WebSocket;

/// The `readyState` of the chat's newest WebSocket, and its `bufferedAmount`.
#[must_use]
pub fn newest() -> Option<(u16, u32)> {
    websocket::newest()
}

/// Where WebSockets are opened.
#[must_use]
pub fn address() -> String {
    let origin = window().location().origin().unwrap_or_default();
    origin.replacen("http", "ws", 1) + "/ws"
}

/// What carries messages. Dropping it closes and silences it.
pub trait Carrier {
    /// Sends a message, if it still takes any. What does not go out is not lost: the session sends it again when the link
    /// is found to be dead.
    fn transmit(&self, text: String);

    /// Where a connection made of requests is reached, once it is made.
    fn address(&self) -> Option<String>;
}

/// To whom events are told, of which socket of the session, whose person speaks.
#[derive(Debug, Clone)]
pub struct To {
    pub inputs: Callback<Input>,
    pub generation: Generation,
    pub me: PersonId,
}

/// An open or opening way to the server. Dropping it closes it and silences it.
pub struct Socket {
    generation: Generation,
    way: Way,
}

enum Way {
    WebSocket(WebSocket),
    /// Its part of the app may have to come first.
    Pipe(Rc<RefCell<Option<Box<dyn Carrier>>>>),
}

impl Socket {
    /// Starts to connect. What happens comes as inputs, a failure to start as [`Input::Closed`].
    pub fn connect(to: To, transport: Transport) -> Option<Self> {
        let generation = to.generation;
        let way = match transport {
            Transport::WebSocket => Way::WebSocket(WebSocket::connect(to)?),
            _ => Way::Pipe(pipe_to(to, transport)),
        };
        Some(Self { generation, way })
    }

    /// Sends a message, as [`Carrier::transmit`] does.
    pub fn transmit(&self, text: String) {
        match &self.way {
            Way::WebSocket(socket) => socket.transmit(&text),
            Way::Pipe(pipe) => {
                if let Some(pipe) = &*pipe.borrow() {
                    pipe.transmit(text);
                }
            }
        }
    }

    /// Where a connection made of requests is reached, once it is made.
    pub fn address(&self) -> Option<String> {
        match &self.way {
            Way::WebSocket(_) => None,
            Way::Pipe(pipe) => pipe.borrow().as_ref()?.address(),
        }
    }

    /// It is the chat's, and what [`newest`] tells is told of it.
    pub fn watch(&self) {
        if let Way::WebSocket(socket) = &self.way {
            socket.watch();
        }
    }

    /// Which socket of the session this is.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Closes with a code.
    pub fn close(self, code: CloseCode) {
        if let Way::WebSocket(socket) = self.way {
            socket.close(code);
        }
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "socket {}", self.generation.0)
    }
}

/// Fetches what pipes are made by, if need be, and makes one, if it is still wanted then.
fn pipe_to(to: To, transport: Transport) -> Rc<RefCell<Option<Box<dyn Carrier>>>> {
    let place = Rc::new(RefCell::new(None));
    let wanted = Rc::downgrade(&place);
    spawn_local(async move {
        let line = LINE.enter().await;
        let Some(place) = wanted.upgrade() else {
            return;
        };
        match line {
            Some(line) => *place.borrow_mut() = Some((line.pipe)(to, transport)),
            None => to.closed(CloseCode::ABNORMAL, "", false),
        }
    });
    place
}

impl To {
    fn tell(&self, input: Input) {
        self.inputs.emit(input);
    }

    fn opened(&self) {
        let generation = self.generation;
        self.tell(Input::Opened { generation });
    }

    fn received(&self, text: String) {
        let generation = self.generation;
        self.tell(Input::Received { generation, text });
    }

    fn closed(&self, code: CloseCode, reason: &str, clean: bool) {
        self.tell(Input::Closed {
            generation: self.generation,
            code,
            reason: reason.to_owned(),
            clean,
        });
    }
}
