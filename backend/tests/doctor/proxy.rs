//! A real proxy in front of a real server, ended with the test.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::configuration::{Configuration, Kind};
use crate::server::support::soon;

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    _child: Child,
    _folder: TempDir,
}

impl Proxy {
    /// Ready to take connections.
    pub(crate) async fn start(configuration: &Configuration, upstream: SocketAddr) -> Self {
        let folder = TempDir::new().unwrap();
        let address = free_address();
        let file = folder.path().join("conf");
        let text = configuration.text(address.port(), &upstream.to_string(), folder.path());
        fs::write(&file, &text).unwrap();
        let log = fs::File::create(folder.path().join("said")).unwrap();
        let mut command = match configuration.kind {
            Kind::Nginx => Command::new("nginx"),
            Kind::Haproxy => Command::new("haproxy"),
        };
        match configuration.kind {
            Kind::Nginx => command.arg("-c").arg(&file).arg("-p").arg(folder.path()),
            Kind::Haproxy => command.arg("-db").arg("-f").arg(&file),
        };
        // Debian has both where only the administrator's shell looks.
        let path = std::env::var("PATH").unwrap_or_default();
        let child = command
            .env("PATH", format!("{path}:/usr/sbin:/usr/local/sbin"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!(
                "cannot start {:?}: {error}; install it with \
                 `apt-get install --no-install-recommends nginx-light haproxy`",
                configuration.kind
            )
        });
        let listening = async {
            while TcpStream::connect(address).await.is_err() {
                if let Some(status) = child.try_wait().unwrap() {
                    let said = fs::read_to_string(folder.path().join("said")).unwrap();
                    panic!("it ended with {status}: {said}\n{text}");
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        soon("a proxy that listens", listening).await;
        Self {
            address,
            _child: child,
            _folder: folder,
        }
    }
}

/// These programs cannot be told to take any port that is free. One from below those that the system gives to whoever asks for
/// any: such a one could be somebody else's before the program has it.
fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 5_000).unwrap();
    loop {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener.local_addr().unwrap();
        }
    }
}
