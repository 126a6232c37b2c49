//! What is written down about connections, and its form as text.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use shared::recording::masking::masked;
use shared::recording::pcapng::pcapng;
use shared::recording::{Frame, Recording, Way};
use shared::transport::Transport;
use shared::wire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const ONE: &str = r#"{"client":"parlance-web/0.1.0","address":"ws://localhost:3000/ws","connections":[{"number":1,"began":1764028800000,"transport":"websocket","steps":{"opened":3,"welcomed":5,"resumed":5},"handshake":{"at":1764028800001,"request":"GET /ws HTTP/1.1","headers":[{"name":"sec-websocket-key","value":"dGhlIHNhbXBsZSBub25jZQ==","bytes":24},{"name":"cookie","bytes":90}],"answer":[{"name":"sec-websocket-accept","value":"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=","bytes":28}]},"end":{"after":900,"code":1006,"clean":false,"by":"remote","wait":250},"frames":[{"way":"out","number":1,"after":3,"bytes":19,"text":"{\"type\":\"hello\"}"}]}]}"#;

#[test]
fn a_recording_is_read_as_it_was_written() {
    let recording: Recording = wire::decode(ONE).unwrap();
    assert_eq!(wire::encode(&recording), ONE);
    let connection = &recording.connections[0];
    assert_eq!(connection.transport, Transport::WebSocket);
    let handshake = connection.handshake.as_ref().unwrap();
    assert_eq!(handshake.asked("cookie"), None);
    assert_eq!(
        handshake.answered("sec-websocket-accept"),
        Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    );
    let frame = &connection.frames[0];
    assert!(frame.way == Way::Out && frame.is_cut());
}

#[test]
fn what_people_wrote_is_masked_and_nothing_else_is() {
    let event = r#"{"type":"event","room":"01","event":{"seq":42,"content":{"kind":"message","body":"häy \"you\""}},"quote":{"seq":1,"text":"hi"}}"#;
    let hidden = r#"{"type":"event","room":"01","event":{"seq":42,"content":{"kind":"message","body":"•••••••••"}},"quote":{"seq":1,"text":"••"}}"#;
    assert_eq!(masked(event), hidden);
    assert_eq!(masked(r#"{"body":"cut o"#), "•".repeat(14));
}

/// Dots have another length than what they hide.
#[test]
fn a_masked_message_is_as_whole_or_cut_as_before() {
    let frame = |text: &str, missing: usize| Frame {
        way: Way::In,
        number: 1,
        after: 0,
        bytes: text.len() + missing,
        text: text.to_owned(),
    };
    for (text, missing) in [
        (r#"{"body":"🎂🎂🎂"}"#, 0),
        (r#"{"body":"plain"}"#, 0),
        (r#"{"body":"plain and cu"#, 1_000),
    ] {
        let mut frame = frame(text, missing);
        frame.mask();
        assert_eq!(frame.bytes - frame.text.len(), missing, "{text}");
        assert!(frame.text.contains('•'), "{}", frame.text);
    }
}

#[test]
fn a_recording_that_somebody_made_up_does_no_harm() {
    let mut recording: Recording = wire::decode(ONE).unwrap();
    let connection = &mut recording.connections[0];
    connection.began.0 = u64::MAX;
    let frame = &mut connection.frames[0];
    (frame.number, frame.after, frame.bytes) = (u64::MAX, u64::MAX, usize::MAX);
    let file = pcapng(&recording);
    assert!(file.len() < 2 * 1024 * 1024, "{} bytes", file.len());
}
