//! The law of changes: what one has read, and the events after it, make what one would read now.

use std::collections::BTreeMap;

use shared::ids::{PersonId, RoomId, Seq};
use shared::limits;
use shared::protocol::{Action, Attachment, Content, Event, Message, Post};

use crate::support::client::Client;
use crate::support::{Parlance, client_id, edit, react, topic};

/// Numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn action(&mut self, messages: &[Seq], files: &[Attachment]) -> Action {
        const EMOJI: [&str; 3] = ["👍", "🎂", "👀"];
        // Mostly something recent, so that changes meet; now and then what may be no message.
        let recent = messages.len().saturating_sub(1 + self.below(5) as usize);
        let target = match messages.get(recent) {
            Some(seq) if self.below(20) > 0 => *seq,
            _ => Seq(self.below(50)),
        };
        let number = self.below(1_000);
        let mentions = vec![PersonId::EVERYONE];
        match self.below(15) {
            0..4 => Action::message(crate::support::body(&format!("number {number}"))),
            4..6 => edit(target, &format!("changed to {number}")),
            6 => Action::Delete { target },
            7..10 => react(target, EMOJI[(number % 3) as usize], self.below(3) > 0),
            10 => topic(number.is_multiple_of(2).then_some("numbers")),
            11 => Action::Message(Post {
                reply_to: Some(target),
                mentions,
                ..Post::from(crate::support::body(&format!("answer {number}")))
            }),
            12 => Action::Message(Post {
                body: number
                    .is_multiple_of(2)
                    .then(|| crate::support::body("look")),
                attachments: vec![files[number as usize % files.len()].clone()],
                reply_to: None,
                mentions,
            }),
            13 => Action::Pin {
                target,
                on: !number.is_multiple_of(3),
            },
            _ => Action::Edit {
                target,
                body: crate::support::body(&format!("named in {number}")),
                mentions,
            },
        }
    }
}

/// What a reader makes of events as they come.
fn fold(state: &mut BTreeMap<Seq, Event>, event: &Event) {
    let target = event.content.target();
    for earlier in state.values_mut() {
        if target == Some(earlier.seq) || target.is_some() && target == earlier.content.target() {
            earlier.change(event);
        }
    }
    state.entry(event.seq).or_insert_with(|| event.clone());
}

async fn read(client: &mut Client, room: RoomId) -> BTreeMap<Seq, Event> {
    let log = client.log(room).await;
    log.into_iter().map(|event| (event.seq, event)).collect()
}

/// R11: at any moment, for any two reads and everything that happened in between.
#[tokio::test]
async fn what_was_read_and_the_events_after_it_are_what_is_read_now() {
    const ACTIONS: usize = 160;
    for seed in 1..=4 {
        let server = Parlance::start().await;
        let guests = [server.sign_in("Ada").await, server.sign_in("Bob").await];
        let mut files = [Vec::new(), Vec::new()];
        for (guest, files) in guests.iter().zip(&mut files) {
            for number in 0..8 {
                files.push(guest.bring("notes.txt", &[number]).await);
            }
        }
        let (mut ada, _) = guests[0].join().await;
        let (mut bob, _) = guests[1].join().await;
        let room = ada.create(client_id(), "Tea").await.unwrap().id;
        bob.enter(client_id(), room).await.unwrap();
        let (mut reader, _) = server.join("Reader").await;
        reader.enter(client_id(), room).await.unwrap();
        let mut dice = Dice(seed);
        let mut stale = vec![read(&mut reader, room).await];
        let (mut head, mut kinds) = (4, BTreeMap::new());
        let mut messages = Vec::new();
        for number in 0..ACTIONS {
            let (author, files) = if dice.below(2) == 0 {
                (&mut ada, &files[0])
            } else {
                (&mut bob, &files[1])
            };
            // A file that went with its last message is refused.
            if let Ok(stored) = author.act(room, dice.action(&messages, files)).await {
                head = stored.seq.0;
                let (_, live) = reader.event().await;
                assert_eq!(live.seq, stored.seq);
                if matches!(live.content, Content::Message { .. }) {
                    messages.push(live.seq);
                }
                *kinds.entry(live.content.kind().to_owned()).or_insert(0) += 1;
                for state in &mut stale {
                    fold(state, &live);
                }
            }
            if number % 40 == 0 {
                stale.push(read(&mut reader, room).await);
            }
        }
        let fresh = read(&mut reader, room).await;
        assert_eq!(fresh.len() as u64, head);
        for state in stale {
            assert!(state == fresh, "seed {seed}: what was read differs");
        }
        // A page in the middle shows each message as it stands, not as it stood at the end of the page.
        let part = reader.read(room, 5, head / 2).await.unwrap();
        let expected = fresh.range(Seq(5)..=Seq(head / 2)).map(|(_, event)| event);
        assert!(part.events.iter().eq(expected), "seed {seed}");
        assert!(kinds.len() == 6 && kinds["deleted"] > 2, "{kinds:?}");
        assert!(head < limits::PAGE_EVENTS);
        let reacted = |event: &&Event| matches!(&event.content, Content::Message(Message { reactions, .. }) if reactions.len() > 1);
        assert!(fresh.values().any(|event| reacted(&event)), "seed {seed}");
        let carries = |event: &Event| {
            let message = event.content.as_message();
            message.is_some_and(|message| !message.attachments.is_empty())
        };
        assert!(fresh.values().any(carries), "seed {seed}");
    }
}

on_every_transport!(what_was_read_and_the_events_after_it_are_what_is_read_now,);
