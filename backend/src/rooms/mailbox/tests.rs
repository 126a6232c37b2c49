//! The mailbox alone, with a waker that does nothing.

use std::task::Waker;

use shared::protocol::ServerMessage;

use super::waiting::NOTICES;
use super::*;

mod past_the_task;

const TEA: RoomId = RoomId(1);
const LAW: RoomId = RoomId(2);

fn mailbox(frames: usize, bytes: usize) -> Mailbox {
    Mailbox::new(
        ConnectionId(1),
        PersonId(1),
        SessionId(1),
        Bounds { frames, bytes },
    )
}

fn event(room: RoomId) -> Arc<Parcel> {
    Parcel::event(room, &ServerMessage::Resumed)
}

fn take(mailbox: &Mailbox, is_joined: bool) -> (Poll<Mail>, usize) {
    let (mail, out) = take_until(mailbox, is_joined, usize::MAX);
    (mail, out.len())
}

fn take_until(mailbox: &Mailbox, is_joined: bool, most: usize) -> (Poll<Mail>, Vec<Arc<Parcel>>) {
    let mut context = Context::from_waker(Waker::noop());
    let taker = Taker {
        is_joined,
        has_room: true,
        is_idle: true,
    };
    let mut out = Vec::new();
    let mail = mailbox.poll_take(&mut context, taker, |parcel| {
        out.push(parcel);
        if out.len() < most {
            Appetite::More
        } else {
            Appetite::Enough
        }
    });
    (mail, out)
}

#[test]
fn what_is_delivered_comes_out_in_order_after_the_notices() {
    let mailbox = mailbox(10, 10_000);
    let (first, second) = (event(TEA), event(TEA));
    mailbox.deliver(&[Arc::clone(&first), Arc::clone(&second)]);
    let notice = Parcel::message(&ServerMessage::Resumed);
    mailbox.notify(Arc::clone(&notice));
    // In two helpings, as a task with little room takes them.
    let (_, mut out) = take_until(&mailbox, true, 2);
    assert_eq!(out.len(), 2);
    out.extend(take_until(&mailbox, true, 2).1);
    assert_eq!(out.len(), 3);
    for (got, expected) in out.iter().zip([notice, first, second]) {
        assert!(Arc::ptr_eq(got, &expected));
    }
}

/// D3: at 256 frames (here 2) the waiting live events are dropped, and so are those that follow, until it is told.
#[test]
fn an_overflow_drops_live_events_until_the_reader_is_told() {
    let mailbox = mailbox(2, 10_000);
    for room in [TEA, TEA, LAW] {
        mailbox.deliver(&[event(room)]);
    }
    assert_eq!(take(&mailbox, true), (Poll::Ready(Mail::Missed), 0));
    let mut missed = mailbox.take_missed();
    missed.sort();
    assert_eq!(missed, [TEA, LAW]);
    mailbox.deliver(&[event(LAW)]);
    assert_eq!(take(&mailbox, true), (Poll::Ready(Mail::Taken), 1));
}

/// D3: so they are at 1 MiB (here one frame's bytes).
#[test]
fn too_many_bytes_overflow_too() {
    let parcel = event(TEA);
    let mailbox = mailbox(100, parcel.bytes().len());
    mailbox.deliver(std::slice::from_ref(&parcel));
    mailbox.deliver(std::slice::from_ref(&parcel));
    assert_eq!(take(&mailbox, true), (Poll::Ready(Mail::Missed), 0));
}

/// D3: what is taken makes room again.
#[test]
fn the_bytes_that_were_taken_no_longer_count() {
    let parcel = event(TEA);
    let mailbox = mailbox(100, parcel.bytes().len());
    for _ in 0..5 {
        mailbox.deliver(std::slice::from_ref(&parcel));
        assert_eq!(take(&mailbox, true), (Poll::Ready(Mail::Taken), 1));
    }
}

/// R9: what is delivered while joining waits until `resumed` is out; an order does not.
#[test]
fn while_joining_only_orders_come_out() {
    let mailbox = mailbox(10, 10_000);
    mailbox.deliver(&[event(TEA)]);
    mailbox.notify(Parcel::message(&ServerMessage::Resumed));
    assert_eq!(take(&mailbox, false), (Poll::Pending, 0));
    mailbox.order(Order::Drain);
    let order = Mail::Order(Order::Drain);
    assert_eq!(take(&mailbox, false), (Poll::Ready(order), 0));
    assert_eq!(take(&mailbox, true), (Poll::Ready(Mail::Taken), 2));
}

#[test]
fn draining_does_not_replace_an_order_to_close() {
    let mailbox = mailbox(10, 10_000);
    mailbox.order(Order::Close(CloseCode::SIGN_IN));
    mailbox.order(Order::Drain);
    let order = Mail::Order(Order::Close(CloseCode::SIGN_IN));
    assert_eq!(take(&mailbox, true), (Poll::Ready(order), 0));
}

/// D5: of a room that was left nothing comes any more, nor is it among what was missed; other rooms are not touched.
#[test]
fn what_waits_of_a_room_that_was_left_is_dropped() {
    let parcel = event(TEA);
    let whole = mailbox(3, 3 * parcel.bytes().len());
    let left = || {
        Parcel::message(&ServerMessage::Left {
            room: TEA,
            taken_out: None,
        })
    };
    for room in [TEA, LAW, TEA] {
        whole.deliver(&[event(room)]);
    }
    whole.exit(TEA, left());
    let (mail, out) = take_until(&whole, true, usize::MAX);
    assert_eq!(mail, Poll::Ready(Mail::Taken));
    let rooms: Vec<_> = out.iter().map(|parcel| parcel.room()).collect();
    assert_eq!(rooms, [None, Some(LAW)]);
    // The bytes that were dropped no longer count.
    for _ in 0..3 {
        whole.deliver(&[event(LAW)]);
    }
    assert_eq!(take(&whole, true), (Poll::Ready(Mail::Taken), 3));

    let behind = mailbox(1, 10_000);
    for room in [TEA, LAW] {
        behind.deliver(&[event(room)]);
    }
    behind.exit(TEA, left());
    assert_eq!(behind.take_missed(), [LAW]);
}

/// D5: a notice is never dropped: a connection that takes none of very many is closed as too slow.
#[test]
fn too_many_notices_close_the_connection() {
    let mailbox = mailbox(1, 10_000);
    for _ in 0..NOTICES {
        mailbox.notify(event(TEA));
    }
    mailbox.order(Order::Drain);
    let drain = Mail::Order(Order::Drain);
    assert_eq!(take(&mailbox, false), (Poll::Ready(drain), 0));
    mailbox.notify(event(TEA));
    let close = Mail::Order(Order::Close(CloseCode::SLOW));
    assert_eq!(take(&mailbox, true), (Poll::Ready(close), 0));
}
