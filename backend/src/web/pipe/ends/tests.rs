//! Both ends, without a connection between them.

use std::future::poll_fn;

use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::frames;
use crate::frames::decoder::{Bounds, Decoder, Incoming};

async fn hear(far: &Far, after: u64) -> Result<Heard, Unheard> {
    let reader = far.begin_reading();
    poll_fn(|context| far.poll_hear(context, reader, after)).await
}

async fn say(far: &Far, n: u64, lines: &str) -> Result<(), Unheard> {
    poll_fn(|context| far.poll_say(context, n, lines.as_bytes())).await
}

async fn tell(near: &mut Near, text: &str) {
    let frame = frames::encode(Opcode::Text, text.as_bytes());
    near.write_all(&frame).await.unwrap();
}

/// W2
#[tokio::test]
async fn lines_become_frames_and_frames_become_lines() {
    let (mut near, far) = pair();
    say(&far, 1, "one\n\ntwo\n").await.unwrap();
    let mut decoder = Decoder::new(Bounds::PROTOCOL);
    let mut bytes = vec![0; 64];
    let count = near.read(&mut bytes).await.unwrap();
    let mut input = &bytes[..count];
    for text in ["one", "two"] {
        let read = decoder.decode(&mut input).unwrap();
        assert_eq!(read, Some(Incoming::Text(text.to_owned())));
    }
    tell(&mut near, "三").await;
    near.write_all(&frames::encode(Opcode::Ping, &[]))
        .await
        .unwrap();
    let close = frames::encode_close(CloseCode::SLOW, "too slow");
    near.write_all(&close).await.unwrap();
    let heard = hear(&far, 0).await.unwrap();
    assert_eq!(heard.lines, "三\nping\nclose 4410 too slow\n");
    assert_eq!(heard.count, 3);
}

/// W9: a connection that is not read from takes no more, and no part of a request.
#[tokio::test]
async fn a_request_waits_for_a_connection_that_does_not_read() {
    let (mut near, far) = pair();
    let full = "x".repeat(UP_BYTES);
    say(&far, 1, &full).await.unwrap();
    assert_eq!(say(&far, 2, "more").now_or_never(), None);
    assert_eq!(say(&far, 1, &full).now_or_never(), Some(Ok(())), "a repeat");
    let mut bytes = vec![0; UP_BYTES + 14];
    near.read_exact(&mut bytes).await.unwrap();
    assert_eq!(say(&far, 2, "more").now_or_never(), Some(Ok(())));
}

/// W9: what is not fetched stops the connection, whose own queue is bounded (D3).
#[tokio::test]
async fn a_connection_waits_for_those_who_do_not_listen() {
    let (mut near, far) = pair();
    let long = "x".repeat(DOWN_BYTES);
    tell(&mut near, &long).await;
    assert_eq!(tell(&mut near, "more").now_or_never(), None);
    assert_eq!(hear(&far, 0).await.unwrap().count, 1);
    tell(&mut near, "more").await;
    assert_eq!(hear(&far, 1).await.unwrap().lines, "more\n");
}

/// W8
#[tokio::test]
async fn an_end_is_seen_at_the_other_end() {
    let (mut near, far) = pair();
    far.close();
    assert_eq!(near.read(&mut [0; 8]).await.unwrap(), 0);
    assert!(near.write_all(b"x").await.is_err());
    let (mut near, far) = pair();
    tell(&mut near, "last words").await;
    drop(near);
    assert!(far.has_last_words());
    assert_eq!(hear(&far, 0).await.unwrap().lines, "last words\n");
    assert_eq!(hear(&far, 0).await.unwrap().lines, "last words\n", "again");
    assert!(!far.has_last_words());
    assert_eq!(hear(&far, 1).await, Err(Unheard::Over));
    assert_eq!(say(&far, 1, "to nobody").await, Ok(()));
}
