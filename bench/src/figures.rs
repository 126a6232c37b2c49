//! What is measured, by name and unit, and the samples in which it comes.

use std::time::Duration;

use crate::machine::Spent;
use crate::stats::Waits;

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// As the tables call it; two figures of one case never have the same name.
    pub name: &'static str,
    /// Of its values.
    pub unit: &'static str,
}

const fn figure(name: &'static str, unit: &'static str) -> Figure {
    Figure { name, unit }
}

/// Processor time of the server for one message to one reader.
pub const CPU_PER_DELIVERY: Figure = figure("server CPU per delivery", "µs");
/// The same of the generator. Where it is above the server's, the generator was what limited the rate.
pub const OWN_PER_DELIVERY: Figure = figure("generator CPU per delivery", "µs");
/// Messages times readers, by the clock.
pub const DELIVERIES: Figure = figure("deliveries", "/s");
/// From the send until the last reader has it.
pub const RECEIVED: [Figure; 3] = [
    figure("all received, p50", "ms"),
    figure("all received, p99", "ms"),
    figure("all received, p99.9", "ms"),
];
/// From the send until `stored`, which comes after the fsync.
pub const STORED: [Figure; 3] = [
    figure("stored, p50", "ms"),
    figure("stored, p99", "ms"),
    figure("stored, p99.9", "ms"),
];
/// Sends acknowledged as on disk, by the clock.
pub const STORED_RATE: Figure = figure("stored", "/s");
/// Processor time of the server for one message, to however few.
pub const CPU_PER_MESSAGE: Figure = figure("server CPU per message", "µs");
/// How much more memory the server has for one more connection.
pub const MEMORY: Figure = figure("memory per connection (PSS)", "KiB");
/// What one appended block and one fsync take on this disk, in the same run.
pub const FSYNC: [Figure; 2] = [figure("fsync, p50", "ms"), figure("fsync, p99", "ms")];
/// One fsync after the other.
pub const FSYNC_RATE: Figure = figure("fsync", "/s");
/// Connections made and joined, by second of the server's processor time.
pub const JOINS_PER_CPU: Figure = figure("connect + join, per second of CPU", "/s");
/// The same by the clock.
pub const JOINS: Figure = figure("connect + join", "/s");
/// From the first SYN until the connection is joined.
pub const JOINED: [Figure; 3] = [
    figure("joined, p50", "ms"),
    figure("joined, p99", "ms"),
    figure("joined, p99.9", "ms"),
];
/// The worst of the others with slow readers, over the same without.
pub const P99_BY_SLOW: Figure = figure("p99 of the others, over without slow ones", "×");
/// What the slow ones cost in memory at the end of the load.
pub const GROWTH: Figure = figure("memory grown by the load (PSS)", "KiB");
/// From reading again until all has been read.
pub const CAUGHT_UP: Figure = figure("slow ones caught up", "ms");
/// From the SYN until everything that was missed is there.
pub const RESUMED: [Figure; 3] = [
    figure("resumed, p50", "ms"),
    figure("resumed, p99", "ms"),
    figure("resumed, p99.9", "ms"),
];
/// From the first SYN until the last one has everything.
pub const ALL_RESUMED: Figure = figure("all resumed", "ms");
/// Processor time of the server for one client that resumes.
pub const CPU_PER_RESUME: Figure = figure("server CPU per client", "µs");
/// From the request until the page is there.
pub const PAGE: [Figure; 3] = [
    figure("page, p50", "ms"),
    figure("page, p99", "ms"),
    figure("page, p99.9", "ms"),
];
/// Processor time of the server for one page.
pub const CPU_PER_PAGE: Figure = figure("server CPU per page", "µs");
/// From the question until the first answer is there, over all kinds of questions.
pub const FOUND: [Figure; 3] = [
    figure("found, p50", "ms"),
    figure("found, p99", "ms"),
    figure("found, p99.9", "ms"),
];
/// The same for a word that few messages have.
pub const FOUND_RARE: Figure = figure("found, a rare word, p50", "ms");
/// For a word that many messages have.
pub const FOUND_COMMON: Figure = figure("found, a common word, p50", "ms");
/// For two words that many messages have, but few both.
pub const FOUND_BOTH: Figure = figure("found, two common words, p50", "ms");
/// For one character that is written without spaces.
pub const FOUND_SIGN: Figure = figure("found, one Han character, p50", "ms");
/// For two of them.
pub const FOUND_SIGNS: Figure = figure("found, two Han characters, p50", "ms");
/// For the beginning of many words, from one person and before a day.
pub const FOUND_FILTERED: Figure = figure("found, a beginning with filters, p50", "ms");
/// For signs that the index proposes many messages for, of which none holds them in this order.
pub const FOUND_NONE: Figure = figure("found nothing, p50", "ms");
/// Processor time of the server for one question.
pub const CPU_PER_SEARCH: Figure = figure("server CPU per question", "µs");
/// From the last acknowledgement of many messages until the last one is found.
pub const INDEXED: Figure = figure("index caught up", "ms");
/// From before the process is started until it has answered a request.
pub const FIRST_ANSWER: Figure = figure("first answer", "ms");
/// Of a process that has just started.
pub const IDLE_RSS: Figure = figure("idle RSS", "KiB");
/// The same, shared pages counted by share.
pub const IDLE_PSS: Figure = figure("idle PSS", "KiB");
/// Events that the witnesses applied, link by link.
pub const PROVED: Figure = figure("events applied by sessions, 0 diverged", "");
/// Share of the machine that neither server nor generator used, but somebody did.
pub const OTHERS: Figure = figure("CPU used by others", "%");

/// What one run of one case gave for one system.
#[derive(Debug, Clone, Default)]
pub struct Sample(pub Vec<(Figure, f64)>);

impl Sample {
    /// Adds a value.
    pub fn put(&mut self, figure: Figure, value: f64) {
        self.0.push((figure, value));
    }

    /// Adds the 50th, 99th and 99.9th percentile of some waits.
    pub fn put_waits(&mut self, figures: [Figure; 3], waits: &Waits) {
        for (figure, permille) in figures.into_iter().zip([500, 990, 999]) {
            self.put(figure, waits.permille_ms(permille));
        }
    }

    /// Adds how busy others were.
    pub fn put_others(&mut self, spent: &Spent) {
        self.put(OTHERS, spent.others * 100.0);
    }

    /// The value of a figure, if it was measured.
    #[must_use]
    pub fn get(&self, figure: Figure) -> Option<f64> {
        let found = self.0.iter().find(|(known, _)| *known == figure);
        found.map(|(_, value)| *value)
    }
}

/// Microseconds of `time` for each of `count`.
#[must_use]
pub fn us_each(time: Duration, count: u64) -> f64 {
    time.as_secs_f64() * 1e6 / count.max(1) as f64
}

/// How many a second.
#[must_use]
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(f64::EPSILON)
}

/// Milliseconds.
#[must_use]
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
