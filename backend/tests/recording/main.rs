//! What `parlance recording` writes for Wireshark, read by Wireshark's own `tshark`.
//!
//! Without that program it fails and says what to install.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use shared::close::CloseCode;
use shared::ids::Timestamp;
use shared::recording::{Connection, End, Frame, Recording, Steps, Way};
use shared::session::connection::Ender;
use shared::transport::Transport;
use shared::wire;
use tempfile::TempDir;

/// Every recording that is replayed in the tests of `shared`, and one of messages of all sizes.
fn recordings(folder: &TempDir) -> Vec<(PathBuf, Recording)> {
    let sizes = folder.path().join("sizes.json");
    fs::write(&sizes, wire::encode(&of_all_sizes())).unwrap();
    let replayed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tests/recordings");
    let files = fs::read_dir(replayed).unwrap();
    let files = files.map(|file| file.unwrap().path()).chain([sizes]);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let recording = wire::decode(&text).unwrap_or_else(|| panic!("{}", path.display()));
        (path, recording)
    };
    files.map(read).collect()
}

/// Where the length of a frame takes more bytes, in both directions, of which the last was not kept whole; without a handshake.
fn of_all_sizes() -> Recording {
    let sizes = [2, 125, 126, 1_460, 65_535, 65_536, 150_000];
    let both = |size: usize| [Way::Out, Way::In].map(|way| (way, size));
    let frames = sizes.into_iter().flat_map(both).enumerate();
    let frame = |(place, (way, bytes)): (usize, (Way, usize))| Frame {
        way,
        number: place as u64 / 2 + 1,
        after: place as u64,
        bytes,
        text: format!("{{{}}}", " ".repeat(bytes.min(100_000) - 2)),
    };
    Recording {
        client: "test/1".to_owned(),
        address: "wss://chat.example.org/ws".to_owned(),
        connections: vec![Connection {
            number: 1,
            began: Timestamp(1_795_651_200_000),
            transport: Transport::WebSocket,
            steps: Steps {
                opened: Some(0),
                ..Steps::default()
            },
            handshake: None,
            end: Some(End {
                after: 100,
                code: CloseCode(1005),
                reason: String::new(),
                clean: true,
                by: Ender::Remote,
                wait: None,
            }),
            frames: frames.map(frame).collect(),
        }],
    }
}

