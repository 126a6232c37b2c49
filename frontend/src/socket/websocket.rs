//! One WebSocket of the browser.

use std::cell::RefCell;

use futures_util::StreamExt;
use futures_util::stream::AbortHandle;
use gloo_events::EventListener;
use gloo_net::websocket::futures::WebSocket as Stream;
use gloo_net::websocket::{Message, WebSocketError};
use shared::close::CloseCode;
use shared::ids::PersonId;
use shared::limits::SUBPROTOCOL;
use wasm_bindgen_futures::spawn_local;

use crate::socket::{To, address};

/// Bytes that may wait in the browser before a send counts as failed: the link takes nothing any more.
const BUFFERED_BYTES: u32 = 8 * 1024 * 1024;

thread_local! {
    /// The newest one of the chat, for who wants to look at it.
    static NEWEST: RefCell<Option<web_sys::WebSocket>> = const { RefCell::new(None) };
}

/// The `readyState` of the chat's newest socket, and its `bufferedAmount`.
pub(super) fn newest() -> Option<(u16, u32)> {
    NEWEST.with_borrow(|newest| {
        let socket = newest.as_ref()?;
        Some((socket.ready_state(), socket.buffered_amount()))
    })
}

/// An open or opening socket. Dropping it closes it and silences it.
#[derive(Debug)]
pub(super) struct WebSocket {
    socket: web_sys::WebSocket,
    task: AbortHandle,
    _opened: EventListener,
}

impl WebSocket {
    pub(super) fn connect(to: To) -> Option<Self> {
        let opening = web_sys::WebSocket::new_with_str(&url(to.me), SUBPROTOCOL).ok();
        let stream = opening
            .clone()
            .and_then(|socket| Stream::try_from(socket).ok());
        let (Some(socket), Some(stream)) = (opening, stream) else {
            to.closed(CloseCode::ABNORMAL, "", false);
            return None;
        };
        let opened = {
            let to = to.clone();
            EventListener::once(&socket, "open", move |_| to.opened())
        };
        let (task, registration) = AbortHandle::new_pair();
        let reading = read(to, stream);
        let reading = futures_util::future::Abortable::new(reading, registration);
        spawn_local(async move {
            let _ = reading.await;
        });
        Some(Self {
            socket,
            task,
            _opened: opened,
        })
    }

    /// From now on it is the one that is looked at.
    pub(super) fn watch(&self) {
        NEWEST.set(Some(self.socket.clone()));
    }

    pub(super) fn transmit(&self, text: &str) {
        let takes = self.socket.ready_state() == web_sys::WebSocket::OPEN
            && self.socket.buffered_amount() < BUFFERED_BYTES;
        if takes {
            let _ = self.socket.send_with_str(text);
        }
    }

    /// Scripts may say only 1000 and 3000 to 4999; for others the browser chooses.
    pub(super) fn close(self, code: CloseCode) {
        let _ = match code.0 {
            1000 | 3000..=4999 => self.socket.close_with_code(code.0),
            _ => self.socket.close(),
        };
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes on what arrives until the close event; the error event before it says nothing more.
async fn read(to: To, mut stream: Stream) {
    while let Some(item) = stream.next().await {
        match item {
            Ok(Message::Text(text)) => to.received(text),
            Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError) => {}
            Err(WebSocketError::ConnectionClose(close)) => {
                let code = CloseCode(close.code);
                to.closed(code, &close.reason, close.was_clean);
                return;
            }
            Err(_) => {}
        }
    }
}

/// The browser holds the sessions of several people: the address says which is meant (A5).
fn url(me: PersonId) -> String {
    format!("{}?as={me}", address())
}
