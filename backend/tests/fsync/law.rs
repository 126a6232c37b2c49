//! The law, over a trace: what names a change leaves a socket only after an fsync that began when the whole commit of the
//! change was written, and that came back well.
//!
//! A commit is a run of frames at the end of the write-ahead log, each a header of 24 bytes and a page; the header of the last
//! one has the size of the database in it, others zero there (<https://sqlite.org/fileformat2.html#the_write_ahead_log>).

use crate::trace::{Call, Line, What};

const FRAME_HEADER_BYTES: usize = 24;

/// A change, by what it looks like in the two places.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Only its own rows have these bytes.
    pub(crate) in_log: Vec<u8>,
    /// Whatever is sent about it has this text.
    pub(crate) in_messages: String,
    /// The kinds of messages that must have been sent about it, or the run has shown nothing.
    pub(crate) told_by: &'static [&'static str],
}

/// What was seen of one change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A message of this kind was offered to a socket before the disk had the change.
    TooEarly {
        change: String,
        kind: String,
        offered: Line,
        on_disk: Option<Line>,
    },
    /// It is not in the log.
    NotWritten { change: String },
    /// No message of this kind was sent.
    NotTold { change: String, kind: &'static str },
    /// The file of the log may be missing from its folder after a power cut.
    FolderNotSynced,
}

/// What the law was tried on, so that a run that shows nothing is noticed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Fsyncs of the log that covered the commit of at least one change.
    pub(crate) syncs: usize,
    /// Messages that named a change.
    pub(crate) messages: usize,
}

/// Holds a trace to the law.
pub(crate) fn audit(calls: &[Call], changes: &[Change]) -> (Seen, Vec<Fault>) {
    let written = written(calls, changes);
    let syncs = syncs(calls);
    let told = told(calls);
    let mut faults = Vec::new();
    let mut covering = Vec::new();
    let mut messages = 0;
    for (change, written) in changes.iter().zip(written) {
        let name = || change.in_messages.clone();
        // The earliest that came back: one that began later may be done before another.
        let on_disk = written
            .and_then(|written| syncs.iter().find(|(begun, _)| *begun > written))
            .map(|(_, done)| *done);
        if written.is_none() {
            faults.push(Fault::NotWritten { change: name() });
        }
        covering.extend(on_disk);
        let about: Vec<_> = told
            .iter()
            .filter(|told| told.text.contains(&change.in_messages))
            .collect();
        messages += about.len();
        for told in &about {
            if on_disk.is_none_or(|on_disk| told.offered < on_disk) {
                faults.push(Fault::TooEarly {
                    change: name(),
                    kind: told.kind.clone(),
                    offered: told.offered,
                    on_disk,
                });
            }
        }
        let missing = change
            .told_by
            .iter()
            .filter(|kind| about.iter().all(|told| told.kind != **kind));
        faults.extend(missing.map(|kind| Fault::NotTold {
            change: name(),
            kind,
        }));
    }
    if !folder_synced(calls, &told) {
        faults.push(Fault::FolderNotSynced);
    }
    covering.sort_unstable();
    covering.dedup();
    let syncs = covering.len();
    (Seen { syncs, messages }, faults)
}

/// A commit in the log.
struct Commit {
    /// When its last byte was handed to the kernel.
    written: Line,
    bytes: Vec<u8>,
}

/// When the commit that first has each change was written.
fn written(calls: &[Call], changes: &[Change]) -> Vec<Option<Line>> {
    // By their first two bytes, because the log is long and so is the list.
    let mut by_start: Vec<Vec<usize>> = vec![Vec::new(); 1 << 16];
    let start = |bytes: &[u8]| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    for (number, change) in changes.iter().enumerate() {
        by_start[start(&change.in_log)].push(number);
    }
    let mut written = vec![None; changes.len()];
    for commit in commits(calls) {
        for at in 0..commit.bytes.len().saturating_sub(1) {
            let rest = &commit.bytes[at..];
            for &number in &by_start[start(rest)] {
                if rest.starts_with(&changes[number].in_log) {
                    written[number].get_or_insert(commit.written);
                }
            }
        }
    }
    written
}

fn commits(calls: &[Call]) -> Vec<Commit> {
    let mut commits = Vec::new();
    let (mut bytes, mut is_last) = (Vec::new(), false);
    for call in calls {
        let (
            What::Write {
                file,
                bytes: written,
            },
            Some(done),
        ) = (&call.what, call.done)
        else {
            continue;
        };
        if !is_log(file) {
            continue;
        }
        if written.len() == FRAME_HEADER_BYTES {
            is_last = written[4..8] != [0; 4];
            continue;
        }
        bytes.extend_from_slice(written);
        if std::mem::take(&mut is_last) {
            commits.push(Commit {
                written: done,
                bytes: std::mem::take(&mut bytes),
            });
        }
    }
    commits
}

/// The fsyncs of the log that came back well: begun, and done; by when they were done.
fn syncs(calls: &[Call]) -> Vec<(Line, Line)> {
    let mut syncs: Vec<_> = calls
        .iter()
        .filter(|call| matches!(&call.what, What::Sync { file } if is_log(file)))
        .filter_map(|call| Some((call.begun, call.done?)))
        .collect();
    syncs.sort_unstable_by_key(|(_, done)| *done);
    syncs
}

/// One message to a client, or one answer over HTTP.
struct Told {
    offered: Line,
    kind: String,
    text: String,
}

/// Everything that was offered to sockets, cut where messages begin. A refusal says that something is *not* stored.
fn told(calls: &[Call]) -> Vec<Told> {
    const MESSAGE: &str = "{\"type\":\"";
    const ANSWER: &str = "HTTP/1.1 ";
    let mut all = Vec::new();
    for call in calls {
        let What::Send { bytes } = &call.what else {
            continue;
        };
        let text = String::from_utf8_lossy(bytes);
        let mut starts: Vec<usize> = [MESSAGE, ANSWER]
            .iter()
            .flat_map(|mark| text.match_indices(mark).map(|(at, _)| at))
            .collect();
        starts.extend([0, text.len()]);
        starts.sort_unstable();
        for piece in starts.windows(2).map(|ends| &text[ends[0]..ends[1]]) {
            let kind = piece
                .strip_prefix(MESSAGE)
                .and_then(|rest| rest.split('"').next())
                .or_else(|| piece.strip_prefix(ANSWER)?.get(..3))
                .unwrap_or("rest of a message");
            if kind != "refused" {
                all.push(Told {
                    offered: call.begun,
                    kind: kind.to_owned(),
                    text: piece.to_owned(),
                });
            }
        }
    }
    all
}

/// A new file is on the disk only with the list of its folder.
fn folder_synced(calls: &[Call], told: &[Told]) -> bool {
    let folder = calls.iter().find_map(|call| match &call.what {
        What::Write { file, .. } if is_log(file) => Some(file.rsplit_once('/')?.0),
        _ => None,
    });
    let synced = calls
        .iter()
        .find(|call| matches!(&call.what, What::Sync { file } if Some(&**file) == folder))
        .and_then(|call| call.done);
    let first = told.first().map(|told| told.offered);
    synced.is_some() && synced < first.or(Some(Line::MAX))
}

fn is_log(file: &str) -> bool {
    // The search index promises nothing: it is made from the log.
    file.ends_with("-wal") && !file.ends_with("search.db-wal")
}

#[cfg(test)]
mod tests;
