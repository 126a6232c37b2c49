//! The steps by which a connection comes about, each with who says it and when.

use shared::recording::Connection;

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

    pub fn name(self, words: Words) -> &'static str {
        match self {
            Self::Lookup => words.step_lookup,
            Self::Request => words.step_request,
            Self::Answer => words.step_answer,
            Self::Hello => words.step_hello,
            Self::Welcome => words.step_welcome,
            Self::Resumed => words.step_resumed,
            Self::End => words.step_end,
        }
    }

    pub fn explanation(self, words: Words) -> &'static str {
        match self {
            Self::Lookup => words.explain_lookup,
            Self::Request => words.explain_request,
            Self::Answer => words.explain_answer,
            Self::Hello => words.explain_hello,
            Self::Welcome => words.explain_welcome,
            Self::Resumed => words.explain_resumed,
            Self::End => words.explain_end,
        }
    }
}
