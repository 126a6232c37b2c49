//! Traces made by hand: a good one, and each way in which one can be bad.

use super::*;
use crate::trace::parse;

const CHANGE: &str = "c0ffee";

fn changes() -> [Change; 1] {
    [Change {
        in_log: vec![0xc0, 0xff, 0xee],
        in_messages: CHANGE.into(),
        told_by: &["stored", "event"],
    }]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// A frame of the log; `size` is the database's in the header of the last frame of a commit.
fn frame(size: u8, page: &[u8]) -> String {
    let mut header = [0_u8; FRAME_HEADER_BYTES];
    header[7] = size;
    format!(
        "7 pwrite64(5</d/p.db-wal>, \"{}\", 24, 32) = 24\n7 pwrite64(5</d/p.db-wal>, \"{}\", 9, 56) = 9\n",
        hex(&header),
        hex(page)
    )
}

fn send(text: &str) -> String {
    format!(
        "8 writev(9<TCP:[1->2]>, [{{iov_base=\"{}\", iov_len=9}}], 1) = 9\n",
        hex(text.as_bytes())
    )
}

const FOLDER: &str = "7 fsync(6</d>) = 0\n";
const SYNC: &str = "7 fdatasync(5</d/p.db-wal>) = 0\n";
const PAGE: &[u8] = &[0, 0xc0, 0xff, 0xee, 0];

fn stored() -> String {
    send("\u{1}{\"type\":\"stored\",\"client_id\":\"c0ffee\"}")
}

fn event() -> String {
    send("{\"type\":\"event\",\"client_id\":\"c0ffee\"}")
}

fn judge(lines: &[&str]) -> (Seen, Vec<Fault>) {
    audit(&parse(&lines.concat()), &changes())
}

fn too_early(lines: &[&str]) -> Vec<(String, Option<Line>)> {
    let faults = judge(lines).1.into_iter().map(|fault| match fault {
        Fault::TooEarly { kind, on_disk, .. } => (kind, on_disk),
        other => panic!("{other:?}"),
    });
    faults.collect()
}

#[test]
fn what_is_told_after_the_sync_is_in_order() {
    let (seen, faults) = judge(&[FOLDER, &frame(2, PAGE), SYNC, &stored(), &event()]);
    assert_eq!(faults, []);
    assert_eq!((seen.syncs, seen.messages), (1, 2));
}

#[test]
fn what_is_told_before_the_sync_is_too_early() {
    let frame = frame(2, PAGE);
    let faults = too_early(&[FOLDER, &frame, &stored(), SYNC, &event()]);
    assert_eq!(faults, [("stored".into(), Some(4))]);
    let faults = too_early(&[FOLDER, &frame, &event(), SYNC, &stored()]);
    assert_eq!(faults, [("event".into(), Some(4))]);
}

#[test]
fn what_is_told_while_the_sync_is_still_under_way_is_too_early() {
    let begun = "7 fdatasync(5</d/p.db-wal> <unfinished ...>\n";
    let done = "7 <... fdatasync resumed>) = 0\n";
    let faults = too_early(&[FOLDER, &frame(2, PAGE), begun, &stored(), done, &event()]);
    assert_eq!(faults, [("stored".into(), Some(5))]);
}

#[test]
fn a_sync_that_began_before_the_commit_was_whole_covers_nothing() {
    let (first, last) = (frame(0, PAGE), frame(2, &[1; 5]));
    let faults = too_early(&[FOLDER, &first, SYNC, &last, &stored(), &event()]);
    assert_eq!(faults.len(), 2, "{faults:?}");
    let (_, faults) = judge(&[FOLDER, &first, &last, SYNC, &stored(), &event()]);
    assert_eq!(faults, []);
}

#[test]
fn a_sync_that_another_thread_began_before_covers_nothing() {
    let begun = "9 fsync(4</d/p.db-wal> <unfinished ...>\n";
    let done = "9 <... fsync resumed>) = 0\n";
    let faults = too_early(&[FOLDER, begun, &frame(2, PAGE), done, &stored(), &event()]);
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_sync_that_failed_or_was_of_another_file_covers_nothing() {
    for sync in [
        "7 fdatasync(5</d/p.db-wal>) = -1 EIO (Input/output error)\n",
        "7 fdatasync(5</d/p.db>) = 0\n",
    ] {
        let faults = too_early(&[FOLDER, &frame(2, PAGE), sync, &stored(), &event()]);
        let never = |kind: &str| (kind.to_owned(), None);
        assert_eq!(faults, [never("stored"), never("event")]);
    }
}

#[test]
fn an_answer_that_quotes_the_change_is_held_to_the_law_whatever_its_kind() {
    let page = send("{\"type\":\"page\",\"events\":[{\"client_id\":\"c0ffee\"}]}");
    let lines = [FOLDER, &frame(2, PAGE), &page, SYNC, &stored(), &event()];
    assert_eq!(too_early(&lines), [("page".into(), Some(4))]);
    let refused = send("{\"type\":\"refused\",\"client_id\":\"c0ffee\"}");
    let lines = [FOLDER, &refused, &frame(2, PAGE), SYNC, &stored(), &event()];
    assert_eq!(judge(&lines).1, [], "a refusal promises nothing");
}

#[test]
fn a_run_that_shows_nothing_is_noticed() {
    let (_, faults) = judge(&[FOLDER, &frame(2, &[1; 5]), SYNC, &event()]);
    let change = || CHANGE.to_owned();
    assert!(faults.contains(&Fault::NotWritten { change: change() }));
    let kind = "stored";
    assert!(faults.contains(&Fault::NotTold {
        change: change(),
        kind
    }));
}

#[test]
fn a_log_whose_folder_is_not_on_the_disk_is_noticed() {
    let (_, faults) = judge(&[&frame(2, PAGE), SYNC, &stored(), &event()]);
    assert_eq!(faults, [Fault::FolderNotSynced]);
}
