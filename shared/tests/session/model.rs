//! A model of the server in a page: rooms as vectors, every rule that a session relies on, no time and no faults.

use std::collections::BTreeMap;

use shared::ids::{ClientId, Link, PersonId, RoomId, Seq, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{
    Action, ClientMessage, Content, Cursor, Event, Hello, Message, Pace, Page, Person, Post, Quote,
    Reaction, ReadAsOf, Reading, Room, ServerMessage, Span, Welcome,
};
use shared::sorted::Map;
use shared::text::{Body, RoomName, Topic};

use crate::bench::{self, EPOCH, LOBBY, body};

/// Who keeps order in the lobby.
const HOST: PersonId = PersonId(9);

#[derive(Debug, Default)]
pub struct Server {
    pub logs: BTreeMap<RoomId, Vec<Event>>,
    stored: BTreeMap<(PersonId, ClientId), Seq>,
    read: BTreeMap<(PersonId, RoomId), Seq>,
}

impl Server {
    pub fn with_lobby() -> Self {
        let mut server = Self::default();
        server.logs.insert(LOBBY, Vec::new());
        server.say(
            &bench::person(9, "Host"),
            ClientId(u128::MAX),
            body("welcome"),
        );
        server
    }

    pub fn head(&self, room: RoomId) -> Seq {
        Seq(self.logs[&room].len() as u64)
    }

    /// Stores a message in the lobby once and returns the event if it is new.
    pub fn say(
        &mut self,
        author: &Person,
        client_id: ClientId,
        body: Body,
    ) -> (Seq, Option<Event>) {
        let said = self.act(author, client_id, None, Action::message(body));
        said.expect("a message is not refused")
    }

    /// Stores in the lobby once what a person does, and returns the event if it is new.
    pub fn act(
        &mut self,
        author: &Person,
        client_id: ClientId,
        after: Option<ClientId>,
        action: Action,
    ) -> Result<(Seq, Option<Event>), Problem> {
        if let Some(seq) = self.stored.get(&(author.id, client_id)) {
            return Ok((*seq, None));
        }
        if after.is_some_and(|after| !self.stored.contains_key(&(author.id, after))) {
            return Err(Problem::NotInOrder);
        }
        let content = self.content(&action)?;
        self.check_target(author, &content)?;
        let log = self.logs.get_mut(&LOBBY).unwrap();
        let seq = Seq(log.len() as u64 + 1);
        let before = log.last().map_or(Link::first(LOBBY), |event| event.link);
        let mut event = Event {
            seq,
            at: Timestamp(seq.0),
            author: author.clone(),
            client_id,
            link: Link(0),
            content,
        };
        event.link = before.next(&event);
        log.push(event.clone());
        self.stored.insert((author.id, client_id), seq);
        Ok((seq, Some(event)))
    }

    /// What stands in the log, with what only the server can tell.
    fn content(&self, action: &Action) -> Result<Content, Problem> {
        let mut content = action.content();
        let named = |ids: &[PersonId]| ids.iter().map(|id| bench::person(id.0, "Named")).collect();
        match (action, &mut content) {
            (Action::Message(Post { mentions, .. }), Content::Message(message)) => {
                message.mentions = named(mentions);
            }
            (
                Action::Edit { mentions, .. },
                Content::Edited {
                    mentions: named_in, ..
                },
            ) => {
                *named_in = named(mentions);
            }
            _ => {}
        }
        if let Some(answered) = content.answers() {
            let log = &self.logs[&LOBBY];
            let place = (answered.0 as usize).checked_sub(1);
            let found = place.and_then(|place| log.get(place));
            if !found.is_some_and(|event| matches!(event.content, Content::Message(_))) {
                return Err(Problem::NoSuchMessage);
            }
        }
        Ok(content)
    }

    fn check_target(&self, author: &Person, content: &Content) -> Result<(), Problem> {
        let Some(target) = content.target() else {
            return Ok(());
        };
        let place = (target.0 as usize).checked_sub(1);
        let found = place.and_then(|place| self.logs[&LOBBY].get(place));
        let message = found.filter(|event| matches!(event.content, Content::Message { .. }));
        let message = message.ok_or(Problem::NoSuchMessage)?;
        let standing = Standing::of(&self.logs[&LOBBY]);
        if let Content::Message(message) = standing.content(message)
            && message.is_deleted()
        {
            return Err(Problem::NoSuchMessage);
        }
        let for_all = matches!(content, Content::Reacted { .. } | Content::Pinned { .. });
        // The host keeps order here.
        let by_host = author.id == HOST && matches!(content, Content::Deleted { .. });
        if !for_all && !by_host && message.author.id != author.id {
            return Err(Problem::NotYours);
        }
        Ok(())
    }

    /// The whole log of the lobby as it stands.
    pub fn as_it_stands(&self) -> Vec<Event> {
        self.as_it_stood(self.head(LOBBY))
    }

    /// The log of the lobby as it stood when it ended at `head`.
    pub fn as_it_stood(&self, head: Seq) -> Vec<Event> {
        let log = &self.logs[&LOBBY][..head.0 as usize];
        let standing = Standing::of(log);
        log.iter().map(|event| standing.event(event)).collect()
    }

    /// The messages that these events answer, as the log stood when it ended at `head`.
    pub fn quotes<'a>(&self, events: impl IntoIterator<Item = &'a Event>, head: Seq) -> Vec<Quote> {
        let log = self.as_it_stood(head);
        let answered = events
            .into_iter()
            .filter_map(|event| event.content.answers());
        let quote = |seq: Seq| Quote::of(&log[seq.0 as usize - 1]);
        answered.filter_map(quote).collect()
    }

    /// A live event, as everyone hears it.
    pub fn live(&self, event: Event) -> ServerMessage {
        let quote = self.quotes([&event], event.seq).pop().map(Box::new);
        let room = LOBBY;
        ServerMessage::Event { room, event, quote }
    }

    /// Answers one message of `me`; the event of a new message is returned for everyone.
    pub fn answer(
        &mut self,
        me: &Person,
        message: ClientMessage,
    ) -> (Vec<ServerMessage>, Option<ServerMessage>) {
        match message {
            ClientMessage::Hello(hello) => (self.hello(me, &hello), None),
            ClientMessage::Send {
                room,
                client_id,
                after,
                action,
            } => {
                let (seq, event) = match self.act(me, client_id, after, action) {
                    Ok(done) => done,
                    Err(problem) => return (vec![refused(client_id, problem)], None),
                };
                let repeat = event.is_none();
                let stored = ServerMessage::Stored {
                    room,
                    client_id,
                    seq,
                    at: Timestamp(seq.0),
                    repeat,
                    committed: None,
                };
                (vec![stored], event.map(|event| self.live(event)))
            }
            ClientMessage::Read {
                request,
                room,
                from,
                to,
            } => {
                let mut page = self.page(room, from, to);
                page.request = Some(request);
                (vec![ServerMessage::Page(page)], None)
            }
            ClientMessage::PlaceAt { request, room, at } => {
                let first = self.logs[&room].iter().find(|event| event.at >= at);
                let seq = first.map_or(self.head(room), |event| event.seq);
                (vec![ServerMessage::Place { request, room, seq }], None)
            }
            ClientMessage::Ping { n } => (
                vec![ServerMessage::Pong {
                    n,
                    now: Timestamp(0),
                }],
                None,
            ),
            ClientMessage::Applied { cursors } => (self.compare(&cursors), None),
            ClientMessage::Seen { rooms } => {
                for (room, seq) in &rooms {
                    let read = self.read.entry((me.id, *room)).or_default();
                    *read = (*read).max(*seq);
                }
                (
                    vec![self.seen(me, rooms.into_iter().map(|(room, _)| room))],
                    None,
                )
            }
            ClientMessage::Unread { room, from } => {
                self.read.insert((me.id, room), from.back(1));
                (vec![self.seen(me, std::iter::once(room))], None)
            }
            ClientMessage::Receipts { request, room } => {
                let (request, read) = (Some(request), Vec::new());
                let answer = ServerMessage::Receipts {
                    request,
                    room,
                    read,
                };
                (vec![answer], None)
            }
            other => panic!("the model does not answer {other:?}"),
        }
    }

    /// How far a person has read.
    pub fn reading(&self, me: &Person, room: RoomId) -> Reading {
        let head = self.head(room);
        let to = self.read.get(&(me.id, room)).copied().unwrap_or(head);
        let log = &self.logs[&room];
        let standing = Standing::of(log);
        let behind = log.iter().skip(to.0 as usize);
        let others = behind.filter(|event| event.author.id != me.id);
        let messages =
            others.filter_map(|event| standing.event(event).content.as_message().cloned());
        let named: Vec<bool> = messages.map(|message| message.names(me.id)).collect();
        let count = |n: usize| (n as u64).min(limits::UNREAD_COUNTED);
        Reading {
            to,
            unread: count(named.len()),
            mentions: count(named.iter().filter(|named| **named).count()),
        }
    }

    fn seen(&self, me: &Person, rooms: impl Iterator<Item = RoomId>) -> ServerMessage {
        let read = |room| {
            let head = self.head(room);
            let reading = self.reading(me, room);
            (room, ReadAsOf { head, reading })
        };
        ServerMessage::Seen {
            rooms: rooms.map(read).collect(),
        }
    }

    fn page(&self, room: RoomId, from: Seq, to: Seq) -> Page {
        let head = self.head(room);
        let to = to.min(head).min(Seq(from.0 + limits::PAGE_EVENTS - 1));
        let events = &self.logs[&room][from.0 as usize - 1..to.0 as usize];
        let standing = Standing::of(&self.logs[&room]);
        let events: Vec<Event> = events.iter().map(|event| standing.event(event)).collect();
        let quotes = match room {
            LOBBY => self.quotes(&events, head),
            _ => Vec::new(),
        };
        Page {
            request: None,
            room,
            gap: None,
            from,
            to,
            head,
            topic: self.topic(room),
            name: self.name(room),
            archived: self.archived(room),
            pace: self.pace(room),
            events,
            quotes,
        }
    }

    pub fn name(&self, room: RoomId) -> Option<RoomName> {
        let mut names = self.logs[&room].iter().rev();
        names.find_map(|event| match &event.content {
            Content::Renamed { name } => Some(name.clone()),
            _ => None,
        })
    }

    pub fn archived(&self, room: RoomId) -> bool {
        let mut events = self.logs[&room].iter().rev();
        let last = events.find_map(|event| match &event.content {
            Content::Archived { on } => Some(*on),
            _ => None,
        });
        last.unwrap_or_default()
    }

    pub fn pace(&self, room: RoomId) -> Pace {
        let mut events = self.logs[&room].iter().rev();
        let last = events.find_map(|event| match &event.content {
            Content::Paced { pace } => Some(*pace),
            _ => None,
        });
        last.unwrap_or_default()
    }

    pub fn topic(&self, room: RoomId) -> Option<Topic> {
        let topics = self.logs[&room].iter().rev();
        let mut topics = topics.filter_map(|event| match &event.content {
            Content::Topic { topic } => Some(topic.clone()),
            _ => None,
        });
        topics.next().flatten()
    }

    /// R12: what the cursors say that is not so.
    fn compare(&self, cursors: &Map<RoomId, Cursor>) -> Vec<ServerMessage> {
        let differs = |(room, cursor): (&RoomId, &Cursor)| {
            let place = (cursor.seq.0 as usize).checked_sub(1)?;
            let here = self.logs.get(room)?.get(place).map(|event| event.link);
            (cursor.link.is_some() && cursor.link != here).then_some(ServerMessage::Diverged {
                room: *room,
                seq: cursor.seq,
            })
        };
        cursors.iter().filter_map(differs).collect()
    }

    fn hello(&mut self, me: &Person, hello: &Hello) -> Vec<ServerMessage> {
        let name = || RoomName::parse("lobby").unwrap();
        // Who comes for the first time has read what was there before.
        for room in self.logs.keys() {
            let head = Seq(self.logs[room].len() as u64);
            self.read.entry((me.id, *room)).or_insert(head);
        }
        let rooms = self.logs.keys().map(|id| Room {
            id: *id,
            topic: self.topic(*id),
            archived: self.archived(*id),
            pace: self.pace(*id),
            reading: self.reading(me, *id),
            ..Room::public(*id, self.name(*id).unwrap_or_else(name), self.head(*id))
        });
        let mut answers = vec![ServerMessage::Welcome(Welcome {
            server: "model".into(),
            epoch: EPOCH,
            now: Timestamp(0),
            me: me.clone(),
            rooms: rooms.collect(),
            taken_out: Vec::new(),
            people: Vec::new(),
            people_version: 0,
            choices: Default::default(),
            handshake: None,
        })];
        if hello.epoch == Some(EPOCH) {
            let behind = hello
                .cursors
                .iter()
                .filter(|(room, cursor)| cursor.seq < self.head(**room));
            answers.extend(behind.map(|(room, cursor)| self.replay(*room, cursor.seq)));
            answers.extend(self.compare(&hello.cursors));
        }
        answers.push(ServerMessage::Resumed);
        answers
    }

    fn replay(&self, room: RoomId, last: Seq) -> ServerMessage {
        let head = self.head(room);
        if head.0 - last.0 <= limits::REPLAY_EVENTS {
            return ServerMessage::Page(self.page(room, last.next(), head));
        }
        let from = head.back(limits::REPLAY_TAIL - 1);
        let mut page = self.page(room, from, head);
        page.gap = Some(Span {
            from: last.next(),
            to: from.back(1),
        });
        ServerMessage::Page(page)
    }
}

