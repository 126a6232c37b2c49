//! Files: brought in parts, looked at, shown to those who may see them, gone with their messages.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::ImageFormat;
use shared::http::Upload;
use shared::ids::RoomId;
use shared::problem::Problem;
use shared::protocol::{Action, Attachment, ClientMessage, Content, Extent, Message};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::client::Client;
use crate::support::files::{address, bomb, carrying, claimed, encoded, file_id, photograph, png};
use crate::support::http::{Reply, Request};
use crate::support::{Guest, Parlance, UNLIMITED, body, edit, soon};

fn upload(reply: &Reply) -> Upload {
    serde_json::from_str(&reply.body).unwrap_or_else(|_| panic!("{reply:?}"))
}

fn refusal(reply: &Reply) -> (u16, String) {
    (reply.status, reply.problem())
}

/// The files in the store, those on their way not among them.
fn stored(server: &Parlance) -> Vec<PathBuf> {
    below(&server.folder().join("files"))
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "incoming"))
        .collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => below(&path),
            false => vec![path],
        })
        .collect()
}

/// One that looks for files that nobody needs all the time.
async fn tidy() -> Parlance {
    Parlance::start_with(|config| {
        config.rooms.sends = UNLIMITED;
        config.files.sweep = Duration::from_millis(20);
    })
    .await
}

async fn until_stored(server: &Parlance, count: usize) {
    let reached = async {
        while stored(server).len() != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("the number of stored files", reached).await;
}

async fn message(client: &mut Client, room: RoomId, action: Action) -> (Message, u64) {
    let seq = client.act(room, action).await.unwrap().seq;
    let page = client.read(room, seq.0, seq.0).await.unwrap();
    match &page.events[0].content {
        Content::Message(message) => (message.clone(), seq.0),
        other => panic!("{other:?}"),
    }
}

/// B1: a broken line costs nothing of what has come.
#[tokio::test]
async fn a_file_that_was_cut_goes_on_where_it_was() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let bytes: Vec<u8> = (0..100_000_u32)
        .map(|n| (n.wrapping_mul(n) >> 3) as u8)
        .collect();
    let id = file_id();
    let path = address(id, "notes.bin", bytes.len(), 0);

    let request = Request::new("PUT", &path)
        .header("Cookie", &ada.cookie)
        .bytes_of(&bytes);
    let head = request.bytes(server.address()).len() - bytes.len();
    let mut line = TcpStream::connect(server.address()).await.unwrap();
    let cut = &request.bytes(server.address())[..head + 40_000];
    line.write_all(cut).await.unwrap();
    let arrived = async {
        while below(&server.folder().join("files")).is_empty() || held(&server) < 40_000 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon("the first part", arrived).await;
    drop(line);

    let asked = async {
        loop {
            let reply = ada.put(&path, b"").await;
            // Until the server has noticed that the line is cut.
            if reply.status != 503 {
                return upload(&reply);
            }
        }
    };
    assert_eq!(
        soon("an answer", asked).await,
        Upload {
            held: 40_000,
            file: None
        }
    );
    let server = server.restart().await;
    let ada = ada.at(&server);
    let elsewhere = ada.put(&path, &bytes).await;
    assert_eq!(refusal(&elsewhere), (409, "wrong_place".into()));
    assert!(elsewhere.body.contains("\"held\":40000"), "{elsewhere:?}");
    let rest = address(id, "notes.bin", bytes.len(), 40_000);
    let whole = ada.put(&rest, &bytes[40_000..]).await;
    assert_eq!(whole.status, 201);
    let file = upload(&whole).file.unwrap();
    assert_eq!(
        (file.size, file.image, &*file.name),
        (100_000, None, "notes.bin")
    );
    assert_eq!(ada.fetch(&file).await.raw, bytes);
}

fn held(server: &Parlance) -> u64 {
    let files = below(&server.folder().join("files"));
    files
        .iter()
        .filter_map(|path| path.metadata().ok())
        .map(|it| it.len())
        .sum()
}

/// B2: the same again has the same answer; the id of somebody else's file is no id at all.
#[tokio::test]
async fn bringing_a_file_twice_changes_nothing() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let path = address(file_id(), "a.txt", 5, 0);
    let first = upload(&ada.put(&path, b"hello").await);
    for bytes in [&b"hello"[..], b"", b"other"] {
        let again = ada.put(&path, bytes).await;
        assert_eq!((again.status, upload(&again)), (201, first.clone()));
    }
    assert_eq!(
        refusal(&bob.put(&path, b"hello").await),
        (404, "no_such_file".into())
    );
    // The same bytes are kept once.
    bob.bring("b.txt", b"hello").await;
    assert_eq!(stored(&server).len(), 1);
}

