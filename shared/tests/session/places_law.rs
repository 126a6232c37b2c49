//! The law of a room's facts: whatever was dropped, what is said of a room is what its log says.

use proptest::prelude::*;
use shared::ids::ClientId;
use shared::protocol::{Action, Event, Pace, ServerMessage};
use shared::session::io::Input;
use shared::text::{RoomName, Topic};

use crate::bench::{Bench, LOBBY, body, person};
use crate::model::Server;
use crate::pair::{connect, reconnect, settle};
use crate::places::view;

fn name(text: &str) -> RoomName {
    RoomName::parse(text).unwrap()
}

/// The same by the log.
fn truth(server: &Server) -> (String, Option<String>, bool, u32) {
    let name = server.name(LOBBY);
    (
        name.map_or("lobby".into(), |name| name.to_string()),
        server.topic(LOBBY).map(|topic| topic.to_string()),
        server.archived(LOBBY),
        server.pace(LOBBY).seconds(),
    )
}

#[derive(Debug, Clone)]
enum Step {
    /// Somebody changes the room; the event comes live, or is dropped.
    Change {
        which: u64,
        live: bool,
    },
    /// What was dropped is made known.
    Behind,
    Reconnect,
    Open,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u64>(), any::<bool>()).prop_map(|(which, live)| Step::Change { which, live }),
        2 => Just(Step::Behind),
        1 => Just(Step::Reconnect),
        1 => Just(Step::Open),
    ]
}

fn change(server: &mut Server, which: u64) -> Event {
    let n = server.head(LOBBY).0;
    let action = match which % 5 {
        0 => Action::Rename {
            name: name(&format!("room {n}")),
        },
        1 => Action::Topic {
            topic: Topic::parse(&format!("topic {n}")).ok(),
        },
        2 => Action::Archive { on: which & 8 == 0 },
        3 => Action::Pace {
            pace: Pace::of_seconds([0, 5, 60][n as usize % 3]).unwrap(),
        },
        _ => Action::message(body("something")),
    };
    let said = server.act(&person(9, "Host"), ClientId(n.into()), None, action);
    said.unwrap().1.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// L7, L8, O6, D2, D3: whatever was dropped, and whether the room's log is held or not, what is said of the room is what
    /// its log says.
    #[test]
    fn what_is_known_of_a_room_is_what_its_log_says(steps in prop::collection::vec(step(), 0..40)) {
        let mut server = Server::with_lobby();
        let mut bench = Bench::connecting(1);
        connect(&mut bench, &mut server);
        for step in steps {
            match step {
                Step::Change { which, live } => {
                    let event = change(&mut server, which);
                    if live {
                        bench.receive(&ServerMessage::Event { room: LOBBY, event, quote: None });
                    }
                }
                Step::Behind => behind(&mut bench, &mut server),
                Step::Reconnect => reconnect(&mut bench, &mut server),
                Step::Open => bench.input(Input::Open { room: LOBBY }),
            }
            settle(&mut bench, &mut server);
        }
        behind(&mut bench, &mut server);
        prop_assert_eq!(view(&bench), truth(&server));
    }
}

fn behind(bench: &mut Bench, server: &mut Server) {
    let heads = [(LOBBY, server.head(LOBBY))].into();
    bench.receive(&ServerMessage::Behind { heads });
    settle(bench, server);
}
