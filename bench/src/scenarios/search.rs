//! Questions to a long log, one after the other.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use shared::ids::RequestId;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::text::SearchText;
use shared::wire;

use super::{Bench, Case};
use crate::crowd::{Crowd, Heard, PATIENCE, text};
use crate::errands;
use crate::figures::{self, CPU_PER_SEARCH, FOUND, Figure, INDEXED, Sample, ms, us_each};
use crate::machine::Window;
use crate::people::{self, Guest};
use crate::stats::Waits;
use crate::system::{Running, System};

/// Connections that take turns, so that each asks no more than a person may at once.
const READERS: usize = 60;

/// How an answer begins, and how a refusal does.
const ANSWER: &[u8] = br#"{"type":"found""#;
const REFUSAL: &[u8] = br#"{"type":"refused""#;

/// Different words; a word of half the number is said twice as often.
const WORDS: u64 = 8_000;

/// Different Han characters, likewise.
const SIGNS: u64 = 2_000;

/// What the last message says, and no other.
const LAST: &str = "finis";

/// How long the index may take to follow.
const INDEX_PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn run(bench: &Bench) -> Result<Vec<Case>> {
    let messages = bench.pick(200, 20_000, 100_000);
    let rounds = bench.pick(2, 20, 100);
    let name = format!("{rounds} rounds of questions to a log of {messages}");
    let case = bench.case("search", name, |running, &mut ()| match running.system {
        System::Parlance => sample(running, messages, rounds),
        // There is nothing to be asked there.
        _ => Ok(Sample::default()),
    })?;
    Ok(vec![case])
}

/// What is asked in a round, and how many messages come back: none, some, or a full answer.
fn questions(round: u64) -> [(Figure, String); 7] {
    [
        (figures::FOUND_RARE, word(WORDS - 1 - round)),
        (figures::FOUND_COMMON, word(round % 8)),
        (
            figures::FOUND_BOTH,
            format!("{} {}", word(20 + round), word(90 + round)),
        ),
        (figures::FOUND_SIGN, sign(round % 40).to_string()),
        (
            figures::FOUND_SIGNS,
            format!("{}{}", sign(round % 30), sign(round % 17)),
        ),
        (
            figures::FOUND_FILTERED,
            format!("{} from:guest before:2999-01-01", &word(round)[..2]),
        ),
        (
            figures::FOUND_NONE,
            format!("\"{} {} {}\"", word(0), word(1), word(round % 8)),
        ),
    ]
}

