//! Coming in: as a guest, with a password, or with a link.

use std::net::IpAddr;

use shared::ids::PersonId;
use shared::problem::Problem;
use shared::protocol::Person;

use super::People;
use super::code::Code;
use super::password::Password;
use super::tries::network;
use crate::engine::operations::arriving::{Arrive, Settle, Ticket};
use crate::engine::operations::sessions::Opening;
use crate::names::{self, Likeness};
use crate::{clock, random};

/// Somebody who is in, with the token of their new session.
pub type Entered = (Person, Code);

/// Where somebody comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// The address.
    pub address: IpAddr,
    /// The program, as it calls itself.
    pub program: String,
}

impl People {
    /// A new person with a name, and with a password if they will have an account.
    pub async fn arrive(
        &self,
        name: &str,
        password: Option<&str>,
        ticket: Ticket,
        from: From,
    ) -> Result<Entered, Problem> {
        self.not_draining()?;
        let name = names::parse(name).map_err(|problem| Problem::BadName { problem })?;
        // O9: who comes from this machine itself runs it, or tries it out.
        if ticket == Ticket::None && !from.address.is_loopback() {
            self.guests.spend(network(from.address))?;
        }
        let password = match password {
            Some(typed) => Some(self.passwords.hash(Password::parse(typed)?).await?),
            None => None,
        };
        let id = random::person_id();
        let (person, token) = (Person { id, name }, Code::draw());
        let has_account = password.is_some();
        let arrival = Arrive {
            person: person.clone(),
            password,
            ticket,
            session: opening(&token, from),
            joined: random::client_id(),
            at: clock::now(),
        };
        self.rooms.engine().arrive(arrival).await?;
        if has_account {
            self.rooms.tell_of(id).await;
        }
        Ok((person, token))
    }

    /// A guest gets an account and stays the same person.
    pub async fn settle(
        &self,
        guest: PersonId,
        name: Option<&str>,
        password: &str,
        ticket: Ticket,
    ) -> Result<(), Problem> {
        self.not_draining()?;
        let name = name.map(names::parse).transpose();
        let name = name.map_err(|problem| Problem::BadName { problem })?;
        let password = self.passwords.hash(Password::parse(password)?).await?;
        let settling = Settle {
            person: guest,
            name,
            password,
            ticket,
            at: clock::now(),
        };
        self.rooms.engine().settle(settling).await?;
        self.rooms.tell_of(guest).await;
        Ok(())
    }

    /// A9: with name and password. That there is no such name has the same answer, after as long.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        from: From,
    ) -> Result<Entered, Problem> {
        self.not_draining()?;
        let like = match names::parse(name) {
            Ok(name) => Likeness::of(&name),
            // No one is called that. It is found out below, as slowly as of others.
            Err(_) => Likeness::of(""),
        };
        let counted = self.tries.count(&like.fold, from.address)?;
        let found = self.rooms.engine().credentials(like).await?;
        let hash = found.as_ref().map(|found| found.password.clone());
        let right = self.passwords.is_right(Password::typed(password), hash);
        let (Some(proved), true) = (found, right.await?) else {
            return Err(Problem::WrongPassword);
        };
        self.tries.forgive(counted);
        if proved.gone {
            return Err(Problem::ShutOut);
        }
        let (person, token) = (proved.person.clone(), Code::draw());
        let opening = opening(&token, from);
        let engine = self.rooms.engine();
        let ended = engine.sign_in_again(proved, opening, clock::now()).await?;
        self.rooms.close_sessions(person.id, &ended);
        Ok((person, token))
    }

    /// A12: with the link that the person has made on another device.
    pub async fn use_pass(&self, code: &str, from: From) -> Result<Entered, Problem> {
        self.not_draining()?;
        let (code, token) = (parse(code)?, Code::draw());
        let opening = opening(&token, from);
        let engine = self.rooms.engine();
        let (person, ended) = engine.use_pass(code.hash(), opening, clock::now()).await?;
        self.rooms.close_sessions(person.id, &ended);
        Ok((person, token))
    }

    /// A10: the code that makes the owner, if there is none yet. Earlier ones do not work any more.
    pub async fn offer_setup(&self) -> Result<Option<Code>, Problem> {
        let code = Code::draw();
        let unowned = self.rooms.engine().offer_setup(code.hash()).await?;
        Ok(unowned.then_some(code))
    }

    pub(super) fn not_draining(&self) -> Result<(), Problem> {
        match self.rooms.is_draining() {
            true => Err(Problem::Draining),
            false => Ok(()),
        }
    }
}

/// The ticket that a link stands for.
pub fn ticket(
    code: &str,
    kind: fn(crate::engine::session::TokenHash) -> Ticket,
) -> Result<Ticket, Problem> {
    parse(code).map(|code| kind(code.hash()))
}

fn parse(code: &str) -> Result<Code, Problem> {
    Code::parse(code).ok_or(Problem::NoSuchLink)
}

fn opening(token: &Code, from: From) -> Opening {
    Opening {
        token: token.hash(),
        program: from.program,
    }
}