/// B1, A4
#[tokio::test]
async fn who_is_nobody_or_comes_from_elsewhere_brings_nothing() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let path = address(file_id(), "a.txt", 5, 0);
    let put = || Request::new("PUT", &path).bytes_of(b"hello");
    assert_eq!(
        refusal(&server.http(put()).await),
        (401, "unauthenticated".into())
    );
    let foreign = put()
        .header("Cookie", &ada.cookie)
        .header("Origin", "https://elsewhere.example");
    assert_eq!(
        refusal(&server.http(foreign).await),
        (403, "foreign_origin".into())
    );
    for wrong in ["?name=a&size=x", "?name=a", "?size=5", ""] {
        let wrong = format!("/api/files/{}{wrong}", file_id());
        assert_eq!(
            refusal(&ada.put(&wrong, b"hello").await),
            (400, "malformed".into())
        );
    }
    assert!(below(&server.folder().join("files")).is_empty());
}

/// B3: each limit has a refusal of its own, and nothing is kept.
#[tokio::test]
async fn more_than_the_limits_is_refused() {
    let server = Parlance::start_with(|config| {
        config.files.file_bytes = 1_000;
        config.files.day_bytes = 2_500;
        config.files.all_bytes = 3_500;
    })
    .await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    for size in [0, 1_001] {
        let reply = ada
            .put(&address(file_id(), "a", size, 0), &vec![1; size])
            .await;
        assert_eq!(refusal(&reply), (413, "bad_file_size".into()), "{size}");
    }
    // More bytes than were announced.
    let path = address(file_id(), "a", 10, 0);
    assert_eq!(
        refusal(&ada.put(&path, &[1; 900]).await),
        (413, "bad_file_size".into())
    );
    for n in 0..2 {
        ada.bring("a", &[n; 1_000]).await;
    }
    let reply = ada
        .put(&address(file_id(), "a", 1_000, 0), &[7; 1_000])
        .await;
    assert_eq!(
        refusal(&reply),
        (507, "no_room_for_files".into()),
        "for a person"
    );
    bob.bring("b", &[8; 1_000]).await;
    let reply = bob
        .put(&address(file_id(), "a", 1_000, 0), &[7; 1_000])
        .await;
    assert_eq!(
        refusal(&reply),
        (507, "no_room_for_files".into()),
        "for all"
    );
    let limit = shared::limits::UPLOADS_UNFINISHED;
    for n in 0..limit {
        let reply = bob.put(&address(file_id(), "a", 11, 0), &[8; 10]).await;
        assert_eq!(reply.status, 200, "{n} {reply:?}");
    }
    let reply = bob.put(&address(file_id(), "a", 11, 0), &[8; 10]).await;
    assert_eq!(refusal(&reply), (409, "too_many_uploads".into()));
}

/// B4: what tells a small file from a bomb is read before anything is decoded.
#[tokio::test]
async fn an_image_with_too_many_pixels_is_refused_at_once() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let bomb = bomb(50_000, 50_000);
    let begun = Instant::now();
    let reply = ada
        .put(&address(file_id(), "bomb.png", bomb.len(), 0), &bomb)
        .await;
    assert_eq!(refusal(&reply), (422, "image_too_large".into()));
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert!(below(&server.folder().join("files")).is_empty());
}

/// B4: the pixels stay, and how they are held; nothing else that the file tells.
#[tokio::test]
async fn a_photograph_tells_nothing_but_what_is_seen() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let photograph = photograph(1_200, 900);
    let file = ada.bring("IMG_0001.JPG", &photograph).await;
    let extent = Extent {
        width: 900,
        height: 1_200,
    };
    assert_eq!(file.image, Some(extent), "it stands upright");
    let whole = ada.fetch(&file).await;
    assert_eq!(whole.header("content-type"), Some("image/jpeg"));
    assert_eq!(file.size, whole.raw.len() as u64);
    for secret in ["GPS", "film"] {
        let found = |bytes: &[u8]| {
            bytes
                .windows(secret.len())
                .any(|it| it == secret.as_bytes())
        };
        assert!(found(&photograph) && !found(&whole.raw), "{secret}");
    }
    let before = image::load_from_memory(&photograph).unwrap();
    assert_eq!(image::load_from_memory(&whole.raw).unwrap(), before);

    let small = ada.fetch_small(&file).await;
    assert_eq!(small.header("content-type"), Some("image/jpeg"));
    let small = image::load_from_memory(&small.raw).unwrap();
    assert_eq!((small.width(), small.height()), (600, 800));
}

