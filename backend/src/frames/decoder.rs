//! Reads what a client sends: bytes in, messages out, at any cut of the bytes. It checks as early as
//! possible: a frame that announces too much fails before its payload is stored, wrong UTF-8 with its first wrong byte.

use shared::close::CloseCode;
use shared::limits;

use super::{CONTROL_BYTES, Opcode};

/// Something whole from the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping; the same bytes go back in a pong.
    Ping(Vec<u8>),
    /// A pong.
    Pong,
    /// The client is done. No code: its frame had none.
    Close(Option<CloseCode>),
}

/// The client broke the rules: the connection is to be closed with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The code for the close frame.
    pub code: CloseCode,
    /// What was wrong.
    pub reason: &'static str,
}

/// RFC 6455 section 7.4.1: the endpoint received what the protocol does not allow.
const PROTOCOL_ERROR: CloseCode = CloseCode(1002);

const fn forbidden(reason: &'static str) -> Violation {
    let code = PROTOCOL_ERROR;
    Violation { code, reason }
}

const NOT_UTF8: Violation = Violation {
    code: CloseCode::INVALID_PAYLOAD,
    reason: "text that is not UTF-8",
};

const TOO_BIG: Violation = Violation {
    code: CloseCode::TOO_BIG,
    reason: "the message is too big",
};

const TOO_MANY_FRAGMENTS: Violation = Violation {
    code: CloseCode::TOO_BIG,
    reason: "the message has too many fragments",
};

/// Most that a message's buffer grows at once on the mere announcement of a length.
const RESERVE_BYTES: usize = 64 * 1024;

/// The state between two pieces of input. Idle, it holds no memory outside itself.
#[derive(Debug)]
pub struct Decoder {
    message_bytes: usize,
    step: Step,
    message: Option<Message>,
    control: Vec<u8>,
}

/// Where in a frame the input ended.
#[derive(Debug)]
enum Step {
    Header { bytes: [u8; 14], have: u8 },
    Payload(Frame),
}

impl Step {
    const START: Self = Self::Header {
        bytes: [0; 14],
        have: 0,
    };
}

/// A frame whose payload is being read.
#[derive(Debug, Clone, Copy)]
struct Frame {
    fin: bool,
    opcode: Opcode,
    left: u64,
    mask: [u8; 4],
}

/// A message that is not whole yet.
#[derive(Debug)]
struct Message {
    is_text: bool,
    bytes: Vec<u8>,
    fragments: usize,
    /// How many of the bytes are known to be UTF-8.
    valid: usize,
}

impl Decoder {
    /// For messages of at most so many bytes.
    #[must_use]
    pub fn new(message_bytes: usize) -> Self {
        Self {
            message_bytes,
            step: Step::START,
            message: None,
            control: Vec::new(),
        }
    }

    /// Takes from the input until something is whole, or the input is used up. After a violation
    /// nothing more may be decoded.
    pub fn decode(&mut self, input: &mut &[u8]) -> Result<Option<Incoming>, Violation> {
        loop {
            match &mut self.step {
                Step::Header { bytes, have } => {
                    let Some(frame) = read_header(bytes, have, input)? else {
                        return Ok(None);
                    };
                    self.begin(&frame)?;
                    self.step = Step::Payload(frame);
                }
                Step::Payload(frame) => {
                    let buffer = if frame.opcode.is_control() {
                        &mut self.control
                    } else {
                        let Some(message) = &mut self.message else {
                            return Err(forbidden("continuation of nothing"));
                        };
                        &mut message.bytes
                    };
                    frame.take(input, buffer);
                    let frame = *frame;
                    if frame.left > 0 {
                        self.check_text()?;
                        return Ok(None);
                    }
                    self.step = Step::START;
                    if let Some(whole) = self.end(frame)? {
                        return Ok(Some(whole));
                    }
                }
            }
        }
    }

