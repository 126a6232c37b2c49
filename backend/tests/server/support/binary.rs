//! The real binary, as a process.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::soon;

pub(crate) struct Binary {
    child: Child,
    pub(crate) address: SocketAddr,
    _lines: Lines<BufReader<ChildStdout>>,
}

/// The command, with its folder, killed when the test ends.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlance"));
    command.args(["--port", "0", "--send-rate", "100000", "--data-dir"]);
    command.arg(folder);
    command.kill_on_drop(true);
    command
}

impl Binary {
    pub(crate) async fn start(folder: &Path) -> Self {
        Self::spawn(&mut command(folder)).await
    }

    pub(crate) async fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let mut lines = BufReader::new(stdout).lines();
        let first = soon("the first line", lines.next_line()).await;
        let first = first.unwrap().expect("it ended before it listened");
        let address = first.strip_prefix("listening on http://").unwrap();
        Self {
            child,
            address: address.parse().unwrap(),
            _lines: lines,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// `kill -9`
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// `kill -TERM`
    pub(crate) async fn terminate(&self) {
        let kill = Command::new("kill").arg(self.id().to_string()).status();
        assert!(kill.await.unwrap().success());
    }

    pub(crate) async fn ended(&mut self) -> ExitStatus {
        soon("the end of the process", self.child.wait())
            .await
            .unwrap()
    }
}

/// Runs a command that is to fail: its exit code and what it said to standard error.
pub(crate) async fn fail(command: &mut Command) -> (Option<i32>, String) {
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    let _ = soon("what it says", stderr.read_to_string(&mut said)).await;
    let status = soon("its end", child.wait()).await.unwrap();
    (status.code(), said)
}
