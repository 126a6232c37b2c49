//! `docs/CONNECTION.md` and its twin are made of what the inspector says and of a connection that was recorded in a browser, so
//! that neither can tell something else than the app. `UPDATE_DOCS=1 cargo test -p shared --test document` writes them anew.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fmt::Write as _;
use std::{env, fs};

use shared::accept::Accept;
use shared::protocol::Header;
use shared::recording::{Connection, Recording, Way};
use shared::wire;

const RECORDED: &str = include_str!("../../docs/connection.json");

/// Close codes that have words of their own.
const CODES: [u16; 14] = [
    1000, 1001, 1005, 1006, 1007, 1009, 1012, 1013, 4401, 4403, 4406, 4408, 4410, 4429,
];

/// Characters of a message that the page shows.
const SHOWN: usize = 400;

struct Texts(String);

impl Texts {
    fn of(tag: &str) -> Self {
        let read = |name: &str| fs::read_to_string(format!("../frontend/locale/{name}.txt"));
        Self(read(&format!("inspector-{tag}")).unwrap() + &read(tag).unwrap())
    }

    fn get(&self, key: &str) -> &str {
        let mut lines = self.0.lines();
        let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        line.unwrap_or_else(|| panic!("{key} is no text"))
    }

    fn with(&self, key: &str, part: &str, value: &str) -> String {
        self.get(key).replace(&format!("{{{part}}}"), value)
    }
}

fn document(tag: &str) -> String {
    let texts = Texts::of(tag);
    let recording: Recording = wire::decode(RECORDED).unwrap();
    let connection = &recording.connections[0];
    let mut page = format!("# {}\n\n", texts.get("title"));
    let note = match tag {
        "en" => {
            "This page is made of what the inspector in the app says, and of a connection that was recorded in Chromium (`docs/connection.json`). `shared/tests/document.rs` makes it."
        }
        _ => {
            "本页由应用里连接面板的文字和一次在 Chromium 中录下的连接（`docs/connection.json`）生成，生成它的是 `shared/tests/document.rs`。"
        }
    };
    let _ = writeln!(page, "{note}\n");
    establishing(&mut page, &texts, connection);
    pipes(&mut page, &texts);
    states(&mut page, &texts);
    codes(&mut page, &texts, tag);
    weathers(&mut page, &texts);
    page
}

fn establishing(page: &mut String, texts: &Texts, connection: &Connection) {
    let _ = writeln!(page, "## {}\n", texts.get("tab_establishing"));
    let handshake = connection.handshake.as_ref().unwrap();
    let steps = connection.steps;
    for (step, after) in [
        ("lookup", None),
        ("request", Some(0)),
        ("answer", steps.opened),
        ("hello", steps.opened),
        ("welcome", steps.welcomed),
        ("resumed", steps.resumed),
    ] {
        let name = texts.get(&format!("step_{step}"));
        let time = after.map(|ms| texts.with("ms", "n", &ms.to_string()));
        let time = time.map_or(String::new(), |time| format!(" ({time})"));
        let _ = writeln!(page, "### {name}{time}\n");
        let _ = writeln!(page, "{}\n", texts.get(&format!("explain_{step}")));
        match step {
            "request" => {
                head(page, texts, &handshake.request, &handshake.headers);
                let _ = writeln!(page, "{}\n", texts.get("as_seen"));
            }
            "answer" => {
                let first = "HTTP/1.1 101 Switching Protocols";
                head(page, texts, first, &handshake.answer);
                computation(page, texts, connection);
            }
            "hello" => frame(page, connection, Way::Out, "hello"),
            "welcome" => frame(page, connection, Way::In, "welcome"),
            "resumed" => frame(page, connection, Way::In, "resumed"),
            _ => {}
        }
    }
}

fn head(page: &mut String, texts: &Texts, first: &str, headers: &[Header]) {
    let _ = writeln!(page, "```http\n{first}");
    for header in headers {
        let hidden = texts.with("hidden", "n", &header.bytes.to_string());
        let value = header.value.as_ref().unwrap_or(&hidden);
        let _ = writeln!(page, "{}: {value}", header.name);
    }
    page.push_str("```\n\n");
}