fn parlance(arguments: &[&Path]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlance"));
    let output = command.arg("recording").args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// What tshark prints of a file: the fields of each packet that passes the filter.
fn tshark(file: &Path, filter: &str, fields: &[&str]) -> Vec<Vec<String>> {
    let mut command = Command::new("tshark");
    command
        .arg("-r")
        .arg(file)
        .args(["-Y", filter, "-T", "fields"]);
    // Every checksum is looked at, not only trusted.
    command.args([
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
    ]);
    command.args(["-E", "occurrence=a", "-E", "aggregator=\u{1f}"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!("cannot start tshark: {error}; install it with `apt-get install --no-install-recommends tshark`")
    });
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn written(path: &Path, folder: &TempDir) -> PathBuf {
    let file = folder.path().join("written.pcapng");
    parlance(&[path, Path::new("--pcapng"), &file]);
    file
}

#[test]
fn nothing_is_malformed_and_every_checksum_is_right() {
    let folder = TempDir::new().unwrap();
    for (path, _) in recordings(&folder) {
        let file = written(&path, &folder);
        assert!(!tshark(&file, "tcp", &["frame.number"]).is_empty());
        for fault in [
            "_ws.malformed",
            "ip.checksum.status != 1",
            "tcp.checksum.status != 1",
            "tcp.analysis.flags && !tcp.analysis.window_update",
            "http.response.code && http.response.code != 101",
        ] {
            let faults = tshark(&file, fault, &["frame.number", "_ws.col.Info"]);
            assert!(
                faults.is_empty(),
                "{fault} in {}: {faults:?}",
                path.display()
            );
        }
    }
}

#[test]
fn the_upgrade_is_seen_with_its_headers_and_without_secrets() {
    let folder = TempDir::new().unwrap();
    for (path, recording) in recordings(&folder) {
        let file = written(&path, &folder);
        let connections = recording.connections.iter();
        let opened = connections.filter(|one| one.steps.opened.is_some());
        let opened = opened.count();
        let requests = tshark(&file, "http.request", &["http.request.uri", "http.upgrade"]);
        assert_eq!(requests.len(), opened, "{}", path.display());
        let answers = tshark(
            &file,
            "http.response.code == 101",
            &["http.sec_websocket_accept", "http.upgrade"],
        );
        assert_eq!(answers.len(), opened, "{}", path.display());
        for cookie in tshark(&file, "http.cookie", &["http.cookie"]) {
            assert!(cookie[0].starts_with("(hidden, "), "{cookie:?}");
        }
    }
}

/// Message for message: which way, masked or not, and what it says.
#[test]
fn every_message_is_one_frame_that_says_the_same() {
    let folder = TempDir::new().unwrap();
    for (path, recording) in recordings(&folder) {
        let file = written(&path, &folder);
        let fields = ["websocket.mask", "websocket.payload.text"];
        let found = tshark(&file, "websocket.opcode == 1", &fields);
        let frames = recording.connections.iter().flat_map(|one| &one.frames);
        let frames: Vec<_> = frames.collect();
        assert_eq!(found.len(), frames.len(), "{}", path.display());
        for (found, frame) in found.iter().zip(&frames) {
            assert_eq!(found[0] == "1", frame.way == Way::Out, "{frame:?}");
            let lost = frame.bytes - frame.text.len();
            let whole = frame.text.clone() + &" ".repeat(lost);
            assert!(
                found[1] == whole,
                "{} in {}: {:.200}",
                frame.number,
                path.display(),
                found[1]
            );
        }

        let closes = tshark(&file, "websocket.opcode == 8", &["frame.number"]);
        let ends = recording
            .connections
            .iter()
            .filter_map(|one| one.end.as_ref());
        let said: usize = ends.map(goodbyes).sum();
        assert_eq!(closes.len(), said, "{}", path.display());
    }
}

/// One of each side; of a connection that was given up, the client's alone.
fn goodbyes(end: &End) -> usize {
    match (end.clean, end.by) {
        (true, _) => 2,
        (false, Ender::Watchdog) => 1,
        (false, _) => 0,
    }
}

/// In the capture and on the page: the client waited in vain, said so, and nothing came any more.
#[test]
fn a_connection_that_the_watchdog_ended_says_who_ended_it_and_why() {
    let folder = TempDir::new().unwrap();
    let all = recordings(&folder);
    let by_watchdog =
        |one: &Connection| one.end.as_ref().is_some_and(|it| it.by == Ender::Watchdog);
    let (path, recording) = all
        .iter()
        .find(|(_, recording)| recording.connections.iter().any(by_watchdog))
        .unwrap();
    let given_up = recording
        .connections
        .iter()
        .find(|one| by_watchdog(one))
        .unwrap();
    let end = given_up.end.as_ref().unwrap();
    assert_eq!((end.code, end.clean), (CloseCode::TIMEOUT, false));
    let file = written(path, &folder);
    let fields = [
        "tcp.stream",
        "websocket.mask",
        "websocket.payload.close.status_code",
        "frame.comment",
    ];
    let closes = tshark(&file, "websocket.opcode == 8", &fields);
    let theirs: Vec<_> = closes.iter().filter(|close| close[2] == "4408").collect();
    let [close] = theirs.as_slice() else {
        panic!("{closes:?}");
    };
    assert_eq!(close[1], "1", "it is the client's");
    assert!(
        close[3].contains("the client, which waited in vain for a sign of life"),
        "{close:?}"
    );
    let after = format!("tcp.stream == {} && websocket.opcode == 8", close[0]);
    assert_eq!(
        tshark(&file, &after, &["frame.number"]).len(),
        1,
        "nobody answers"
    );
    let page = shared::recording::markdown::markdown(recording);
    let line = format!(
        "- **end** after {}: code 4408, without a goodbye, by the client, which waited in vain for a sign of life",
        end.after
    );
    assert!(page.contains(&line), "{page}");
}

#[test]
fn the_page_has_every_message_and_no_broken_table() {
    let folder = TempDir::new().unwrap();
    for (path, recording) in recordings(&folder) {
        let page = shared::recording::markdown::markdown(&recording);
        let rows = page
            .lines()
            .filter(|line| line.contains("| ← ") || line.contains("| → "));
        let rows: Vec<_> = rows.collect();
        let frames: usize = recording
            .connections
            .iter()
            .map(|one| one.frames.len())
            .sum();
        assert_eq!(rows.len(), frames, "{}", path.display());
        assert!(
            rows.iter().all(|row| row.matches('|').count() == 6),
            "{page}"
        );
    }
}
