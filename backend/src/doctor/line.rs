//! A connection to the server, through TLS if the address says so.
//!
//! TLS is spoken by the `openssl` of the system, whose `s_client` carries bytes both ways. A library for it (rustls with ring)
//! would be a third of the time that the whole program takes to build, and 1.2 MB of it, for a command that is run once in a
//! while; and the certificates that are trusted are then those that the rest of the system trusts.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Unreachable;
use super::target::Target;

/// For a connection to come about: browsers wait longer, people do not.
const CONNECT: Duration = Duration::from_secs(5);

/// Addresses of a name that are tried.
const ADDRESSES: usize = 8;

/// Both directions of a connection.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<IO: AsyncRead + AsyncWrite + Send + Unpin> Duplex for IO {}

/// A connection.
pub(super) struct Line {
    pub(super) io: Box<dyn Duplex>,
    /// Our own end of it, if there is nothing between.
    pub(super) port: Option<u16>,
    /// Ended when this is dropped.
    pub(super) tunnel: Option<Child>,
}

/// The addresses of a name.
#[derive(Debug)]
pub(super) struct Addresses {
    /// Those that take a connection; at least one.
    pub(super) alive: Vec<SocketAddr>,
    /// Those that do not, though they could be asked.
    pub(super) dead: Vec<SocketAddr>,
}

impl Addresses {
    /// Resolves the name and tries each address.
    pub(super) async fn of(target: &Target) -> Result<Self, Unreachable> {
        let no_name = |detail: String| Unreachable::NoName {
            host: target.host.clone(),
            detail,
        };
        let found = lookup_host((target.host.as_str(), target.port)).await;
        let found: Vec<_> = found
            .map_err(|error| no_name(error.to_string()))?
            .take(ADDRESSES)
            .collect();
        if found.is_empty() {
            return Err(no_name("it has no address".to_owned()));
        }
        let (mut alive, mut dead, mut last) = (Vec::new(), Vec::new(), String::new());
        let mut tries = JoinSet::new();
        for (place, address) in found.iter().copied().enumerate() {
            tries.spawn(async move { (place, address, connect(address).await.map(drop)) });
        }
        let mut tried = tries.join_all().await;
        tried.sort_unstable_by_key(|(place, ..)| *place);
        for (_, address, connected) in tried {
            match connected {
                Ok(()) => alive.push(address),
                Err(error) => {
                    last = error.to_string();
                    if is_theirs(&error) && !address.ip().is_loopback() {
                        dead.push(address);
                    }
                }
            }
        }
        if alive.is_empty() {
            let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
            return Err(Unreachable::NoConnection {
                addresses: shown.join(", "),
                detail: last,
            });
        }
        Ok(Self { alive, dead })
    }
}

/// Whether the fault is at the other end: a machine without IPv6 says nothing about an IPv6 address.
fn is_theirs(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::Unsupported
    )
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    timeout(CONNECT, TcpStream::connect(address))
        .await
        .map_err(late)?
}

impl Line {
    /// Opens one more connection.
    pub(super) async fn open(target: &Target, address: SocketAddr) -> io::Result<Self> {
        if target.https {
            return Self::through_tls(target, address);
        }
        let stream = connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            port: Some(stream.local_addr()?.port()),
            io: Box::new(stream),
            tunnel: None,
        })
    }

    fn through_tls(target: &Target, address: SocketAddr) -> io::Result<Self> {
        let mut tunnel = s_client(target, address);
        // Without `-quiet` it would obey lines that begin with certain letters.
        tunnel.args(["-quiet", "-alpn", "http/1.1"]);
        let mut tunnel = tunnel.stdin(Stdio::piped()).spawn()?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let from = tunnel.stdout.take().ok_or_else(gone)?;
        let to = tunnel.stdin.take().ok_or_else(gone)?;
        Ok(Self {
            io: Box::new(tokio::io::join(from, to)),
            port: None,
            tunnel: Some(tunnel),
        })
    }
}

/// `openssl s_client` to that address, with the name that a browser would give.
pub(super) fn s_client(target: &Target, address: SocketAddr) -> Command {
    let mut command = Command::new("openssl");
    let address = address.to_string();
    command.args(["s_client", "-connect", &address]);
    // RFC 6066 section 3: a server name is none if it is an address.
    if target.host.parse::<std::net::IpAddr>().is_err() {
        command.args(["-servername", &target.host]);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}
