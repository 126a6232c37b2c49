//! The writer with operations of the tests' own, on a real file.

use std::path::PathBuf;

use shared::ids::{ClientId, RoomId, Seq};
use shared::problem::Problem;
use tempfile::TempDir;

use super::super::operations::rooms::{Create, NewRoom};
use super::super::operations::sending::Send as Sending;
use super::super::search::index::News;
use super::super::{committed::Origin, open};
use super::*;
use shared::ids::{Epoch, PersonId, Timestamp};
use shared::protocol::{Action, Person};
use shared::text::{Body, PersonName, RoomName};

const LOBBY: RoomId = RoomId(1);
const ORIGIN: Origin = Origin {
    connection: 0,
    request: 0,
};

struct Bench {
    writer: Writer,
    commits: mpsc::Receiver<Batch>,
    file: PathBuf,
    _folder: TempDir,
}

fn host() -> Person {
    Person {
        id: PersonId(1),
        name: PersonName::parse("Host").unwrap(),
    }
}

fn bench() -> Bench {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(open::FILE_NAME);
    let mut connection = open::writer(&file).unwrap();
    let birth = open::Birth {
        epoch: Epoch(1),
        lobby: LOBBY,
        host: host(),
        created: ClientId(1),
        at: Timestamp(0),
    };
    open::prepare(&mut connection, &birth).unwrap();
    connection
        .execute("INSERT INTO members (person, room) VALUES (1, 1)", [])
        .unwrap();
    let (commits, committed) = mpsc::channel(COMMITS_WAITING);
    let ((nudge, _), (news, _)) = (Nudge::new(), News::new());
    let writer = Writer::start(connection, commits, Gate::default(), nudge, news).unwrap();
    Bench {
        writer,
        commits: committed,
        file,
        _folder: folder,
    }
}

fn say(text: &str) -> Action {
    Action::message(Body::parse(text).unwrap())
}

fn send(client_id: u128) -> Sending {
    Sending {
        author: host(),
        room: LOBBY,
        client_id: ClientId(client_id),
        after: None,
        action: say("hi"),
        at: Timestamp(0),
    }
}

/// Anything else that a test wants to happen inside a savepoint.
struct Act<F>(F);

impl<F: Fn(&Connection) -> Result<(), Fault> + Send + 'static> Operation for Act<F> {
    type Output = ();

    fn apply(&self, log: &Connection, _: &mut Vec<Committed>) -> Result<(), Fault> {
        (self.0)(log)
    }
}

fn now<T>(receipt: Result<Receipt<T>, Problem>) -> Result<T, Problem> {
    receipt?.0.blocking_recv().unwrap()
}

