//! The real binary: how it starts, how it refuses to, and how it dies.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use shared::limits;
use shared::protocol::{Content, Message, ServerMessage};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::support::binary::{Binary, command, fail};
use crate::support::client::problem;
use crate::support::{Guest, Parlance, client_id};

/// S1: everything that was acknowledged before kill -9 is there afterwards, once, and nothing is out of order.
#[tokio::test]
async fn what_was_acknowledged_survives_kill_9_in_the_middle_of_traffic() {
    let folder = TempDir::new().unwrap();
    let mut acknowledged = Vec::new();
    let mut guests: Vec<Guest> = Vec::new();
    for round in 0..5 {
        let binary = Binary::start(folder.path()).await;
        if guests.is_empty() {
            for number in 0..3 {
                guests.push(Guest::sign_in(binary.address, &format!("guest {number}")).await);
            }
        }
        let mut writers = Vec::new();
        for guest in &mut guests {
            guest.address = binary.address;
            let (mut client, welcome) = guest.join().await;
            let room = welcome.rooms[0].id;
            let author = guest.me.id;
            writers.push(tokio::spawn(async move {
                let mut stored = Vec::new();
                for number in 0.. {
                    let text = format!("round {round}, number {number}");
                    let id = client_id();
                    let message = shared::protocol::ClientMessage::Send {
                        room,
                        client_id: id,
                        after: None,
                        action: shared::protocol::Action::message(crate::support::body(&text)),
                    };
                    let message = shared::wire::encode(&message);
                    use futures_util::{SinkExt, StreamExt};
                    use tokio_tungstenite::tungstenite::Message;
                    if client.ws.send(Message::text(message)).await.is_err() {
                        return stored;
                    }
                    loop {
                        let Some(Ok(Message::Text(text))) = client.ws.next().await else {
                            return stored;
                        };
                        match shared::wire::decode_server(&text).unwrap() {
                            ServerMessage::Stored { seq, .. } => {
                                stored.push((author, id, seq));
                                break;
                            }
                            ServerMessage::Event { .. } => {}
                            other => panic!("{other:?}"),
                        }
                    }
                }
                stored
            }));
        }
        tokio::time::sleep(Duration::from_millis(80 + 40 * round)).await;
        binary.kill().await;
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
    }
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let binary = Binary::start(folder.path()).await;
    guests[0].address = binary.address;
    let (mut reader, welcome) = guests[0].join().await;
    let log = reader.log(welcome.rooms[0].id).await;
    for (event, expected) in log.iter().zip(1..) {
        assert_eq!(event.seq.0, expected, "a hole");
    }
    for (author, id, seq) in acknowledged {
        let event = &log[usize::try_from(seq.0).unwrap() - 1];
        assert_eq!((event.author.id, event.client_id), (author, id));
        let copies = log
            .iter()
            .filter(|e| e.author.id == author && e.client_id == id);
        assert_eq!(copies.count(), 1);
    }
}

/// K3: SIGTERM ends it with 0 in time, also with clients that never read, and nothing acknowledged is lost.
#[tokio::test]
async fn sigterm_drains_and_ends_with_0_within_5_seconds() {
    let folder = TempDir::new().unwrap();
    let mut binary = Binary::start(folder.path()).await;
    let guest = Guest::sign_in(binary.address, "Ada").await;
    let (mut ada, welcome) = guest.join().await;
    let room = welcome.rooms[0].id;
    let deaf = Guest::sign_in(binary.address, "Deaf").await.join().await;
    let long = "a".repeat(limits::BODY_BYTES);
    for _ in 0..200 {
        ada.say(room, &long).await;
    }
    let begun = Instant::now();
    binary.terminate().await;
    let (code, said) = ada.closed().await;
    assert_eq!(code, Some(1012));
    assert!(
        said.iter()
            .any(|m| matches!(m, ServerMessage::Restarting { .. }))
    );
    let status = binary.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    drop(deaf);

    let binary = Binary::start(folder.path()).await;
    let again = Guest {
        address: binary.address,
        ..guest
    };
    let (mut ada, _) = again.join().await;
    assert_eq!(ada.log(room).await.len(), 3 + 200);
}

/// One clear line and exit code 2.
async fn refuses(command: &mut Command, needle: &str) {
    let (code, said) = fail(command).await;
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains(needle), "{said}");
}

