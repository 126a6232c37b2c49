//! What is measured: Parlance, and next to it the floor and stock warp, which send the very same event frames.

use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Serialize;
use tempfile::TempDir;

use crate::crowd::Seat;
use crate::frames::{self, TEXT};
use crate::machine::Cores;
use crate::people::upgrade;
use crate::process::Process;

/// A server to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// The shipped binary, all promises on.
    Parlance,
    /// A bare epoll loop that only calls `send()`: what the kernel itself costs.
    Floor,
    /// The chat example of warp on `warp::ws()`.
    StockWarp,
}

impl System {
    /// In the order of the columns. Parlance comes first, because the others repeat its frames.
    pub const ALL: [Self; 3] = [Self::Parlance, Self::Floor, Self::StockWarp];

    /// As the tables call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parlance => "parlance",
            Self::Floor => "floor",
            Self::StockWarp => "stock warp",
        }
    }
}

/// Where the programs and the disk are.
#[derive(Debug, Clone)]
pub struct Place {
    /// The server binary `parlance`.
    pub server: PathBuf,
    /// The folder below which databases are made: the disk that is measured.
    pub data: PathBuf,
    /// Which core each side runs on, if there are two.
    pub cores: Option<Cores>,
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Which one.
    pub system: System,
    /// Its process.
    pub process: Process,
    /// The database of Parlance; removed when this is gone.
    folder: Option<TempDir>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddrV4 {
        self.process.address
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Kills Parlance and starts it again on the same database; a baseline has nothing to keep and goes on.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self, place: &Place) -> Result<()> {
        if let Some(folder) = &self.folder {
            self.process.kill();
            self.process = place.parlance(folder.path())?;
        }
        Ok(())
    }

    /// Seats of a baseline, which has rooms but no people.
    #[must_use]
    pub fn plain_seat(&self, room: usize) -> Seat {
        self.seat_at(&format!("/ws?room={room}"))
    }

    /// The same for large frames, the last of which the floor must not hold back.
    #[must_use]
    pub fn bulk_seat(&self) -> Seat {
        self.seat_at("/ws?room=0&nodelay=1")
    }

    fn seat_at(&self, path: &str) -> Seat {
        let address = self.address();
        Seat {
            address,
            request: upgrade(address, path, ""),
            greeting: None,
            narrow: false,
        }
    }

    /// How a message is put to a baseline so that it sends this text to everyone in the sender's room: the floor
    /// repeats the bytes that it gets, stock warp unmasks and frames them anew. Both come out as the same bytes.
    #[must_use]
    pub fn relay(&self, message: &[u8]) -> Vec<u8> {
        match self.system {
            System::Floor => frames::from_server(TEXT, message),
            System::Parlance | System::StockWarp => frames::from_client(TEXT, message),
        }
    }
}

impl Place {
    /// Starts a system, Parlance with an empty database.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(&self, system: System) -> Result<Running> {
        if system == System::Parlance {
            let folder = self.folder()?;
            let process = self.parlance(folder.path())?;
            return Ok(Running {
                system,
                process,
                folder: Some(folder),
            });
        }
        Ok(Running {
            system,
            process: Process::start(&mut baseline(system)?, self.cores)?,
            folder: None,
        })
    }

    /// On a database that may exist.
    fn parlance(&self, data: &Path) -> Result<Process> {
        let mut command = Command::new(&self.server);
        command
            .args(["--listen", "127.0.0.1:0", "--log", "warn", "--data-dir"])
            .arg(data)
            // The budget of a person; the generator speaks for few people much.
            .args(["--send-rate", "1000000"]);
        Process::start(&mut command, self.cores)
    }

    /// A new folder on the disk that is measured.
    ///
    /// # Errors
    /// When there can be none.
    pub fn folder(&self) -> Result<TempDir> {
        std::fs::create_dir_all(&self.data)
            .and_then(|()| {
                tempfile::Builder::new()
                    .prefix("bench-")
                    .tempdir_in(&self.data)
            })
            .with_context(|| format!("cannot make a folder in {}", self.data.display()))
    }
}

/// The baselines lie beside this program.
fn baseline(system: System) -> Result<Command> {
    let name = match system {
        System::Floor => "floor",
        System::StockWarp | System::Parlance => "stock-warp",
    };
    let program = std::env::current_exe()?.with_file_name(name);
    Ok(Command::new(program))
}
