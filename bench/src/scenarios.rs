//! What can be measured. Each scenario gives cases; a case has a sample of each system for each run.

mod check;
mod history;
mod idle;
mod resume;
mod search;
mod slow;
mod start;
mod storm;
mod talk;

use anyhow::{Context, Result};

use crate::figures::Sample;
use crate::report::Table;
use crate::system::{Place, Running, System};

/// The text that everyone says: a hundred bytes, a long line of chat.
pub const BODY: &str = "The quick brown fox jumps over the lazy dog, and the dog, being lazy, says nothing at all about it..";

/// Files that are not connections.
const OTHER_FILES: usize = 96;

/// A scenario.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// As one asks for it.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// Runs all its cases.
    pub run: fn(&Bench) -> Result<Vec<Case>>,
}

const fn scenario(
    name: &'static str,
    about: &'static str,
    run: fn(&Bench) -> Result<Vec<Case>>,
) -> Scenario {
    Scenario { name, about, run }
}

/// In the order in which they run.
pub const ALL: [Scenario; 12] = [
    scenario(
        "start",
        "from nothing to the first answer, and what an idle server takes",
        start::run,
    ),
    scenario(
        "idle",
        "memory of connections that only sit there, in 1 and in 5 rooms",
        idle::run,
    ),
    scenario("storm", "everybody connects and joins at once", storm::run),
    scenario(
        "room",
        "one room, one sender: a message at a time, and 8 in flight",
        talk::one_room,
    ),
    scenario(
        "rooms",
        "ten thousand people in 10 to 10,000 rooms",
        talk::many_rooms,
    ),
    scenario("direct", "rooms of two", talk::direct),
    scenario(
        "slow",
        "a tenth of the readers of a room stop reading",
        slow::run,
    ),
    scenario(
        "sends",
        "durable sends by 1, 8 and 64 senders, each in a room of its own",
        talk::sends,
    ),
    scenario(
        "resume",
        "a thousand missed events, for one client and for 500 at once",
        resume::run,
    ),
    scenario("history", "pages from anywhere in a long log", history::run),
    scenario(
        "search",
        "questions to a log of 100,000 messages",
        search::run,
    ),
    scenario(
        "check",
        "client sessions next to the load apply every event, link by link",
        check::run,
    ),
];

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Seconds: shows that everything arrives, and measures nothing.
    Tiny,
    /// A few minutes: a first impression.
    Quick,
    /// What the tables are made of.
    Full,
}

/// What the scenarios run with.
#[derive(Debug, Clone)]
pub struct Bench {
    /// Programs, disk and cores.
    pub place: Place,
    /// How much.
    pub size: Size,
    /// How often each case is run.
    pub runs: usize,
    /// Files that may be open at once, in each process.
    pub files: usize,
}

/// Something that was measured, for each system and run.
#[derive(Debug)]
pub struct Case {
    /// The scenario it belongs to.
    pub scenario: &'static str,
    /// What was done.
    pub name: String,
    /// In the order of the runs.
    pub samples: Vec<(System, Sample)>,
}

impl Bench {
    /// One of three values, by size.
    pub fn pick<T>(&self, tiny: T, quick: T, full: T) -> T {
        match self.size {
            Size::Tiny => tiny,
            Size::Quick => quick,
            Size::Full => full,
        }
    }

    /// Whether so many connections fit into a process; says so if they do not.
    #[must_use]
    pub fn has_files_for(&self, connections: usize) -> bool {
        let fits = connections + OTHER_FILES <= self.files;
        if !fits {
            let files = self.files;
            eprintln!(
                "        left out: {connections} connections, with at most {files} open files"
            );
        }
        fits
    }

    /// Runs one case and prints its table: each run starts each system anew, Parlance first. What the first leaves in the
    /// second argument, the baselines find there.
    ///
    /// # Errors
    /// When a system does not start or `one` has an error.
    pub fn case<T: Default>(
        &self,
        scenario: &'static str,
        name: impl Into<String>,
        mut one: impl FnMut(&mut Running, &mut T) -> Result<Sample>,
    ) -> Result<Case> {
        let name = name.into();
        let mut samples = Vec::new();
        for run in 1..=self.runs {
            let mut carried = T::default();
            for system in System::ALL {
                let words = || format!("{scenario}: {name}, {}, run {run}", system.name());
                eprintln!("        {}", words());
                let mut running = self.place.start(system).with_context(words)?;
                let sample = one(&mut running, &mut carried).with_context(words)?;
                samples.push((system, sample));
            }
        }
        let case = Case {
            scenario,
            name,
            samples,
        };
        // At once: a long run may be ended before all of it is done.
        print!("{}", Table::of(&case).markdown());
        Ok(case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_a_hundred_bytes_and_names_are_unique() {
        assert_eq!(BODY.len(), 100);
        let mut names: Vec<_> = ALL.iter().map(|scenario| scenario.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
