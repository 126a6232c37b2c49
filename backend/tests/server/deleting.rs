//! Deleting: the text is destroyed, the event and the chain stay.

use std::path::Path;

use shared::ids::Link;
use shared::protocol::{Action, ClientMessage, Content, Message};

use crate::support::{Parlance, body, client_id, edit, react, soon};

/// S11: nothing stays of what was said; the places, the links and the edits as events do.
#[tokio::test]
async fn a_deletion_destroys_the_text_and_keeps_the_chain() {
    let server = Parlance::start().await;
    let ((mut ada, welcome), (mut bob, _)) = (server.join("Ada").await, server.join("Bob").await);
    let room = welcome.rooms[0].id;
    let target = ada.say(room, "a secret").await;
    let other = ada.say(room, "no secret").await;
    ada.act(room, edit(target, "the secret")).await.unwrap();
    ada.act(room, edit(other, "none at all")).await.unwrap();
    bob.act(room, react(target, "👀", true)).await.unwrap();
    bob.act(room, react(other, "👀", true)).await.unwrap();
    let before = bob.log(room).await;
    let sizes = sizes(&server);
    let deleted = ada.act(room, Action::Delete { target }).await.unwrap().seq;

    let after = bob.log(room).await;
    let mut link = Link::first(room);
    for event in &after {
        link = link.next(event);
        assert_eq!(event.link, link);
    }
    for (then, now) in before.iter().zip(&after) {
        let expected = match &then.content {
            Content::Message { .. } if then.seq == target => Content::Message(Message {
                changed: Some(deleted),
                ..Message::default()
            }),
            Content::Edited { target: of, .. } if *of == target => Content::Edited {
                target,
                body: None,
                mentions: Vec::new(),
            },
            same => same.clone(),
        };
        assert_eq!(now.content, expected);
        assert_eq!((now.seq, now.link, now.at), (then.seq, then.link, then.at));
    }
    assert_eq!(after.last().unwrap().content, Content::Deleted { target });
    // No row was moved, for a move would leave a copy behind.
    assert_eq!(self::sizes(&server), sizes);
}

/// How long each text is in the file.
fn sizes(server: &Parlance) -> Vec<i64> {
    let file = rusqlite::Connection::open(server.folder().join("parlance.db")).unwrap();
    let mut sizes = file
        .prepare("SELECT octet_length(text) FROM bodies ORDER BY id")
        .unwrap();
    let sizes = sizes.query_map([], |row| row.get(0)).unwrap();
    sizes.collect::<rusqlite::Result<_>>().unwrap()
}

/// S11, S2: the same message sent again late is a repeat, though there is nothing left to compare its text with.
#[tokio::test]
async fn a_deleted_message_sent_again_is_a_repeat() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let (room, id) = (welcome.rooms[0].id, client_id());
    ada.post_as(room, id, "a secret").await;
    let first = ada.stored(id).await.unwrap();
    let target = first.seq;
    ada.act(room, Action::Delete { target }).await.unwrap();
    ada.post_as(room, id, "a secret").await;
    let again = ada.stored(id).await.unwrap();
    assert!(again.repeat && again.seq == target && again.at == first.at);
    let page = ada.read(room, target.0, target.0).await.unwrap();
    let is_empty =
        |content: &Content| matches!(content, Content::Message(Message { body: None, .. }));
    assert!(is_empty(&page.events[0].content));
}

/// S11: what was destroyed is soon not in any file of the server any more, while it runs.
#[tokio::test]
async fn the_bytes_of_a_deleted_text_leave_the_files() {
    const MARK: &str = "xyzzy-plugh";
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let lobby = welcome.rooms[0].id;
    let tea = ada.create(client_id(), "Tea").await.unwrap().id;
    // Long and short ones in two rooms, so that pages of the tree are split between them again and again.
    let mut said = Vec::new();
    for number in 0..400_usize {
        let room = if number % 3 == 0 { tea } else { lobby };
        let text = format!("{MARK} {number} {}", "y".repeat(number * 37 % 3_000));
        let id = client_id();
        let action = Action::message(body(&text));
        let after = None;
        let send = ClientMessage::Send {
            room,
            client_id: id,
            after,
            action,
        };
        ada.send(&send).await;
        let seq = ada.stored(id).await.unwrap().seq;
        if number % 5 == 0 {
            let text = format!("{MARK} changed {text}");
            ada.act(room, edit(seq, &text)).await.unwrap();
        }
        said.push((room, seq));
    }
    assert!(found(server.folder(), MARK) > 400);
    // Not in order, so that what is left would be moved about if the rows became shorter.
    for step in 0..said.len() {
        let (room, target) = said[step * 7 % said.len()];
        ada.act(room, Action::Delete { target }).await.unwrap();
    }
    let gone = async {
        while found(server.folder(), MARK) > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    soon("the end of the texts", gone).await;
    assert!(ada.log(lobby).await.len() > 266);
    let target = ada.say(lobby, MARK).await;
    assert!(
        found(server.folder(), MARK) > 0,
        "it is looked for in the right place"
    );
    ada.act(lobby, Action::Delete { target }).await.unwrap();
}

/// How often a text is in the files of a folder.
fn found(folder: &Path, text: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap();
    let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let count = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).matches(text).count();
    bytes.map(count).sum()
}
