//! What a person arranges about themselves: name, colour, status, password, sessions.

use std::net::IpAddr;

use shared::http::{Account, AccountChange};
use shared::limits;
use shared::problem::Problem;
use shared::text::Status;

use super::People;
use super::code::Code;
use super::password::Password;
use crate::engine::operations::arriving::Ticket;
use crate::engine::operations::profiles::ChangeProfile;
use crate::engine::operations::sessions::Which;
use crate::engine::session::{Identity, SessionId};
use crate::{clock, names};

impl People {
    /// Everything that somebody may know about themselves.
    pub async fn account(&self, me: &Identity) -> Result<Account, Problem> {
        let engine = self.rooms.engine();
        let mut account = engine.account(me.session, me.person.id).await?;
        let live = self.rooms.live_sessions(me.person.id);
        for session in &mut account.sessions {
            session.live = live
                .iter()
                .any(|one| u64::try_from(one.0) == Ok(session.id));
        }
        Ok(account)
    }

    /// Carries out what somebody changes about themselves: first the password, since it may be refused.
    pub async fn change(
        &self,
        me: &Identity,
        change: AccountChange,
        address: IpAddr,
    ) -> Result<(), Problem> {
        self.not_draining()?;
        let profile = profile(me, &change)?;
        if let Some(new) = &change.password {
            match self.rooms.engine().password(me.person.id).await? {
                // The name goes with it, so that an account is never made under a name that was refused.
                None => {
                    let name = change.name.as_deref();
                    self.settle(me.person.id, name, new, Ticket::None).await?;
                }
                Some(hash) => {
                    let old = change.old_password.as_deref().unwrap_or_default();
                    self.change_password(me, hash, old, new, address).await?;
                }
            }
        }
        if change.name.is_none() && change.color.is_none() && change.status.is_none() {
            return Ok(());
        }
        self.changes.count(me.person.id)?;
        self.rooms.engine().change_profile(profile).await?;
        self.rooms.tell_of(me.person.id).await;
        Ok(())
    }

    async fn change_password(
        &self,
        me: &Identity,
        hash: String,
        old: &str,
        new: &str,
        address: IpAddr,
    ) -> Result<(), Problem> {
        let new = Password::parse(new)?;
        let counted = self.tries.count(&me.person.id.to_string(), address)?;
        let old = Password::typed(old);
        if !self.passwords.is_right(old, Some(hash.clone())).await? {
            return Err(Problem::WrongPassword);
        }
        self.tries.forgive(counted);
        let new = self.passwords.hash(new).await?;
        let who = (me.person.id, me.session);
        let engine = self.rooms.engine();
        let ended = engine.change_password(who, (hash, new), clock::now());
        self.rooms.close_sessions(me.person.id, &ended.await?);
        Ok(())
    }

    /// Ends one session of a person, or all but the one that asks. Says whether there was such a one.
    pub async fn sign_out_elsewhere(
        &self,
        me: &Identity,
        session: Option<u64>,
    ) -> Result<bool, Problem> {
        let which = match session {
            Some(id) => Which::One(SessionId(i64::try_from(id).unwrap_or(i64::MAX))),
            None => Which::Others(me.session),
        };
        let engine = self.rooms.engine();
        let ended = engine.end_sessions(me.person.id, which, clock::now());
        let ended = ended.await?;
        self.rooms.close_sessions(me.person.id, &ended);
        Ok(!ended.is_empty())
    }

    /// A12: a code that signs the person in on another device.
    pub async fn make_pass(&self, me: &Identity) -> Result<Code, Problem> {
        let code = Code::draw();
        let engine = self.rooms.engine();
        engine
            .make_pass(me.person.id, code.hash(), clock::now())
            .await?;
        Ok(code)
    }
}

fn profile(me: &Identity, change: &AccountChange) -> Result<ChangeProfile, Problem> {
    let name = change.name.as_deref().map(names::parse).transpose();
    let status = match change.status.as_deref() {
        None => None,
        Some(text) if text.trim().is_empty() => Some(None),
        Some(text) => {
            let status = Status::parse(text).map_err(|problem| Problem::BadStatus { problem })?;
            Some(Some(status))
        }
    };
    let color = change.color;
    if color.is_some_and(|color| color >= limits::COLORS) {
        return Err(Problem::Malformed {
            detail: format!("there are {} colours", limits::COLORS),
        });
    }
    Ok(ChangeProfile {
        person: me.person.id,
        name: name.map_err(|problem| Problem::BadName { problem })?,
        color,
        status,
        at: clock::now(),
    })
}
