//! What owners and moderators arrange: invitations, roles, and who may come. Whether somebody may is decided where it is
//! written, in the same transaction; what is only read is decided here.

use shared::http::{Door, Invite, NewInvite, PeopleList, PersonChange};
use shared::ids::{PersonId, Timestamp};
use shared::limits;
use shared::people::Role;
use shared::problem::Problem;

use super::People;
use super::code::Code;
use crate::clock;
use crate::engine::operations::invites::MakeInvite;
use crate::engine::operations::profiles::ChangePerson;

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
        self.rooms.engine().withdraw(by, invite).await
    }

    /// Everybody whose name contains a text.
    pub async fn list(&self, by: PersonId, text: &str) -> Result<PeopleList, Problem> {
        self.demand(by, Role::Owner).await?;
        self.rooms.engine().people(text.to_owned()).await
    }

    /// Gives somebody another role, or shuts them out, which closes their sockets.
    pub async fn change_person(
        &self,
        by: PersonId,
        person: PersonId,
        change: PersonChange,
    ) -> Result<(), Problem> {
        let change = ChangePerson {
            by,
            person,
            role: change.role,
            gone: change.gone,
            at: clock::now(),
        };
        let ended = self.rooms.engine().change_person(change).await?;
        self.rooms.close_sessions(person, &ended);
        self.rooms.tell_of(person).await;
        Ok(())
    }

    /// Who may come.
    pub async fn door(&self) -> Result<Door, Problem> {
        let guests = self.rooms.engine().guests_may_come().await?;
        Ok(Door { guests })
    }

    /// Says who may come.
    pub async fn open_door(&self, by: PersonId, door: Door) -> Result<(), Problem> {
        self.rooms.engine().open_door(by, door.guests).await
    }

    async fn demand(&self, by: PersonId, least: Role) -> Result<Role, Problem> {
        let role = self.rooms.engine().role(by).await?;
        Some(role)
            .filter(|role| *role >= least)
            .ok_or(Problem::NotAllowed)
    }
}
