//! The command, and what it says.

use std::process::Stdio;

use serde::Deserialize;
use tokio::process::Command;

use crate::server::support::soon;

/// Seconds of silence: longer than the timeouts that are too short here, shorter than the good ones.
const PATIENCE: &str = "2";

/// What it said with `--json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    #[serde(skip)]
    pub(crate) code: i32,
    #[serde(default)]
    pub(crate) findings: Vec<Finding>,
    #[serde(default)]
    pub(crate) unreachable: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) says: String,
    #[serde(default)]
    pub(crate) remedies: Vec<Remedy>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Remedy {
    pub(crate) proxy: String,
    pub(crate) place: String,
    #[serde(default)]
    pub(crate) without: Vec<String>,
    #[serde(default)]
    pub(crate) with: Vec<String>,
}

impl Said {
    pub(crate) fn names(&self) -> Vec<&str> {
        let names = self.findings.iter();
        names.map(|finding| finding.name.as_str()).collect()
    }
}

/// Looks at an address, and reads what it says.
pub(crate) async fn look(url: &str, certificates: Option<&std::path::Path>) -> Said {
    let mut command = command(url);
    command.arg("--json");
    if let Some(file) = certificates {
        command.env("SSL_CERT_FILE", file);
    }
    let output = soon("what the doctor says", command.output())
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut said: Said = serde_json::from_str(&text).unwrap_or_else(|error| {
        let errors = String::from_utf8_lossy(&output.stderr);
        panic!("{error}: {text}\n{errors}")
    });
    said.code = output.status.code().unwrap();
    said
}

/// What it says to a person.
pub(crate) async fn told(url: &str, more: &[&str]) -> String {
    let mut command = command(url);
    let output = soon("what it tells", command.args(more).output()).await;
    String::from_utf8(output.unwrap().stdout).unwrap()
}

fn command(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlance"));
    command.args(["doctor", url, "--patience", PATIENCE]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}
