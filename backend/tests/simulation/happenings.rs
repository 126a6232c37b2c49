//! What can happen in a world.

use shared::close::CloseCode;
use shared::ids::{ClientId, PersonId, RoomId, Seq};
use shared::protocol::{Action, Content, Message, Pace, Person, Post, Span};
use shared::session::io::Input;
use shared::session::outbox::Draft;
use shared::text::{Body, Emoji, RoomName, Topic};

use crate::observer::OBSERVER;
use crate::wire::Up;
use crate::world::World;

/// Messages of a flood: a replay holds 500.
const FLOOD: usize = 640;

/// How many of them are sent at once: fewer than a connection's queue holds.
const FLOOD_AT_ONCE: usize = 10;

impl World {
    /// One thing happens to one tab, or to all of them.
    pub(crate) async fn step(&mut self) {
        let at = self.chance.below(self.tabs.len());
        match self.chance.below(1_000) {
            0..=299 => self.deliver_up(at).await,
            300..=619 => {
                let all = self.chance.one_in(12);
                while self.tabs[at].receive(self.now) && all {}
            }
            620..=739 => self.act(at),
            740..=819 => {
                let wait = self.chance.below(400) as u64;
                self.pass(wait).await;
            }
            820..=824 => {
                let wait = self.chance.below(40_000) as u64;
                self.pass(wait).await;
            }
            825..=899 => self.open(at).await,
            900..=929 => self.cut(at).await,
            930..=949 => self.toggle_stall(at).await,
            950..=964 => self.nudge(at),
            965..=984 => self.look_around(at),
            985..=989 => {
                self.tally.reloads += 1;
                let seed = self.chance.next();
                self.lose_client(at);
                self.tabs[at].reload(seed, self.now);
                self.settle().await;
            }
            990..=995 => self.come_and_go(at),
            996..=997 => self.rearrange(at).await,
            _ => self.restart().await,
        }
    }

    /// Some of what a tab has sent reaches the server, perhaps with what another one has.
    async fn deliver_up(&mut self, at: usize) {
        let (most, other) = (1 + self.chance.below(6), self.chance.below(self.tabs.len()));
        // What a question is answered depends on what else is going on: it comes alone.
        if self.hand_over_sends(at, most).await {
            self.hand_over_sends(other, most).await;
        } else {
            self.hand_over_one(at, |_| true).await;
        }
        self.settle().await;
    }

    /// Some sends, which the engine may take into one transaction. Says whether there were any.
    async fn hand_over_sends(&mut self, at: usize, most: usize) -> bool {
        for count in 0..most {
            if !self.hand_over_one(at, is_send).await {
                return count > 0;
            }
        }
        true
    }

    pub(crate) async fn hand_over_one(&mut self, at: usize, which: fn(&Up) -> bool) -> bool {
        let tab = &mut self.tabs[at];
        let wire = tab
            .wire
            .as_mut()
            .filter(|wire| !wire.stalled && !wire.has_ended());
        let Some(wire) = wire else {
            return false;
        };
        match tab.up.front() {
            Some(up) if which(up) => {}
            _ => return false,
        }
        if let Some(up) = tab.up.pop_front() {
            wire.deliver(&up).await;
        }
        true
    }

    async fn open(&mut self, at: usize) {
        if self.tabs[at].opening && self.chance.one_in(8) {
            self.tabs[at].closed(CloseCode(1006), self.now);
        }
        self.tabs[at].open(&self.backend, self.now).await;
        self.settle().await;
    }

    /// The connection breaks. What was on its way is lost, or arrives without an answer; either side may not notice.
    async fn cut(&mut self, at: usize) {
        if self.tabs[at].wire.is_none() {
            return;
        }
        self.tally.cuts += 1;
        let how = self.chance.below(6);
        match how {
            0 => while self.hand_over_one(at, is_send).await {},
            1 => {
                let length = self.chance.below(60);
                let tab = &mut self.tabs[at];
                if let (Some(up), Some(wire)) = (tab.up.pop_front(), tab.wire.as_mut()) {
                    wire.deliver_a_part(&up, length).await;
                }
            }
            2 => self.lose_client(at),
            _ => {}
        }
        let tab = &mut self.tabs[at];
        tab.wire = None;
        // 3: nobody tells this side; it finds out by its own watchdog.
        if how != 3 {
            tab.closed(CloseCode(1006), self.now);
        }
        self.clockwork.idle().await;
        if how == 0 {
            self.observer.wait_for_the_writer().await;
        }
        self.settle().await;
    }

