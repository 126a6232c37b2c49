//! As much of RFC 6455 as a load generator needs: whole frames, made once and split cheaply.

use anyhow::{Result, bail};

/// One text message.
pub const TEXT: u8 = 0x1;
/// The connection ends.
pub const CLOSE: u8 = 0x8;
/// Asks for a sign of life.
pub const PING: u8 = 0x9;
/// Gives one.
pub const PONG: u8 = 0xa;

/// Masking makes frames unpredictable to proxies (RFC 6455 section 10.3); on loopback any key will do.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// Largest frame that is believed: a page has 128 KiB, nothing has eight times that.
const FRAME_BYTES: usize = 1024 * 1024;

/// What a server sends, in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// [`TEXT`], [`CLOSE`], [`PING`], [`PONG`] or something else.
    pub opcode: u8,
    /// What it carries.
    pub payload: &'a [u8],
}

/// A frame as clients send it: masked.
#[must_use]
pub fn from_client(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(opcode, 0x80, payload.len());
    frame.extend_from_slice(&MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(b, m)| b ^ m));
    frame
}

/// A frame as servers send it: not masked.
#[must_use]
pub fn from_server(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(opcode, 0, payload.len());
    frame.extend_from_slice(payload);
    frame
}

fn head(opcode: u8, mask: u8, length: usize) -> Vec<u8> {
    let mut head = vec![0x80 | opcode];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => head.push(mask | short),
        (_, Ok(middle)) => {
            head.push(mask | 126);
            head.extend(middle.to_be_bytes());
        }
        _ => {
            head.push(mask | 127);
            head.extend((length as u64).to_be_bytes());
        }
    }
    head
}

/// The first frame in `bytes` and how many bytes it takes; none while it is not complete.
///
/// # Errors
/// When it is masked, fragmented or larger than any frame of ours: no server here sends such.
pub fn split(bytes: &[u8]) -> Result<Option<(Frame<'_>, usize)>> {
    let &[first, second, ref rest @ ..] = bytes else {
        return Ok(None);
    };
    if first & 0xf0 != 0x80 || second & 0x80 != 0 {
        bail!("a frame starts with {first:#04x} {second:#04x}: masked, fragmented or extended");
    }
    let (skip, length) = match second {
        126 => match rest.first_chunk::<2>() {
            Some(&length) => (4, u64::from(u16::from_be_bytes(length))),
            None => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(&length) => (10, u64::from_be_bytes(length)),
            None => return Ok(None),
        },
        short => (2, u64::from(short)),
    };
    let Some(length) = usize::try_from(length).ok().filter(|&n| n <= FRAME_BYTES) else {
        bail!("a frame of {length} bytes");
    };
    let frame = bytes.get(skip..skip + length).map(|payload| Frame {
        opcode: first & 0x0f,
        payload,
    });
    Ok(frame.map(|frame| (frame, skip + length)))
}

/// Cuts a stream of bytes into frames. Bytes are copied only when a frame did not come in one piece.
#[derive(Debug, Default)]
pub struct Splitter {
    rest: Vec<u8>,
}

impl Splitter {
    /// Takes what was read and gives each whole frame.
    ///
    /// # Errors
    /// Those of [`split`] and of `each`.
    pub fn take(
        &mut self,
        fresh: &[u8],
        mut each: impl FnMut(Frame<'_>) -> Result<()>,
    ) -> Result<()> {
        if self.rest.is_empty() {
            let used = all(fresh, &mut each)?;
            self.rest.extend_from_slice(&fresh[used..]);
            return Ok(());
        }
        self.rest.extend_from_slice(fresh);
        let used = all(&self.rest, &mut each)?;
        self.rest.drain(..used);
        if self.rest.is_empty() {
            self.rest = Vec::new();
        }
        Ok(())
    }
}

/// Gives each whole frame at the start of `bytes` and says how many bytes those are.
fn all(bytes: &[u8], each: &mut impl FnMut(Frame<'_>) -> Result<()>) -> Result<usize> {
    let mut used = 0;
    while let Some((frame, length)) = split(&bytes[used..])? {
        each(frame)?;
        used += length;
    }
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> Vec<(u8, Vec<u8>)> {
        let (mut splitter, mut heard) = (Splitter::default(), Vec::new());
        for piece in pieces {
            splitter
                .take(piece, |frame| {
                    heard.push((frame.opcode, frame.payload.to_vec()));
                    Ok(())
                })
                .unwrap();
        }
        assert!(
            splitter.rest.is_empty(),
            "{} bytes left",
            splitter.rest.len()
        );
        heard
    }

    fn sizes() -> [usize; 7] {
        [0, 1, 125, 126, 65_535, 65_536, 200_000]
    }

    #[test]
    fn every_form_of_length_is_read() {
        for size in sizes() {
            let payload: Vec<u8> = (0..size).map(|n| n as u8).collect();
            let frame = from_server(TEXT, &payload);
            assert_eq!(heard(&[&frame]), [(TEXT, payload)], "{size} bytes");
        }
    }

    #[test]
    fn frames_come_whole_wherever_the_stream_is_cut() {
        let mut stream = from_server(TEXT, b"one");
        stream.extend(from_server(PING, b""));
        stream.extend(from_server(TEXT, &[b'x'; 300]));
        stream.extend(from_server(CLOSE, &[3, 232]));
        let whole = heard(&[&stream]);
        assert_eq!(whole.len(), 4);
        for first in 0..stream.len() {
            for second in [first, (first + 1).min(stream.len()), stream.len()] {
                let pieces = [&stream[..first], &stream[first..second], &stream[second..]];
                assert_eq!(heard(&pieces), whole, "cut at {first} and {second}");
            }
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(heard(&bytes), whole);
    }

    #[test]
    fn a_client_frame_is_masked_and_unmasks_to_itself() {
        for size in sizes() {
            let payload = vec![b'a'; size];
            let (masked, plain) = (from_client(TEXT, &payload), from_server(TEXT, &payload));
            let head = plain.len() - size;
            assert_eq!(masked.len(), plain.len() + 4);
            assert_eq!(masked[1], plain[1] | 0x80);
            let mask = &masked[head..head + 4];
            let unmasked = masked[head + 4..].iter().zip(mask.iter().cycle());
            assert!(unmasked.map(|(b, m)| b ^ m).eq(payload), "{size} bytes");
        }
    }

    #[test]
    fn what_no_server_sends_is_an_error() {
        assert!(split(&from_client(TEXT, b"masked")).is_err());
        assert!(split(&[0x01, 0x01, b'a']).is_err(), "a fragment");
        assert!(split(&[0xc1, 0x01, b'a']).is_err(), "compressed");
        let huge = [&[0x81, 127][..], &u64::MAX.to_be_bytes()].concat();
        assert!(split(&huge).is_err());
    }
}
