//! What the person did to messages and rooms and is not in the log yet: shown in place while it waits, and said aloud
//! when it was refused, since no row of the timeline stands for it.

use std::rc::Rc;

use shared::ids::{ClientId, Link, RoomId, Seq};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::{Content, Event};
use shared::session::Session;
use shared::session::outbox::Draft;
use shared::session::views::Row;

use crate::chat::Chat;

/// Something other than a message that was refused for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDone {
    /// What was to be done.
    pub draft: Draft,
    /// Why it was not.
    pub problem: Problem,
}

impl Chat {
    /// Notes a refusal, unless it is of a message, whose row says it.
    pub(super) fn note_failure(&mut self, client_id: ClientId, problem: &Problem) {
        let drafts = self.session.borrow().drafts();
        let found = drafts.into_iter().find(|it| it.client_id == client_id);
        let Some(draft) = found.filter(|it| !it.action.says_something()) else {
            return;
        };
        let problem = problem.clone();
        self.failures.retain(|it| it.draft.client_id != client_id);
        self.failures.push(NotDone { draft, problem });
    }
}

/// Shows the changes that wait in the messages that they change. `refused` ones are not shown: they did not happen.
pub(super) fn show_waiting(rows: &mut [Row], session: &Session, room: RoomId, refused: &[NotDone]) {
    let Some(me) = session.me() else { return };
    let drafts = session.drafts().into_iter().filter(|it| it.room == room);
    for (n, draft) in drafts.enumerate() {
        let content = draft.action.content();
        let was_refused = |it: &NotDone| it.draft.client_id == draft.client_id;
        let Some(target) = content
            .target()
            .filter(|_| !refused.iter().any(was_refused))
        else {
            continue;
        };
        // Newer than whatever is in the log.
        let change = Event {
            seq: Seq(limits::SAFE_INTEGER - limits::OUTBOX_MESSAGES as u64 + n as u64),
            at: draft.written,
            author: me.clone(),
            client_id: draft.client_id,
            link: Link(0),
            content,
        };
        let found = rows.iter_mut().rev().find_map(|row| match row {
            Row::Event(event) if event.seq == target => Some(event),
            _ => None,
        });
        if let Some(event) = found {
            Rc::make_mut(event).change(&change);
        }
    }
}

/// Whether a message shows a change that is not in the log yet.
#[must_use]
pub fn waits(content: &Content) -> bool {
    let from_here = |seq: Seq| seq.0 >= limits::SAFE_INTEGER - limits::OUTBOX_MESSAGES as u64;
    match content {
        Content::Message(message) => {
            let pinned = message.pinned.is_some_and(from_here);
            let reacted = message.reactions.iter().any(|it| from_here(it.seq));
            message.changed.is_some_and(from_here) || reacted || pinned
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::{PersonId, Timestamp};
    use shared::protocol::{Action, Message, Person};
    use shared::session::Options;
    use shared::session::io::Input;
    use shared::session::time::Moment;
    use shared::text::{Body, PersonName};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const ROOM: RoomId = RoomId(1);

    fn body(text: &str) -> Body {
        Body::parse(text).unwrap()
    }

    fn session(actions: Vec<Action>) -> Session {
        let mut session = Session::new(Options {
            client: "test".to_owned(),
            seed: 1,
        });
        let drafts = actions.into_iter().enumerate();
        let restored = drafts.map(|(n, action)| Draft {
            room: ROOM,
            client_id: ClientId(n as u128),
            action,
            written: Timestamp(0),
        });
        let me = Person {
            id: PersonId(1),
            name: PersonName::parse("Ada").unwrap(),
        };
        let restored = restored.collect();
        session.handle(Input::SignedIn { me, restored }, Moment::default());
        session
    }

    fn message(seq: u64) -> Row {
        Row::Event(Rc::new(Event {
            seq: Seq(seq),
            at: Timestamp(0),
            author: Person {
                id: PersonId(1),
                name: PersonName::parse("Ada").unwrap(),
            },
            client_id: ClientId(100),
            link: Link(0),
            content: Content::message(body("as it was")),
        }))
    }

    fn shown(row: &Row) -> (Option<&str>, bool) {
        match row {
            Row::Event(event) => match &event.content {
                Content::Message(Message { body, .. }) => (body.as_deref(), waits(&event.content)),
                _ => panic!("not a message"),
            },
            _ => panic!("not an event"),
        }
    }

    #[wasm_bindgen_test]
    fn changes_that_wait_are_shown_in_order_and_in_their_message_only() {
        let edit = |text: &str| Action::edit(Seq(7), body(text));
        let session = session(vec![edit("once"), edit("twice")]);
        let mut rows = [message(6), message(7)];
        show_waiting(&mut rows, &session, ROOM, &[]);
        assert_eq!(shown(&rows[0]), (Some("as it was"), false));
        assert_eq!(shown(&rows[1]), (Some("twice"), true));
        let mut elsewhere = [message(7)];
        show_waiting(&mut elsewhere, &session, RoomId(2), &[]);
        assert_eq!(shown(&elsewhere[0]), (Some("as it was"), false));
    }

    #[wasm_bindgen_test]
    fn what_was_refused_is_not_shown_as_done() {
        let session = session(vec![Action::Delete { target: Seq(7) }]);
        let mut rows = [message(7)];
        show_waiting(&mut rows, &session, ROOM, &[]);
        assert_eq!(shown(&rows[0]), (None, true));
        let draft = session.drafts().remove(0);
        let problem = Problem::NotYours;
        let refused = [NotDone { draft, problem }];
        let mut rows = [message(7)];
        show_waiting(&mut rows, &session, ROOM, &refused);
        assert_eq!(shown(&rows[0]), (Some("as it was"), false));
    }
}
