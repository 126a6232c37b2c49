//! The server under test: a real process on a port of ours, started, stopped, killed and started again.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a start may take before the run is given up; a start takes some 20 ms.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ports to choose from: below those that the kernel gives to outgoing connections, which could take ours while the
/// server is down.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How to start it.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    /// The release binary.
    pub(crate) binary: PathBuf,
    /// The same built with the feature `failpoints`, if there is one.
    pub(crate) with_failpoints: Option<PathBuf>,
    /// Its `--data-dir`.
    pub(crate) data: PathBuf,
    /// Where its standard error goes.
    pub(crate) log: PathBuf,
    /// Its `--send-rate`.
    pub(crate) send_rate: u32,
    /// Where it listens, each time the same.
    pub(crate) address: SocketAddr,
}

/// What a start is to do besides serving; needs a server with failpoints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Armed {
    /// Dies between this commit and its acknowledgements.
    pub(crate) die_after_commits: Option<u64>,
    /// Its clock is off by so much.
    pub(crate) clock_ms: Option<i64>,
    /// Each commit takes so much longer.
    pub(crate) commit_ms: Option<u64>,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// From the start of the process to the line that says where it listens.
    pub(crate) start_took: Duration,
    /// Whether it dies by itself.
    pub(crate) armed: bool,
}

impl Server {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends before, or takes too long.
    pub(crate) async fn start(recipe: &Recipe, armed: Armed) -> Result<Self> {
        let begun = Instant::now();
        let failpoints = recipe.with_failpoints.as_ref();
        let mut command = Command::new(
            failpoints
                .filter(|_| armed != Armed::default())
                .unwrap_or(&recipe.binary),
        );
        let log = File::options()
            .create(true)
            .append(true)
            .open(&recipe.log)?;
        command
            .arg("--listen")
            .arg(recipe.address.to_string())
            .arg("--data-dir")
            .arg(&recipe.data)
            .args(["--log", "warn", "--send-rate"])
            .arg(recipe.send_rate.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        if let Some(commits) = armed.die_after_commits {
            command.env("PARLANCE_FAIL_AFTER_COMMITS", commits.to_string());
        }
        if let Some(offset) = armed.clock_ms {
            command.env("PARLANCE_FAIL_CLOCK_MS", offset.to_string());
        }
        if let Some(longer) = armed.commit_ms {
            command.env("PARLANCE_FAIL_COMMIT_MS", longer.to_string());
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", recipe.binary.display()))?;
        let stdout = child.stdout.take().context("it has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let first = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .context("the server does not say where it listens")??;
        if !first
            .as_ref()
            .is_some_and(|line| line.starts_with("listening on "))
        {
            let status = child.wait().await?;
            bail!(
                "the server ended with {status}; its words are in {}",
                recipe.log.display()
            );
        }
        // Kept open, or its next line would end it.
        tokio::task::spawn_local(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            child,
            start_took: begun.elapsed(),
            armed: failpoints.is_some() && armed.die_after_commits.is_some(),
        })
    }

    /// `kill -9`, until it is gone.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("cannot kill the server")
    }

    /// `kill -TERM`, until it has ended; after ten seconds it is killed and that is an error.
    pub(crate) async fn terminate(&mut self) -> Result<ExitStatus> {
        self.signal("TERM").await?;
        match tokio::time::timeout(Duration::from_secs(10), self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => {
                self.child.kill().await?;
                bail!("the server did not end within 10 s of SIGTERM")
            }
        }
    }

    /// `kill -STOP` or `-CONT`: the shell's own `kill`, which is everywhere.
    pub(crate) async fn signal(&self, name: &str) -> Result<()> {
        let pid = self.child.id().context("the server has ended")?;
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("kill -{name} {pid}"));
        let status = shell.stderr(Stdio::null()).status().await?;
        anyhow::ensure!(status.success(), "kill -{name} {pid} failed");
        Ok(())
    }

    /// Ready when it has ended by itself.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Resident memory in bytes, now; 0 where the system does not say.
    pub(crate) fn resident_bytes(&self) -> u64 {
        self.status_kib("VmRSS:") * 1_024
    }

    fn status_kib(&self, name: &str) -> u64 {
        let path = format!("/proc/{}/status", self.child.id().unwrap_or_default());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next());
        number.and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// A port on this machine that nobody uses.
///
/// # Errors
/// When there is none.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let start = PORTS.start + (std::process::id() % 12_000) as u16;
    (start..PORTS.end)
        .chain(PORTS.start..start)
        .map(|port| SocketAddr::from(([127, 0, 0, 1], port)))
        .find(|address| TcpListener::bind(address).is_ok())
        .context("no port is free")
}
