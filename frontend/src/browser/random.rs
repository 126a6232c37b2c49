//! Random numbers. `crypto.getRandomValues` works without a secure context, `randomUUID` does not.

use shared::ids::ClientId;

use crate::browser::window;

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect("every browser that runs wasm has crypto.getRandomValues");
    bytes
}

/// A name for a message that nobody else has drawn.
pub fn client_id() -> ClientId {
    ClientId(u128::from_be_bytes(bytes()))
}

/// Where the session's jitter starts.
pub fn seed() -> u64 {
    u64::from_be_bytes(bytes())
}
