//! The socket shell: one WebSocket, whose every event is passed on with the generation it belongs to.
//!
//! It decides nothing. What an event means, and whether it still matters, the session knows.

use futures_util::StreamExt;
use futures_util::stream::AbortHandle;
use gloo_events::EventListener;
use gloo_net::websocket::futures::WebSocket as WebSocketStream;
use gloo_net::websocket::{Message, WebSocketError};
use shared::close::CloseCode;
use shared::ids::PersonId;
use shared::limits::SUBPROTOCOL;
use shared::session::connection::Generation;
use shared::session::io::Input;
use wasm_bindgen_futures::spawn_local;
use web_sys::WebSocket;
use yew::Callback;

use crate::browser::window;

/// Bytes that may wait in the browser before a send counts as failed: the link takes nothing any more.
const BUFFERED_BYTES: u32 = 8 * 1024 * 1024;

/// An open or opening socket. Dropping it closes it and silences it.
#[derive(Debug)]
pub struct Socket {
    generation: Generation,
    socket: WebSocket,
    task: AbortHandle,
    _opened: EventListener,
}

impl Socket {
    /// Starts to connect. What happens comes as inputs, a failure to start as [`Input::Closed`].
    pub fn connect(generation: Generation, me: PersonId, inputs: &Callback<Input>) -> Option<Self> {
        let opening = WebSocket::new_with_str(&url(me), SUBPROTOCOL).ok();
        let stream = opening
            .clone()
            .and_then(|socket| WebSocketStream::try_from(socket).ok());
        let (Some(socket), Some(stream)) = (opening, stream) else {
            inputs.emit(closed(
                generation,
                CloseCode::ABNORMAL,
                String::new(),
                false,
            ));
            return None;
        };
        let opened = {
            let inputs = inputs.clone();
            EventListener::once(&socket, "open", move |_| {
                inputs.emit(Input::Opened { generation });
            })
        };
        let (task, registration) = AbortHandle::new_pair();
        let reading = read(generation, stream, inputs.clone());
        let reading = futures_util::future::Abortable::new(reading, registration);
        spawn_local(async move {
            let _ = reading.await;
        });
        Some(Self {
            generation,
            socket,
            task,
            _opened: opened,
        })
    }

    /// Sends a message, if this is the socket it is meant for and it still takes any. What does not go out is not
    /// lost: the session sends it again when the link is found to be dead.
    pub fn transmit(&self, generation: Generation, text: &str) {
        let takes = self.socket.ready_state() == WebSocket::OPEN
            && self.socket.buffered_amount() < BUFFERED_BYTES;
        if generation == self.generation && takes {
            let _ = self.socket.send_with_str(text);
        }
    }

    /// Which socket of the session this is.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Closes with a code. Scripts may say only 1000 and 3000 to 4999; for others the browser chooses.
    pub fn close(self, code: CloseCode) {
        let _ = match code.0 {
            1000 | 3000..=4999 => self.socket.close_with_code(code.0),
            _ => self.socket.close(),
        };
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes on what arrives until the close event; the error event before it says nothing more.
async fn read(generation: Generation, mut stream: WebSocketStream, inputs: Callback<Input>) {
    while let Some(item) = stream.next().await {
        match item {
            Ok(Message::Text(text)) => inputs.emit(Input::Received { generation, text }),
            Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError) => {}
            Err(WebSocketError::ConnectionClose(close)) => {
                let code = CloseCode(close.code);
                inputs.emit(closed(generation, code, close.reason, close.was_clean));
                return;
            }
            Err(_) => {}
        }
    }
}

fn closed(generation: Generation, code: CloseCode, reason: String, clean: bool) -> Input {
    Input::Closed {
        generation,
        code,
        reason,
        clean,
    }
}

/// The browser holds the sessions of several people: the address says which is meant (A5).
fn url(me: PersonId) -> String {
    let location = window().location();
    let scheme = match location.protocol().as_deref() {
        Ok("https:") => "wss",
        _ => "ws",
    };
    format!(
        "{scheme}://{}/ws?as={me}",
        location.host().unwrap_or_default()
    )
}
