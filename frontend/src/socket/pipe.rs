//! A connection made of plain requests (section 12 of `docs/PROTOCOL.md`), for where there is no WebSocket.
//!
//! A request that fails ends it: the session connects again and resumes, as it does when a socket breaks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_net::http::Method;
use js_sys::Reflect;
use shared::close::CloseCode;
use shared::ids::PersonId;
use shared::limits::{self, SUBPROTOCOL};
use shared::transport::Transport;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventSource, MessageEvent, RequestInit};

use crate::api;
use crate::browser::{clock, window};
use crate::socket::{Carrier, To};

/// Bytes of one request at most; a message has half of that.
const LINES_BYTES: usize = limits::CLIENT_MESSAGE_BYTES;

/// Milliseconds between two polls that do not wait: soon after something was said or heard, then less and less often.
const POLL_SOON_MS: u32 = 250;
const POLL_LATE_MS: u32 = 2_000;

/// A pipe. Dropping it ends and silences it.
#[derive(Debug)]
pub struct Pipe(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    to: To,
    transport: Transport,
    /// `/api/pipe/<id>`, once it is made.
    address: RefCell<String>,
    over: Cell<bool>,
    /// What waits to be said, a line each.
    waiting: RefCell<Vec<String>>,
    saying: Cell<bool>,
    /// The number of the last request that said something.
    said: Cell<u64>,
    /// How long the next poll waits for its turn.
    pause: Cell<u32>,
    stream: RefCell<Option<(EventSource, [EventListener; 2])>>,
    /// The page goes, perhaps into the back/forward cache: no connection survives that.
    hiding: RefCell<Option<EventListener>>,
}

impl Pipe {
    /// Starts to make one. Only the part of the app that it is in may call this ([`crate::parts`]).
    #[must_use]
    pub fn connect(to: To, transport: Transport) -> Self {
        let me = to.me;
        let inner = Rc::new(Inner {
            to,
            transport,
            address: RefCell::default(),
            over: Cell::default(),
            waiting: RefCell::default(),
            saying: Cell::default(),
            said: Cell::default(),
            pause: Cell::default(),
            stream: RefCell::default(),
            hiding: RefCell::default(),
        });
        let gone = Rc::downgrade(&inner);
        let hiding = EventListener::once(&window(), "pagehide", move |_| {
            if let Some(inner) = gone.upgrade() {
                inner.end(CloseCode::GOING_AWAY, "", true);
            }
        });
        *inner.hiding.borrow_mut() = Some(hiding);
        let opening = Rc::clone(&inner);
        spawn_local(async move {
            if opening.open(me).await.is_none() {
                opening.end(CloseCode::ABNORMAL, "", false);
            }
        });
        Self(inner)
    }
}

impl Carrier for Pipe {
    fn transmit(&self, text: String) {
        Inner::say(&self.0, text);
    }

    fn address(&self) -> Option<String> {
        let address = self.0.address.borrow().clone();
        (!address.is_empty()).then_some(address)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.0.over.set(true);
        self.0.leave();
    }
}

impl Inner {
    /// Makes the pipe and hears what comes out of it. `None` when that fails.
    async fn open(self: &Rc<Self>, me: PersonId) -> Option<()> {
        let address = api::address(&format!("/pipe?protocol={SUBPROTOCOL}"), me);
        let made = ask(Method::POST, &address, Some(String::new()), 0).await?;
        let Some(id) = made.trim_end().strip_prefix("open ") else {
            made.lines().for_each(|line| self.hear(line));
            return Some(());
        };
        *self.address.borrow_mut() = format!("/api/pipe/{id}");
        if self.over.get() {
            self.leave();
            return Some(());
        }
        match self.transport {
            Transport::Events => self.stream(),
            _ => {
                self.opened();
                self.poll().await
            }
        }
    }

    fn opened(&self) {
        if !self.over.get() {
            self.to.opened();
        }
    }

    fn stream(self: &Rc<Self>) -> Option<()> {
        let address = format!("{}/events", self.address.borrow());
        let source = EventSource::new(&address).ok()?;
        let (hearing, breaking) = (Rc::downgrade(self), Rc::downgrade(self));
        let listeners = [
            EventListener::new(&source, "message", move |event| {
                let line = event.unchecked_ref::<MessageEvent>().data().as_string();
                if let (Some(inner), Some(line)) = (hearing.upgrade(), line) {
                    inner.hear(&line);
                }
            }),
            EventListener::new(&source, "error", move |_| {
                if let Some(inner) = breaking.upgrade() {
                    inner.end(CloseCode::ABNORMAL, "", false);
                }
            }),
        ];
        *self.stream.borrow_mut() = Some((source, listeners));
        Some(())
    }