fn computation(page: &mut String, texts: &Texts, connection: &Connection) {
    let handshake = connection.handshake.as_ref().unwrap();
    let key = handshake.asked("sec-websocket-key").unwrap();
    let accept = Accept::of(key);
    let answered = handshake.answered("sec-websocket-accept");
    assert_eq!(answered, Some(accept.value.as_str()));
    let _ = writeln!(page, "**{}**\n", texts.get("compute_title"));
    let rows = [
        ("compute_key", key),
        ("compute_joined", &accept.joined),
        ("compute_hash", &accept.hash),
        ("compute_accept", &accept.value),
    ];
    for (at, (name, value)) in rows.into_iter().enumerate() {
        let _ = writeln!(page, "{}. {}: `{value}`", at + 1, texts.get(name));
    }
    let _ = writeln!(page, "\n{}\n", texts.get("compute_same"));
}

fn frame(page: &mut String, connection: &Connection, way: Way, kind: &str) {
    let begins = format!(r#"{{"type":"{kind}""#);
    let mut frames = connection.frames.iter();
    let found = frames.find(|it| it.way == way && it.text.starts_with(&begins));
    let text = &found.unwrap().text;
    let cut: String = text.chars().take(SHOWN).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    let _ = writeln!(page, "```json\n{cut}{more}\n```\n");
}

fn pipes(page: &mut String, texts: &Texts) {
    let _ = writeln!(page, "## {}\n", texts.get("pipe_title"));
    for step in ["pipe", "stream", "polls", "hello_pipe"] {
        let _ = writeln!(page, "### {}\n", texts.get(&format!("step_{step}")));
        let _ = writeln!(page, "{}\n", texts.get(&format!("explain_{step}")));
    }
}

fn states(page: &mut String, texts: &Texts) {
    let _ = writeln!(page, "## {}\n", texts.get("tab_now"));
    let _ = writeln!(page, "- `{}`", texts.get("ready_state"));
    for state in 0..4 {
        let _ = writeln!(page, "  - {}", texts.get(&format!("ready_{state}")));
    }
    let buffered = (texts.get("buffered"), texts.get("buffered_explained"));
    let _ = writeln!(page, "- `{}`: {}\n", buffered.0, buffered.1);
}

fn codes(page: &mut String, texts: &Texts, tag: &str) {
    let _ = writeln!(page, "## {}\n", texts.get("step_end"));
    let _ = writeln!(page, "{}\n", texts.get("explain_end"));
    let head = if tag == "en" {
        "| Code | |"
    } else {
        "| 代码 | |"
    };
    let _ = writeln!(page, "{head}\n|---|---|");
    for code in CODES {
        let _ = writeln!(page, "| {code} | {} |", texts.get(&format!("close_{code}")));
    }
    page.push('\n');
}

fn weathers(page: &mut String, texts: &Texts) {
    let _ = writeln!(page, "## {}\n", texts.get("tab_weather"));
    let _ = writeln!(page, "{}\n", texts.get("weather_lead"));
    for weather in [
        "offline",
        "slow",
        "lossy",
        "frozen",
        "cut",
        "half_open",
        "blocked",
    ] {
        let name = texts.get(&format!("weather_{weather}"));
        let explained = texts.get(&format!("{weather}_explained"));
        let _ = writeln!(page, "- **{name}**: {explained}");
    }
}

#[test]
fn the_documents_say_what_the_app_says() {
    for (tag, path) in [
        ("en", "../docs/CONNECTION.md"),
        ("zh-CN", "../docs/CONNECTION.zh-CN.md"),
    ] {
        let made = document(tag);
        if env::var_os("UPDATE_DOCS").is_some() {
            fs::write(path, &made).unwrap();
        }
        assert!(
            fs::read_to_string(path).unwrap_or_default() == made,
            "{path} is not what the texts and the recording make: UPDATE_DOCS=1 writes it anew"
        );
    }
}
