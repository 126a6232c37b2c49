//! What can be set: by flags and environment variables, and by tests.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};
use shared::limits;

use crate::doctor;
use crate::files;
use crate::recording;
use crate::rooms;
use crate::rooms::budget::Rate;
use crate::web::assets::{self, Dist};

const MIB: u64 = 1024 * 1024;

/// Self-hosted real-time chat in one binary.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "parlance",
    version,
    about,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// Something else than to serve.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "PARLANCE_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,

    /// Port to listen on, instead of the one in --listen
    #[arg(long, env = "PARLANCE_PORT")]
    pub port: Option<u16>,

    /// Folder of the database; it is made if need be
    #[arg(
        long,
        env = "PARLANCE_DATA_DIR",
        default_value = "data",
        value_name = "FOLDER"
    )]
    pub data_dir: PathBuf,

    /// Further origin whose pages may connect, such as https://chat.example.org; repeat it or separate by commas
    #[arg(
        long,
        env = "PARLANCE_ALLOW_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allow_origin: Vec<String>,

    /// Address under which people reach the server; with https, cookies are sent over https only
    #[arg(long, env = "PARLANCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Sends a second that one person may make in the long run, three times as many at once
    #[arg(long, env = "PARLANCE_SEND_RATE", value_name = "NUMBER", default_value_t = limits::SENDS_PER_SECOND)]
    pub send_rate: u32,

    /// Largest file that people may send, in MiB
    #[arg(long, env = "PARLANCE_FILE_MIB", value_name = "NUMBER", default_value_t = limits::FILE_BYTES / MIB)]
    pub file_mib: u64,

    /// Room for everybody's files, in MiB
    #[arg(
        long,
        env = "PARLANCE_FILES_MIB",
        value_name = "NUMBER",
        default_value_t = 20_480
    )]
    pub files_mib: u64,

    /// What to log to standard error: error, warn, info, debug or trace, also per module
    #[arg(
        long,
        env = "PARLANCE_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,

    /// Print the table of these flags for the README
    #[arg(long, hide = true)]
    pub flags_markdown: bool,
}

/// What the program can do besides serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Find out what is wrong on the way to a server, and print the lines that mend it
    Doctor(doctor::Options),
    /// Turn a recording of connections into what Wireshark reads, or a page of Markdown
    Recording(recording::Options),
}

impl Cli {
    /// What the server is to do.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut listen = self.listen;
        if let Some(port) = self.port {
            listen.set_port(port);
        }
        let mut config = Config::new(self.data_dir.clone(), listen);
        config.allow_origin.clone_from(&self.allow_origin);
        config.public_url.clone_from(&self.public_url);
        let bursts = limits::SEND_BURST / limits::SENDS_PER_SECOND;
        config.rooms.sends = Rate::secondly(self.send_rate, self.send_rate.saturating_mul(bursts));
        config.files.file_bytes = self.file_mib.saturating_mul(MIB);
        config.files.all_bytes = self.files_mib.saturating_mul(MIB);
        config
    }
}

/// The flags as a Markdown table, so that the README cannot say something else than the program.
#[must_use]
pub fn flags_markdown() -> String {
    let mut table =
        String::from("| Flag | Environment variable | Default | Meaning |\n|---|---|---|---|\n");
    let command = Cli::command();
    for flag in command.get_arguments().filter(|flag| !flag.is_hide_set()) {
        let Some(long) = flag
            .get_long()
            .filter(|&long| long != "help" && long != "version")
        else {
            continue;
        };
        let code = |text: String| format!("`{text}`");
        let environment = flag
            .get_env()
            .map(|name| code(name.to_string_lossy().into()));
        let default = flag.get_default_values().first();
        let default = default.map(|value| code(value.to_string_lossy().into()));
        let meaning = flag.get_help().map(ToString::to_string).unwrap_or_default();
        table += &format!(
            "| `--{long}` | {} | {} | {meaning} |\n",
            environment.unwrap_or_default(),
            default.unwrap_or_default(),
        );
    }
    table
}

/// Everything that the server is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the database is.
    pub data_dir: PathBuf,
    /// Origins that may connect besides the host itself (H5).
    pub allow_origin: Vec<String>,
    /// Under which address people reach the server.
    pub public_url: Option<String>,
    /// Limits of the connections.
    pub web: WebLimits,
    /// Limits of the rooms.
    pub rooms: rooms::Limits,
    /// Limits of files.
    pub files: files::Limits,
    /// The files of the app.
    pub dist: Dist,
}

impl Config {
    /// With the protocol's limits and nothing else set.
    #[must_use]
    pub fn new(data_dir: PathBuf, listen: SocketAddr) -> Self {
        Self {
            listen,
            data_dir,
            allow_origin: Vec::new(),
            public_url: None,
            web: WebLimits::default(),
            rooms: rooms::Limits::default(),
            files: files::Limits::default(),
            dist: assets::none,
        }
    }

    /// This machine's address in its network, if the server listens there.
    #[must_use]
    pub fn in_network(&self) -> Option<IpAddr> {
        let everywhere = self.listen.ip().is_unspecified();
        everywhere.then(network_address).flatten()
    }

    /// Whether people come over https, as far as the server was told.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let https = |url: &str| url.to_ascii_lowercase().starts_with("https://");
        self.public_url.as_deref().is_some_and(https)
    }
}

/// The address that this machine would use towards the internet. Connecting a UDP socket only looks up
/// the route; nothing is sent (and 192.0.2.1 is reserved for documentation, RFC 5737).
fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// Limits of connections. Tests shorten them; the defaults are the protocol's.
#[derive(Debug, Clone)]
pub struct WebLimits {
    /// Connections at once, of every kind.
    pub connections: usize,
    /// For the head of a request (H9).
    pub header_read: Duration,
    /// From the upgrade to `hello` (M1).
    pub hello: Duration,
    /// Between two pings of the server (K1).
    pub ping: Duration,
    /// For a sign of life after a ping (K1).
    pub pong: Duration,
    /// For a connection to take at least something (4410).
    pub stuck: Duration,
    /// While draining: from `restarting` to the close frame, in which sends are refused (K3).
    pub farewell: Duration,
    /// While draining: until every connection is gone, or is cut (K3).
    pub drain: Duration,
    /// Requests other than sends.
    pub requests: Rate,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            // As many file descriptors as a process usually may have; the real limit is found at the start.
            connections: 65_536,
            header_read: Duration::from_millis(limits::HEADER_READ_MS),
            hello: Duration::from_millis(limits::HELLO_MS),
            ping: Duration::from_millis(limits::SERVER_PING_MS),
            pong: Duration::from_millis(limits::SERVER_PONG_MS),
            stuck: Duration::from_secs(30),
            farewell: Duration::from_millis(250),
            drain: Duration::from_secs(3),
            requests: Rate::secondly(limits::REQUESTS_PER_SECOND, limits::REQUEST_BURST),
        }
    }
}