#[tokio::test]
async fn a_port_in_use_is_told_in_one_line() {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlance"));
    command
        .args(["--listen", &address, "--data-dir"])
        .arg(folder.path());
    refuses(&mut command, &format!("cannot listen on {address}")).await;
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_written_is_told_in_one_line() {
    let folder = TempDir::new().unwrap();
    // Not by permissions alone: root may write everywhere.
    let file = folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("data");
    refuses(&mut command(&inside), "cannot write to the data directory").await;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
    refuses(&mut command(&file), "cannot write to the data directory").await;
}

#[tokio::test]
async fn a_database_from_the_future_is_told_in_one_line_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("parlance.db");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.pragma_update(None, "user_version", 999).unwrap();
    drop(database);
    let before = std::fs::read(&file).unwrap();
    refuses(&mut command(folder.path()), "version 999").await;
    let database = rusqlite::Connection::open(&file).unwrap();
    let tables: i64 = database
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 0);
    assert!(!before.is_empty());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_in_one_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("parlance.db");
    std::fs::write(
        &file,
        "this is not a database, but a letter to you ".repeat(200),
    )
    .unwrap();
    refuses(&mut command(folder.path()), "cannot open the database").await;
}

#[tokio::test]
async fn two_servers_on_one_folder_are_one_too_many() {
    let server = Parlance::start().await;
    refuses(&mut command(server.folder()), "in use by another parlance").await;
    server.sign_in("Ada").await.join().await;
}

#[tokio::test]
async fn flags_that_make_no_sense_are_told() {
    let folder = TempDir::new().unwrap();
    let mut wrong = command(folder.path());
    wrong.args(["--allow-origin", "chat.example.org"]);
    refuses(&mut wrong, "is not an origin").await;
    let (code, said) = fail(command(folder.path()).arg("--listen=nowhere")).await;
    assert_eq!(code, Some(2));
    assert!(said.contains("--listen"), "{said}");
}

#[tokio::test]
async fn the_table_of_flags_has_a_row_for_each() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlance"));
    let output = command.arg("--flags-markdown").output().await.unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for row in [
        "| `--listen` | `PARLANCE_LISTEN` | `127.0.0.1:8080` |",
        "| `--data-dir` | `PARLANCE_DATA_DIR` | `data` |",
        "| `--allow-origin` | `PARLANCE_ALLOW_ORIGIN` |  |",
        "| `--log` | `PARLANCE_LOG` | `info` |",
    ] {
        assert!(table.contains(row), "{table}");
    }
    assert!(!table.contains("markdown"), "{table}");
}

#[tokio::test]
async fn on_every_address_it_says_where_to_go_from_other_machines() {
    let folder = TempDir::new().unwrap();
    let mut command = command(folder.path());
    command
        .args(["--listen", "0.0.0.0:0"])
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut said = String::new();
    let saying = async {
        while !said.contains("Open http://localhost:") {
            let mut buffer = [0; 1_024];
            let length = stdout.read(&mut buffer).await.unwrap();
            assert_ne!(length, 0, "{said}");
            said += std::str::from_utf8(&buffer[..length]).unwrap();
        }
    };
    crate::support::soon("the address", saying).await;
    assert!(said.starts_with("listening on http://0.0.0.0:"), "{said}");
    child.kill().await.unwrap();
}

/// S7: while the disk takes no more, sends are refused as such and nothing is stored; reading works, and sending works
/// again when there is room, without a restart.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_and_passes() {
    let folder = TempDir::new().unwrap();
    // A limit on the size of files stands in for a full disk; the signal that comes with it is ignored.
    let mut shell = Command::new("bash");
    shell
        .arg("-c")
        .arg("trap '' XFSZ; exec \"$@\"")
        .arg("parlance");
    let plain = command(folder.path());
    shell
        .arg(plain.as_std().get_program())
        .args(plain.as_std().get_args());
    let binary = Binary::spawn(shell.kill_on_drop(true)).await;
    let (mut ada, welcome) = Guest::sign_in(binary.address, "Ada").await.join().await;
    let room = welcome.rooms[0].id;
    ada.say(room, "before").await;

    let id = binary.id();
    limit_files(id, "200000").await;
    let long = "a".repeat(limits::BODY_BYTES);
    let refused = loop {
        ada.post(room, &long).await;
        match ada.answer().await {
            ServerMessage::Stored { .. } => {}
            refusal => break problem(refusal),
        }
    };
    assert!(
        matches!(refused, shared::problem::Problem::StorageUnavailable { retry_after_ms } if retry_after_ms > 0),
        "{refused:?}"
    );
    let while_full = ada.log(room).await;
    assert!(while_full.len() >= 3, "reading works");

    limit_files(id, "unlimited").await;
    let seq = ada.say(room, "after").await;
    assert_eq!(
        seq.0,
        while_full.len() as u64 + 1,
        "what was refused is not stored"
    );
    let last = ada.log(room).await.pop().unwrap();
    assert!(
        matches!(last.content, Content::Message(Message { body: Some(body), .. }) if &*body == "after")
    );
}

#[cfg(target_os = "linux")]
async fn limit_files(process: u32, bytes: &str) {
    let mut prlimit = Command::new("prlimit");
    // The soft limit only: the hard one could not be raised again by everyone.
    prlimit.args([
        &format!("--pid={process}"),
        &format!("--fsize={bytes}:unlimited"),
    ]);
    assert!(prlimit.status().await.unwrap().success());
}