/// Group commit: what gathers while one batch is held up goes into the next ones together.
#[test]
fn what_waits_is_committed_together() {
    let mut bench = bench();
    let holder = Connection::open(&bench.file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let receipts: Vec<_> = (100..400)
        .map(|id| bench.writer.submit(send(id)).unwrap())
        .collect();
    holder.execute_batch("ROLLBACK").unwrap();
    for (receipt, expected) in receipts.into_iter().zip(2..) {
        assert_eq!(now(Ok(receipt)).unwrap().seq, Seq(expected));
    }
    let mut batches = Vec::new();
    while batches.iter().sum::<usize>() < 300 {
        batches.push(bench.commits.blocking_recv().unwrap().events.len());
    }
    assert!(batches.len() <= 3, "{batches:?}");
    assert!(batches.iter().all(|&size| size <= BATCH), "{batches:?}");
}

/// S2 within one batch: the second of two equal sends is a repeat of the first, and no event.
#[test]
fn a_repeat_in_the_same_batch_is_a_repeat() {
    let mut bench = bench();
    let holder = Connection::open(&bench.file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let first = bench.writer.submit(send(7));
    let second = bench.writer.submit(send(7));
    holder.execute_batch("ROLLBACK").unwrap();
    let (first, second) = (now(first).unwrap(), now(second).unwrap());
    assert_eq!((first.seq, second.seq), (Seq(2), Seq(2)));
    assert_eq!((first.repeat, second.repeat), (false, true));
    bench.writer.close();
    let mut events = 0;
    while let Some(batch) = bench.commits.blocking_recv() {
        events += batch.events.len();
    }
    assert_eq!(events, 1);
}

/// A savepoint per operation: one that is refused half-way leaves nothing, and its neighbours are stored.
#[test]
fn a_bad_operation_fails_alone() {
    let bench = bench();
    let holder = Connection::open(&bench.file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = bench.writer.submit(send(10));
    let half = bench.writer.submit(Act(|log: &Connection| {
        log.execute(
            "INSERT INTO rooms (id, name, key, created_at) VALUES (2, 'x', 'x', 0)",
            [],
        )?;
        Err(Fault::Refused(Problem::NameTaken))
    }));
    let broken = bench.writer.submit(Act(|log: &Connection| {
        log.execute(
            "INSERT INTO rooms (id, name, key, created_at) VALUES (3, 'y', 'y', 0)",
            [],
        )?;
        log.execute("INSERT INTO nowhere VALUES (1)", [])?;
        Ok(())
    }));
    let taken = bench.writer.submit(Create {
        author: host(),
        client_id: ClientId(11),
        room: NewRoom {
            id: RoomId(4),
            name: RoomName::parse("LOBBY").unwrap(),
            private: false,
        },
        at: Timestamp(0),
        origin: ORIGIN,
    });
    let after = bench.writer.submit(send(12));
    holder.execute_batch("ROLLBACK").unwrap();

    assert_eq!(now(before).unwrap().seq, Seq(2));
    assert_eq!(now(half), Err(Problem::NameTaken));
    assert!(matches!(
        now(broken),
        Err(Problem::StorageUnavailable { .. })
    ));
    assert_eq!(now(taken), Err(Problem::NameTaken));
    assert_eq!(now(after).unwrap().seq, Seq(3));
    let rooms: i64 = holder
        .query_row("SELECT count(*) FROM rooms", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rooms, 1, "half an operation is in the file");
}

/// S7: a full disk fails the batch, stores nothing of it, and the writer goes on when there is room again.
#[test]
fn a_full_disk_stores_nothing_and_passes() {
    let mut bench = bench();
    let pages = |count: u32| {
        Act(move |log: &Connection| {
            log.query_row(&format!("PRAGMA max_page_count = {count}"), [], |_| Ok(()))?;
            Ok(())
        })
    };
    now(bench.writer.submit(pages(1))).unwrap();
    let mut long = send(20);
    long.action = say(&"a".repeat(16_000));
    let refused = now(bench.writer.submit(long));
    assert!(matches!(refused, Err(Problem::StorageUnavailable { .. })));
    now(bench.writer.submit(pages(1_000_000))).unwrap();
    assert_eq!(now(bench.writer.submit(send(20))).unwrap().seq, Seq(2));
    bench.writer.close();
    let mut events = 0;
    while let Some(batch) = bench.commits.blocking_recv() {
        events += batch.events.len();
    }
    assert_eq!(events, 1, "what was not stored is not delivered");
}

/// S7: a full queue refuses at once; closing lets what is queued be stored and refuses what comes later.
#[test]
fn a_full_queue_refuses_and_a_closed_one_finishes() {
    let bench = bench();
    let holder = Connection::open(&bench.file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut receipts = Vec::new();
    let refused = loop {
        match bench.writer.submit(send(1_000 + receipts.len() as u128)) {
            Ok(receipt) => receipts.push(receipt),
            Err(problem) => break problem,
        }
    };
    assert!(matches!(refused, Problem::Overloaded { .. }));
    assert!((QUEUE..=QUEUE + BATCH).contains(&receipts.len()));
    holder.execute_batch("ROLLBACK").unwrap();
    bench.writer.close();
    for (receipt, expected) in receipts.into_iter().zip(2..) {
        assert_eq!(now(Ok(receipt)).unwrap().seq, Seq(expected));
    }
    assert!(matches!(
        bench.writer.submit(send(9)),
        Err(Problem::Draining)
    ));
}

/// S1: when COMMIT itself fails, no one of the batch is told that it is stored, and nothing is delivered.
#[test]
fn a_failed_commit_acknowledges_nothing() {
    let mut bench = bench();
    let holder = Connection::open(&bench.file).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Held up once, so that the next two come into one batch.
    let first = bench.writer.submit(send(30));
    let good = bench.writer.submit(send(31));
    let broken = bench.writer.submit(Act(|log: &Connection| {
        log.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        log.execute("INSERT INTO members (person, room) VALUES (99, 99)", [])?;
        Ok(())
    }));
    holder.execute_batch("ROLLBACK").unwrap();
    let _ = now(first);
    let good = now(good).map(|stored| stored.seq);
    assert!(matches!(
        now(broken),
        Err(Problem::StorageUnavailable { .. })
    ));
    let again = now(bench.writer.submit(send(31))).unwrap();
    // Whether they came into one batch or not: what was acknowledged is what there is.
    assert_eq!(again.repeat, good.is_ok());
    bench.writer.close();
    let mut delivered = Vec::new();
    while let Some(batch) = bench.commits.blocking_recv() {
        delivered.extend(batch.events.into_iter().map(|one| one.event.seq));
    }
    let in_file: i64 = holder
        .query_row("SELECT max(seq) FROM events", [], |row| row.get(0))
        .unwrap();
    let expected: Vec<Seq> = (2..=u64::try_from(in_file).unwrap()).map(Seq).collect();
    assert_eq!(delivered, expected);
}
