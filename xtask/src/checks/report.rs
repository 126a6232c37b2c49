//! What came out of a check, and how it is told.

use std::io::{IsTerminal, Write, stdout};
use std::ops::Add;
use std::time::Duration;

use anyhow::Error;

use crate::process::Heard;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// Shown only if something failed.
    pub(crate) output: String,
}

impl Tally {
    /// A check that is one test by itself.
    pub(crate) fn of_one(heard: Heard) -> Self {
        let (passed, failed) = if heard.success { (1, 0) } else { (0, 1) };
        Self {
            passed,
            failed,
            output: heard.output,
        }
    }

    /// A rule and what breaks it.
    pub(crate) fn of_rule(complaints: &[String]) -> Self {
        let output = complaints
            .iter()
            .map(|complaint| format!("{complaint}\n"))
            .collect();
        Self::of_one(Heard {
            success: complaints.is_empty(),
            output,
        })
    }

    /// The sum of all counts of libtest, which prints one per test binary.
    pub(crate) fn of_libtest(heard: Heard) -> Self {
        let counts = heard.output.lines().filter_map(libtest);
        let sum = counts.fold((0, 0), |sum, (passed, failed)| {
            (sum.0 + passed, sum.1 + failed)
        });
        Self::of_runner(heard, sum)
    }

    /// The last line of the form `N passed, N failed`.
    pub(crate) fn of_last_line(heard: Heard) -> Self {
        let sum = heard
            .output
            .lines()
            .rev()
            .find_map(plain)
            .unwrap_or_default();
        Self::of_runner(heard, sum)
    }

    /// A runner that failed without a failed test has failed once.
    fn of_runner(heard: Heard, (passed, failed): (usize, usize)) -> Self {
        let failed = if heard.success { failed } else { failed.max(1) };
        Self {
            passed,
            failed,
            output: heard.output,
        }
    }

    pub(crate) fn from_error(error: Error) -> Self {
        Self::of_one(Heard {
            success: false,
            output: format!("{error:#}"),
        })
    }

    /// A check that ran nothing has not shown anything.
    pub(crate) fn at_least_one(mut self) -> Self {
        if self.passed + self.failed == 0 {
            self.failed = 1;
            self.output.push_str("\nno test ran");
        }
        self
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.passed += other.passed;
        self.failed += other.failed;
        self.output.push_str(&other.output);
        self
    }
}

/// `test result: ok. 12 passed; 0 failed; …`, as libtest and wasm-bindgen's runner print it.
fn libtest(line: &str) -> Option<(usize, usize)> {
    let counts = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?
        .1;
    let mut parts = counts.split("; ");
    let mut number = |word| parts.next()?.strip_suffix(word)?.trim().parse().ok();
    Some((number("passed")?, number("failed")?))
}

/// `12 passed, 0 failed` alone on a line.
fn plain(line: &str) -> Option<(usize, usize)> {
    let (passed, failed) = line.trim().split_once(", ")?;
    let passed = passed.strip_suffix(" passed")?.parse().ok()?;
    Some((passed, failed.strip_suffix(" failed")?.parse().ok()?))
}

/// On a terminal, a line that `ended` writes over.
pub(super) fn begins(name: &str) {
    if stdout().is_terminal() {
        print!("...     {name}\r");
        // Only decoration: a terminal that does not take it misses nothing.
        let _ = stdout().flush();
    }
}

pub(super) fn ended(name: &str, tally: &Tally, took: Duration) {
    let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
    let seconds = took.as_secs_f64();
    let mut text = format!(
        "{verdict:<8}{name} ({} passed, {} failed, {seconds:.1} s)\n",
        tally.passed, tally.failed
    );
    if tally.failed > 0 {
        for line in tally.output.trim().lines() {
            text.push_str(&format!("        | {line}\n"));
        }
    }
    // At once: another check may be telling something too.
    print!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(success: bool, output: &str) -> Heard {
        Heard {
            success,
            output: output.to_owned(),
        }
    }

    #[test]
    fn the_counts_of_all_test_binaries_are_added() {
        let output = "test a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.2s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored\n";
        let tally = Tally::of_libtest(heard(false, output));
        assert_eq!((tally.passed, tally.failed), (15, 2));
    }

    #[test]
    fn a_runner_that_breaks_before_its_tests_has_failed_once() {
        let tally = Tally::of_libtest(heard(false, "error: could not compile"));
        assert_eq!((tally.passed, tally.failed), (0, 1));
    }

    #[test]
    fn running_no_test_is_a_failure() {
        let none = "test result: ok. 0 passed; 0 failed; 0 ignored";
        let tally = Tally::of_libtest(heard(true, none)).at_least_one();
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert!(tally.output.ends_with("no test ran"));
    }

    #[test]
    fn a_broken_rule_is_one_failure_whatever_the_number_of_places() {
        let tally = Tally::of_rule(&["here".into(), "there".into()]);
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert_eq!(Tally::of_rule(&[]).passed, 1);
    }

    #[test]
    fn only_the_last_sum_counts() {
        let tally = Tally::of_last_line(heard(
            true,
            "1 passed, 0 failed\nall:\n12 passed, 0 failed\n",
        ));
        assert_eq!((tally.passed, tally.failed), (12, 0));
        assert_eq!(plain("12 passed, 3 failed"), Some((12, 3)));
        assert_eq!(plain("then 12 passed, 3 failed"), None);
        assert_eq!(
            plain("test result: ok. 1 passed; 0 failed; 0 ignored"),
            None
        );
    }
}
