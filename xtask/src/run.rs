//! `cargo xtask run`: from a checkout to a page one can open.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::dist::{self, Profile};
use crate::open;
use crate::process::say;
use crate::workspace::Workspace;

/// Where the server listens if nobody says otherwise.
const DEFAULT_PORT: u16 = 8080;

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    open: bool,
    port: Option<u16>,
    /// Handed to the server as they are.
    flags: Vec<String>,
}

/// Builds and serves; returns only if the server could not be started (on Unix this process becomes the server).
pub(crate) fn run(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    let options = parse(args)?;
    let binary = dist::build(ws, Profile::Quick)?;
    if options.open {
        open::in_background(port_to_open(&options)?)?;
    }
    say("Starting the server");
    become_child(
        Command::new(binary)
            .args(where_to_listen(
                &options.flags,
                std::env::var_os("PARLANCE_LISTEN").is_some(),
            ))
            .args(&options.flags),
    )
}

/// On every interface, so that a phone on the same network can open the printed address. Whoever says where, has it so.
fn where_to_listen(flags: &[String], set_in_environment: bool) -> Vec<String> {
    let said = flags.iter().any(|flag| flag.starts_with("--listen"));
    if said || set_in_environment {
        return Vec::new();
    }
    vec!["--listen".to_owned(), format!("0.0.0.0:{DEFAULT_PORT}")]
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (name, mut value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let mut value = || {
            let value = value.take().or_else(|| args.next().cloned());
            value.with_context(|| format!("{name} needs a value"))
        };
        match name {
            "--open" => options.open = true,
            "--port" => {
                let port = value()?;
                options.port = Some(
                    port.parse()
                        .with_context(|| format!("`{port}` is not a port"))?,
                );
                options.flags.extend(["--port".to_owned(), port]);
            }
            "--data-dir" => {
                let dir = value()?;
                options.flags.extend(["--data-dir".to_owned(), dir]);
            }
            "--" => options.flags.extend(args.by_ref().cloned()),
            _ => bail!("no option `{arg}` here; flags of the server go after `--`"),
        }
    }
    Ok(options)
}

fn port_to_open(options: &Options) -> Result<u16> {
    let said = std::env::var("PARLANCE_PORT")
        .ok()
        .and_then(|port| port.parse().ok());
    match options.port.or(said).unwrap_or(DEFAULT_PORT) {
        0 => bail!("--open needs to know the port: give one other than 0"),
        port => Ok(port),
    }
}

/// The server takes this process's place, so signals and the exit code are its own.
#[cfg(unix)]
fn become_child(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    Err(error).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_child(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("cannot start the server")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn the_server_is_seen_in_the_network_unless_someone_says_where_it_listens() {
        let flags = |flags: &[&str]| {
            flags
                .iter()
                .map(|&flag| flag.to_owned())
                .collect::<Vec<_>>()
        };
        let default = where_to_listen(&flags(&["--port", "9000"]), false);
        assert_eq!(default, ["--listen", "0.0.0.0:8080"]);
        assert!(where_to_listen(&flags(&["--listen", "127.0.0.1:1"]), false).is_empty());
        assert!(where_to_listen(&flags(&["--listen=127.0.0.1:1"]), false).is_empty());
        assert!(where_to_listen(&[], true).is_empty());
    }

    #[test]
    fn options_and_flags_reach_the_server() {
        let options = parsed("--port 9000 --data-dir=/x --open -- --log debug").unwrap();
        assert!(options.open);
        assert_eq!(options.port, Some(9000));
        assert_eq!(
            options.flags,
            ["--port", "9000", "--data-dir", "/x", "--log", "debug"]
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (line, word) in [
            ("--port", "needs a value"),
            ("--port x", "not a port"),
            ("--prot 1", "`--prot`"),
        ] {
            let error = parsed(line).expect_err(line);
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_port_that_nobody_knows_cannot_be_opened() {
        assert!(port_to_open(&parsed("--port 0 --open").unwrap()).is_err());
        assert_eq!(port_to_open(&parsed("--port 9000").unwrap()).unwrap(), 9000);
    }
}
