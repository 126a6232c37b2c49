//! The client's side of the frames, for clients whose messages come over plain HTTP: the server then speaks both sides.

use bytes::BytesMut;

use super::Opcode;

/// A mask that changes nothing. Masks are against what lies between browser and server (RFC 6455 section 10.3); here
/// nothing does.
const MASK: [u8; 4] = [0; 4];

/// Adds a whole message in one masked frame.
pub fn encode(opcode: Opcode, payload: &[u8], to: &mut BytesMut) {
    const MASKED: u8 = 0x80;
    to.reserve(payload.len() + 10 + MASK.len());
    super::put_header(opcode, payload.len(), MASKED, to);
    to.extend_from_slice(&MASK);
    to.extend_from_slice(payload);
}

/// One frame among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its kind.
    pub opcode: Opcode,
    /// What it carries.
    pub payload: &'a [u8],
    /// Bytes of it in all.
    pub length: usize,
}

/// The first frame of what a server has written, if it is there whole.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<Frame<'_>> {
    let opcode = Opcode::from_bits(bytes.first()? & 0x0f)?;
    let (header, length) = match *bytes.get(1)? {
        126 => {
            let length = bytes.get(2..)?.first_chunk()?;
            (4, u64::from(u16::from_be_bytes(*length)))
        }
        127 => (10, u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        short => (2, u64::from(short)),
    };
    let end = header + usize::try_from(length).ok()?;
    Some(Frame {
        opcode,
        payload: bytes.get(header..end)?,
        length: end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::decoder::{Bounds, Decoder, Incoming};

    const LENGTHS: [usize; 6] = [0, 1, 125, 126, 65_535, 65_536];

    /// W2: what is written here is what a client may send.
    #[test]
    fn the_servers_decoder_reads_what_is_encoded_for_a_client() {
        for length in LENGTHS {
            let text = "a".repeat(length);
            let mut bytes = BytesMut::new();
            encode(Opcode::Text, text.as_bytes(), &mut bytes);
            let mut input: &[u8] = &bytes;
            let mut decoder = Decoder::new(Bounds::PROTOCOL);
            let mut read = decoder.decode(&mut input).unwrap();
            if read.is_none() {
                read = decoder.decode(&mut input).unwrap();
            }
            assert_eq!(read, Some(Incoming::Text(text)), "{length}");
            assert!(input.is_empty());
        }
    }

    /// W2
    #[test]
    fn a_servers_frame_is_found_when_it_is_whole() {
        for length in LENGTHS {
            let payload = vec![b'x'; length];
            let bytes = super::super::encode(Opcode::Text, &payload);
            assert_eq!(first(&bytes[..bytes.len() - 1]), None);
            let more = [&bytes[..], &[0x89, 0]].concat();
            let frame = first(&more).unwrap();
            assert_eq!((frame.payload, frame.length), (&payload[..], bytes.len()));
        }
    }
}