    /// The server is not told that the client is gone.
    fn lose_client(&mut self, at: usize) {
        if let Some(mut wire) = self.tabs[at].wire.take() {
            wire.stalled = true;
            self.zombies.push(wire);
        }
    }

    /// The network takes nothing from the server for a while: its queues fill.
    async fn toggle_stall(&mut self, at: usize) {
        if let Some(wire) = &mut self.tabs[at].wire {
            wire.stalled = !wire.stalled;
        }
        self.settle().await;
    }

    fn nudge(&mut self, at: usize) {
        let input = match self.chance.below(4) {
            0 => Input::Wake,
            1 => Input::Online(false),
            2 => Input::Online(true),
            _ => Input::ConnectNow,
        };
        self.tabs[at].input(input, self.now);
    }

    fn look_around(&mut self, at: usize) {
        let room = self.rooms[self.chance.below(2)];
        let gaps: Vec<Span> = self.tabs[at]
            .session
            .timeline(room)
            .into_iter()
            .flat_map(|timeline| timeline.gaps().iter().map(|gap| gap.span))
            .collect();
        let seq = Seq(self.chance.below(400) as u64);
        let input = match (self.chance.below(4), self.chance.of(&gaps)) {
            (0, Some(span)) => Input::LoadGap { room, span: *span },
            (1, _) => Input::Open { room },
            (2, _) => Input::OpenAt { room, seq },
            _ => Input::LoadOlder { room },
        };
        self.tabs[at].input(input, self.now);
    }

    fn come_and_go(&mut self, at: usize) {
        let room = self.rooms[1];
        if self.tabs[at].rooms().contains(&room) && self.chance.one_in(3) {
            self.do_it(at, room, Action::Leave);
        } else {
            self.join(at);
        }
    }

    /// Who made the second room keeps order in it; or a person opens a conversation with another.
    async fn rearrange(&mut self, at: usize) {
        let (room, person) = (self.rooms[1], self.somebody());
        let action = match self.chance.below(13) {
            0..=1 => Action::Rename {
                name: RoomName::parse(&format!("room {}", self.drafts)).unwrap(),
            },
            2 => Action::Archive { on: true },
            3..=4 => Action::Archive { on: false },
            5 => Action::Remove { person },
            6..=7 => Action::Ban {
                person,
                on: self.chance.one_in(3),
                erase: false,
            },
            8..=9 => match self.message_of_another(at, room) {
                Some(target) => Action::Delete { target },
                None => return,
            },
            10 => return self.slow_down(room).await,
            _ => {
                // The observer is one of them: by what it hears, a world knows that something was delivered.
                let (people, client_id) = (vec![person.id, OBSERVER], self.client_id());
                let input = Input::OpenDirect { people, client_id };
                return self.tabs[at].input(input, self.now);
            }
        };
        self.tally.rearranged += 1;
        self.tally.order_kept +=
            u64::from(matches!(action, Action::Ban { .. } | Action::Delete { .. }));
        let client_id = self.client_id();
        self.observer.act(room, client_id, action).await;
        self.settle().await;
    }

    /// The room is slow for no longer than nobody speaks: the server's clock is the real one, and would not let a world's
    /// hour be over in a second.
    async fn slow_down(&mut self, room: RoomId) {
        for seconds in [5 + self.chance.below(60) as u32, 0] {
            let pace = Pace::of_seconds(seconds).unwrap();
            let client_id = self.client_id();
            self.observer
                .act(room, client_id, Action::Pace { pace })
                .await;
        }
        self.tally.order_kept += 1;
        self.settle().await;
    }

    /// Something that a tab has on its screen.
    fn message_of_another(&mut self, at: usize, room: RoomId) -> Option<Seq> {
        let events = self.tabs[at].events(room);
        let said = events.iter().filter(|event| {
            matches!(
                &event.content,
                Content::Message(Message { body: Some(_), .. })
            )
        });
        let said: Vec<Seq> = said.map(|event| event.seq).collect();
        self.chance.of(&said).copied()
    }

