//! A server under test as a process: on its own core, on a port of its choice, killed when it goes out of scope.

use std::io::{BufRead, BufReader};
use std::net::SocketAddrV4;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine::{self, Cores};

/// How a server says where it listens, on the first line of its standard output.
const LISTENING: &str = "listening on http://";

/// A running server.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddrV4,
    /// From before it was started until it said that it listens.
    pub took: Duration,
}

impl Process {
    /// Starts it and waits until it listens. What it has to say to people goes to our standard error.
    ///
    /// # Errors
    /// When it cannot be started, or ends, or its first line is not an address.
    pub fn start(command: &mut Command, cores: Option<Cores>) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let began = Instant::now();
        let child = spawn(command, cores)
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        // From here on the child is ours to kill, also when its address never comes.
        let mut process = Self {
            child,
            address: SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 0),
            took: Duration::ZERO,
        };
        let Some(stdout) = process.child.stdout.take() else {
            bail!("the server has no standard output");
        };
        let mut line = String::new();
        let mut lines = BufReader::new(stdout);
        lines.read_line(&mut line)?;
        process.took = began.elapsed();
        let address = line.trim().strip_prefix(LISTENING);
        let address = address.and_then(|address| address.parse().ok());
        process.address = address.with_context(|| format!("the server said {line:?}"))?;
        // Read on to the end, so that it never blocks on a full pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(process)
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a warning (SIGKILL).
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A child inherits the core of the thread that starts it.
fn spawn(command: &mut Command, cores: Option<Cores>) -> Result<Child> {
    let Some(cores) = cores else {
        return Ok(command.spawn()?);
    };
    machine::pin(cores.server)?;
    let child = command.spawn();
    machine::pin(cores.generator)?;
    Ok(child?)
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
