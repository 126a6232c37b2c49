//! What the engine does for those who keep order, and for those against whom they do.

use shared::ids::{ClientId, PersonId, RoomId, Timestamp};
use shared::order::{DeedQuery, Deeds, RoomList, RoomMembers};
use shared::problem::Problem;

use super::Engine;
use super::operations::erasing::Erase;
use super::operations::order::{Arrange, Note};
use super::queries::order;
use super::session::TokenHash;
use super::writer::Receipt;

impl Engine {
    /// Notes that a person knows that they were taken out of a room.
    pub fn note(&self, person: PersonId, room: RoomId) -> Result<Receipt<()>, Problem> {
        self.writer.submit(Note { person, room })
    }

    /// Deletes a little more of what is to be deleted, and says whether there was anything. `client_id` names the first of
    /// the deletions, of which there are at most [`shared::limits::ERASE_STEP`].
    pub fn erase(&self, client_id: ClientId, at: Timestamp) -> Result<Receipt<bool>, Problem> {
        self.writer.submit(Erase { client_id, at })
    }

    /// Whether a session that is no more was that of somebody who is shut out.
    pub async fn is_shut_out(&self, token: TokenHash) -> Result<bool, Problem> {
        self.readers
            .ask(move |log| order::is_shut_out(log, &token))
            .await
    }

    /// Archives a room that an owner may know of, or takes that back.
    pub async fn arrange(
        &self,
        by: PersonId,
        client_id: ClientId,
        room: RoomId,
        archived: bool,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let arrange = Arrange {
            by,
            client_id,
            room,
            archived,
            at,
        };
        self.write(arrange).await
    }

    /// The public rooms, and the private ones that the reader is in.
    pub async fn rooms_listed(&self, reader: PersonId) -> Result<RoomList, Problem> {
        self.readers
            .ask(move |log| order::rooms_listed(log, reader))
            .await
    }

    /// Who is in one of those; none when it is not one of them.
    pub async fn room_members(
        &self,
        reader: PersonId,
        room: RoomId,
    ) -> Result<Option<RoomMembers>, Problem> {
        self.readers
            .ask(move |log| order::room_members(log, reader, room))
            .await
    }

    /// What was done to keep order, as far as an owner may know it.
    pub async fn deeds(&self, reader: PersonId, query: DeedQuery) -> Result<Deeds, Problem> {
        self.readers
            .ask(move |log| order::deeds(log, reader, query))
            .await
    }
}
