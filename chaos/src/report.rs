//! What came out: as a table for people and as JSON for the record.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::check::{Findings, Kind};
use crate::history::Counts;
use crate::measure::Summary;

/// One scenario's result.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) scenario: &'static str,
    pub(crate) commit: String,
    pub(crate) seed: u64,
    /// Shared by runs with the same schedule, in hexadecimal.
    pub(crate) schedule: String,
    pub(crate) clients: usize,
    pub(crate) rooms: usize,
    pub(crate) seconds: f64,
    /// Messages, edits, deletions … that were written, each counted once.
    pub(crate) messages: u64,
    /// The same by kind.
    pub(crate) said: BTreeMap<&'static str, u64>,
    /// Acknowledgements received, those of repeats included.
    pub(crate) acknowledged: u64,
    /// Refusals after which the same may be asked again, by what was asked and the code.
    pub(crate) postponed: BTreeMap<String, u64>,
    pub(crate) counts: Counts,
    /// What was done to the server and the clients, and how often.
    pub(crate) faults: BTreeMap<String, u64>,
    pub(crate) findings: Findings,
    pub(crate) bars: Vec<Bar>,
    pub(crate) measures: BTreeMap<String, Summary>,
    /// Why it was not played here; then nothing in this report is a result.
    pub(crate) skipped: Option<String>,
    /// What a reader has to know, such as what could not be played here.
    pub(crate) notes: Vec<String>,
}

/// A figure that was promised.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) measured: f64,
    pub(crate) bound: f64,
    pub(crate) met: bool,
}

impl Bar {
    /// Met when the figure is at most the bound.
    pub(crate) fn at_most(name: &str, measured: f64, bound: f64) -> Self {
        Self {
            name: name.to_owned(),
            measured,
            bound,
            met: measured <= bound,
        }
    }

    /// Met when the figure is at least the bound.
    pub(crate) fn at_least(name: &str, measured: f64, bound: f64) -> Self {
        Self {
            met: measured >= bound,
            ..Self::at_most(name, measured, bound)
        }
    }
}

impl Report {
    /// Whether it was played, nothing is wrong and every bar is met.
    pub(crate) fn is_good(&self) -> bool {
        self.skipped.is_none() && self.findings.is_clean() && self.bars.iter().all(|bar| bar.met)
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.lines(&mut text);
        text
    }

    fn lines(&self, text: &mut String) -> std::fmt::Result {
        if let Some(why) = &self.skipped {
            return writeln!(text, "{}: SKIPPED, {why}", self.scenario);
        }
        let Self { counts, .. } = self;
        writeln!(
            text,
            "{}: seed {}, schedule {}, commit {}, {} clients in {} rooms, {:.0} s",
            self.scenario,
            self.seed,
            self.schedule,
            self.commit,
            self.clients,
            self.rooms,
            self.seconds
        )?;
        writeln!(
            text,
            "  {} messages, {} sends on the wire ({} forced repeats), {} acknowledged ({} as repeats)",
            self.messages,
            counts.sends_on_the_wire,
            counts.forced_repeats,
            self.acknowledged,
            counts.answered_as_repeat
        )?;
        let said = self
            .said
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"));
        writeln!(text, "  of which {}", said.collect::<Vec<_>>().join(", "))?;
        writeln!(
            text,
            "  {} events heard over {} connections",
            counts.events_heard, counts.connections
        )?;
        for (refusal, times) in &self.postponed {
            writeln!(text, "  {times:>7} × asked to wait: {refusal}")?;
        }
        for (fault, times) in &self.faults {
            writeln!(text, "  {times:>7} × {fault}")?;
        }
        for kind in Kind::ALL {
            let name = format!("{kind:?}").to_lowercase();
            writeln!(text, "  {name:<14} {}", self.findings.count(kind))?;
        }
        for example in &self.findings.examples {
            writeln!(text, "    {example}")?;
        }
        for (name, summary) in &self.measures {
            writeln!(text, "  {name}: {summary}")?;
        }
        for bar in &self.bars {
            let verdict = if bar.met { "met" } else { "NOT MET" };
            writeln!(
                text,
                "  {verdict}: {} {:.2}, bound {:.2}",
                bar.name, bar.measured, bar.bound
            )?;
        }
        for note in &self.notes {
            writeln!(text, "  note: {note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_met_on_its_own_side() {
        assert!(Bar::at_most("x", 1.0, 1.0).met);
        assert!(!Bar::at_most("x", 1.1, 1.0).met);
        assert!(Bar::at_least("x", 1.0, 1.0).met);
        assert!(!Bar::at_least("x", 0.9, 1.0).met);
    }
}
