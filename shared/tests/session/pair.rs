//! A session on the bench and the model server, with nothing going wrong between them.

use shared::ids::{ClientId, Seq, Timestamp};
use shared::protocol::ServerMessage;
use shared::session::io::Input;
use shared::session::outbox::Progress;
use shared::session::views::Row;

use crate::bench::{Bench, LOBBY, ada};
use crate::model::Server;

/// Lets the model answer until neither side has anything to say; live events go to the bench as well.
pub fn settle(bench: &mut Bench, server: &mut Server) {
    loop {
        let messages = bench.sent();
        if messages.is_empty() {
            return;
        }
        for message in messages {
            let (answers, event) = server.answer(&ada(), message);
            for message in event.into_iter().chain(answers) {
                bench.receive(&message);
            }
        }
    }
}

pub fn connect(bench: &mut Bench, server: &mut Server) {
    bench.open();
    settle(bench, server);
}

pub fn reconnect(bench: &mut Bench, server: &mut Server) {
    bench.close(1006);
    bench.wake();
    connect(bench, server);
}

pub fn reading(server: &mut Server) -> Bench {
    let mut bench = Bench::connecting(1);
    connect(&mut bench, server);
    bench.input(Input::Open { room: LOBBY });
    settle(&mut bench, server);
    bench
}

pub fn seqs(bench: &Bench) -> Vec<u64> {
    let timeline = bench.session.timeline(LOBBY).unwrap();
    timeline.events().map(|event| event.seq.0).collect()
}

pub fn progress(bench: &Bench) -> Vec<Progress> {
    let rows = bench.session.rows(LOBBY).into_iter();
    rows.filter_map(|row| match row {
        Row::Pending(entry) => Some(entry.progress),
        _ => None,
    })
    .collect()
}

pub fn stored(n: u128, seq: u64) -> ServerMessage {
    let (client_id, at) = (ClientId(n), Timestamp(0));
    ServerMessage::Stored {
        room: LOBBY,
        client_id,
        seq: Seq(seq),
        at,
        repeat: false,
        committed: None,
    }
}
