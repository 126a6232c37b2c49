//! What the runner can be told.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use shared::transport::Transport;

/// Breaks a Parlance server in every way it can and checks that nothing is lost, doubled or out of order
#[derive(Debug, Clone, Parser)]
#[command(name = "chaos", version)]
pub(crate) struct Options {
    /// What to play
    #[arg(value_enum, default_value = "mixed")]
    pub(crate) scenario: Scenario,

    /// The server's release binary
    #[arg(long, value_name = "FILE")]
    pub(crate) server: PathBuf,

    /// The same, built with the feature `failpoints`; without it no server dies between commit and acknowledgement
    #[arg(long, value_name = "FILE")]
    pub(crate) server_with_failpoints: Option<PathBuf>,

    /// Fixes the schedule of faults and what each client writes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,

    /// How long faults go on [mixed: 1]
    #[arg(long)]
    pub(crate) minutes: Option<f64>,

    /// Messages in all [mixed: 20000]
    #[arg(long)]
    pub(crate) sends: Option<u64>,

    /// Kills of the server [mixed: 20, restart: 5]
    #[arg(long)]
    pub(crate) kills: Option<u64>,

    /// Clients [mixed: 60, restart and slow-readers: 1000]
    #[arg(long)]
    pub(crate) clients: Option<usize>,

    /// Rooms [mixed: a quarter of the clients]
    #[arg(long)]
    pub(crate) rooms: Option<usize>,

    /// How messages travel: websocket, events, long-poll, poll, or mixed for each in turn [mixed only]
    #[arg(long, default_value = "websocket", value_parser = Transports::named)]
    pub(crate) transport: Transports,

    /// Where the database is made; the folder must be empty or missing [a temporary one]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// Where to write the report
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// What is being tested, for the report
    #[arg(long, default_value = "unknown")]
    pub(crate) commit: String,
}

/// How the messages of the clients travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transports {
    /// All alike.
    One(Transport),
    /// Each in turn, from client to client.
    Mixed,
}

impl Transports {
    fn named(name: &str) -> Result<Self, String> {
        match (name, Transport::named(name)) {
            ("mixed", _) => Ok(Self::Mixed),
            (_, Some(one)) => Ok(Self::One(one)),
            _ => Err("there is websocket, events, long-poll, poll, and mixed".to_owned()),
        }
    }

    /// That of one client.
    pub(crate) fn of(self, client: usize) -> Transport {
        match self {
            Self::One(one) => one,
            Self::Mixed => Transport::ALL[client % Transport::ALL.len()],
        }
    }
}

/// What can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Kills, stops, broken links, crashes, jumping clocks, and three of ten messages sent twice
    Mixed,
    /// A thousand clients come back after kill -9
    Restart,
    /// A tenth of the clients does not read for a minute
    SlowReaders,
    /// The file system fills up, and is emptied
    DiskFull,
    /// Four times as many sends as a server with a slow disk can store
    Overload,
    /// As many sends as one core can make, to a server with the disk that is there
    Flood,
    /// A client returns after a thousand events
    Resume,
    /// All of them, one after the other
    All,
}
