//! Where nothing can be said, that is said, and the exit code is 2.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::doctor::look;

async fn nothing_is_said_of(url: &str, why: &str) {
    let said = look(url, None).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.unreachable.contains(why), "{said:?}");
    assert!(said.findings.is_empty(), "{said:?}");
}

#[tokio::test]
async fn what_cannot_be_reached_is_said_to_be() {
    nothing_is_said_of("http://no-such-host.invalid", "cannot be resolved").await;
    nothing_is_said_of("ftp://chat.example.org", "is not an address").await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    nothing_is_said_of(&format!("http://{address}"), "nothing listens").await;
}

#[tokio::test]
async fn another_program_is_not_taken_for_parlance() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nno\n";
            let _ = stream.write_all(answer).await;
        }
    });
    nothing_is_said_of(&format!("http://{address}"), "is not Parlance").await;
    nothing_is_said_of(&format!("https://{address}"), "no TLS").await;
}
