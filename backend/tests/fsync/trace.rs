//! What strace writes, as calls: `strace -f -yy -xx -v`, so that all text is hexadecimal and no list is cut.
//!
//! Strace writes a line when a thread enters a call and one when it leaves it, and the thread goes on only afterwards. So
//! the order of the lines is the order of cause and effect, and a line's number serves as the time.

use std::collections::HashMap;

/// A line's number.
pub(crate) type Line = usize;

/// One call of the server into the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// When it was entered.
    pub(crate) begun: Line,
    /// When it was left. None: never, or it failed.
    pub(crate) done: Option<Line>,
    /// What it was about.
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// Bytes for a file.
    Write { file: String, bytes: Vec<u8> },
    /// A file, or a folder's list of files, shall be on the disk when the call returns.
    Sync { file: String },
    /// Bytes offered to a socket, whether or not the kernel took all of them.
    Send { bytes: Vec<u8> },
}

/// The calls in a trace, in the order in which they were entered.
pub(crate) fn parse(trace: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    // What each thread is in the middle of.
    let mut open: HashMap<&str, usize> = HashMap::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((thread, rest)) = text.split_once(char::is_whitespace) else {
            continue;
        };
        let rest = rest.trim_start();
        if rest.starts_with("<... ") {
            if let Some(at) = open.remove(thread) {
                calls[at].done = succeeded(rest).then_some(line);
            }
            continue;
        }
        let Some(what) = what(rest) else { continue };
        let unfinished = rest.ends_with("<unfinished ...>");
        if unfinished {
            open.insert(thread, calls.len());
        }
        calls.push(Call {
            begun: line,
            done: (!unfinished && succeeded(rest)).then_some(line),
            what,
        });
    }
    calls
}

fn what(text: &str) -> Option<What> {
    let (name, arguments) = text.split_once('(')?;
    let (file, rest) = descriptor(arguments)?;
    let is_file = file.starts_with('/');
    match name {
        "fsync" | "fdatasync" => Some(What::Sync { file }),
        "write" | "pwrite64" | "writev" | "pwritev" | "pwritev2" if is_file => {
            let bytes = literals(rest);
            Some(What::Write { file, bytes })
        }
        "write" | "writev" | "sendto" | "sendmsg" | "sendmmsg" if file.starts_with("TCP") => {
            let bytes = literals(rest);
            Some(What::Send { bytes })
        }
        _ => None,
    }
}

/// `3</folder/file>, …`: what the number stands for, and what follows it.
fn descriptor(arguments: &str) -> Option<(String, &str)> {
    let (_, rest) = arguments.split_once('<')?;
    // The end of what stands between the brackets; an address has `->` in it.
    let end = rest.match_indices('>').find(|&(at, _)| {
        !rest[..at].ends_with('-')
            && matches!(rest[at + 1..].chars().next(), None | Some(',' | ')' | ' '))
    })?;
    let name = String::from_utf8_lossy(&unescape(&rest[..end.0])).into_owned();
    Some((name, &rest[end.0 + 1..]))
}

/// All texts in quotation marks, one after the other. With `-xx` they hold no quotation mark themselves.
fn literals(arguments: &str) -> Vec<u8> {
    arguments
        .split('"')
        .skip(1)
        .step_by(2)
        .flat_map(unescape)
        .collect()
}

/// `\x41` is one byte; what is not escaped stands for itself.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'\\', [b'x', high, low, after @ ..]) = (*first, tail)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Whether the line ends with a result that is not an error. (`?`: the process ended in the middle.)
fn succeeded(text: &str) -> bool {
    text.rsplit_once("= ")
        .and_then(|(_, result)| result.split_whitespace().next()?.parse::<i64>().ok())
        .is_some_and(|result| result >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_on_one_line_begins_and_ends_there() {
        let calls = parse("12  fsync(7<\\x2f\\x61\\x2d\\x77\\x61\\x6c>) = 0\n");
        let file = "/a-wal".to_owned();
        let what = What::Sync { file };
        assert_eq!(
            calls,
            [Call {
                begun: 0,
                done: Some(0),
                what
            }]
        );
    }

    #[test]
    fn a_call_that_others_interrupt_ends_where_its_thread_resumes() {
        let trace = "\
12  fdatasync(7</a-wal> <unfinished ...>
13  writev(9<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base=\"\\x61\", iov_len=1}, {iov_base=\"\\x62\\x63\", iov_len=2}], 2) = 3
14  <... write resumed>) = 8
12  <... fdatasync resumed>) = 0
";
        let calls = parse(trace);
        assert_eq!((calls[0].begun, calls[0].done), (0, Some(3)));
        let bytes = b"abc".to_vec();
        assert_eq!(calls[1].what, What::Send { bytes });
        assert_eq!(calls.len(), 2);
    }

    #[test]
    fn a_call_that_fails_is_never_done() {
        let calls = parse(
            "1 fsync(7</a-wal>) = -1 EIO (Input/output error)\n1 pwrite64(7</a-wal>, \"\\x00\", 1, 0) = ?\n",
        );
        assert!(calls.iter().all(|call| call.done.is_none()), "{calls:?}");
    }

    #[test]
    fn what_is_no_file_and_no_connection_does_not_count() {
        let trace = "\
1 write(4<anon_inode:[eventfd]>, \"\\x01\", 8) = 8
1 sendto(7<UNIX-STREAM:[10906->10905]>, \"\\x01\", 1, MSG_NOSIGNAL, NULL, 0) = 1
1 +++ exited with 0 +++
";
        assert_eq!(parse(trace), []);
    }
}