/// A send that was not carried out.
pub fn refused(client_id: ClientId, problem: Problem) -> ServerMessage {
    ServerMessage::Refused {
        request: None,
        client_id: Some(client_id),
        problem,
    }
}

/// What the events of a log say as it stands: told from the log alone, not by the way the session does it.
struct Standing<'a> {
    changes: BTreeMap<Seq, Vec<&'a Event>>,
}

impl<'a> Standing<'a> {
    fn of(log: &'a [Event]) -> Self {
        let mut changes: BTreeMap<Seq, Vec<&Event>> = BTreeMap::new();
        for event in log {
            if let Some(target) = event.content.target() {
                changes.entry(target).or_default().push(event);
            }
        }
        Self { changes }
    }

    fn event(&self, event: &Event) -> Event {
        Event {
            content: self.content(event),
            ..event.clone()
        }
    }

    fn content(&self, event: &Event) -> Content {
        match &event.content {
            Content::Message(message) => {
                Content::Message(self.message(event.seq, event.author.id, message))
            }
            Content::Edited { target, .. } if self.is_deleted(*target) => Content::Edited {
                target: *target,
                body: None,
                mentions: Vec::new(),
            },
            other => other.clone(),
        }
    }

    fn message(&self, seq: Seq, author: PersonId, said: &Message) -> Message {
        let deletion = self
            .about(seq)
            .find(|later| matches!(later.content, Content::Deleted { .. }));
        if let Some(deletion) = deletion {
            let by_other = deletion.author.id != author;
            return Message {
                changed: Some(deletion.seq),
                deleted_by: by_other.then(|| deletion.author.clone()),
                ..Message::default()
            };
        }
        let mut message = said.clone();
        for later in self.about(seq) {
            match &later.content {
                Content::Edited { body, mentions, .. } => {
                    message.body.clone_from(body);
                    message.mentions.clone_from(mentions);
                    message.changed = Some(later.seq);
                }
                Content::Reacted { emoji, on, .. } => {
                    let reactions = &mut message.reactions;
                    reactions.retain(|one| one.by != later.author || one.emoji != *emoji);
                    if *on {
                        let (seq, emoji, by) = (later.seq, emoji.clone(), later.author.clone());
                        reactions.push(Reaction { seq, emoji, by });
                    }
                }
                Content::Pinned { on, .. } => message.pinned = on.then_some(later.seq),
                _ => {}
            }
        }
        message
    }

    fn is_deleted(&self, target: Seq) -> bool {
        self.about(target)
            .any(|later| matches!(later.content, Content::Deleted { .. }))
    }

    fn about(&self, target: Seq) -> impl DoubleEndedIterator<Item = &'a Event> + '_ {
        self.changes.get(&target).into_iter().flatten().copied()
    }
}