/// B4, B7
#[tokio::test]
async fn every_kind_of_image_is_shown_and_nothing_else_is() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    for (format, kind) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let file = ada.bring("x.exe", &encoded(40, 30, format)).await;
        let seen = ada.fetch(&file).await;
        assert_eq!(seen.header("content-type"), Some(kind));
        assert!(
            seen.header("content-disposition")
                .unwrap()
                .starts_with("inline;")
        );
        assert_eq!(
            (file.image.unwrap().width, file.image.unwrap().height),
            (40, 30)
        );
        // Small enough as it is.
        assert_eq!(ada.fetch_small(&file).await.raw, seen.raw);
    }
    let script: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let mut polyglot = png(20, 20);
    polyglot.extend(b"<html><script>alert(1)</script>");
    let broken = &png(20, 20)[..60];
    let html = b"GIF89a\x01\0\x01\0<script>alert(1)</script>*/";
    for (name, bytes) in [
        ("a.svg", script),
        ("a.png", broken),
        ("a.gif", html),
        ("a.html", b"<script>"),
    ] {
        let file = ada.bring(name, bytes).await;
        assert_eq!(file.image, None, "{name}");
        let seen = ada.fetch(&file).await;
        assert_eq!(
            seen.header("content-type"),
            Some("application/octet-stream")
        );
        assert!(
            seen.header("content-disposition")
                .unwrap()
                .starts_with("attachment;")
        );
        assert_eq!(
            refusal(&ada.fetch_small(&file).await),
            (404, "no_such_file".into())
        );
    }
    let clean = ada.bring("a.png", &polyglot).await;
    assert_eq!(
        ada.fetch(&clean).await.raw,
        png(20, 20),
        "the page behind it is gone"
    );
}

/// B7
#[tokio::test]
async fn a_file_comes_with_headers_that_make_it_harmless() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let file = ada.bring("../a/..\u{202e}gnp.exe", b"MZ").await;
    assert_eq!(&*file.name, "..gnp.exe");
    let seen = ada.fetch(&file).await;
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        ),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-cache"),
        ("content-length", "2"),
        (
            "content-disposition",
            "attachment; filename=\"..gnp.exe\"; filename*=UTF-8''..gnp.exe",
        ),
    ] {
        assert_eq!(seen.header(name), Some(value), "{name}");
    }
    let again = Request::get(&format!("/api/files/{}", file.id))
        .header("Cookie", &ada.cookie)
        .header("If-None-Match", seen.header("etag").unwrap());
    let again = server.http(again).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

/// B5: what the event says of a file is what the server found, whatever the action claims.
#[tokio::test]
async fn a_message_carries_files_with_a_text_or_without() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut client, welcome) = ada.join().await;
    let room = welcome.rooms[0].id;
    let image = ada.bring("a.png", &png(30, 20)).await;
    let notes = ada.bring("notes.txt", b"notes").await;
    let mut lie = image.clone();
    (lie.size, lie.image) = (7, None);
    let (both, _) = message(&mut client, room, carrying(&[&lie, &notes], "look")).await;
    assert_eq!(both.attachments, [image.clone(), notes.clone()]);
    let (alone, seq) = message(&mut client, room, carrying(&[&notes], "")).await;
    assert_eq!((alone.body, alone.attachments), (None, vec![notes.clone()]));

    // An edit gives it a text and leaves the files.
    client
        .act(room, edit(shared::ids::Seq(seq), "with words"))
        .await
        .unwrap();
    let page = client.read(room, seq, seq).await.unwrap();
    let edited = page.events[0].content.as_message().unwrap();
    assert_eq!(edited.body, Some(body("with words")));
    assert_eq!(edited.attachments, std::slice::from_ref(&notes));

    let nothing = client.act(room, carrying(&[], "")).await.unwrap_err();
    assert!(matches!(nothing, Problem::BadBody { .. }), "{nothing:?}");
    let unknown = client
        .act(room, carrying(&[&claimed(file_id())], "x"))
        .await;
    assert_eq!(unknown.unwrap_err(), Problem::NoSuchFile);
    let many: Vec<&Attachment> = std::iter::repeat_n(&notes, 11).collect();
    let many = client.act(room, carrying(&many, "x")).await;
    assert_eq!(many.unwrap_err(), Problem::TooManyFiles { limit: 10 });
    let bob = server.sign_in("Bob").await;
    let (mut other, _) = bob.join().await;
    let foreign = other.act(room, carrying(&[&notes], "mine")).await;
    assert_eq!(
        foreign.unwrap_err(),
        Problem::NoSuchFile,
        "of somebody else"
    );
}

