//! What waits in a mailbox, behind its lock.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::Arc;
use std::task::Waker;

use shared::close::CloseCode;
use shared::ids::RoomId;
use shared::limits;

use super::{Appetite, Bounds, Mail, Order, Taker};
use crate::rooms::line::Line;
use crate::rooms::parcel::Parcel;

/// Places that an empty queue keeps.
const IDLE_PLACES: usize = 8;

/// Frames written past the task in one call.
pub(super) const GATHERED: usize = 16;

/// Notices that may wait: more than a person has rooms, and each can be joined and left. Beyond that the connection is
/// closed as too slow; the next welcome is complete.
pub(super) const NOTICES: usize = 2 * limits::ROOMS_PER_PERSON + limits::CURSORS;

/// What a delivery looks at while nothing waits, and no more: of many connections, each line of memory that is read is one that
/// has to be fetched.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) reader: Option<Waker>,
    pub(super) line: Option<Arc<dyn Line>>,
    /// The task does nothing, nothing waits, and all that it had is written.
    is_free: bool,
    /// None while the connection rests.
    kept: Option<Box<Kept>>,
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) order: Option<Order>,
    pub(super) notices: VecDeque<Arc<Parcel>>,
    pub(super) live: VecDeque<Arc<Parcel>>,
    pub(super) live_bytes: usize,
    /// Rooms of which live events were dropped. While there are any, further live events are dropped too.
    pub(super) missed: Vec<RoomId>,
    /// Rooms that the person has left since `hello`. None once the connection hears its rooms: then it stops hearing
    /// one at once, and there is nothing to remember.
    pub(super) left: Option<Vec<RoomId>>,
    /// What was written past the task in part, and how much of it: nothing may come before the rest.
    begun: Option<(Arc<Parcel>, usize)>,
}

impl Waiting {
    /// Of a connection that does not hear its rooms yet.
    pub(super) fn new() -> Self {
        let mut waiting = Self::default();
        waiting.kept().left = Some(Vec::new());
        waiting
    }

    /// What waits, if anything may.
    pub(super) fn peek(&mut self) -> Option<&mut Kept> {
        self.kept.as_deref_mut()
    }

    /// A place for what has to wait.
    pub(super) fn kept(&mut self) -> &mut Kept {
        self.kept.get_or_insert_default()
    }

    /// Whether the task has nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept.is_empty())
    }

    /// From now on others may write past the task, if nothing waits.
    pub(super) fn release(&mut self) {
        self.is_free = self.is_empty();
        if self.is_free && self.peek().is_some_and(|kept| kept.left.is_none()) {
            self.kept = None;
        }
    }

    /// Nobody writes past the task any more. What somebody has begun is handed back.
    pub(super) fn hold(&mut self) -> Option<(Arc<Parcel>, usize)> {
        self.is_free = false;
        self.peek().and_then(|kept| kept.begun.take())
    }

    /// Writes past the task what the socket takes at once, and gives back what has to wait. No more than [`GATHERED`].
    pub(super) fn write<'parcels>(
        &mut self,
        parcels: &'parcels [Arc<Parcel>],
    ) -> &'parcels [Arc<Parcel>] {
        let line = self.line.as_ref().filter(|_| self.is_free);
        let Some(line) = line else { return parcels };
        let mut frames = [IoSlice::new(&[]); GATHERED];
        for (frame, parcel) in frames.iter_mut().zip(parcels) {
            *frame = IoSlice::new(parcel.bytes());
        }
        // What cannot be written waits for the task, which finds out whether it ever can.
        let mut written = line.try_write(&frames[..parcels.len()]).unwrap_or_default();
        for (place, parcel) in parcels.iter().enumerate() {
            let length = parcel.bytes().len();
            if written < length {
                self.is_free = false;
                if written == 0 {
                    return &parcels[place..];
                }
                self.kept().begun = Some((Arc::clone(parcel), written));
                return &parcels[place + 1..];
            }
            written -= length;
        }
        &[]
    }

    pub(super) fn notify(&mut self, parcel: &Arc<Parcel>) {
        for parcel in self.write(std::slice::from_ref(parcel)) {
            let kept = self.kept();
            if kept.notices.len() >= NOTICES {
                return kept.order(Order::Close(CloseCode::SLOW));
            }
            kept.notices.push_back(Arc::clone(parcel));
        }
    }
}

impl Kept {
    /// What the task finds now.
    pub(super) fn take(
        &mut self,
        taker: Taker,
        mut take: impl FnMut(Arc<Parcel>) -> Appetite,
    ) -> Option<Mail> {
        if let Some(order) = self.order.take() {
            return Some(Mail::Order(order));
        }
        if !taker.is_joined || !taker.has_room {
            return None;
        }
        let mut taken = false;
        while let Some(parcel) = self.next() {
            taken = true;
            if take(parcel) == Appetite::Enough {
                break;
            }
        }
        if taken {
            return Some(Mail::Taken);
        }
        (taker.is_idle && !self.missed.is_empty()).then_some(Mail::Missed)
    }

    /// The person has left the room.
    pub(super) fn exit(&mut self, room: RoomId) {
        self.live.retain(|parcel| parcel.room() != Some(room));
        self.live_bytes = self.live.iter().map(|parcel| parcel.bytes().len()).sum();
        self.missed.retain(|missed| *missed != room);
        if let Some(left) = &mut self.left {
            left.push(room);
        }
    }

    fn next(&mut self) -> Option<Arc<Parcel>> {
        if let Some(notice) = self.notices.pop_front() {
            return Some(notice);
        }
        let parcel = self.live.pop_front()?;
        self.live_bytes -= parcel.bytes().len();
        if self.live.is_empty() {
            // A burst is over: a few places stay, so that the usual event allocates nothing.
            self.live.shrink_to(IDLE_PLACES);
        }
        Some(parcel)
    }

    fn is_empty(&self) -> bool {
        self.order.is_none()
            && self.begun.is_none()
            && self.notices.is_empty()
            && self.live.is_empty()
            && self.missed.is_empty()
    }

    pub(super) fn keep(&mut self, parcel: &Arc<Parcel>, bounds: Bounds) {
        let Some(room) = parcel.room() else { return };
        let bytes = self.live_bytes + parcel.bytes().len();
        if !self.missed.is_empty() {
            self.miss(room);
        } else if self.live.len() >= bounds.frames || bytes > bounds.bytes {
            self.drop_live();
            self.miss(room);
        } else {
            self.live_bytes = bytes;
            self.live.push_back(Arc::clone(parcel));
        }
    }

    pub(super) fn order(&mut self, order: Order) {
        if !matches!(self.order, Some(Order::Close(_))) {
            self.order = Some(order);
        }
    }

    fn drop_live(&mut self) {
        let live = std::mem::take(&mut self.live);
        self.live_bytes = 0;
        for room in live.iter().filter_map(|parcel| parcel.room()) {
            self.miss(room);
        }
    }

    fn miss(&mut self, room: RoomId) {
        if !self.missed.contains(&room) {
            self.missed.push(room);
        }
    }
}
