//! What the engine does for people: coming, signing in and out, and what is known about them.

use shared::http::{Account, Invite, PeopleList};
use shared::ids::{PersonId, Timestamp};
use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::Person;

use super::Engine;
use super::operations::arriving::{Arrive, OfferSetup, Settle};
use super::operations::invites::{MakeInvite, MakePass, UsePass, Withdraw};
use super::operations::profiles::{ChangePerson, ChangeProfile, OpenDoor};
use super::operations::sessions::{
    ChangePassword, EndSessions, Ended, Opening, Revoke, SignInAgain, Used, Which,
};
use super::queries::people::{self, Credentials, Known, News};
use super::session::{SessionId, TokenHash};
use super::writer::Operation;
use crate::names::Likeness;

impl Engine {
    pub(super) async fn write<O: Operation>(&self, operation: O) -> Result<O::Output, Problem> {
        self.writer.submit(operation)?.wait().await
    }

    /// Makes a person and their session, and lets them join the lobby.
    pub async fn arrive(&self, arrival: Arrive) -> Result<(), Problem> {
        self.write(arrival).await
    }

    /// Makes an account of a guest, who stays the same person.
    pub async fn settle(&self, settling: Settle) -> Result<(), Problem> {
        self.write(settling).await
    }

    /// Lets this code make the owner, and no earlier one. Says whether there is none yet.
    pub async fn offer_setup(&self, code: TokenHash) -> Result<bool, Problem> {
        self.write(OfferSetup(code)).await
    }

    /// The account of this name, if there is one.
    pub async fn credentials(&self, like: Likeness) -> Result<Option<Credentials>, Problem> {
        self.readers
            .ask(move |log| people::credentials(log, &like))
            .await
    }

    /// The hash of a person's password, if they have one.
    pub async fn password(&self, person: PersonId) -> Result<Option<String>, Problem> {
        self.readers
            .ask(move |log| people::password(log, person))
            .await
    }

    /// Opens another session of somebody who has proved their password.
    pub async fn sign_in_again(
        &self,
        proved: Credentials,
        session: Opening,
        at: Timestamp,
    ) -> Result<Ended, Problem> {
        self.write(SignInAgain {
            person: proved.person.id,
            password: proved.password,
            session,
            at,
        })
        .await
    }

    /// Changes a password that was proved, and ends the other sessions.
    pub async fn change_password(
        &self,
        (person, keep): (PersonId, SessionId),
        (old, new): (String, String),
        at: Timestamp,
    ) -> Result<Ended, Problem> {
        self.write(ChangePassword {
            person,
            old,
            new,
            keep,
            at,
        })
        .await
    }

    /// Ends a session for ever. `None` when there was no such session.
    pub async fn revoke(
        &self,
        token: TokenHash,
        at: Timestamp,
    ) -> Result<Option<SessionId>, Problem> {
        self.write(Revoke { token, at }).await
    }

    /// Ends sessions of a person.
    pub async fn end_sessions(
        &self,
        person: PersonId,
        which: Which,
        at: Timestamp,
    ) -> Result<Ended, Problem> {
        self.write(EndSessions { person, which, at }).await
    }

    /// Notes that a session was used, without waiting for it.
    pub fn note_use(&self, session: SessionId, at: Timestamp) {
        let sessions = vec![session];
        let _ = self.writer.submit(Used { sessions, at });
    }

    /// Notes that sessions were used. What does not fit into the queue is not noted.
    pub async fn used(&self, sessions: Vec<SessionId>, at: Timestamp) {
        let _ = self.write(Used { sessions, at }).await;
    }

    /// Changes what a person says about themselves.
    pub async fn change_profile(&self, change: ChangeProfile) -> Result<(), Problem> {
        self.write(change).await
    }

    /// Changes what the owner says about a person.
    pub async fn change_person(&self, change: ChangePerson) -> Result<Ended, Problem> {
        self.write(change).await
    }

    /// What others have to be told about a person.
    pub async fn known(&self, person: PersonId) -> Result<Option<Known>, Problem> {
        self.readers
            .ask(move |log| people::known(log, person))
            .await
    }

    /// What has changed about people after a version, as far as the reader may know it.
    pub async fn news(&self, reader: PersonId, since: u64) -> Result<News, Problem> {
        self.readers
            .ask(move |log| people::news(log, reader, since))
            .await
    }

    /// Everything that a person may know about themselves.
    pub async fn account(&self, session: SessionId, person: PersonId) -> Result<Account, Problem> {
        self.readers
            .ask(move |log| people::account(log, session, person))
            .await
    }

    /// The role of a person.
    pub async fn role(&self, person: PersonId) -> Result<Role, Problem> {
        self.readers.ask(move |log| people::role(log, person)).await
    }

    /// People whose names contain a text.
    pub async fn people(&self, text: String) -> Result<PeopleList, Problem> {
        self.readers
            .ask(move |log| people::people(log, &text))
            .await
    }

    /// Makes an invitation.
    pub async fn invite(&self, invite: MakeInvite) -> Result<(), Problem> {
        self.write(invite).await
    }

    /// Withdraws an invitation.
    pub async fn withdraw(&self, by: PersonId, invite: u64, at: Timestamp) -> Result<(), Problem> {
        self.write(Withdraw { by, invite, at }).await
    }

    /// The invitations that work: all of them for an owner, else one's own.
    pub async fn invites(
        &self,
        by: PersonId,
        all: bool,
        now: Timestamp,
    ) -> Result<Vec<Invite>, Problem> {
        self.readers
            .ask(move |log| people::invites(log, by, all, now))
            .await
    }

    /// Makes the code with which a person signs in on another device.
    pub async fn make_pass(
        &self,
        person: PersonId,
        code: TokenHash,
        at: Timestamp,
    ) -> Result<(), Problem> {
        self.write(MakePass { person, code, at }).await
    }

    /// Signs in with such a code, which works once.
    pub async fn use_pass(
        &self,
        code: TokenHash,
        session: Opening,
        at: Timestamp,
    ) -> Result<(Person, Ended), Problem> {
        self.write(UsePass { code, session, at }).await
    }

    /// Whether one may come with a name only.
    pub async fn guests_may_come(&self) -> Result<bool, Problem> {
        self.readers.ask(people::guests_may_come).await
    }

    /// Says who may come.
    pub async fn open_door(
        &self,
        by: PersonId,
        guests: bool,
        at: Timestamp,
    ) -> Result<(), Problem> {
        self.write(OpenDoor { by, guests, at }).await
    }
}
