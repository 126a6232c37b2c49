//! What is known about people, and where they are signed in.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::http::{Account, Invite, PeopleList, SignedInWhere};
use shared::ids::{PersonId, RoomId, Timestamp};
use shared::limits;
use shared::people::{Profile, Role};
use shared::protocol::{Choices, Person};

use crate::engine::rows;
use crate::engine::session::SessionId;
use crate::names::Likeness;

/// What has to be proved to be somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who.
    pub person: Person,
    /// The hash of their password.
    pub password: String,
    /// Whether they are shut out, which is told to nobody else.
    pub gone: bool,
}

/// What others have to be told about a person, and in which rooms they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub profile: Profile,
    /// Where they are known.
    pub rooms: Vec<RoomId>,
}

/// What somebody who comes back has to be told about people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Who they are themselves, as they are called now.
    pub me: Person,
    /// The newest version.
    pub version: u64,
    /// Who has changed, the newest changes first, as many as fit.
    pub people: Vec<Profile>,
    /// What they have chosen.
    pub choices: Choices,
}

const PROFILE: &str =
    "SELECT id, name, role, color, status, gone_at IS NOT NULL, version FROM people";

fn profile(row: &Row<'_>) -> rusqlite::Result<Profile> {
    let Person { id, name } = rows::person(row, 0, 1)?;
    Ok(Profile {
        id,
        name,
        role: rows::role(row, 2)?,
        color: row.get(3)?,
        status: rows::status(row, 4)?,
        gone: row.get(5)?,
        version: rows::unsigned(row.get(6)?),
    })
}

/// The account of this name, if there is one.
pub(in crate::engine) fn credentials(
    log: &mut Connection,
    like: &Likeness,
) -> rusqlite::Result<Option<Credentials>> {
    log.prepare_cached(
        "SELECT id, name, password, gone_at IS NOT NULL FROM people WHERE fold = ?1 AND password > ''",
    )?
    .query_row([&like.fold], |row| {
        Ok(Credentials {
            person: rows::person(row, 0, 1)?,
            password: row.get(2)?,
            gone: row.get(3)?,
        })
    })
    .optional()
}

/// The password of a person, if they have one.
pub(in crate::engine) fn password(
    log: &mut Connection,
    person: PersonId,
) -> rusqlite::Result<Option<String>> {
    log.prepare_cached("SELECT password FROM people WHERE id = ?1")?
        .query_row([rows::signed(person.0)], |row| row.get(0))
}

pub(in crate::engine) fn known(
    log: &mut Connection,
    person: PersonId,
) -> rusqlite::Result<Option<Known>> {
    let log = log.transaction()?;
    let person = rows::signed(person.0);
    let found = log
        .prepare_cached(&format!("{PROFILE} WHERE id = ?1"))?
        .query_row([person], profile)
        .optional()?;
    let Some(profile) = found else {
        return Ok(None);
    };
    let rooms = log
        .prepare_cached("SELECT room FROM members WHERE person = ?1")?
        .query_map([person], |row| rows::room_id(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(Known { profile, rooms }))
}

/// What has changed after `since` about those who share a room with the reader, and about the reader.
pub(in crate::engine) fn news(
    log: &mut Connection,
    reader: PersonId,
    since: u64,
) -> rusqlite::Result<News> {
    let log = log.transaction()?;
    let version = log
        .prepare_cached("SELECT version FROM door")?
        .query_row([], |row| row.get(0).map(rows::unsigned))?;
    let person = rows::signed(reader.0);
    let (me, choices) = log
        .prepare_cached("SELECT id, name, quiet_until, no_receipts FROM people WHERE id = ?1")?
        .query_row([person], |row| {
            let quiet: Option<i64> = row.get(2)?;
            let quiet = quiet.map(|until| Timestamp(rows::unsigned(until)));
            let choices = Choices {
                quiet,
                no_receipts: row.get(3)?,
            };
            Ok((rows::person(row, 0, 1)?, choices))
        })?;
    if since >= version {
        let people = Vec::new();
        return Ok(News {
            me,
            version,
            people,
            choices,
        });
    }
    let people = log
        .prepare_cached(&format!(
            "{PROFILE} WHERE version > ?2 AND (id = ?1 OR EXISTS (
                SELECT 1 FROM members AS mine WHERE mine.person = ?1 AND EXISTS (
                    SELECT 1 FROM members WHERE person = people.id AND room = mine.room
                )
             )) ORDER BY version DESC LIMIT ?3"
        ))?
        .query_map(
            params![
                person,
                rows::signed(since),
                rows::signed(limits::PROFILES as u64)
            ],
            profile,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(News {
        me,
        version,
        people,
        choices,
    })
}

