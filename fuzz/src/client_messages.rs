//! The text of a client into the server's understanding of it.

use shared::wire;

/// What is not UTF-8 never comes this far.
pub fn run(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        understand(text);
    }
}

/// What is understood can be said again, and means the same.
pub(crate) fn understand(text: &str) {
    if let Ok(message) = wire::decode_client(text) {
        let again = wire::encode(&message);
        assert_eq!(wire::decode_client(&again), Ok(message), "{again}");
    }
}
