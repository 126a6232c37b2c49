//! What comes from the client.

use shared::problem::Problem;
use shared::protocol::ClientMessage;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::{Connection, End, Pending, Stage};
use crate::frames::Opcode;
use crate::frames::decoder::Incoming;
use crate::rooms::budget;
use crate::rooms::parcel::Parcel;
use crate::rooms::requests::refused;
use crate::web::decode::{decode, names};
use crate::web::socket::Received;

impl<IO: AsyncRead + AsyncWrite + Unpin> Connection<IO> {
    pub(super) fn receive(&mut self, received: Received) -> Result<(), End> {
        self.heartbeat.heard();
        match received {
            Received::Incoming(Incoming::Text(text)) => match decode(&text) {
                Ok(message) => self.understand(message),
                Err(refusal) => {
                    self.say(&refusal);
                    Ok(())
                }
            },
            Received::Incoming(Incoming::Binary(_)) => {
                self.say(&refused(None, None, Problem::BinaryRefused));
                Ok(())
            }
            Received::Incoming(Incoming::Ping(payload)) => {
                self.socket.queue(Parcel::frame(Opcode::Pong, &payload));
                Ok(())
            }
            Received::Incoming(Incoming::Pong) => Ok(()),
            Received::Incoming(Incoming::Close(code)) => Err(End::Close(code, "")),
            Received::Violation(violation) => {
                Err(End::Close(Some(violation.code), violation.reason))
            }
            Received::Ended => Err(End::Gone),
        }
    }

    fn understand(&mut self, message: ClientMessage) -> Result<(), End> {
        match (&self.stage, message) {
            (Stage::Greeting { .. }, ClientMessage::Hello(hello)) => return self.greet(hello),
            (Stage::Greeting { .. }, other) => {
                let (request, client_id) = names(&other);
                self.say(&refused(request, client_id, Problem::OutOfTurn));
            }
            (_, message) => match self.spend_request(&message) {
                Ok(()) => {
                    let mailbox = self.registration.mailbox();
                    let answer = self.rooms.request(&self.me, mailbox, message);
                    self.pending.push_back(Pending::Answer(answer));
                }
                // It has no answer that could say so; the client states it again.
                Err(_) if is_statement(&message) => {}
                Err(problem) => {
                    let (request, client_id) = names(&message);
                    // Queued behind the answers to earlier requests, as everything is.
                    let refusal = std::future::ready(Some(refused(request, client_id, problem)));
                    self.pending.push_back(Pending::Answer(Box::pin(refusal)));
                }
            },
        }
        Ok(())
    }

    /// Sends have the person's budget, everything else that asks the log the connection's.
    fn spend_request(&mut self, message: &ClientMessage) -> Result<(), Problem> {
        if !is_statement(message) && names(message).0.is_none() {
            return Ok(());
        }
        let spent = self.requests.spend(self.limits.requests, Instant::now());
        spent.map_err(budget::limited)
    }
}

/// Whether a message only says how things stand with the client.
fn is_statement(message: &ClientMessage) -> bool {
    matches!(
        message,
        ClientMessage::Applied { .. }
            | ClientMessage::Seen { .. }
            | ClientMessage::Unread { .. }
            | ClientMessage::Typing { .. }
    )
}
