//! Files on their way to the server. The shell brings them, one after the other; the messages that carry them wait.

use crate::ids::{ClientId, FileId};
use crate::problem::Problem;
use crate::session::Session;
use crate::session::io::Output;
use crate::session::outbox::Draft;

impl Session {
    /// The file that this tab has to bring to the server now, and the message that carries it; none while there is no
    /// connection, or when another tab sends.
    #[must_use]
    pub fn next_upload(&self) -> Option<(&Draft, FileId)> {
        if self.sending && self.link.record.is_live() {
            return self.outbox.next_upload();
        }
        None
    }

    pub(super) fn uploaded(&mut self, file: FileId) {
        let carry = self.outbox.entries().iter();
        let carry = carry.filter(|entry| entry.files.contains(&file));
        let rooms: Vec<_> = carry.map(|entry| entry.draft.room).collect();
        self.outbox.uploaded(file);
        for room in rooms {
            self.revise_room(room);
        }
    }

    pub(super) fn not_uploaded(&mut self, client_id: ClientId, problem: Problem) {
        let now = self.now.ticks;
        if self.outbox.not_uploaded(client_id, problem.clone(), now) {
            self.outputs
                .push_back(Output::Failed { client_id, problem });
        }
        self.revise_outbox(client_id);
    }
}
