//! A message encoded once, with the header of its WebSocket frame in front: the same bytes go to every reader.

use std::sync::Arc;

use shared::close::CloseCode;
use shared::ids::RoomId;
use shared::protocol::ServerMessage;
use shared::wire;

use crate::frames::{self, Opcode};

/// Bytes ready for the wire.
#[derive(Debug)]
pub struct Parcel {
    room: Option<RoomId>,
    frame: Box<[u8]>,
}

impl Parcel {
    /// A message for one connection.
    #[must_use]
    pub fn message(message: &ServerMessage) -> Arc<Self> {
        Self::frame(Opcode::Text, wire::encode(message).as_bytes())
    }

    /// A live event of a room.
    #[must_use]
    pub fn event(room: RoomId, message: &ServerMessage) -> Arc<Self> {
        let frame = frames::encode(Opcode::Text, wire::encode(message).as_bytes());
        Arc::new(Self {
            room: Some(room),
            frame: frame.into(),
        })
    }

    /// A frame that is not one of the protocol's messages.
    #[must_use]
    pub fn frame(opcode: Opcode, payload: &[u8]) -> Arc<Self> {
        Arc::new(Self {
            room: None,
            frame: frames::encode(opcode, payload).into(),
        })
    }

    /// A close frame.
    #[must_use]
    pub fn close(code: CloseCode, reason: &str) -> Arc<Self> {
        Arc::new(Self {
            room: None,
            frame: frames::encode_close(code, reason).into(),
        })
    }

    /// The room whose live event it is.
    #[must_use]
    pub fn room(&self) -> Option<RoomId> {
        self.room
    }

    /// What goes over the wire.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.frame
    }
}
