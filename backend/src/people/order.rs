//! What owners and moderators arrange: invitations, roles, and who may come. Whether somebody may is decided where it is
//! written, in the same transaction; what is only read is decided here.

use shared::http::{Door, Invite, NewInvite, PeopleList, PersonChange};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::limits;
use shared::order::{DeedQuery, Deeds, EffectiveLimits, RoomChange, RoomList, RoomMembers};
use shared::people::Role;
use shared::problem::Problem;

use super::People;
use super::code::Code;
use crate::engine::operations::invites::MakeInvite;
use crate::engine::operations::profiles::ChangePerson;
use crate::{clock, random};

/// Milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000;

impl People {
    /// Makes an invitation.
    pub async fn invite(&self, by: PersonId, invite: NewInvite) -> Result<Code, Problem> {
        let NewInvite { role, days, uses } = invite;
        if !(1..=limits::INVITE_DAYS).contains(&days) || !(1..=limits::INVITE_USES).contains(&uses)
        {
            return Err(Problem::Malformed {
                detail: format!(
                    "an invitation works for 1 to {} days and lets in 1 to {} people",
                    limits::INVITE_DAYS,
                    limits::INVITE_USES
                ),
            });
        }
        self.demand(by, Role::Moderator).await?;
        self.invites.spend(by)?;
        let (code, at) = (Code::draw(), clock::now());
        let invite = MakeInvite {
            by,
            code: code.hash(),
            role,
            uses,
            until: Timestamp(at.0 + u64::from(days) * DAY),
            at,
        };
        self.rooms.engine().invite(invite).await?;
        Ok(code)
    }

    /// The invitations that work: an owner sees all, a moderator their own.
    pub async fn invites(&self, by: PersonId) -> Result<Vec<Invite>, Problem> {
        let role = self.demand(by, Role::Moderator).await?;
        let engine = self.rooms.engine();
        engine.invites(by, role == Role::Owner, clock::now()).await
    }

    /// Withdraws an invitation.
    pub async fn withdraw(&self, by: PersonId, invite: u64) -> Result<(), Problem> {
        let at = clock::now();
        self.rooms.engine().withdraw(by, invite, at).await
    }

    /// Everybody whose name contains a text. A moderator sees them too, because they may have to shut somebody out.
    pub async fn list(&self, by: PersonId, text: &str) -> Result<PeopleList, Problem> {
        self.demand(by, Role::Moderator).await?;
        self.rooms.engine().people(text.to_owned()).await
    }

    /// Gives somebody another role, or shuts them out, which closes their sockets.
    pub async fn change_person(
        &self,
        by: PersonId,
        person: PersonId,
        change: PersonChange,
    ) -> Result<(), Problem> {
        let erases = change.erase;
        let change = ChangePerson {
            by,
            person,
            role: change.role,
            gone: change.gone,
            erase: change.erase,
            at: clock::now(),
        };
        let ended = self.rooms.engine().change_person(change).await?;
        self.rooms.shut_out(person, &ended);
        if erases {
            self.rooms.go_on_erasing();
        }
        self.rooms.tell_of(person).await;
        Ok(())
    }

    /// The rooms that an owner may know of.
    pub async fn rooms_listed(&self, by: PersonId) -> Result<RoomList, Problem> {
        self.demand(by, Role::Owner).await?;
        self.rooms.engine().rooms_listed(by).await
    }

    /// Who is in one of them.
    pub async fn room_members(&self, by: PersonId, room: RoomId) -> Result<RoomMembers, Problem> {
        self.demand(by, Role::Owner).await?;
        let found = self.rooms.engine().room_members(by, room).await?;
        found.ok_or(Problem::NoSuchRoom)
    }

    /// Archives one of them, or takes that back.
    pub async fn arrange(
        &self,
        by: PersonId,
        room: RoomId,
        change: RoomChange,
    ) -> Result<(), Problem> {
        self.not_draining()?;
        let (client_id, at) = (random::client_id(), clock::now());
        let engine = self.rooms.engine();
        engine
            .arrange(by, client_id, room, change.archived, at)
            .await
    }

    /// What holds on this server.
    pub async fn limits(&self, by: PersonId) -> Result<EffectiveLimits, Problem> {
        self.demand(by, Role::Owner).await?;
        let rooms = self.rooms.limits();
        Ok(EffectiveLimits {
            sends_per_second: rooms.sends.number,
            send_burst: rooms.sends.burst,
            rooms_per_hour: rooms.creates.number,
            invites_per_hour: self.invites.rate().number,
            searches_per_second: rooms.searches.number,
            guests_per_hour: self.guests.rate().number,
            sockets: rooms.sockets_per_person,
            rooms: limits::ROOMS_PER_PERSON,
            body_bytes: limits::BODY_BYTES,
            deeds: limits::DEEDS,
        })
    }

    /// What was done to keep order, for owners.
    pub async fn deeds(&self, by: PersonId, query: DeedQuery) -> Result<Deeds, Problem> {
        self.demand(by, Role::Owner).await?;
        self.rooms.engine().deeds(by, query).await
    }

    /// Who may come.
    pub async fn door(&self) -> Result<Door, Problem> {
        let guests = self.rooms.engine().guests_may_come().await?;
        Ok(Door { guests })
    }

    /// Says who may come.
    pub async fn open_door(&self, by: PersonId, door: Door) -> Result<(), Problem> {
        let at = clock::now();
        self.rooms.engine().open_door(by, door.guests, at).await
    }

    async fn demand(&self, by: PersonId, least: Role) -> Result<Role, Problem> {
        let role = self.rooms.engine().role(by).await?;
        Some(role)
            .filter(|role| *role >= least)
            .ok_or(Problem::NotAllowed)
    }
}
