//! What is written past the connection's task, by a line that takes as much as the test says.

use std::collections::VecDeque;
use std::io::ErrorKind::WouldBlock;
use std::io::{self, IoSlice};

use proptest::prelude::*;

use super::*;

/// A socket of which each write takes what comes next in the list, and everything once the list is at its end.
#[derive(Debug, Default)]
struct Wire {
    takes: Mutex<VecDeque<usize>>,
    bytes: Mutex<Vec<u8>>,
}

impl Wire {
    fn taking(takes: impl IntoIterator<Item = usize>) -> Arc<Self> {
        let takes = Mutex::new(takes.into_iter().collect());
        Arc::new(Self {
            takes,
            ..Self::default()
        })
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }
}

impl Line for Wire {
    fn fetch(&self) {}

    fn try_write(&self, frames: &[IoSlice<'_>]) -> io::Result<usize> {
        let takes = self.takes.lock().unwrap().pop_front();
        let all: Vec<u8> = frames.iter().flat_map(|frame| frame.to_vec()).collect();
        match takes.unwrap_or(usize::MAX).min(all.len()) {
            0 => Err(WouldBlock.into()),
            length => {
                self.bytes.lock().unwrap().extend(&all[..length]);
                Ok(length)
            }
        }
    }
}

/// A frame that is like no other.
fn frame(spread_ms: u64) -> Arc<Parcel> {
    Parcel::event(TEA, &ServerMessage::Restarting { spread_ms })
}

fn joined(parcels: &[Arc<Parcel>]) -> Vec<u8> {
    parcels
        .iter()
        .flat_map(|parcel| parcel.bytes().to_vec())
        .collect()
}

fn attached(wire: &Arc<Wire>) -> Mailbox {
    let mailbox = mailbox(1_000, 1_000_000);
    mailbox.attach(Arc::clone(wire) as _);
    mailbox
}

#[test]
fn nothing_is_written_past_a_task_that_has_something_to_do() {
    let wire = Wire::taking([]);
    let mailbox = attached(&wire);
    mailbox.deliver(&[frame(1)]);
    // Something waits: releasing changes nothing.
    mailbox.release();
    mailbox.deliver(&[frame(2)]);
    assert_eq!((wire.bytes().len(), take(&mailbox, true).1), (0, 2));
    mailbox.release();
    mailbox.deliver(&[frame(3)]);
    assert_eq!(wire.bytes(), frame(3).bytes());
    assert!(mailbox.hold().is_none());
    mailbox.deliver(&[frame(4)]);
    assert_eq!(wire.bytes(), frame(3).bytes());
}

#[test]
fn who_left_is_not_written_to() {
    let wire = Wire::taking([]);
    let mailbox = attached(&wire);
    mailbox.release();
    assert!(mailbox.leave());
    mailbox.notify(frame(1));
    assert!(wire.bytes().is_empty());
    assert_eq!(Arc::strong_count(&wire), 1);
}

/// D5: a frame that was begun is ended even when its room was left: the other side waits for the rest of it.
#[test]
fn what_was_begun_is_ended() {
    let wire = Wire::taking([1]);
    let mailbox = attached(&wire);
    mailbox.release();
    mailbox.deliver(&[frame(1), frame(2)]);
    mailbox.exit(TEA, frame(3));
    let (begun, written) = mailbox.hold().unwrap();
    assert_eq!((begun.bytes(), written), (frame(1).bytes(), 1));
    let (_, rest) = take_until(&mailbox, true, usize::MAX);
    assert_eq!(joined(&rest), frame(3).bytes());
}

/// What the task and those who deliver do, in any order.
#[derive(Debug, Clone)]
enum Step {
    Deliver(usize),
    /// The task is woken, writes all that waits and rests.
    Wake,
    /// The task is woken and has something to say itself.
    Say,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1..40_usize).prop_map(Step::Deliver),
        1 => Just(Step::Wake),
        1 => Just(Step::Say),
    ]
}

proptest! {
    /// D1: whatever part the socket takes of each write, the other side reads whole frames, all of them, each once, in order.
    #[test]
    fn frames_stay_whole_and_in_order(
        steps in proptest::collection::vec(step(), 1..40),
        takes in proptest::collection::vec(0..200_usize, 0..60),
    ) {
        let wire = Wire::taking(takes);
        let mailbox = attached(&wire);
        let (mut said, mut last) = (Vec::new(), 0);
        let mut next = || {
            last += 1;
            frame(last)
        };
        let wake = |own: Option<Arc<Parcel>>| {
            let mut out: Vec<u8> = Vec::new();
            if let Some((begun, written)) = mailbox.hold() {
                out.extend(&begun.bytes()[written..]);
            }
            out.extend(joined(&take_until(&mailbox, true, usize::MAX).1));
            out.extend(own.iter().flat_map(|own| own.bytes()));
            wire.bytes.lock().unwrap().extend(out);
            mailbox.release();
        };
        for step in steps {
            match step {
                Step::Deliver(count) => {
                    let parcels: Vec<_> = (0..count).map(|_| next()).collect();
                    mailbox.deliver(&parcels);
                    said.extend(parcels);
                }
                Step::Wake => wake(None),
                Step::Say => {
                    let own = next();
                    wake(Some(Arc::clone(&own)));
                    said.push(own);
                }
            }
        }
        wake(None);
        prop_assert_eq!(wire.bytes(), joined(&said));
    }
}
