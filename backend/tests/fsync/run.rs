//! The run: five people write at once to the real binary, which strace watches.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use shared::ids::{ClientId, RoomId};
use shared::protocol::ServerMessage;
use tempfile::TempDir;
use tokio::process::Command;

use crate::law::{Change, audit};
use crate::server::support::binary::{self, Binary};
use crate::server::support::client::Client;
use crate::server::support::{Guest, soon};
use crate::trace;

const STRACE: &str = "strace";

const PEOPLE: u64 = 5;
const MESSAGES: u64 = 40;
/// Sends of one person that wait for their answers.
const IN_FLIGHT: usize = 4;
/// Each so-many-th message is sent twice: what a repeat is told must be on the disk as well.
const REPEATED: u64 = 5;

/// S1
#[tokio::test]
async fn nothing_is_told_before_the_disk_has_it() {
    ensure_tracing().await;
    let folder = TempDir::new().unwrap();
    let (data, trace) = (folder.path().join("data"), folder.path().join("trace"));
    let mut server = Binary::spawn(&mut traced(&data, &trace)).await;

    let people = (1..=PEOPLE).map(|number| Person::enter(&server, number));
    let mut people: Vec<Person> = futures_util::future::join_all(people).await;
    let made = change(client_id(0, 0), &["event"]);
    let room = people[0]
        .client
        .create(client_id(0, 0), ROOM)
        .await
        .unwrap();
    for person in &mut people[1..] {
        let id = client_id(person.number, 0);
        person.client.enter(id, room.id).await.unwrap();
    }
    let talks = people.iter_mut().map(|person| person.talk(room.id));
    futures_util::future::join_all(talks).await;
    server.terminate().await;
    assert!(server.ended().await.success());

    let mut changes = changes();
    changes.push(made);
    let calls = trace::parse(&whole(&trace).await);
    let (seen, faults) = audit(&calls, &changes);
    assert!(
        faults.is_empty(),
        "{} faults, the first {:#?}",
        faults.len(),
        faults[0]
    );
    // Each message: one answer to its author, one event to each who is there.
    let least = PEOPLE * MESSAGES * (1 + PEOPLE);
    assert!(seen.messages as u64 >= least, "{seen:?}, at least {least}");
    assert!(seen.syncs > 20, "{seen:?}");
    println!("{} changes, {seen:?}", changes.len());
}

const ROOM: &str = "The room of the audit";

fn guest(number: u64) -> String {
    format!("Guest of the audit {number}")
}

/// Bits that look random, so that nothing else in the log looks like them.
fn client_id(person: u64, number: u64) -> ClientId {
    let half = |salt: u64| {
        // The finaliser of splitmix64.
        let mixed = (person << 32 | number << 1 | salt).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ mixed >> 27
    };
    ClientId(u128::from(half(0)) << 64 | u128::from(half(1)))
}

/// Something with a client id: its bytes are in the log, its digits in the messages.
fn change(id: ClientId, told_by: &'static [&'static str]) -> Change {
    Change {
        in_log: id.0.to_be_bytes().to_vec(),
        in_messages: id.to_string(),
        told_by,
    }
}

/// Something that is known by its name.
fn named(name: &str, told_by: &'static [&'static str]) -> Change {
    Change {
        in_log: name.as_bytes().to_vec(),
        in_messages: name.to_owned(),
        told_by,
    }
}

/// Everything that the people do.
fn changes() -> Vec<Change> {
    let mut changes = vec![named(ROOM, &["joined"])];
    for person in 1..=PEOPLE {
        changes.push(named(&guest(person), &["201", "welcome"]));
        if person > 1 {
            changes.push(change(client_id(person, 0), &["event"]));
        }
        let messages = 1..=MESSAGES;
        changes
            .extend(messages.map(|number| change(client_id(person, number), &["stored", "event"])));
    }
    changes
}

struct Person {
    number: u64,
    client: Client,
}

impl Person {
    async fn enter(server: &Binary, number: u64) -> Self {
        let guest = Guest::sign_in(server.address, &guest(number)).await;
        let mut client = guest.connect().await;
        client.hello(crate::server::support::fresh_hello()).await;
        Self { number, client }
    }

    /// Writes everything and reads until all of it is answered, and everyone's is heard.
    async fn talk(&mut self, room: RoomId) {
        let mut unheard: BTreeSet<ClientId> = (1..=PEOPLE)
            .flat_map(|person| (1..=MESSAGES).map(move |number| client_id(person, number)))
            .collect();
        let mut unsent: Vec<ClientId> = (1..=MESSAGES)
            .flat_map(|number| {
                let times = if number % REPEATED == 0 { 2 } else { 1 };
                std::iter::repeat_n(client_id(self.number, number), times)
            })
            .rev()
            .collect();
        let mut unanswered = 0;
        while unanswered > 0 || !unsent.is_empty() || !unheard.is_empty() {
            while unanswered < IN_FLIGHT
                && let Some(id) = unsent.pop()
            {
                self.client.post_as(room, id, &format!("says {id}")).await;
                unanswered += 1;
            }
            match self.client.receive().await {
                ServerMessage::Stored { .. } => unanswered -= 1,
                ServerMessage::Event { event, .. } => {
                    unheard.remove(&event.client_id);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Strace has to be there and be allowed to trace: a run without it would show nothing, so it fails.
async fn ensure_tracing() {
    const MISSING: &str = "the fsync audit needs strace and the right to trace (ptrace). `cargo xtask test` installs \
         it where it may; else: apt-get install strace. In a container: --cap-add=SYS_PTRACE";
    let mut probe = Command::new(STRACE);
    let probe = probe.args(["-f", "-o", "/dev/null", "true"]).output().await;
    match probe {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("{MISSING}\n{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{MISSING}\n{error}"),
    }
}

/// The binary as the other tests start it, under strace: with `-D` the process that we start is the server.
fn traced(data: &Path, trace: &Path) -> Command {
    let plain = binary::command(data);
    let plain = plain.as_std();
    let mut command = Command::new(STRACE);
    command
        .args([
            "-D",
            "-f",
            "-yy",
            "-xx",
            "-v",
            "-s",
            "200000",
            "-e",
            "signal=none",
            "-e",
        ])
        .arg("trace=fsync,fdatasync,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg")
        .arg("-o")
        .arg(trace)
        .arg("--")
        .arg(plain.get_program())
        .args(plain.get_args())
        .stderr(Stdio::inherit())
        .kill_on_drop(true);
    command
}

/// The trace when strace has written the end of it.
async fn whole(trace: &Path) -> String {
    let read = async {
        loop {
            let text = std::fs::read_to_string(trace).unwrap();
            if text.trim_end().ends_with("+++ exited with 0 +++") {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon("the end of the trace", read).await
}
