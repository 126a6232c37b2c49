//! From `hello` to `resumed`.

use std::collections::VecDeque;
use std::sync::Arc;

use shared::close::CloseCode;
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Hello, ServerMessage};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Connection, End, Pending, Stage, version_unsupported};
use crate::rooms::requests::refused;
use crate::rooms::resume::Welcomed;

impl<IO: AsyncRead + AsyncWrite + Unpin> Connection<IO> {
    pub(super) fn greet(&mut self, hello: Hello) -> Result<(), End> {
        if hello.protocol != limits::PROTOCOL_VERSION {
            self.say(&refused(None, None, version_unsupported()));
            return Err(End::Close(
                Some(CloseCode::VERSION_UNSUPPORTED),
                "protocol version",
            ));
        }
        tracing::debug!(person = %self.me.id, client = %hello.client, "hello");
        let joining = Stage::Joining {
            replays: VecDeque::new(),
            bytes: 0,
        };
        // H11
        let shown = match std::mem::replace(&mut self.stage, joining) {
            Stage::Greeting { handshake, .. } => handshake.filter(|_| hello.explain),
            _ => None,
        };
        let mailbox = Arc::clone(self.registration.mailbox());
        let welcoming = Arc::clone(&self.rooms).welcome(mailbox, self.me.clone(), hello, shown);
        self.pending
            .push_back(Pending::Welcome(Box::pin(welcoming)));
        Ok(())
    }

    pub(super) fn welcome(
        &mut self,
        welcomed: Result<Option<Welcomed>, Problem>,
    ) -> Result<(), End> {
        match welcomed {
            Ok(Some(welcomed)) => {
                self.say(&ServerMessage::Welcome(welcomed.welcome));
                for diverged in &welcomed.diverged {
                    self.say(diverged);
                }
                self.stage = Stage::Joining {
                    replays: welcomed.replays,
                    bytes: 0,
                };
                self.replay();
                Ok(())
            }
            Ok(None) => Err(End::Close(Some(CloseCode::SIGN_IN), "the session ended")),
            Err(problem) => {
                self.say(&refused(None, None, problem));
                Err(End::Close(Some(CloseCode::TRY_AGAIN_LATER), "overloaded"))
            }
        }
    }

    pub(super) fn answer(&mut self, answer: Option<ServerMessage>) {
        if let Some(message) = answer {
            let before = self.socket.queued_bytes();
            self.say(&message);
            let grown = self.socket.queued_bytes() - before;
            if let Stage::Joining { bytes, .. } = &mut self.stage {
                *bytes += grown;
            }
        }
        self.replay();
    }

    /// Asks for the next replay; after the last one, or when they are too many bytes (R7), the connection is live.
    pub(super) fn replay(&mut self) {
        let Stage::Joining { replays, bytes } = &mut self.stage else {
            return;
        };
        let next = (*bytes < limits::RESUME_BYTES)
            .then(|| replays.pop_front())
            .flatten();
        match next {
            Some(replay) => {
                let answer = self.rooms.replay(self.registration.mailbox(), replay);
                self.pending.push_back(Pending::Answer(answer));
            }
            None => {
                self.say(&ServerMessage::Resumed);
                self.stage = Stage::Live;
            }
        }
    }
}