/// S2, S3: the same message again is the same one; with other files it is another.
#[tokio::test]
async fn a_repeat_is_told_by_its_files() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut client, welcome) = ada.join().await;
    let room = welcome.rooms[0].id;
    let (one, two) = (ada.bring("a", b"a").await, ada.bring("b", b"b").await);
    let client_id = crate::support::client_id();
    let mut stored = Vec::new();
    for files in [&[&one][..], &[&one], &[&two], &[&one, &two], &[]] {
        let text = if files.is_empty() { "x" } else { "" };
        client
            .send(&ClientMessage::Send {
                room,
                client_id,
                after: None,
                action: carrying(files, text),
            })
            .await;
        stored.push(client.stored(client_id).await.map(|stored| stored.repeat));
    }
    let reused = Err(Problem::ClientIdReused);
    assert_eq!(
        stored,
        [Ok(false), Ok(true), reused.clone(), reused.clone(), reused]
    );
}

/// B6, L2: to whoever may not see a file it is one that never was.
#[tokio::test]
async fn a_file_is_seen_by_who_brought_it_and_where_it_was_said() {
    let server = Parlance::start().await;
    let (ada, bob, eve) = (
        server.sign_in("Ada").await,
        server.sign_in("Bob").await,
        server.sign_in("Eve").await,
    );
    let (mut client, _) = ada.join().await;
    let room = client.private("Plans").await;
    let file = ada.bring("plan.png", &png(900, 900)).await;
    let may = |guest: &Guest| {
        let (guest, file) = (guest.clone(), file.clone());
        async move {
            let (whole, small) = (guest.fetch(&file).await, guest.fetch_small(&file).await);
            assert_eq!(whole.status, small.status);
            if whole.status != 200 {
                let never = guest.fetch(&claimed(file_id())).await;
                assert_eq!((whole.status, &whole.body), (404, &never.body));
            }
            whole.status == 200
        }
    };
    assert_eq!(
        (may(&ada).await, may(&bob).await),
        (true, false),
        "not said yet"
    );
    client
        .act(room, carrying(&[&file], "the plan"))
        .await
        .unwrap();
    assert!(!may(&bob).await, "not in the room");
    client
        .act(room, crate::support::add(&bob.me))
        .await
        .unwrap();
    assert_eq!((may(&bob).await, may(&eve).await), (true, false));
    client
        .act(room, crate::support::remove(&bob.me))
        .await
        .unwrap();
    assert!(!may(&bob).await, "taken out");
    let nobody = Request::get(&format!("/api/files/{}", file.id));
    assert_eq!(server.http(nobody).await.status, 401);
}

/// B8: a file goes with the last message that holds it, from the disk as well.
#[tokio::test]
async fn a_file_goes_with_its_last_message() {
    let server = tidy().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let (mut client, welcome) = ada.join().await;
    let (mut reader, _) = bob.join().await;
    let lobby = welcome.rooms[0].id;
    let tea = client.private("Tea").await;
    let file = ada.bring("a.png", &png(900, 900)).await;
    assert_eq!(stored(&server).len(), 2, "with its small form");
    let first = client.act(tea, carrying(&[&file], "")).await.unwrap().seq;
    let forward = Action::Forward {
        from: tea,
        target: first,
    };
    let (there, seq) = message(&mut client, lobby, forward).await;
    assert_eq!(there.attachments, std::slice::from_ref(&file));
    assert!(there.forwarded.is_some());
    assert_eq!(
        bob.fetch(&file).await.status,
        200,
        "brought to where Bob is"
    );

    client
        .act(tea, Action::Delete { target: first })
        .await
        .unwrap();
    assert_eq!(
        bob.fetch(&file).await.status,
        200,
        "the other message holds it"
    );
    let gone = Action::Forward {
        from: tea,
        target: first,
    };
    assert_eq!(
        client.act(lobby, gone).await.unwrap_err(),
        Problem::NoSuchMessage
    );
    let target = shared::ids::Seq(seq);
    client.act(lobby, Action::Delete { target }).await.unwrap();
    for guest in [&ada, &bob] {
        assert_eq!(guest.fetch(&file).await.status, 404);
    }
    until_stored(&server, 0).await;
    let page = reader.read(lobby, seq, seq).await.unwrap();
    let message = page.events[0].content.as_message().unwrap();
    assert!(
        message.is_deleted() && message.changed.is_some(),
        "{message:?}"
    );
}