    /// What can be refused before the payload is there.
    fn begin(&mut self, frame: &Frame) -> Result<(), Violation> {
        match (frame.opcode, &mut self.message) {
            (Opcode::Continuation, None) => return Err(forbidden("continuation of nothing")),
            (Opcode::Continuation, Some(message)) => message.fragments += 1,
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(forbidden("a message within a message"));
            }
            (Opcode::Text | Opcode::Binary, none) => {
                *none = Some(Message {
                    is_text: frame.opcode == Opcode::Text,
                    bytes: Vec::new(),
                    fragments: 1,
                    valid: 0,
                });
            }
            (Opcode::Close | Opcode::Ping | Opcode::Pong, _) => return Ok(()),
        }
        let Some(message) = &mut self.message else {
            return Ok(());
        };
        let room = self.message_bytes - message.bytes.len();
        match usize::try_from(frame.left) {
            Ok(length) if length <= room => message.bytes.reserve(length.min(RESERVE_BYTES)),
            _ => return Err(TOO_BIG),
        }
        if message.fragments > limits::FRAGMENTS {
            return Err(TOO_MANY_FRAGMENTS);
        }
        Ok(())
    }

    fn end(&mut self, frame: Frame) -> Result<Option<Incoming>, Violation> {
        match frame.opcode {
            Opcode::Ping => Ok(Some(Incoming::Ping(std::mem::take(&mut self.control)))),
            Opcode::Pong => {
                self.control = Vec::new();
                Ok(Some(Incoming::Pong))
            }
            Opcode::Close => read_close(&std::mem::take(&mut self.control)).map(Some),
            Opcode::Continuation | Opcode::Text | Opcode::Binary if !frame.fin => {
                self.check_text()?;
                Ok(None)
            }
            Opcode::Continuation | Opcode::Text | Opcode::Binary => {
                let Some(message) = self.message.take() else {
                    return Err(forbidden("continuation of nothing"));
                };
                if !message.is_text {
                    return Ok(Some(Incoming::Binary(message.bytes)));
                }
                let text = String::from_utf8(message.bytes).map_err(|_| NOT_UTF8)?;
                Ok(Some(Incoming::Text(text)))
            }
        }
    }

    /// Looks at the bytes that came since the last look; a character may still be cut at the end.
    fn check_text(&mut self) -> Result<(), Violation> {
        let Some(message) = self.message.as_mut().filter(|message| message.is_text) else {
            return Ok(());
        };
        match std::str::from_utf8(&message.bytes[message.valid..]) {
            Ok(_) => message.valid = message.bytes.len(),
            Err(error) if error.error_len().is_none() => message.valid += error.valid_up_to(),
            Err(_) => return Err(NOT_UTF8),
        }
        Ok(())
    }
}

impl Frame {
    /// Moves what belongs to this frame from the input to the buffer, unmasked.
    fn take(&mut self, input: &mut &[u8], buffer: &mut Vec<u8>) {
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

/// Collects a header over any number of calls. The first two bytes are judged as soon as they are there.
fn read_header(
    bytes: &mut [u8; 14],
    have: &mut u8,
    input: &mut &[u8],
) -> Result<Option<Frame>, Violation> {
    loop {
        let have_now = usize::from(*have);
        let need = if have_now < 2 {
            2
        } else {
            check_first(bytes[0], bytes[1])?;
            header_length(bytes[1])
        };
        if have_now == need {
            return parse_header(&bytes[..need]).map(Some);
        }
        let length = (need - have_now).min(input.len());
        if length == 0 {
            return Ok(None);
        }
        let (mine, rest) = input.split_at(length);
        bytes[have_now..have_now + length].copy_from_slice(mine);
        *have += u8::try_from(length).unwrap_or(0);
        *input = rest;
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

fn parse_header(header: &[u8]) -> Result<Frame, Violation> {
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

/// RFC 6455 sections 5.5.1 and 7.4.
fn read_close(payload: &[u8]) -> Result<Incoming, Violation> {
    match payload {
        [] => Ok(Incoming::Close(None)),
        [_] => Err(forbidden("a close frame with half a code")),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(forbidden("a close code that is not for the wire"));
            }
            if std::str::from_utf8(reason).is_err() {
                return Err(NOT_UTF8);
            }
            Ok(Incoming::Close(Some(CloseCode(code))))
        }
    }
}

#[cfg(test)]
mod tests;
