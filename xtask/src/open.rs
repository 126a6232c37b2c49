//! `--open`: show the page once the server is ready to answer.
//!
//! This runs as a process of its own, because `cargo xtask run` turns into the server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The hidden command by which the process starts itself.
pub(crate) const WHEN_READY: &str = "open-when-ready";

/// A server that has not answered by then has told the person why.
const PATIENCE: Duration = Duration::from_secs(60);

/// # Errors
/// When this program cannot be started again.
pub(crate) fn in_background(port: u16) -> Result<()> {
    Command::new(std::env::current_exe()?)
        .args([WHEN_READY, &port.to_string()])
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start the process that opens the browser")?;
    Ok(())
}

/// Waits for the server, then opens the browser.
///
/// # Errors
/// When the server stays silent or there is no browser to open.
pub(crate) fn when_ready(args: &[String]) -> Result<ExitCode> {
    let port: u16 = match args {
        [port] => port.parse().context("not a port")?,
        _ => bail!("usage: cargo xtask {WHEN_READY} PORT"),
    };
    if !wait_until_ready(port, PATIENCE) {
        bail!("the server on port {port} did not become ready, so no browser was opened");
    }
    let url = format!("http://localhost:{port}/");
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let opened = Command::new(opener).arg(&url).stdin(Stdio::null()).status();
    if !opened.is_ok_and(|status| status.success()) {
        bail!("cannot open a browser with `{opener}`: open {url} yourself");
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether `/readyz` said yes before `patience` ran out.
pub(crate) fn wait_until_ready(port: u16, patience: Duration) -> bool {
    let started = Instant::now();
    while started.elapsed() < patience {
        if ask(port).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(
        stream,
        "GET /readyz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn server(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = [0; 1024];
                let _ = stream.read(&mut head);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        port
    }

    #[test]
    fn only_a_yes_counts_as_ready() {
        let yes = server("HTTP/1.1 200 OK\r\n\r\n");
        let draining = server("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        assert!(wait_until_ready(yes, Duration::from_secs(5)));
        assert!(!wait_until_ready(draining, Duration::from_millis(200)));
    }
}
