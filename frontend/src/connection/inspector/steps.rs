//! The steps by which a connection comes about, each with who says it and when.

use shared::recording::Connection;
use shared::transport::Transport;

use crate::connection::inspector::words::Words;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Lookup,
    Request,
    Answer,
    Hello,
    Welcome,
    Resumed,
    End,
}

/// How a step is drawn between the browser and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrow {
    There,
    Back,
    Both,
}

impl Step {
    const USUAL: [Self; 6] = [
        Self::Lookup,
        Self::Request,
        Self::Answer,
        Self::Hello,
        Self::Welcome,
        Self::Resumed,
    ];

    /// Those of a connection: the end is one if it has ended.
    pub fn of(connection: &Connection) -> impl Iterator<Item = Self> {
        let end = connection.end.as_ref().map(|_| Self::End);
        Self::USUAL.into_iter().chain(end)
    }

    /// When it was, in milliseconds since the attempt began; none if it did not come to that.
    pub fn after(self, connection: &Connection) -> Option<u64> {
        let steps = connection.steps;
        match self {
            Self::Lookup | Self::Request => Some(0),
            Self::Answer | Self::Hello => steps.opened,
            Self::Welcome => steps.welcomed,
            Self::Resumed => steps.resumed,
            Self::End => connection.end.as_ref().map(|end| end.after),
        }
    }

    pub fn arrow(self) -> Arrow {
        match self {
            Self::Lookup | Self::End => Arrow::Both,
            Self::Request | Self::Hello => Arrow::There,
            Self::Answer | Self::Welcome | Self::Resumed => Arrow::Back,
        }
    }

    /// What it is called on a connection by this way, and what it is for.
    pub fn texts(self, way: Transport, words: Words) -> (&'static str, &'static str) {
        match (self, way) {
            (Self::Lookup, _) => (words.step_lookup, words.explain_lookup),
            (Self::Request, Transport::WebSocket) => (words.step_request, words.explain_request),
            (Self::Request, _) => (words.step_pipe, words.explain_pipe),
            (Self::Answer, Transport::WebSocket) => (words.step_answer, words.explain_answer),
            (Self::Answer, Transport::Events) => (words.step_stream, words.explain_stream),
            (Self::Answer, _) => (words.step_polls, words.explain_polls),
            (Self::Hello, Transport::WebSocket) => (words.step_hello, words.explain_hello),
            (Self::Hello, _) => (words.step_hello_pipe, words.explain_hello_pipe),
            (Self::Welcome, _) => (words.step_welcome, words.explain_welcome),
            (Self::Resumed, _) => (words.step_resumed, words.explain_resumed),
            (Self::End, _) => (words.step_end, words.explain_end),
        }
    }
}
