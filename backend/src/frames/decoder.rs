//! Reads what a client sends: bytes in, messages out, at any cut of the bytes. It checks as early as
//! possible: a frame that announces too much fails before its payload is stored, wrong UTF-8 with its first wrong byte.

use shared::close::CloseCode;
use shared::limits;

use super::Opcode;
use super::header::{Frame, Header};
use super::violation::{NOT_UTF8, TOO_BIG, TOO_MANY_FRAGMENTS, Violation, forbidden};

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

/// Most that a message's buffer grows at once on the mere announcement of a length.
const RESERVE_BYTES: usize = 64 * 1024;

/// How much one message may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of its payload.
    pub bytes: usize,
    /// Frames that it comes in.
    pub fragments: usize,
}

impl Bounds {
    /// What the protocol allows (M7).
    pub const PROTOCOL: Self = Self {
        bytes: limits::CLIENT_MESSAGE_BYTES,
        fragments: limits::FRAGMENTS,
    };
}

/// The state between two pieces of input. Idle, it holds no memory outside itself.
#[derive(Debug)]
pub struct Decoder {
    bounds: Bounds,
    step: Step,
    message: Option<Message>,
    control: Vec<u8>,
}

/// Where in a frame the input ended.
#[derive(Debug)]
enum Step {
    Header(Header),
    Payload(Frame),
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
    /// For messages within these bounds.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            step: Step::Header(Header::default()),
            message: None,
            control: Vec::new(),
        }
    }

    /// Takes from the input until something is whole, or the input is used up. After a violation
    /// nothing more may be decoded.
    pub fn decode(&mut self, input: &mut &[u8]) -> Result<Option<Incoming>, Violation> {
        loop {
            match &mut self.step {
                Step::Header(header) => {
                    let Some(frame) = header.read(input)? else {
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
                    self.step = Step::Header(Header::default());
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
        let room = self.bounds.bytes - message.bytes.len();
        match usize::try_from(frame.left) {
            Ok(length) if length <= room => message.bytes.reserve(length.min(RESERVE_BYTES)),
            _ => return Err(TOO_BIG),
        }
        if message.fragments > self.bounds.fragments {
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
