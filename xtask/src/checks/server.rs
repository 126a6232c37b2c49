//! A server under test, as a process: started on a port of its own choice, killed when it goes out of scope.

use std::io::{self, BufRead, BufReader, PipeReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    pub(super) address: String,
}

impl Server {
    /// Waits for the first line in which `find` sees the address.
    ///
    /// # Errors
    /// When it ends, or stays silent for too long; the error has what it said.
    pub(super) fn start(command: &mut Command, find: fn(&str) -> Option<String>) -> Result<Self> {
        let (from, to) = io::pipe()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(to.try_clone()?)
            .stderr(to)
            .spawn();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child =
            child.with_context(|| format!("cannot start {}", command.get_program().display()))?;
        // From here on the child is ours to kill, also when its address never comes.
        let mut server = Self {
            child,
            address: String::new(),
        };
        server.address = wait_for(from, find)?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_for(from: PipeReader, find: fn(&str) -> Option<String>) -> Result<String> {
    let (sender, lines) = mpsc::channel();
    // Reads on to the end, so that the server never blocks on a full pipe.
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // Nobody listens any more once the address is known.
            let _ = sender.send(line);
        }
    });
    let mut said = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => match find(&line) {
                Some(address) => return Ok(address),
                None => said.push(line),
            },
            Err(_) => bail!(
                "the server did not say where it listens; it said:\n{}",
                said.join("\n")
            ),
        }
    }
}

/// What follows `listening on`.
pub(super) fn after_listening_on(line: &str) -> Option<String> {
    let address = line.split_once("listening on ")?.1;
    address.split_whitespace().next().map(str::to_owned)
}

/// The port of the first `http://127.0.0.1:N` or `http://localhost:N`, as an address on this machine.
pub(super) fn local_url(line: &str) -> Option<String> {
    let hosts = [
        "http://127.0.0.1:",
        "http://localhost:",
        "http://0.0.0.0:",
        "http://[::1]:",
    ];
    let rest = hosts.iter().find_map(|host| line.split_once(host))?.1;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!port.is_empty()).then(|| format!("http://127.0.0.1:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_a_line() {
        assert_eq!(
            after_listening_on("listening on 127.0.0.1:4000"),
            Some("127.0.0.1:4000".into())
        );
        assert_eq!(
            local_url("Open http://localhost:4000/ now"),
            Some("http://127.0.0.1:4000".into())
        );
        assert_eq!(local_url("http://example.com:80"), None);
    }

    #[test]
    fn a_server_that_ends_is_an_error_with_its_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo the port is in use"]);
        let error = Server::start(&mut command, local_url).expect_err("it only says a sentence");
        assert!(error.to_string().contains("the port is in use"), "{error}");
    }
}
