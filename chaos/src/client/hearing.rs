//! Writes into the [`History`] what one client hears: the frames as they come, before the Session sees them.

use shared::ids::{ClientId, RoomId};

use super::frames::{self, Entry, Frame, Refused};
use super::recorder::Recorder;
use crate::history::{Contradiction, Heard, History, RoomAt};
use crate::names::{self, Key};
use crate::speech::Said;

/// Codes that mean "again" without saying when: on the next connection, or behind the one before it.
const AGAIN: [&str; 2] = ["draining", "not_in_order"];

/// What is counted when something comes too late, or once too often.
const HOPELESS: [(&str, &str); 2] = [
    (
        "no_such_message",
        "send no_such_message (about what was deleted meanwhile)",
    ),
    ("too_many_pins", "send too_many_pins"),
];

/// What a frame may have changed on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touched {
    Nothing,
    /// Events in these places of a room.
    Range(RoomId, u64, u64),
    /// The list of rooms: everything may be new.
    Everything,
    /// The client is live from here on.
    Joined,
    /// A message of this client has its place.
    Stored(Key, u64),
    /// It was refused for a reason that is nobody's fault, and is to be given up.
    Hopeless(ClientId),
}

impl Recorder {
    /// Notes what a frame says, before the Session sees it.
    pub(super) fn frame(&self, text: &str, now_us: u64) -> Touched {
        let mut history = self.history.borrow_mut();
        match frames::read(text) {
            Ok(Frame::Event(frame)) => {
                let Some(room) = history.room(frame.room) else {
                    return Touched::Nothing;
                };
                self.heard(&mut history, room, &frame.event);
                self.delivered(&mut history, &frame.event, now_us);
                // Most often at the end; one that was delivered while the heads were read may fall into a gap.
                Touched::Range(frame.room, frame.event.seq, frame.event.seq)
            }
            Ok(Frame::Page(page)) => {
                let Some(room) = history.room(page.room) else {
                    return Touched::Nothing;
                };
                for entry in &page.events {
                    self.heard(&mut history, room, entry);
                }
                Touched::Range(page.room, page.from, page.to)
            }
            Ok(Frame::Stored(stored)) => {
                let key = Key::of(stored.client_id, history.seed);
                history.counts.answered_as_repeat += u64::from(stored.repeat);
                if let Some(room) = history.room(stored.room) {
                    history.acknowledged(key, room, stored.seq);
                }
                Touched::Stored(key, stored.seq)
            }
            Ok(Frame::Refused(refused)) => self.refused(&mut history, refused),
            Ok(Frame::Welcome) => Touched::Everything,
            Ok(Frame::Resumed) => Touched::Joined,
            Ok(Frame::Diverged) => {
                history.forgotten += 1;
                Touched::Nothing
            }
            Ok(Frame::Other) => Touched::Nothing,
            Err(error) => {
                let client = self.client;
                let what = format!("client {client} cannot read a frame: {error}");
                history.refused.push(what);
                Touched::Nothing
            }
        }
    }

    fn refused(&self, history: &mut History, refused: Refused) -> Touched {
        let code = refused.problem.code;
        if let Some(client_id) = refused.client_id
            && let Some((_, what)) = HOPELESS.iter().find(|(known, _)| *known == code)
            && give_up(history, Key::of(client_id, history.seed))
        {
            *history.postponed.entry((*what).to_owned()).or_default() += 1;
            return Touched::Hopeless(client_id);
        }
        let what = match refused.client_id {
            Some(_) => "send",
            None => "request",
        };
        if refused.problem.retry_after_ms.is_some() || AGAIN.contains(&&*code) {
            *history
                .postponed
                .entry(format!("{what} {code}"))
                .or_default() += 1;
            return Touched::Nothing;
        }
        let key = refused
            .client_id
            .map(|id| Key::of(id, history.seed).to_string());
        let key = key.unwrap_or_default();
        let client = self.client;
        history.refused.push(format!(
            "a {what} of client {client} was refused: {code} {key}"
        ));
        Touched::Nothing
    }

    fn heard(&self, history: &mut History, room: RoomAt, entry: &Entry<'_>) {
        let key = Key::of(entry.client_id, history.seed);
        let link = entry.link.0;
        history.hear(self.client, room, entry.seq, Heard { key, link });
        let Some((author, _)) = key.action() else {
            return;
        };
        if history.people.get(author) != Some(&entry.author.id)
            || !self.is_genuine(history, key, entry)
        {
            let (client, seq) = (self.client, entry.seq);
            history.altered.push(Contradiction {
                client,
                room,
                seq,
                key,
            });
        }
    }

    /// Whether it says what its author said. A message may have the text of an edit, or none any more.
    fn is_genuine(&self, history: &History, key: Key, entry: &Entry<'_>) -> bool {
        let (content, seq) = (&entry.content, Some(entry.seq));
        let Some(written) = history.written(key) else {
            return false;
        };
        let maker = content
            .body
            .as_deref()
            .map(|body| names::maker_of(body, history.seed, self.extra));
        let by_edit = |maker| {
            let target = history.written(maker).map(|edit| edit.said);
            matches!(target, Some(Said::Edit { target }) if Some(target) == seq)
        };
        match (written.said, &*content.kind, maker) {
            (Said::Message, "message", Some(Some(maker))) => maker == key || by_edit(maker),
            // Where it is deleted, nothing tells an answer or a forwarded message from another one.
            (said, "message", None) => said.is_message(),
            (Said::Answer { target }, "message", Some(Some(maker))) => {
                content.reply_to == Some(target) && (maker == key || by_edit(maker))
            }
            (Said::Forward { .. }, "message", Some(Some(maker))) => {
                content.forwarded.is_some() && history.written(maker).is_some()
            }
            (Said::Edit { target }, "edited", Some(Some(maker))) => {
                maker == key && content.target == Some(target)
            }
            (Said::Edit { target }, "edited", None)
            | (Said::Delete { target }, "deleted", None)
            | (Said::Pin { target, .. }, "pinned", None)
            | (Said::React { target, .. }, "reacted", None) => content.target == Some(target),
            (Said::Topic, "topic", None)
            | (Said::Rename, "renamed", None)
            | (Said::Pace { .. }, "paced", None) => true,
            _ => false,
        }
    }

    /// Measures live delivery to others, if that is wanted.
    fn delivered(&self, history: &mut History, entry: &Entry<'_>, now_us: u64) {
        if history.delivery.is_none() {
            return;
        }
        let Some((author, n)) = Key::of(entry.client_id, history.seed).action() else {
            return;
        };
        let sent_us = history.written[author].get(n).map_or(0, |w| w.sent_us);
        if author != self.client
            && sent_us > 0
            && let Some(samples) = &mut history.delivery
        {
            samples.push(now_us.saturating_sub(sent_us));
        }
    }
}

/// What is about a message of somebody else may come when that was deleted meanwhile: nobody's fault.
fn give_up(history: &mut History, key: Key) -> bool {
    let Some((client, n)) = key.action() else {
        return false;
    };
    let written = history.written[client].get_mut(n);
    match written {
        Some(written)
            if matches!(
                written.said,
                Said::React { .. } | Said::Pin { .. } | Said::Forward { .. }
            ) =>
        {
            written.given_up = true;
            true
        }
        _ => false,
    }
}