/// Everything that a person may know about themselves. Which sessions are live is not known here.
pub(in crate::engine) fn account(
    log: &mut Connection,
    session: SessionId,
    person: PersonId,
) -> rusqlite::Result<Account> {
    let log = log.transaction()?;
    let person = rows::signed(person.0);
    let (profile, has_password) = log
        .prepare_cached(
            "SELECT id, name, role, color, status, gone_at IS NOT NULL, version, password IS NOT NULL
             FROM people WHERE id = ?1",
        )?
        .query_row([person], |row| Ok((profile(row)?, row.get(7)?)))?;
    let sessions = log
        .prepare_cached(
            "SELECT id, created_at, used_at, program FROM sessions
             WHERE person = ?1 AND revoked_at IS NULL
             ORDER BY id = ?2 DESC, used_at DESC, id DESC LIMIT ?3",
        )?
        .query_map(
            params![
                person,
                session.0,
                rows::signed(limits::SESSIONS_PER_PERSON as u64)
            ],
            |row| {
                let id = row.get(0)?;
                Ok(SignedInWhere {
                    id: rows::unsigned(id),
                    since: Timestamp(rows::unsigned(row.get(1)?)),
                    used: Timestamp(rows::unsigned(row.get(2)?)),
                    program: row.get(3)?,
                    this: id == session.0,
                    live: false,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Account {
        profile,
        has_password,
        sessions,
    })
}

/// The role of a person who is not shut out.
pub(in crate::engine) fn role(log: &mut Connection, person: PersonId) -> rusqlite::Result<Role> {
    let role = log
        .prepare_cached("SELECT role FROM people WHERE id = ?1 AND gone_at IS NULL")?
        .query_row([rows::signed(person.0)], |row| rows::role(row, 0))
        .optional()?;
    Ok(role.unwrap_or_default())
}

/// Those whose names begin with or contain a text, accounts first.
pub(in crate::engine) fn people(log: &mut Connection, text: &str) -> rusqlite::Result<PeopleList> {
    let most = limits::PEOPLE_LISTED;
    let mut people: Vec<Profile> = log
        .prepare_cached(&format!(
            "{PROFILE} WHERE password IS NOT '' AND instr(lower(name), lower(?1)) > 0
             ORDER BY password IS NULL, fold, id LIMIT ?2"
        ))?
        .query_map(params![text, rows::signed(most as u64 + 1)], profile)?
        .collect::<rusqlite::Result<_>>()?;
    let more = people.len() > most;
    people.truncate(most);
    Ok(PeopleList { people, more })
}

/// The invitations that work: all of them for an owner, else one's own.
pub(in crate::engine) fn invites(
    log: &mut Connection,
    by: PersonId,
    all: bool,
    now: Timestamp,
) -> rusqlite::Result<Vec<Invite>> {
    log.prepare_cached(
        "SELECT invites.id, invites.role, people.id, people.name, expires_at, uses
         FROM invites JOIN people ON people.id = invites.made_by
         WHERE expires_at > ?1 AND (?2 OR made_by = ?3) ORDER BY expires_at, invites.id",
    )?
    .query_map(
        params![rows::signed(now.0), all, rows::signed(by.0)],
        |row| {
            Ok(Invite {
                id: rows::unsigned(row.get(0)?),
                role: rows::role(row, 1)?,
                by: rows::person(row, 2, 3)?,
                until: Timestamp(rows::unsigned(row.get(4)?)),
                uses: row.get(5)?,
            })
        },
    )?
    .collect()
}

/// Whether one may come with a name only.
pub(in crate::engine) fn guests_may_come(log: &mut Connection) -> rusqlite::Result<bool> {
    log.prepare_cached("SELECT guests FROM door")?
        .query_row([], |row| row.get(0))
}
