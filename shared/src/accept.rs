//! `Sec-WebSocket-Accept` as RFC 6455 section 1.3 has it worked out, step by step.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// What is hashed together with the key, for everybody and for ever.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The steps from a key to the value that proves that it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// The key and the GUID.
    pub joined: String,
    /// SHA-1 of that, in hexadecimal.
    pub hash: String,
    /// Those bytes in base64.
    pub value: String,
}

impl Accept {
    /// Works it out.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let joined = format!("{key}{GUID}");
        let hash = Sha1::digest(&joined);
        Self {
            hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            value: STANDARD.encode(hash),
            joined,
        }
    }
}

/// Whether it is 16 bytes in base64.
#[must_use]
pub fn is_key(text: &[u8]) -> bool {
    STANDARD.decode(text).is_ok_and(|bytes| bytes.len() == 16)
}