/// B8: what no message holds goes after a day; the same bytes brought by somebody else stay.
#[tokio::test]
async fn what_nobody_sends_goes_after_a_day() {
    let server = tidy().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let forgotten = ada.bring("a", b"same").await;
    ada.bring("b", b"other").await;
    let said = bob.bring("b", b"same").await;
    let (mut client, welcome) = bob.join().await;
    client
        .act(welcome.rooms[0].id, carrying(&[&said], ""))
        .await
        .unwrap();
    let server = server
        .change_file("UPDATE files SET at = at - 86500000")
        .await;
    until_stored(&server, 1).await;
    assert_eq!(ada.at(&server).fetch(&forgotten).await.status, 404);
    let seen = ada.at(&server).fetch(&said).await;
    assert_eq!((seen.status, seen.body.as_str()), (200, "same"));
}

/// B8: what a crash left in the store without a row that speaks of it goes after the next start; nothing else does.
#[tokio::test]
async fn what_a_crash_has_left_is_swept() {
    let server = tidy().await;
    let ada = server.sign_in("Ada").await;
    let file = ada.bring("a.png", &png(900, 900)).await;
    let one = stored(&server)
        .into_iter()
        .find(|path| path.extension().is_none());
    let one = one.unwrap();
    let stray = format!("{:064x}", 0xabcd);
    for name in [stray.clone(), format!("{stray}.small")] {
        let folder = one.parent().unwrap().parent().unwrap().join("00");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), b"left behind").unwrap();
    }
    assert_eq!(stored(&server).len(), 4);
    let server = server.restart().await;
    until_stored(&server, 2).await;
    assert_eq!(ada.at(&server).fetch(&file).await.status, 200);
}

/// F3, F5: messages are found by their having a file, with a text or without, until they are deleted.
#[tokio::test]
async fn messages_are_found_by_their_files() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut client, welcome) = ada.join().await;
    let room = welcome.rooms[0].id;
    let file = ada.bring("notes.txt", b"notes").await;
    client.say(room, "a kettle without").await;
    let with = client
        .act(room, carrying(&[&file], "a kettle with"))
        .await
        .unwrap()
        .seq;
    let alone = client.act(room, carrying(&[&file], "")).await.unwrap().seq;
    for (asked, mut expected) in [
        ("has:file", vec![alone, with]),
        ("kettle has:file", vec![with]),
        ("has:file in:lobby from:ada", vec![alone, with]),
        ("has:file from:bob", vec![]),
    ] {
        expected.sort_unstable();
        let found = async {
            loop {
                let mut found = crate::searching::places(&mut client, asked).await;
                found.sort_unstable();
                if found == expected {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        soon(asked, found).await;
    }
    client
        .act(room, Action::Delete { target: alone })
        .await
        .unwrap();
    assert_eq!(
        crate::searching::places(&mut client, "has:file").await,
        [with]
    );
}

/// B5, Q2: a quote shows that there is a file.
#[tokio::test]
async fn an_answer_shows_the_file_that_it_answers() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let (mut client, welcome) = ada.join().await;
    let room = welcome.rooms[0].id;
    let file = ada.bring("notes.txt", b"notes").await;
    let target = client.act(room, carrying(&[&file], "")).await.unwrap().seq;
    let pin = Action::Pin { target, on: true };
    client.act(room, pin).await.unwrap();
    let mut answer = shared::protocol::Post::from(body("thanks"));
    answer.reply_to = Some(target);
    let seq = client.act(room, Action::Message(answer)).await.unwrap().seq;
    let quote = |page: shared::protocol::Page| page.quotes[0].clone();
    let told = quote(client.read(room, seq.0, seq.0).await.unwrap());
    assert_eq!((told.text, told.file.as_deref()), (None, Some("notes.txt")));
    client.act(room, Action::Delete { target }).await.unwrap();
    let told = quote(client.read(room, seq.0, seq.0).await.unwrap());
    assert_eq!(
        (told.text, told.file, told.changed.is_some()),
        (None, None, true)
    );
}