    fn somebody(&mut self) -> Person {
        let at = self.chance.below(self.tabs.len());
        self.tabs[at].me.clone()
    }

    /// A person writes, or changes something.
    fn act(&mut self, at: usize) {
        let direct = self.tabs[at].directs();
        let room = match self.chance.of(&direct) {
            Some(room) if self.chance.one_in(6) => *room,
            _ => self.rooms[self.chance.below(2)],
        };
        if !self.tabs[at].rooms().contains(&room) {
            return;
        }
        let action = self.action(at, room);
        self.do_it(at, room, action);
    }

    fn action(&mut self, at: usize, room: RoomId) -> Action {
        let me = self.tabs[at].me.id;
        let events = self.tabs[at].events(room);
        let is_message =
            |content: &Content| matches!(content, Content::Message(Message { body: Some(_), .. }));
        let all: Vec<Seq> = events
            .iter()
            .filter(|e| is_message(&e.content))
            .map(|e| e.seq)
            .collect();
        let own: Vec<Seq> = events
            .iter()
            .filter(|e| is_message(&e.content) && e.author.id == me)
            .map(|e| e.seq)
            .collect();
        let text = Body::parse(&format!("text {}", self.drafts)).unwrap();
        let which = self.chance.below(20);
        match (which, self.chance.of(&own), self.chance.of(&all)) {
            (0..=1, Some(&target), _) => Action::edit(target, text),
            (2, Some(&target), _) => Action::Delete { target },
            (3..=5, _, Some(&target)) => Action::React {
                target,
                emoji: Emoji::parse(["👍", "🎉"][self.chance.below(2)]).unwrap(),
                on: !self.chance.one_in(3),
            },
            (7..=8, _, Some(&target)) => Action::Message(Post {
                reply_to: Some(target),
                mentions: vec![me, PersonId::EVERYONE],
                ..Post::from(text)
            }),
            (9, _, Some(&target)) => Action::Pin {
                target,
                on: !self.chance.one_in(3),
            },
            (10, _, Some(&target)) => Action::Forward { from: room, target },
            (6, _, _) => Action::Topic {
                topic: Topic::parse(&format!("topic {}", self.drafts)).ok(),
            },
            (7, _, _) if room == self.rooms[1] => Action::Add {
                person: self.somebody(),
            },
            _ => Action::message(text),
        }
    }

    fn do_it(&mut self, at: usize, room: RoomId, action: Action) {
        let draft = Draft {
            room,
            client_id: self.client_id(),
            action,
            written: self.now.clock,
        };
        self.tally.typed += 1;
        self.tabs[at].act(draft, self.now);
    }

    pub(crate) fn client_id(&mut self) -> ClientId {
        self.drafts += 1;
        ClientId(self.drafts << 64 | u128::from(self.chance.next()))
    }

    /// Somebody says more than a replay holds, while some are away and some take nothing.
    pub(crate) async fn flood(&mut self) {
        self.come_to_rest().await;
        for at in 0..self.tabs.len() {
            match self.chance.below(4) {
                0 => self.cut(at).await,
                1 | 2 => self.toggle_stall(at).await,
                _ => {}
            }
        }
        for _ in 0..FLOOD / FLOOD_AT_ONCE {
            for _ in 0..FLOOD_AT_ONCE {
                let client_id = self.client_id();
                self.observer.say(self.rooms[0], client_id).await;
            }
            self.settle().await;
        }
        for at in 0..self.tabs.len() {
            self.toggle_stall(at).await;
        }
    }

    /// The server goes away and comes back: politely (K3), or by the power button.
    async fn restart(&mut self) {
        self.tally.restarts += 1;
        if self.chance.one_in(2) {
            self.backend.drain();
            self.settle().await;
            self.pass(300).await;
        }
        self.zombies.clear();
        for at in 0..self.tabs.len() {
            let noticed = self.chance.one_in(2);
            if let Some(wire) = &mut self.tabs[at].wire {
                wire.hang_up();
                if !noticed {
                    self.tabs[at].wire = None;
                }
            }
        }
        self.observer.wire.hang_up();
        self.backend.restart().await;
        self.observer.reconnect(&self.backend).await;
        self.settle().await;
    }
}

fn is_send(up: &Up) -> bool {
    matches!(up, Up::Text(text) if text.starts_with("{\"type\":\"send\""))
}
