//! What is heard: by a stream of events, or by polls that wait or do not.

use std::io;

use shared::transport::Transport;
use tokio::io::AsyncBufReadExt;
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

use crate::{Way, http};

/// Seconds that a poll waits.
const WAIT_S: u64 = 20;

/// One line.
#[derive(Debug)]
pub(crate) enum Heard {
    Text(String),
    Ping,
    Close { code: u16, reason: String },
}

/// Reads a line. What is not known is a text, which the client then does not understand.
pub(crate) fn read(line: &str) -> Heard {
    if line == "ping" {
        return Heard::Ping;
    }
    let Some(close) = line.strip_prefix("close ") else {
        return Heard::Text(line.to_owned());
    };
    let (code, reason) = close.split_once(' ').unwrap_or((close, ""));
    Heard::Close {
        code: code.parse().unwrap_or_default(),
        reason: reason.to_owned(),
    }
}

/// Tells what is heard until that ends.
pub(crate) async fn hear(way: Way, id: String, tell: Sender<Heard>) {
    // The end of the connection is told by the end of the channel, whatever it was.
    let _ = match way.transport {
        Transport::Events => events(&way, &id, &tell).await,
        _ => polls(&way, &id, &tell).await,
    };
}

async fn events(way: &Way, id: &str, tell: &Sender<Heard>) -> io::Result<()> {
    let mut stream = http::stream(way, &format!("/{id}/events")).await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let data = line.strip_prefix("data: ").map(str::trim_end);
        if let Some(data) = data.filter(|data| *data != "open")
            && tell.send(read(data)).await.is_err()
        {
            return Ok(());
        }
        line.clear();
    }
    Ok(())
}

async fn polls(way: &Way, id: &str, tell: &Sender<Heard>) -> io::Result<()> {
    let wait = match way.transport {
        Transport::LongPoll => WAIT_S,
        _ => 0,
    };
    let mut after = 0;
    loop {
        let path = format!("/{id}?after={after}&wait={wait}");
        let answer = http::ask(way, "GET", &path, "").await?;
        for line in answer.lines() {
            after += 1;
            if tell.send(read(line)).await.is_err() {
                return Ok(());
            }
        }
        if wait == 0 && answer.is_empty() {
            sleep(way.pause).await;
        }
    }
}