fn sample(running: &Running, messages: usize, rounds: u64) -> Result<Sample> {
    let address = running.address();
    let guests = people::sign_in(address, READERS)?;
    let (_, rooms) = errands::look(address, &guests[0])?;
    let lobby = rooms.first().context("a guest is in no room")?.id;
    let bodies = (1..=messages).map(|n| match n {
        n if n == messages => LAST.to_owned(),
        n => body(n as u64),
    });
    errands::fill(
        address,
        &guests[0],
        lobby,
        Vec::from_iter(bodies).into_iter(),
    )?;
    let stored = Instant::now();
    let mut asking = Asking::open(running, &guests)?;
    while hits(&asking.ask(LAST)?)? == 0 {
        ensure!(
            stored.elapsed() < INDEX_PATIENCE,
            "the index does not follow"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut sample = Sample::default();
    sample.put(INDEXED, ms(stored.elapsed()));

    let (mut all, window) = (Waits::default(), Window::open(running.pid())?);
    let mut kinds: Vec<(Figure, Waits)> = Vec::new();
    for round in 0..rounds {
        for (kind, (figure, question)) in questions(round).into_iter().enumerate() {
            let began = Instant::now();
            let answer = asking.ask(&question)?;
            let wait = began.elapsed();
            let found = hits(&answer)?;
            ensure!(found > 0 || is_seldom(figure), "{question:?} finds nothing");
            all.push(wait);
            if kinds.len() == kind {
                kinds.push((figure, Waits::default()));
            }
            kinds[kind].1.push(wait);
        }
    }
    let spent = window.close()?;
    for (figure, waits) in &kinds {
        sample.put(*figure, waits.permille_ms(500));
    }
    sample.put_waits(FOUND, &all);
    sample.put(CPU_PER_SEARCH, us_each(spent.server, all.len() as u64));
    sample.put_others(&spent);
    Ok(sample)
}

/// Of these there may be no message, in a short log at least.
fn is_seldom(figure: Figure) -> bool {
    [
        figures::FOUND_NONE,
        figures::FOUND_RARE,
        figures::FOUND_BOTH,
        figures::FOUND_SIGNS,
    ]
    .contains(&figure)
}

/// Guests who ask in turns.
struct Asking {
    crowd: Crowd,
    asked: u64,
}

impl Asking {
    fn open(running: &Running, guests: &[Guest]) -> Result<Self> {
        let mut crowd = Crowd::new()?;
        let address = running.address();
        let seats: Vec<_> = guests.iter().map(|guest| guest.seat(address)).collect();
        crowd.gather(&seats)?;
        Ok(Self { crowd, asked: 0 })
    }

    /// The text of the answer.
    fn ask(&mut self, question: &str) -> Result<Vec<u8>> {
        self.asked += 1;
        let request = RequestId(self.asked);
        let ask = ClientMessage::Search {
            request,
            text: SearchText::parse(question)?,
            offset: 0,
            older: None,
        };
        let asker = (self.asked % READERS as u64) as usize;
        self.crowd.send(asker, &text(&ask))?;
        let mut answer = None;
        while answer.is_none() {
            self.crowd.turn(PATIENCE, |client, heard, _| {
                let Heard::Text(message) = heard else {
                    bail!("client {client}: {heard:?}");
                };
                if message.starts_with(REFUSAL) {
                    bail!("{question:?}: {}", String::from_utf8_lossy(message));
                }
                // Whatever else is told about people and rooms is none.
                if message.starts_with(ANSWER) {
                    ensure!(client == asker, "client {client} did not ask");
                    answer = Some(message.to_vec());
                }
                Ok(())
            })?;
        }
        answer.context("no answer")
    }
}

/// What an answer holds.
fn hits(answer: &[u8]) -> Result<usize> {
    match wire::decode_server(std::str::from_utf8(answer)?) {
        Ok(ServerMessage::Found { hits, .. }) => Ok(hits.len()),
        other => bail!("no answer to a question: {other:?}"),
    }
}

/// A message: some words and some Han characters, the same for the same number.
fn body(number: u64) -> String {
    let mut chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut rank = |of: u64| {
        // SplitMix64: each bit of the number changes half of what comes out.
        chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (chance ^ (chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let even = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        (of as f64).powf(even) as u64 - 1
    };
    let mut text = Vec::from_iter((0..8).map(|_| word(rank(WORDS)))).join(" ");
    text.push(' ');
    text.extend((0..8).map(|_| sign(rank(SIGNS))));
    text
}

/// Two syllables for each number below 10,000.
fn word(number: u64) -> String {
    const FIRST: &[u8; 20] = b"bcdfghjklmnpqrstvwxz";
    const SECOND: &[u8; 5] = b"aeiou";
    let letters = [
        number / 5 % 20,
        number % 5,
        number / 500 % 20,
        number / 100 % 5,
    ];
    let [a, b, c, d] = letters.map(|at| at as usize);
    [FIRST[a], SECOND[b], FIRST[c], SECOND[d]]
        .map(char::from)
        .iter()
        .collect()
}

fn sign(number: u64) -> char {
    let first = u32::from('一');
    char::from_u32(first + number as u32).unwrap_or('一')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_words_are_the_same_and_the_last_message_has_none_of_them() {
        let words: std::collections::BTreeSet<_> = (0..WORDS).map(word).collect();
        assert_eq!(words.len() as u64, WORDS);
        assert!(!words.contains(LAST));
    }

    #[test]
    fn the_first_words_are_said_most() {
        let said = |part: &str| (1..1_000).filter(|n| body(*n).contains(part)).count();
        assert!(said(&word(0)) > 5 * said(&word(50)));
        assert_eq!(body(7), body(7));
    }

    #[test]
    fn questions_can_be_asked() {
        for (_, question) in (0..100).flat_map(questions) {
            assert!(SearchText::parse(&question).is_ok(), "{question}");
        }
    }
}
