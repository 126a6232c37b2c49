//! WebSocket frames as both sides write them (RFC 6455 section 5.2).

use crate::recording::Way;

/// What kind of frame it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Text = 0x1,
    Close = 0x8,
}

/// One final frame, masked if a client writes it. Which key it was nobody recorded; any will do.
pub(super) fn encoded(way: Way, opcode: Opcode, payload: &[u8], number: u64) -> Vec<u8> {
    const FIN: u8 = 0x80;
    let masked = match way {
        Way::Out => 0x80,
        Way::In => 0,
    };
    let mut frame = vec![FIN | opcode as u8];
    match payload.len() {
        length @ ..126 => frame.push(masked | length as u8),
        length @ 126..0x1_0000 => {
            frame.push(masked | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(masked | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    if way == Way::In {
        frame.extend(payload);
        return frame;
    }
    // A multiplier whose products have few zeros (Knuth's golden ratio).
    let key = (number as u32)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b1)
        .to_be_bytes();
    frame.extend(key);
    frame.extend(
        payload
            .iter()
            .zip(key.iter().cycle())
            .map(|(byte, key)| byte ^ key),
    );
    frame
}
