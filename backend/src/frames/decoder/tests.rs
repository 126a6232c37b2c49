//! The decoder against frames made by hand, at every cut of the bytes.

use super::*;

const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// A masked frame, as clients send it.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        medium @ 126..=65_535 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(medium).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(b, m)| b ^ m));
    bytes
}

/// Everything that comes out, and how it ended, when the input arrives in pieces of this length.
fn decode_in_pieces(bytes: &[u8], piece: usize) -> (Vec<Incoming>, Option<Violation>) {
    let mut decoder = Decoder::new(Bounds::PROTOCOL);
    let mut out = Vec::new();
    for mut input in bytes.chunks(piece) {
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(incoming)) => out.push(incoming),
                Ok(None) => break,
                Err(violation) => return (out, Some(violation)),
            }
        }
        assert!(input.is_empty(), "the decoder left input unread");
    }
    (out, None)
}

fn violation(bytes: &[u8]) -> u16 {
    let (_, end) = decode_in_pieces(bytes, bytes.len());
    let (_, cut) = decode_in_pieces(bytes, 1);
    assert_eq!(end, cut, "the cut of the bytes decided");
    end.expect("a violation").code.0
}

#[test]
fn the_same_messages_come_out_at_every_cut_of_the_bytes() {
    let bytes = [
        frame(0x81, "héllo 漢字 😀".as_bytes()),
        frame(0x01, &"漢字".as_bytes()[..4]),
        frame(0x89, b"in between"),
        frame(0x80, &"漢字".as_bytes()[4..]),
        frame(0x82, &[0, 255, 1]),
        frame(0x8a, b""),
        frame(0x81, &[b'a'; 70]),
        frame(0x81, "long ".repeat(1_000).as_bytes()),
        frame(0x88, &[0x03, 0xe8]),
    ]
    .concat();
    let expected = vec![
        Incoming::Text("héllo 漢字 😀".into()),
        Incoming::Ping(b"in between".to_vec()),
        Incoming::Text("漢字".into()),
        Incoming::Binary(vec![0, 255, 1]),
        Incoming::Pong,
        Incoming::Text("a".repeat(70)),
        Incoming::Text("long ".repeat(1_000)),
        Incoming::Close(Some(CloseCode::NORMAL)),
    ];
    for piece in (1..40).chain([1_000, bytes.len()]) {
        assert_eq!(
            decode_in_pieces(&bytes, piece),
            (expected.clone(), None),
            "pieces of {piece}"
        );
    }
}

/// M7: wrong UTF-8 fails with its first wrong byte, not at the end of the message.
#[test]
fn text_that_is_not_utf_8_fails_at_once() {
    assert_eq!(violation(&frame(0x81, b"ab\xff")), 1007);
    assert_eq!(violation(&frame(0x01, b"ab\xff")), 1007);
    let unfinished = &frame(0x81, b"ab\xffmore to come")[..9];
    assert_eq!(violation(unfinished), 1007);
    assert_eq!(violation(&frame(0x81, "漢".as_bytes().split_at(2).0)), 1007);
}

/// M7: the announcement of too much is enough.
#[test]
fn a_message_that_is_too_big_fails_with_its_header() {
    let whole = frame(0x81, &vec![b'a'; limits::CLIENT_MESSAGE_BYTES + 1]);
    assert_eq!(violation(&whole[..14]), 1009);
    let in_parts = [
        frame(0x01, &vec![b'a'; limits::CLIENT_MESSAGE_BYTES]),
        frame(0x80, b"b")[..6].to_vec(),
    ];
    assert_eq!(violation(&in_parts.concat()), 1009);
    let absurd = [
        0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4,
    ];
    assert_eq!(violation(&absurd), 1009);
}

/// M7: 256 fragments pass, 257 do not.
#[test]
fn a_message_in_too_many_fragments_fails() {
    let fragments = |count: usize| {
        let mut bytes = frame(0x01, b"a");
        for _ in 2..count {
            bytes.extend(frame(0x00, b"a"));
        }
        bytes.extend(frame(0x80, b"a"));
        bytes
    };
    let whole = Incoming::Text("a".repeat(limits::FRAGMENTS));
    assert_eq!(
        decode_in_pieces(&fragments(limits::FRAGMENTS), 7),
        (vec![whole], None)
    );
    assert_eq!(violation(&fragments(limits::FRAGMENTS + 1)), 1009);
}

#[test]
fn what_rfc_6455_forbids_fails_with_1002() {
    let unmasked = [0x81, 0x01, b'a'];
    let cases: [(&str, Vec<u8>); 11] = [
        ("reserved bit", frame(0xc1, b"a")),
        ("unknown data opcode", frame(0x83, b"a")),
        ("unknown control opcode", frame(0x8b, b"a")),
        ("no mask", unmasked.to_vec()),
        ("control in fragments", frame(0x09, b"a")),
        ("long control", frame(0x89, &[0; 126])),
        ("continuation of nothing", frame(0x80, b"a")),
        (
            "message in message",
            [frame(0x01, b"a"), frame(0x81, b"b")].concat(),
        ),
        ("half a close code", frame(0x88, &[3])),
        ("reserved close code", frame(0x88, &1005_u16.to_be_bytes())),
        ("unused close code", frame(0x88, &2999_u16.to_be_bytes())),
    ];
    for (name, bytes) in cases {
        assert_eq!(violation(&bytes), 1002, "{name}");
    }
}

#[test]
fn an_idle_decoder_holds_no_memory() {
    let mut decoder = Decoder::new(Bounds::PROTOCOL);
    let bytes = [frame(0x81, &[b'a'; 60_000]), frame(0x89, b"ping")].concat();
    let mut input = bytes.as_slice();
    while decoder.decode(&mut input).unwrap().is_some() {}
    assert!(decoder.message.is_none());
    assert_eq!(decoder.control.capacity(), 0);
}
