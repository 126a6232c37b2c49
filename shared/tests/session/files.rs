//! Messages with files: they wait for them, in order (B9).

use shared::ids::{ClientId, FileId};
use shared::problem::Problem;
use shared::protocol::{Action, Attachment, Post};
use shared::session::io::{Input, Output};
use shared::session::outbox::{Draft, Progress};
use shared::text::FileName;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::{Bench, LOBBY, draft, room};
use crate::model::{Server, refused};
use crate::pair::{progress, reading, reconnect, settle};

fn with_files(n: u128, files: &[u128]) -> Draft {
    let attachments = files.iter().map(|id| Attachment {
        id: FileId(*id),
        name: FileName::of("notes.txt"),
        size: 5,
        image: None,
    });
    Draft {
        action: Action::Message(Post {
            body: None,
            attachments: attachments.collect(),
            reply_to: None,
            mentions: Vec::new(),
        }),
        ..draft(n, "files")
    }
}

fn next(bench: &Bench) -> Option<(u128, u128)> {
    let next = bench.session.next_upload();
    next.map(|(draft, file)| (draft.client_id.0, file.0))
}

fn uploaded(bench: &mut Bench, file: u128) {
    let file = FileId(file);
    bench.input(Input::Uploaded { file });
}

fn not_uploaded(bench: &mut Bench, n: u128, problem: Problem) {
    let client_id = ClientId(n);
    bench.input(Input::NotUploaded { client_id, problem });
}

/// B9
#[test]
fn a_message_waits_for_its_files_and_those_behind_it_wait_too() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(draft(1, "before"));
    bench.send(with_files(2, &[20, 21]));
    bench.send(draft(3, "behind"));
    assert_eq!(bench.sends(), [1]);
    assert_eq!(next(&bench), Some((2, 20)));
    uploaded(&mut bench, 20);
    assert_eq!((bench.sends(), next(&bench)), (vec![], Some((2, 21))));
    uploaded(&mut bench, 21);
    assert_eq!((bench.sends(), next(&bench)), (vec![2, 3], None));
}

/// B9: another room does not wait.
#[test]
fn another_room_goes_on_meanwhile() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(with_files(1, &[10]));
    let elsewhere = room(shared::ids::RoomId(77), 1).id;
    bench.send(Draft {
        room: elsewhere,
        ..draft(2, "elsewhere")
    });
    assert_eq!(bench.sends(), [2]);
}

/// B9, C10: after a break what is missing is asked for again; after a reload everything is.
#[test]
fn files_are_brought_again_when_it_is_not_known_that_they_arrived() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(with_files(1, &[10, 11]));
    uploaded(&mut bench, 10);
    bench.close(1006);
    assert_eq!(
        next(&bench),
        None,
        "nothing is brought without a connection"
    );
    bench.wake();
    bench.open();
    settle(&mut bench, &mut server);
    assert_eq!(next(&bench), Some((1, 11)));
    uploaded(&mut bench, 11);
    settle(&mut bench, &mut server);
    assert_eq!(server.logs[&LOBBY].len(), 2);
    assert_eq!(progress(&bench), []);
    let kept = with_files(5, &[50]);
    bench.input(Input::Shared(kept));
    reconnect(&mut bench, &mut server);
    assert_eq!(next(&bench), Some((5, 50)));
}

/// B9: one tab brings the files, the one that sends.
#[test]
fn a_tab_that_does_not_send_brings_nothing() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.input(Input::Sending(false));
    bench.send(with_files(1, &[10]));
    assert_eq!(next(&bench), None);
    bench.input(Input::Sending(true));
    assert_eq!(next(&bench), Some((1, 10)));
}

/// B9: a refusal that may pass is waited for; one that does not fails the message, and the others go on.
#[test]
fn a_file_that_is_refused_holds_nothing_up() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(with_files(1, &[10]));
    let busy = Problem::Overloaded {
        retry_after_ms: 1_000,
    };
    not_uploaded(&mut bench, 1, busy);
    assert_eq!(next(&bench), None);
    bench.pass(1_000);
    bench.input(Input::Timer);
    assert_eq!(next(&bench), Some((1, 10)));
    bench.send(draft(2, "behind"));
    bench.take();
    let limit = 7;
    not_uploaded(&mut bench, 1, Problem::ImageTooLarge { limit });
    let outputs = bench.take();
    assert!(outputs.iter().any(|it| matches!(it, Output::Failed { .. })));
    assert!(matches!(progress(&bench)[0], Progress::Failed { .. }));
    assert_eq!(next(&bench), None);
    let client_id = ClientId(1);
    bench.input(Input::Retry { client_id });
    assert_eq!(next(&bench), Some((1, 10)));
}

/// B8, B9: the server let go of a file between the upload and the message: it is brought again, but not for ever.
#[test]
fn a_file_that_the_server_has_no_more_is_brought_again() {
    let mut server = Server::with_lobby();
    let mut bench = reading(&mut server);
    bench.send(with_files(1, &[10]));
    for _ in 0..2 {
        uploaded(&mut bench, 10);
        assert_eq!(bench.sends(), [1]);
        bench.receive(&refused(ClientId(1), Problem::NoSuchFile));
        assert_eq!(next(&bench), Some((1, 10)));
    }
    uploaded(&mut bench, 10);
    assert_eq!(bench.sends(), [1]);
    bench.receive(&refused(ClientId(1), Problem::NoSuchFile));
    assert!(matches!(progress(&bench)[0], Progress::Failed { .. }));
}
