//! `cargo xtask fuzz`: random input, guided by coverage, for whatever reads what others have written.
//!
//! It needs no nightly compiler: our code has no `unsafe`, so that the sanitizers, which do need one, are left out; what is
//! looked for are panics, overflows, endless loops and broken invariants.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{listen_for, path_with, say};
use crate::tools::cargo_fuzz;
use crate::workspace::Workspace;

const SECONDS: u64 = 60;

/// For compiling everything with instrumentation, before the seconds begin.
const BUILD: Duration = Duration::from_secs(15 * 60);

/// Longer inputs find little more and take long.
const INPUT_BYTES: usize = 4_096;

/// Lines of the fuzzer's words that are shown when it has found something.
const SHOWN_LINES: usize = 12;

#[derive(Debug, PartialEq, Eq)]
struct Options {
    /// One target; else all.
    target: Option<String>,
    seconds: u64,
}

/// `cargo xtask fuzz [TARGET] [--seconds N]`
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    let options = parse(args)?;
    let all = targets(&ws.root().join("fuzz"))?;
    let chosen = match options.target {
        Some(target) if all.contains(&target) => vec![target],
        Some(target) => bail!("no target `{target}`; there are: {}", all.join(", ")),
        None => all,
    };
    let tools = cargo_fuzz::ensure(ws)?;
    let mut found = 0;
    for target in chosen {
        say(format!("Fuzzing {target} for {} s", options.seconds));
        match fuzz(ws, &tools, &target, options.seconds)? {
            Ok(runs) => println!("{target}: {runs} runs, nothing found"),
            Err(said) => {
                found += 1;
                println!("{said}\n{target}: FAILED; fuzz/README.md says what to do with the input");
            }
        }
    }
    Ok(if found == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn parse(args: &[String]) -> Result<Options> {
    const USAGE: &str = "usage: cargo xtask fuzz [TARGET] [--seconds N]";
    let mut options = Options {
        target: None,
        seconds: SECONDS,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let value = args.next().context(USAGE)?;
            options.seconds = value.parse().context(USAGE)?;
        } else if arg.starts_with('-') || options.target.replace(arg.clone()).is_some() {
            bail!(USAGE);
        }
    }
    // For libFuzzer, 0 is for ever.
    if options.seconds == 0 {
        bail!("a target needs at least one second");
    }
    Ok(options)
}

/// Each file in `fuzz_targets` is one.
fn targets(fuzz: &Path) -> Result<Vec<String>> {
    let folder = fuzz.join("fuzz_targets");
    let mut targets = Vec::new();
    for file in fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            targets.extend(path.file_stem().map(|stem| stem.to_string_lossy().into()));
        }
    }
    targets.sort();
    Ok(targets)
}

/// How many inputs were run, or what the fuzzer said when one failed.
fn fuzz(ws: &Workspace, tools: &Path, target: &str, seconds: u64) -> Result<Result<u64, String>> {
    let fuzz = ws.root().join("fuzz");
    let built = ws.target().join("fuzz");
    // What is found on the way is kept for the next time, but not committed.
    let corpus = built.join("corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
    let dictionary = fuzz.join("dictionaries").join(format!("{target}.dict"));
    let mut run = ws.cargo();
    run.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"])
        .arg(&fuzz)
        .arg("--target-dir")
        .arg(&built)
        .arg(target)
        .arg(&corpus)
        .arg(fuzz.join("seeds").join(target))
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={INPUT_BYTES}"))
        .args(["-timeout=10", "-print_final_stats=1"])
        .env("PATH", path_with(&[tools])?);
    if dictionary.is_file() {
        run.arg(format!("-dict={}", dictionary.display()));
    }
    let heard = listen_for(&mut run, BUILD + Duration::from_secs(seconds))?;
    Ok(match runs(&heard.output) {
        Some(runs) if heard.success && runs > 0 => Ok(runs),
        _ => Err(end(&heard.output)),
    })
}

fn runs(output: &str) -> Option<u64> {
    output
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .and_then(|number| number.trim().parse().ok())
}

/// What the target said when it failed, and where its input is; else the end of it all.
fn end(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let start = lines
        .iter()
        .position(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
    let start = start.unwrap_or(lines.len().saturating_sub(SHOWN_LINES));
    let shown = lines[start..].iter().take(SHOWN_LINES);
    let place = lines
        .iter()
        .filter(|line| line.contains("Test unit written"));
    shown.chain(place).copied().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(args: &[&str]) -> Option<Options> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        parse(&args).ok()
    }

    #[test]
    fn a_target_and_a_time_may_be_given() {
        let all = |seconds| {
            let target = None;
            Some(Options { target, seconds })
        };
        assert_eq!(options(&[]), all(60));
        assert_eq!(options(&["--seconds", "5"]), all(5));
        let one = options(&["log_replay", "--seconds", "5"]).unwrap();
        assert_eq!(one.target.as_deref(), Some("log_replay"));
        for wrong in [
            &["a", "b"][..],
            &["--seconds"],
            &["--seconds", "0"],
            &["-x"],
        ] {
            assert_eq!(options(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_number_of_runs_is_found_in_what_the_fuzzer_says() {
        let said = "Done\nstat::number_of_executed_units: 5303050\nstat::average: 1\n";
        assert_eq!(runs(said), Some(5_303_050));
        assert_eq!(runs("error: could not compile"), None);
    }

    #[test]
    fn what_is_shown_of_a_failure_is_its_reason_and_its_input() {
        let noise = "INFO: seed corpus\n".repeat(100);
        let trace = "   1: a frame\n".repeat(100);
        let said =
            format!("{noise}thread panicked at x.rs:1\n{trace}Test unit written to ./crash-1\n");
        let shown = end(&said);
        assert!(shown.starts_with("thread panicked at x.rs:1\n"), "{shown}");
        assert!(shown.ends_with("Test unit written to ./crash-1"), "{shown}");
        assert!(shown.lines().count() < 20);
    }

    /// The seeds are what the ordinary tests run, so every target has to have some.
    #[test]
    fn every_target_has_seeds() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let targets = targets(&fuzz).unwrap();
        assert!(targets.len() >= 4, "{targets:?}");
        for target in targets {
            let seeds = fs::read_dir(fuzz.join("seeds").join(&target));
            assert!(seeds.is_ok_and(|files| files.count() > 0), "{target}");
        }
    }

    /// libFuzzer refuses a dictionary with any other byte, and then fuzzes nothing.
    #[test]
    fn dictionaries_are_ascii() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        for file in fs::read_dir(fuzz.join("dictionaries")).unwrap() {
            let path = file.unwrap().path();
            assert!(fs::read(&path).unwrap().is_ascii(), "{}", path.display());
        }
    }
}
