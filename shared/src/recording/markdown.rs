//! A recording as Markdown, for a report or a lesson: what happened when, and what each message is.
//!
//! It is in English, as the protocol is, so that whoever it is sent to can read it.

use super::{Connection, Frame, Recording, Way};
use crate::protocol::{Header, SWITCHING};
use crate::session::connection::Ender;
use crate::transport::Transport;
use crate::wire;

/// Characters of a message that are shown.
const SHOWN: usize = 160;

/// The page.
#[must_use]
pub fn markdown(recording: &Recording) -> String {
    let mut page = format!(
        "# Connections to {}\n\nRecorded by {}. Times are milliseconds since the connection began.\n",
        code(&recording.address),
        code(&recording.client)
    );
    for connection in &recording.connections {
        page += &one(connection);
    }
    page
}

fn one(connection: &Connection) -> String {
    let mut page = format!(
        "\n## Connection {}, by {}\n\nBegan at {} ms since 1970.\n\n",
        connection.number,
        by(connection.transport),
        connection.began.0
    );
    let steps = connection.steps;
    for (what, when, means) in [
        (
            "open",
            steps.opened,
            "the handshake is done; `hello` was sent",
        ),
        (
            "welcome",
            steps.welcomed,
            "the server knows who this is, and says what there is",
        ),
        ("live", steps.resumed, "what was missed has arrived"),
    ] {
        page += &match when {
            Some(ms) => format!("- **{what}** after {ms}: {means}\n"),
            None => format!("- **{what}**: never came\n"),
        };
    }
    page += &ended(connection);
    if let Some(shown) = &connection.handshake {
        page += "\n### The handshake, as the server saw it\n\n```http\n";
        page += &format!("{}\n{}\n", shown.request, lines(&shown.headers));
        page += &format!("{SWITCHING}\n{}```\n", lines(&shown.answer));
    }
    if !connection.frames.is_empty() {
        page += &messages(&connection.frames);
    }
    page
}

fn by(transport: Transport) -> &'static str {
    match transport {
        Transport::WebSocket => "WebSocket",
        Transport::Events => "Server-Sent Events",
        Transport::LongPoll => "long polling",
        Transport::Poll => "polling",
    }
}

fn ended(connection: &Connection) -> String {
    let Some(end) = &connection.end else {
        return "- **end**: it was open when this was written\n".to_owned();
    };
    let by = who(end.by);
    let reason = match end.reason.is_empty() {
        true => String::new(),
        false => format!(" ({})", code(&end.reason)),
    };
    let clean = if end.clean {
        "with a goodbye"
    } else {
        "without a goodbye"
    };
    let wait = match end.wait {
        Some(ms) => format!("; the next attempt was to come {ms} ms later"),
        None => String::new(),
    };
    format!(
        "- **end** after {}: code {}{reason}, {clean}, by {by}{wait}\n",
        end.after, end.code.0
    )
}

/// Who ended it.
pub(super) fn who(by: Ender) -> &'static str {
    match by {
        Ender::Remote => "the server or the network",
        Ender::Watchdog => "the client, which waited in vain for a sign of life",
        Ender::Person => "the person",
        Ender::Left => "the client, for another connection",
    }
}

fn lines(headers: &[Header]) -> String {
    headers.iter().map(|header| format!("{header}\n")).collect()
}

fn messages(frames: &[Frame]) -> String {
    let mut page =
        "\n### Messages\n\n| ms | | bytes | what it is | text |\n|--:|---|--:|---|---|\n"
            .to_owned();
    for frame in frames {
        let way = match frame.way {
            Way::Out => "→",
            Way::In => "←",
        };
        page += &format!(
            "| {} | {way} {} | {} | {} | {} |\n",
            frame.after,
            frame.number,
            frame.bytes,
            meaning(frame),
            shortened(&frame.text)
        );
    }
    page
}

/// What kind of message it is, in words.
fn meaning(frame: &Frame) -> String {
    let tree = wire::tree(&frame.text);
    let kind = tree
        .as_ref()
        .ok()
        .and_then(|tree| tree.text_field("type").ok());
    let Some(kind) = kind else {
        return if frame.is_cut() {
            "(too long to be kept whole)"
        } else {
            "(no message of the protocol)"
        }
        .to_owned();
    };
    let means = match (frame.way, kind) {
        (Way::Out, "hello") => "says which history it has, and up to where",
        (Way::Out, "send") => {
            "one thing to be done in a room, under an id that is its own for ever"
        }
        (Way::Out, "read") => "asks for a part of a room's log",
        (Way::Out, "applied") => "says what it has applied, to be compared",
        (Way::Out, "seen") => "says up to where its person has read",
        (Way::Out, "ping") => "asks for a sign of life",
        (Way::In, "welcome") => "the facts about this person, complete",
        (Way::In, "page") => "a part of a room's log",
        (Way::In, "resumed") => "all that was missed is there; what follows is live",
        (Way::In, "event") => "an event of a room, as it was committed",
        (Way::In, "stored") => "it is on disk, under this number",
        (Way::In, "refused") => "it is not done, and why",
        (Way::In, "behind") => "live events were dropped here; they are in the log",
        (Way::In, "seen") => "how far this person has read, on all devices",
        (Way::In, "pong") => "a sign of life",
        (Way::In, "restarting") => "the server goes away and says over what time to come back",
        (Way::In, "people") => "something about these people has changed",
        _ => "",
    };
    match means {
        "" => code(kind),
        means => format!("{}: {means}", code(kind)),
    }
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    code(&shown)
}

/// Text that nothing in it ends: neither the code nor the cell of a table.
fn code(text: &str) -> String {
    let text = text.replace('`', "ˋ").replace('|', "¦");
    format!("`{}`", text.replace(['\n', '\r'], " "))
}
