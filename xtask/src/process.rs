//! Starting other programs, and telling the person what happens.

use std::env;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// One line per step, to standard error, so that standard output stays a result.
pub(crate) fn say(step: impl AsRef<str>) {
    eprintln!("==> {}", step.as_ref());
}

/// Runs a program that talks to the terminal itself.
///
/// # Errors
/// When it cannot be started or does not succeed; the error names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", name(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", name(command));
    }
    Ok(())
}

/// The standard output of a program that must succeed; its standard error is part of the error.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", name(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}): {}",
            name(command),
            output.status,
            said.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program whose output matters only if it fails.
///
/// # Errors
/// When it cannot be started or does not succeed; the error ends with what it said.
pub(crate) fn quietly(command: &mut Command) -> Result<()> {
    let heard = listen(command)?;
    if !heard.success {
        bail!("`{}` failed:\n{}", name(command), heard.output.trim_end());
    }
    Ok(())
}

/// What a program wrote to both of its outputs, in the order in which it wrote.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) success: bool,
    pub(crate) output: String,
}

/// Longer than any build or test run takes, also on a slow machine.
const LONG: Duration = Duration::from_secs(30 * 60);

/// Runs a program and keeps what it says, whether it succeeds or not.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn listen(command: &mut Command) -> Result<Heard> {
    listen_for(command, LONG)
}

/// The same for a program that may hang: it is killed when its time is over, and has failed then.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn listen_for(command: &mut Command, limit: Duration) -> Result<Heard> {
    let (from, to) = io::pipe()?;
    let child = command
        .stdin(Stdio::null())
        .stdout(to.try_clone()?)
        .stderr(to)
        .spawn();
    // The command keeps our ends of the pipe open, and with them the reading below.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child.with_context(|| format!("cannot start `{}`", name(command)))?;

    let said = Arc::new(Mutex::new(Vec::new()));
    let (done, finished) = mpsc::channel();
    std::thread::spawn({
        let said = Arc::clone(&said);
        move || {
            collect(from, &said);
            // Nobody waits any more if the time was over.
            let _ = done.send(());
        }
    });
    let in_time = finished.recv_timeout(limit).is_ok();
    if !in_time {
        child.kill()?;
    }
    let success = child.wait()?.success() && in_time;
    let mut output = String::from_utf8_lossy(&lock(&said)).into_owned();
    if !in_time {
        output.push_str(&format!("\nstopped after {} s", limit.as_secs()));
    }
    Ok(Heard { success, output })
}

/// Bytes as they come, so that they can be shown also if the end never does.
fn collect(mut from: impl Read, said: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        lock(said).extend_from_slice(&chunk[..length]);
    }
}

fn lock(said: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a program of this name lies on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(&file))
        .find(|path| path.is_file())
}

/// `PATH` with `dirs` before everything else.
///
/// # Errors
/// When a folder's name has the separator of `PATH` in it.
pub(crate) fn path_with(dirs: &[&Path]) -> Result<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = dirs
        .iter()
        .map(|dir| dir.to_path_buf())
        .chain(env::split_paths(&old));
    env::join_paths(all).context("a folder's name cannot be part of PATH")
}

/// The command as a person would type it.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(program.as_os_str())];
    words.extend(command.get_args());
    words.join(OsStr::new(" ")).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("cargo")
            .arg("no-such-command")
            .stderr(Stdio::null()))
        .expect_err("cargo has no such command");
        assert!(
            error.to_string().contains("`cargo no-such-command`"),
            "{error}"
        );
    }

    #[test]
    fn both_outputs_are_heard_in_order() {
        let heard =
            listen(Command::new("sh").args(["-c", "echo a; echo b >&2; echo c; exit 1"])).unwrap();
        assert!(!heard.success);
        assert_eq!(heard.output, "a\nb\nc\n");
    }

    #[test]
    fn a_program_that_hangs_has_failed_and_what_it_said_is_kept() {
        let mut hanging = Command::new("sh");
        hanging.args(["-c", "echo before; exec sleep 60"]);
        let heard = listen_for(&mut hanging, Duration::from_millis(300)).unwrap();
        assert!(!heard.success);
        assert!(heard.output.starts_with("before\n"), "{}", heard.output);
        assert!(heard.output.contains("stopped after"), "{}", heard.output);
    }

    #[test]
    fn a_program_is_found_on_the_path_only_if_it_is_there() {
        assert!(on_path("cargo").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
