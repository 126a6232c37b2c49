//! Signing in: the one thing that a client does over plain HTTP.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use shared::http::SignedIn;
use shared::protocol::Person;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A guest with the cookie that proves it.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) me: Person,
    pub(crate) cookie: String,
}

/// Makes a guest of this name.
///
/// # Errors
/// When the server does not answer with 201.
pub(crate) async fn sign_in(server: SocketAddr, name: &str) -> Result<Guest> {
    let body = format!("{{\"name\":\"{name}\"}}");
    let request = format!(
        "POST /api/session HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    guest(&answer)
}

fn guest(answer: &str) -> Result<Guest> {
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    if !head.starts_with("HTTP/1.1 201") {
        bail!("signing in was answered with {answer}");
    }
    let cookie = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .and_then(|(_, value)| value.split(';').next())
        .context("no cookie")?;
    let SignedIn { me, .. } = serde_json::from_str(body)?;
    let cookie = cookie.to_owned();
    Ok(Guest { me, cookie })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found() {
        let answer = "HTTP/1.1 201 Created\r\nSet-Cookie: parlance_1=abc; HttpOnly\r\n\r\n\
            {\"me\":{\"id\":\"00000000000000ff\",\"name\":\"Ada\"}}";
        let guest = guest(answer).unwrap();
        assert_eq!(guest.cookie, "parlance_1=abc");
        assert_eq!(guest.me.id.0, 255);
    }

    #[test]
    fn a_refusal_is_an_error_that_repeats_it() {
        let error = guest("HTTP/1.1 503 No\r\n\r\n{}").unwrap_err();
        assert!(error.to_string().contains("503"), "{error}");
    }
}
