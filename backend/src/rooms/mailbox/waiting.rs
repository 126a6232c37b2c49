//! What waits in a mailbox, behind its lock.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::Arc;
use std::task::Waker;

use shared::close::CloseCode;
use shared::ids::RoomId;
use shared::limits;

use super::{Bounds, Order};
use crate::rooms::line::Line;
use crate::rooms::parcel::Parcel;

/// Places that an empty queue keeps.
const IDLE_PLACES: usize = 8;

/// Frames written past the task in one call.
pub(super) const GATHERED: usize = 16;

/// Notices that may wait: more than a person has rooms, and each can be joined and left. Beyond that the connection is
/// closed as too slow; the next welcome is complete.
pub(super) const NOTICES: usize = 2 * limits::ROOMS_PER_PERSON + limits::CURSORS;

#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) order: Option<Order>,
    pub(super) notices: VecDeque<Arc<Parcel>>,
    pub(super) live: VecDeque<Arc<Parcel>>,
    pub(super) live_bytes: usize,
    /// Rooms of which live events were dropped. While there are any, further live events are dropped too.
    pub(super) missed: Vec<RoomId>,
    /// Rooms that the person has left since `hello`. None once the connection hears its rooms: then it stops hearing
    /// one at once, and there is nothing to remember.
    pub(super) left: Option<Vec<RoomId>>,
    pub(super) reader: Option<Waker>,
    pub(super) line: Option<Arc<dyn Line>>,
    /// The task does nothing, and all that it had is written.
    pub(super) is_free: bool,
    /// What was written past the task in part, and how much of it: nothing may come before the rest.
    pub(super) begun: Option<Box<(Arc<Parcel>, usize)>>,
}

impl Waiting {
    pub(super) fn next(&mut self) -> Option<Arc<Parcel>> {
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

    /// Whether the task has nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_none()
            && self.begun.is_none()
            && self.notices.is_empty()
            && self.live.is_empty()
            && self.missed.is_empty()
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
                self.begun = Some(Box::new((Arc::clone(parcel), written)));
                return &parcels[place + 1..];
            }
            written -= length;
        }
        &[]
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

    pub(super) fn notify(&mut self, parcel: &Arc<Parcel>) {
        for parcel in self.write(std::slice::from_ref(parcel)) {
            if self.notices.len() >= NOTICES {
                return self.order(Order::Close(CloseCode::SLOW));
            }
            self.notices.push_back(Arc::clone(parcel));
        }
    }

    pub(super) fn order(&mut self, order: Order) {
        if !matches!(self.order, Some(Order::Close(_))) {
            self.order = Some(order);
        }
    }

    pub(super) fn drop_live(&mut self) {
        let live = std::mem::take(&mut self.live);
        self.live_bytes = 0;
        for room in live.iter().filter_map(|parcel| parcel.room()) {
            self.miss(room);
        }
    }

    pub(super) fn miss(&mut self, room: RoomId) {
        if !self.missed.contains(&room) {
            self.missed.push(room);
        }
    }
}
