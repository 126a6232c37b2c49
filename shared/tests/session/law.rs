//! The law of the timeline: whatever was read when, and whatever came live or not, what is held at rest is the log as it
//! stands.

use proptest::prelude::*;
use shared::ids::{ClientId, FileId, PersonId, Seq};
use shared::protocol::{Action, Attachment, Event, Post, Quote, Span};
use shared::session::timeline::{Applied, Timeline};
use shared::text::{Emoji, FileName};

use crate::bench::{LOBBY, body, person};
use crate::model::Server;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody does something; the number says what and to which event.
    Act(u64),
    /// The newest event comes live, or one of those before it does, late or again.
    Live(u64),
    /// A page that was read when the log was shorter by some events arrives.
    Page {
        from: u64,
        len: u64,
        earlier: u64,
    },
    /// What is missing at the end is left out.
    Skip,
    WantOlder,
    WantGap(u64),
    /// Somebody jumps to a place, and comes near a gap from one of its sides.
    Jump(u64),
    Near {
        from: u64,
        len: u64,
    },
    /// What is wanted is read.
    Read {
        earlier: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any::<u64>().prop_map(Step::Act),
        8 => (0_u64..3).prop_map(Step::Live),
        2 => (1_u64..80, 1_u64..30, 0_u64..6)
            .prop_map(|(from, len, earlier)| Step::Page { from, len, earlier }),
        1 => Just(Step::Skip),
        1 => Just(Step::WantOlder),
        1 => (1_u64..80).prop_map(Step::WantGap),
        1 => (0_u64..300).prop_map(Step::Jump),
        1 => (0_u64..300, 0_u64..60).prop_map(|(from, len)| Step::Near { from, len }),
        3 => (0_u64..6).prop_map(|earlier| Step::Read { earlier }),
    ]
}

struct World {
    server: Server,
    timeline: Timeline,
}

impl World {
    /// Somebody has opened a room that has been talked in.
    fn new(already: u64) -> Self {
        let mut server = Server::with_lobby();
        for n in 0..already {
            act(&mut server, n);
        }
        let timeline = Timeline::new(LOBBY, server.head(LOBBY));
        Self { server, timeline }
    }

    fn take(&mut self, step: &Step) {
        let head = self.server.head(LOBBY);
        match *step {
            Step::Act(choice) => act(&mut self.server, choice),
            Step::Live(back) => {
                let seq = head.back(back).max(Seq(1));
                let event = self.server.logs[&LOBBY][seq.0 as usize - 1].clone();
                let quotes = self.server.quotes([&event], seq);
                let applied = self.timeline.apply(event, seq);
                assert_ne!(applied, Applied::Diverged);
                self.take_quotes(quotes, seq);
            }
            Step::Page { from, len, earlier } => {
                self.page(from, from + len - 1, head.back(earlier))
            }
            Step::Skip => self.timeline.skip_to(head),
            Step::WantOlder => self.timeline.want_older(),
            Step::WantGap(at) => self.timeline.want_gap(Seq(at)),
            Step::Jump(at) => self.timeline.want_around(Seq(at)),
            Step::Near { from, len } => self.timeline.want(Span {
                from: Seq(from),
                to: Seq(from + len),
            }),
            Step::Read { earlier } => self.read(head.back(earlier)),
        }
    }

    /// Reads what is wanted, from the log as it stood at `head`.
    fn read(&mut self, head: Seq) {
        let wanted: Vec<_> = self.timeline.wanted(self.server.head(LOBBY)).collect();
        for span in wanted {
            self.page(span.from.0, span.to.0, head);
        }
    }

    fn page(&mut self, from: u64, to: u64, head: Seq) {
        let log = self.server.as_it_stood(head);
        let events = log.into_iter().skip(from as usize - 1);
        let events: Vec<Event> = events.take_while(|event| event.seq.0 <= to).collect();
        let quotes = self.server.quotes(&events, head);
        for event in events {
            assert_ne!(self.timeline.apply(event, head), Applied::Diverged);
        }
        self.take_quotes(quotes, head);
    }

    fn take_quotes(&mut self, quotes: Vec<Quote>, as_of: Seq) {
        for quote in quotes {
            self.timeline.take_quote(quote, as_of);
        }
    }

    /// What the answers that are held quote is what the messages say.
    fn quotes_are_true(&self, log: &[Event]) -> bool {
        let answered = self
            .timeline
            .events()
            .filter_map(|event| event.content.answers());
        let mut answered = answered.map(|seq| (seq, &log[seq.0 as usize - 1]));
        answered.all(|(seq, stands)| self.timeline.quote(seq) == Quote::of(stands))
    }

    fn held(&self) -> Vec<Event> {
        self.timeline
            .events()
            .map(|event| (**event).clone())
            .collect()
    }
}

/// Some messages carry files.
fn attachments(choice: u64) -> Vec<Attachment> {
    let file = |n: u64| Attachment {
        id: FileId(u128::from(n)),
        name: FileName::of("notes.txt"),
        size: n,
        image: None,
    };
    (0..choice >> 24 & 3).map(file).collect()
}

fn act(server: &mut Server, choice: u64) {
    let head = server.head(LOBBY).0;
    let n = u128::from(head);
    let target = Seq(1 + (choice >> 8) % head);
    let text = body(&format!("text {n}"));
    let emoji = Emoji::parse(if choice & 1 == 0 { "👍" } else { "🎉" }).unwrap();
    let mentions = vec![PersonId(choice >> 20 & 3)];
    let action = match choice % 12 {
        0..=2 => Action::Edit {
            target,
            body: text,
            mentions,
        },
        3 => Action::Delete { target },
        6..=8 => {
            let attachments = attachments(choice);
            let silent = !attachments.is_empty() && choice & 64 == 0;
            Action::Message(Post {
                body: (!silent).then_some(text),
                attachments,
                reply_to: Some(target),
                mentions,
            })
        }
        9 => Action::Pin {
            target,
            on: choice & 16 == 0,
        },
        4..=5 => Action::React {
            target,
            emoji,
            on: choice & 16 == 0,
        },
        _ => Action::message(text),
    };
    let author = person(9 + (choice >> 40) % 2, "Host");
    // What the rules forbid changes nothing; then there is simply one thing less.
    let _ = server.act(&author, ClientId(n), None, action);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// D2, R6, R11
    #[test]
    fn stale_state_and_events_are_the_fresh_state(
        already in prop_oneof![3 => 0_u64..70, 1 => 150_u64..300],
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let mut world = World::new(already);
        for step in &steps {
            world.take(step);
        }
        let head = world.server.head(LOBBY);
        for _ in 0..100 {
            world.read(head);
        }
        prop_assert_eq!(world.timeline.wanted(head).count(), 0, "it comes to rest");
        let log = world.server.as_it_stands();
        for event in world.held() {
            let stands = &log[event.seq.0 as usize - 1];
            prop_assert_eq!(&event, stands, "though gaps are left");
        }
        prop_assert!(world.quotes_are_true(&log), "though gaps are left");
        for _ in 0..100 {
            let gaps: Vec<Seq> = world.timeline.gaps().iter().map(|gap| gap.span.from).collect();
            for at in gaps {
                world.timeline.want_gap(at);
            }
            world.read(head);
        }
        prop_assert_eq!(world.timeline.wanted(head).count(), 0, "it comes to rest");
        let floor = world.timeline.floor().0.max(1) as usize;
        prop_assert_eq!(world.held(), &log[floor - 1..], "and when they are filled");
        prop_assert!(world.quotes_are_true(&log), "and when they are filled");
    }
}