    async fn poll(self: &Rc<Self>) -> Option<()> {
        let wait = match self.transport {
            Transport::LongPoll => limits::LONG_POLL_MS / 1_000,
            _ => 0,
        };
        let mut after = 0;
        while !self.over.get() {
            let address = format!("{}?after={after}&wait={wait}", self.address.borrow());
            let lines = ask(Method::GET, &address, None, wait as u32 * 1_000).await?;
            for line in lines.lines() {
                after += 1;
                self.hear(line);
            }
            if wait == 0 && lines.is_empty() {
                self.rest().await;
            } else {
                self.pause.set(0);
            }
        }
        Some(())
    }

    /// Waits for the turn of the next poll. Saying something makes it come soon.
    async fn rest(&self) {
        let mut rested = 0;
        let pause = self.pause.get();
        self.pause
            .set((pause * 2).clamp(POLL_SOON_MS, POLL_LATE_MS));
        while rested < self.pause.get() {
            clock::pause(POLL_SOON_MS).await;
            rested += POLL_SOON_MS;
        }
    }

    fn hear(self: &Rc<Self>, line: &str) {
        if self.over.get() {
            return;
        }
        if line == "open" {
            self.opened();
        } else if line == "ping" {
            Self::say(self, String::new());
        } else if let Some(close) = line.strip_prefix("close ") {
            let (code, reason) = close.split_once(' ').unwrap_or((close, ""));
            let code = code.parse().map_or(CloseCode::ABNORMAL, CloseCode);
            self.end(code, reason, true);
        } else {
            self.to.received(line.to_owned());
        }
    }

    /// Says a line, with those that come meanwhile; an empty one is a sign of life.
    fn say(self: &Rc<Self>, line: String) {
        self.waiting.borrow_mut().push(line);
        if self.saying.replace(true) {
            return;
        }
        let inner = Rc::clone(self);
        spawn_local(async move {
            if inner.say_all().await.is_none() {
                inner.end(CloseCode::ABNORMAL, "", false);
            }
            inner.saying.set(false);
        });
    }

    async fn say_all(&self) -> Option<()> {
        while !self.over.get() && !self.waiting.borrow().is_empty() {
            let lines = self.next_lines();
            self.said.set(self.said.get() + 1);
            let address = format!("{}?n={}", self.address.borrow(), self.said.get());
            ask(Method::POST, &address, Some(lines), 0).await?;
            self.pause.set(0);
        }
        Some(())
    }

    /// As many of the lines as fit into a request.
    fn next_lines(&self) -> String {
        let mut waiting = self.waiting.borrow_mut();
        let mut text = waiting.remove(0);
        while let Some(next) = waiting.first()
            && text.len() + next.len() < LINES_BYTES
        {
            text.push('\n');
            text += &waiting.remove(0);
        }
        text
    }

    /// It is over, and the session hears of it once.
    fn end(&self, code: CloseCode, reason: &str, clean: bool) {
        if !self.over.replace(true) {
            self.leave();
            self.to.closed(code, reason, clean);
        }
    }

    /// Tells the server, also when the page goes.
    fn leave(&self) {
        if let Some((source, _)) = &*self.stream.borrow() {
            source.close();
        }
        let address = self.address.take();
        if !address.is_empty() {
            let how = RequestInit::new();
            how.set_method("DELETE");
            // Not every browser knows it; those that do not lose the request with the page.
            let _ = Reflect::set(&how, &"keepalive".into(), &true.into());
            let _ = window().fetch_with_str_and_init(&address, &how);
        }
    }
}

/// The text of a good answer, which may wait so many milliseconds besides.
async fn ask(method: Method, address: &str, lines: Option<String>, wait_ms: u32) -> Option<String> {
    let lines = lines.map(|lines| ("application/x-ndjson", lines));
    let answer = api::request(method, address, lines, wait_ms + api::ANSWER_MS).await;
    answer.and_then(|(is_good, text)| is_good.then_some(text))
}
