//! Bytes of a client into the decoder of frames. The first byte says where they are cut.

use backend::frames::decoder::{Bounds, Decoder, Incoming};
use backend::frames::violation::Violation;

use super::client_messages;

/// So small that a few bytes break them.
const SMALL: Bounds = Bounds {
    bytes: 60,
    fragments: 3,
};

/// However the bytes are cut, the same messages come out and the same violation ends them, within the bounds.
pub fn run(data: &[u8]) {
    let Some((&cut, bytes)) = data.split_first() else {
        return;
    };
    for bounds in [Bounds::PROTOCOL, SMALL] {
        let whole = decode(bounds, &[bytes]);
        let pieces: Vec<&[u8]> = bytes.chunks(usize::from(cut) + 1).collect();
        assert_eq!(whole, decode(bounds, &pieces), "cut after {cut} + 1 bytes");
        for message in &whole.0 {
            assert!(size(message) <= bounds.bytes.max(125), "{message:?}");
            if let Incoming::Text(text) = message {
                client_messages::understand(text);
            }
        }
    }
}

fn decode(bounds: Bounds, pieces: &[&[u8]]) -> (Vec<Incoming>, Option<Violation>) {
    let mut decoder = Decoder::new(bounds);
    let mut messages = Vec::new();
    for piece in pieces {
        let mut input = *piece;
        loop {
            let before = input.len();
            match decoder.decode(&mut input) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(violation) => return (messages, Some(violation)),
            }
            assert!(input.len() < before, "a message out of nothing");
        }
        assert!(input.is_empty(), "{} bytes were not taken", input.len());
    }
    (messages, None)
}

fn size(message: &Incoming) -> usize {
    match message {
        Incoming::Text(text) => text.len(),
        Incoming::Binary(bytes) | Incoming::Ping(bytes) => bytes.len(),
        Incoming::Pong | Incoming::Close(_) => 0,
    }
}
