//! RFC 6455 frames as bytes, without IO: what a server sends, and the reading of what a client sends.
//!
//! Our own, because what the product is about happens here: a frame is encoded once for all its
//! readers, an idle connection holds no buffer, and every violation names its close code. It must never
//! read or write a socket, nor know what the messages say.

pub mod client;
pub mod decoder;
pub mod violation;

mod header;

use bytes::BufMut;
use shared::close::CloseCode;

/// Payload bytes of a control frame (RFC 6455 section 5.5).
pub const CONTROL_BYTES: usize = 125;

/// What kind of frame it is (RFC 6455 section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message that a text or binary frame began.
    Continuation,
    /// UTF-8.
    Text,
    /// Bytes.
    Binary,
    /// The sender is done.
    Close,
    /// Asks for a pong.
    Ping,
    /// Answers a ping.
    Pong,
}

impl Opcode {
    fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            0x0 => Some(Self::Continuation),
            0x1 => Some(Self::Text),
            0x2 => Some(Self::Binary),
            0x8 => Some(Self::Close),
            0x9 => Some(Self::Ping),
            0xa => Some(Self::Pong),
            _ => None,
        }
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xa,
        }
    }

    fn is_control(self) -> bool {
        self.bits() & 0x8 != 0
    }
}

/// A whole message in one frame, unmasked as servers send it.
#[must_use]
pub fn encode(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    put_header(opcode, payload.len(), 0, &mut frame);
    frame.extend_from_slice(payload);
    frame
}

/// The header of a whole message in one frame, up to its length. `mask` is the bit that says that a mask follows, or nothing.
fn put_header(opcode: Opcode, length: usize, mask: u8, to: &mut impl BufMut) {
    /// Final frame, no extension bits.
    const FIN: u8 = 0x80;
    to.put_u8(FIN | opcode.bits());
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => to.put_u8(mask | short),
        (_, Ok(medium)) => {
            to.put_u8(mask | 126);
            to.put_u16(medium);
        }
        _ => {
            to.put_u8(mask | 127);
            to.put_u64(length as u64);
        }
    }
}

/// A close frame. The reason is for people who look at the wire; it is cut to what fits.
#[must_use]
pub fn encode_close(code: CloseCode, reason: &str) -> Vec<u8> {
    let mut payload = code.0.to_be_bytes().to_vec();
    let fits = reason.floor_char_boundary(CONTROL_BYTES - payload.len());
    payload.extend_from_slice(&reason.as_bytes()[..fits]);
    encode(Opcode::Close, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_takes_one_three_or_nine_bytes() {
        for (length, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let frame = encode(Opcode::Text, &vec![b'a'; length]);
            assert_eq!(frame.len(), header + length, "payload of {length}");
            assert_eq!(frame[0], 0x81);
        }
    }

    #[test]
    fn a_long_close_reason_is_cut_between_characters() {
        let frame = encode_close(CloseCode(4401), &"漢".repeat(60));
        assert!(frame.len() <= 2 + CONTROL_BYTES);
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }
}
