//! What a person types into the search field, asked of a real log and its index.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use backend::engine::open::Birth;
use backend::engine::operations::arriving::Arrive;
use backend::engine::search::find::Found;
use backend::engine::search::query::Query;
use backend::engine::session::TokenHash;
use backend::engine::{Commits, Engine};
use shared::ids::{ClientId, Epoch, PersonId, RoomId, Timestamp};
use shared::limits;
use shared::protocol::{Action, Content, Hit, Message, Person};
use shared::text::{Body, PersonName, SearchText};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// What was said: every script that is cut in its own way, and signs that fold to others or to several.
const SAID: [&str; 16] = [
    "hello, world: say \"hello\" again",
    "c++ is not c#, foo-bar is not foo_bar",
    "before:noon in:tea from:you has:nothing",
    "聊天室里的人都在聊天",
    "用rust写的 ＷｅｂＳｏｃｋｅｔ 服务器",
    "繁體字與简体字",
    "東京タワーで待ってる ｶﾞｷﾞｸﾞ",
    "서울에서 만나요",
    "ภาษาไทย ไม่มีช่องว่าง",
    "cafe\u{301} Straße ÏŸ ﬁn ㍿",
    "👍🏽 👨‍👩‍👧 🇨🇳 ok",
    "مرحبا بالعالم שלום עולם",
    "1,234.56 ½ x² ①",
    "a\u{200d}b\u{ad}c NULL AND OR NOT NEAR",
    "  indented\n\n\tand `code` on *several* lines",
    "last",
];

/// Answers to one question: far more than so few messages can fill.
const ANSWERS: usize = 4;

/// The index follows the log within a second.
const PATIENCE: Duration = Duration::from_secs(20);

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Whatever is asked gets an answer within the bounds, and what was said is found by any of its words.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let offset = i16::try_from(data.len() % 1_441).unwrap_or_default() - 720;
    WORLD.ask(text, offset);
    if let [which, from, count, ..] = data {
        WORLD.find_again(*which, *from, *count);
    }
}

struct World {
    engine: Engine,
    runtime: Runtime,
    reader: PersonId,
    stranger: PersonId,
    /// Nobody listens, but the writer wants to say it.
    _commits: Commits,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder for the log");
        let birth = Birth {
            epoch: Epoch(1),
            lobby: RoomId(1),
            host: person(1),
            created: ClientId(1),
            at: Timestamp(1),
        };
        let (engine, commits) = Engine::open(folder.path(), &birth).expect("a new log");
        let runtime = Builder::new_current_thread()
            .build()
            .expect("a runtime of one thread");
        let world = Self {
            engine,
            runtime,
            reader: PersonId(2),
            stranger: PersonId(3),
            _commits: commits,
            _folder: folder,
        };
        world.talk(birth.lobby);
        world
    }

    fn talk(&self, lobby: RoomId) {
        let reader = person(self.reader.0);
        let token = TokenHash::of(&[2; 32]);
        let arrival = Arrive::guest(reader.clone(), token, ClientId(2), Timestamp(2));
        self.runtime.block_on(async {
            self.engine.arrive(arrival).await.expect("a guest");
            for (n, text) in (3..).zip(SAID) {
                let body = Body::parse(text).expect("a message");
                let action = Action::message(body);
                let at = Timestamp(n * 86_400_000);
                let (author, client_id) = (reader.clone(), ClientId(n.into()));
                let receipt = self.engine.send(author, lobby, client_id, None, action, at);
                let stored = receipt.expect("room in the queue").wait().await;
                stored.expect("stored");
            }
        });
        let began = Instant::now();
        while !self.found("last", 0).iter().any(|hit| says(hit, "last")) {
            assert!(began.elapsed() < PATIENCE, "the index does not follow");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn ask(&self, text: &str, offset: i16) {
        self.found(text, offset);
    }

    /// Some words of a message, asked for as a phrase, find this message.
    fn find_again(&self, which: u8, from: u8, count: u8) {
        let body = Body::parse(SAID[usize::from(which) % SAID.len()]).expect("a message");
        let words: Vec<&str> = body.split_whitespace().collect();
        let from = usize::from(from) % words.len();
        let to = words.len().min(from + 1 + usize::from(count) % 4);
        let start = words[from].as_ptr() as usize - body.as_ptr() as usize;
        let last = words[to - 1];
        let end = last.as_ptr() as usize - body.as_ptr() as usize + last.len();
        let phrase = &body[start..end];
        if phrase.contains(['"', '\n', '\t']) || SearchText::parse(phrase).is_err() {
            return;
        }
        let hits = self.found(&format!("\"{phrase}\""), 0);
        assert!(
            hits.iter().any(|hit| says(hit, &body)) || holds_no_word(phrase),
            "{phrase:?} does not find {:?}",
            &*body
        );
    }

    /// All answers to a question; each is checked.
    fn found(&self, text: &str, offset: i16) -> Vec<Hit> {
        let Ok(text) = SearchText::parse(text) else {
            return Vec::new();
        };
        let of_stranger = self.answer(self.stranger, &text, offset, None);
        assert_eq!(of_stranger, Found::default(), "who is in no room");
        let (mut hits, mut older) = (Vec::new(), None);
        for _ in 0..ANSWERS {
            let found = self.answer(self.reader, &text, offset, older);
            assert!(found.hits.len() <= limits::SEARCH_HITS);
            hits.extend(found.hits);
            let Some(next) = found.older else {
                check(&hits);
                return hits;
            };
            assert!(older.is_none_or(|older| next < older), "{next} again");
            older = Some(next);
        }
        panic!("{text:?} is answered without an end");
    }

    fn answer(&self, asker: PersonId, text: &SearchText, offset: i16, older: Option<u64>) -> Found {
        let query = Query::parse(text, offset);
        let answer = self.engine.search(asker, query, older);
        self.runtime.block_on(answer).expect("an answer")
    }
}

/// Each message once, with marks that a view can draw.
fn check(hits: &[Hit]) {
    let places: BTreeSet<_> = hits.iter().map(|hit| (hit.room, hit.event.seq)).collect();
    assert_eq!(places.len(), hits.len(), "a message came twice");
    for hit in hits {
        let body = body(hit);
        assert!(hit.marks.len() <= limits::SEARCH_MARKS);
        let mut after = 0;
        for mark in &hit.marks {
            assert!(mark.from >= after && mark.from < mark.to, "{:?}", hit.marks);
            assert!(body.get(mark.from..mark.to).is_some(), "{:?}", hit.marks);
            after = mark.to + 1;
        }
    }
}

/// Nothing in it that the index holds: it is looked for in the log only beside other words.
fn holds_no_word(phrase: &str) -> bool {
    !phrase.chars().any(char::is_alphanumeric) && phrase.is_ascii()
}

fn says(hit: &Hit, text: &str) -> bool {
    body(hit) == text
}

fn body(hit: &Hit) -> &str {
    let Content::Message(Message {
        body: Some(body), ..
    }) = &hit.event.content
    else {
        panic!("{hit:?} is no message");
    };
    body
}

fn person(id: u64) -> Person {
    Person {
        id: PersonId(id),
        name: PersonName::parse(&format!("Ada {id}")).expect("a name"),
    }
}
