//! GIF: a screen, then images and extensions, each in blocks of at most 255 bytes.

const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const END: u8 = 0x3b;

/// How long a frame is shown, and what shines through.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let screen = 13 + table(*bytes.get(10)?);
    let (head, mut rest) = bytes.split_at_checked(screen)?;
    let mut kept = head.to_vec();
    while let Some(&kind) = rest.first() {
        let (whole, needed) = match kind {
            IMAGE => {
                let data = 10 + table(*rest.get(9)?) + 1;
                (data + blocks(rest.get(data..)?)?, true)
            }
            EXTENSION => (2 + blocks(rest.get(2..)?)?, is_needed(rest)),
            END => break,
            _ => return None,
        };
        let (part, after) = rest.split_at_checked(whole)?;
        if needed {
            kept.extend(part);
        }
        rest = after;
    }
    kept.push(END);
    Some(kept)
}

/// Of what programs add, how often an animation is played.
fn is_needed(extension: &[u8]) -> bool {
    match extension.get(1) {
        Some(&CONTROL) => true,
        Some(&APPLICATION) => {
            matches!(extension.get(3..14), Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0"))
        }
        _ => false,
    }
}

/// Bytes of the table of colours that these flags speak of.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        return 0;
    }
    3 << ((flags & 7) + 1)
}

/// Bytes of a run of blocks, the empty one at its end included.
fn blocks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
