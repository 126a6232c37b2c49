//! The header of a client's frame (RFC 6455 section 5.2), and the unmasking that it prescribes.

use super::violation::{Violation, forbidden};
use super::{CONTROL_BYTES, Opcode};

/// A header, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Header {
    bytes: [u8; 14],
    have: u8,
}

/// A frame whose payload is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) fin: bool,
    pub(super) opcode: Opcode,
    pub(super) left: u64,
    mask: [u8; 4],
}

impl Header {
    /// Collects a header over any number of calls. The first two bytes are judged as soon as they are there.
    pub(super) fn read(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, Violation> {
        loop {
            let have = usize::from(self.have);
            let need = if have < 2 {
                2
            } else {
                check_first(self.bytes[0], self.bytes[1])?;
                header_length(self.bytes[1])
            };
            if have == need {
                return parse(&self.bytes[..need]).map(Some);
            }
            let length = (need - have).min(input.len());
            if length == 0 {
                return Ok(None);
            }
            let (mine, rest) = input.split_at(length);
            self.bytes[have..have + length].copy_from_slice(mine);
            self.have += u8::try_from(length).unwrap_or(0);
            *input = rest;
        }
    }
}

/// RFC 6455 sections 5.1, 5.2 and 5.5.
fn check_first(first: u8, second: u8) -> Result<(), Violation> {
    if first & 0x70 != 0 {
        return Err(forbidden("reserved bits"));
    }
    let Some(opcode) = Opcode::from_bits(first & 0x0f) else {
        return Err(forbidden("unknown opcode"));
    };
    if second & 0x80 == 0 {
        return Err(forbidden("a frame without mask"));
    }
    if opcode.is_control() && first & 0x80 == 0 {
        return Err(forbidden("a control frame in fragments"));
    }
    if opcode.is_control() && usize::from(second & 0x7f) > CONTROL_BYTES {
        return Err(forbidden("a control frame that is too long"));
    }
    Ok(())
}

fn header_length(second: u8) -> usize {
    match second & 0x7f {
        126 => 2 + 2 + 4,
        127 => 2 + 8 + 4,
        _ => 2 + 4,
    }
}

fn parse(header: &[u8]) -> Result<Frame, Violation> {
    let (length, mask) = header[2..].split_at(header.len() - 2 - 4);
    let left = match *length {
        [] => u64::from(header[1] & 0x7f),
        [a, b] => u64::from(u16::from_be_bytes([a, b])),
        _ => length
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    let Some(opcode) = Opcode::from_bits(header[0] & 0x0f) else {
        return Err(forbidden("unknown opcode"));
    };
    Ok(Frame {
        fin: header[0] & 0x80 != 0,
        opcode,
        left,
        mask: [mask[0], mask[1], mask[2], mask[3]],
    })
}

impl Frame {
    /// Moves what belongs to this frame from the input to the buffer, unmasked.
    pub(super) fn take(&mut self, input: &mut &[u8], buffer: &mut Vec<u8>) {
        let length = usize::try_from(self.left).map_or(input.len(), |left| left.min(input.len()));
        let (mine, rest) = input.split_at(length);
        *input = rest;
        let start = buffer.len();
        buffer.extend_from_slice(mine);
        for chunk in buffer[start..].chunks_mut(4) {
            for (byte, mask) in chunk.iter_mut().zip(self.mask) {
                *byte ^= mask;
            }
        }
        self.mask.rotate_left(length % 4);
        self.left -= length as u64;
    }
}
