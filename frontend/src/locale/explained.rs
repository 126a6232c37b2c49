//! What things of the protocol are called: for each kind of thing, which text it is.

use shared::people::Role;
use shared::problem::Problem;
use shared::protocol::Action;
use shared::session::connection::Ender;
use shared::text::TextProblem;

use crate::locale::words::inspector::InspectorWords;
use crate::locale::words::people::PeopleWords;
use crate::locale::words::{ProblemWords, Words};

impl Words {
    /// What is wrong with a name, as a sentence.
    #[must_use]
    pub fn name_problem(&self, problem: &Problem) -> String {
        match problem {
            Problem::BadName {
                problem: TextProblem::Blank,
            } => self.name_blank.to_owned(),
            problem => self.name_refused(&self.problem(problem)),
        }
    }

    /// The names as a list.
    #[must_use]
    pub fn list(&self, names: &[&str]) -> String {
        let mut names = names.iter();
        let first = names.next().copied().unwrap_or_default().to_owned();
        names.fold(first, |listed, name| self.listed(&listed, name))
    }

    /// What the person wanted to change.
    #[must_use]
    pub fn change(&self, action: &Action) -> &'static str {
        match action {
            Action::Message { .. } => self.change_message,
            Action::Edit { .. } => self.change_edit,
            Action::Delete { .. } => self.change_delete,
            Action::React { .. } => self.change_react,
            Action::Pin { .. } => self.change_pin,
            Action::Forward { .. } => self.change_forward,
            Action::Topic { .. } => self.change_topic,
            Action::Leave => self.change_leave,
            Action::Rename { .. } => self.change_rename,
            Action::Archive { on: true } => self.change_archive,
            Action::Archive { on: false } => self.change_unarchive,
            Action::Add { .. } => self.change_add,
            Action::Remove { .. } => self.change_remove,
            Action::Ban { on: true, .. } => self.change_ban,
            Action::Ban { on: false, .. } => self.change_unban,
            Action::Pace { .. } => self.change_pace,
        }
    }

    /// Why something was refused, as the end of a sentence.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        self.problems.of(problem)
    }
}

impl InspectorWords {
    /// Who ended a connection.
    #[must_use]
    pub fn ended_by(&self, by: Ender) -> &'static str {
        match by {
            Ender::Remote => self.ended_by_remote,
            Ender::Watchdog => self.ended_by_watchdog,
            Ender::Person => self.ended_by_person,
            Ender::Left => self.ended_for_another,
        }
    }

    /// What a close code means.
    #[must_use]
    pub fn close_meaning(&self, code: u16) -> &'static str {
        match code {
            1000 => self.close_1000,
            1001 => self.close_1001,
            1005 => self.close_1005,
            1006 => self.close_1006,
            1007 => self.close_1007,
            1009 => self.close_1009,
            1012 => self.close_1012,
            1013 => self.close_1013,
            4401 => self.close_4401,
            4403 => self.close_4403,
            4406 => self.close_4406,
            4408 => self.close_4408,
            4410 => self.close_4410,
            4429 => self.close_4429,
            _ => self.close_other,
        }
    }
}

impl PeopleWords {
    /// What a role is called.
    #[must_use]
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Guest => self.role_guest,
            Role::Member => self.role_member,
            Role::Moderator => self.role_moderator,
            Role::Owner => self.role_owner,
        }
    }
}

impl ProblemWords {
    fn of(&self, problem: &Problem) -> String {
        let n = |limit: &usize| limit.to_string();
        let text = match problem {
            Problem::TooManyPeople { limit } => return self.too_many_people(&n(limit)),
            Problem::TooManyReactions { limit } => return self.too_many_reactions(&n(limit)),
            Problem::TooManyInvites { limit } => return self.too_many_invites(&n(limit)),
            Problem::TooManyPins { limit } => return self.too_many_pins(&n(limit)),
            Problem::TooManyMentions { limit } => return self.too_many_mentions(&n(limit)),
            Problem::TooManyFiles { limit } => return self.too_many_files(&n(limit)),
            Problem::BadFileSize { limit } => {
                return self.bad_file_size(&(limit >> 20).to_string());
            }
            Problem::ImageTooLarge { limit } => {
                return self.image_too_large(&(limit / 1_000_000).to_string());
            }
            Problem::NoSuchFile => self.no_such_file,
            Problem::NoRoomForFiles | Problem::TooManyUploads { .. } => self.no_room_for_files,
            Problem::TooManyRooms { limit } => return self.too_many_rooms(&n(limit)),
            Problem::BadPassword { least, .. } => return self.bad_password(&n(least)),
            Problem::BadBody { problem }
            | Problem::BadName { problem }
            | Problem::BadTopic { problem }
            | Problem::BadEmoji { problem }
            | Problem::BadSearch { problem }
            | Problem::BadStatus { problem } => return self.of_text(*problem),
            Problem::Unauthenticated => self.unauthenticated,
            Problem::ForeignOrigin => self.foreign_origin,
            Problem::NoSuchRoom => self.no_such_room,
            Problem::Archived => self.archived,
            Problem::DirectRoom => self.direct_room,
            Problem::AlreadyIn => self.already_in,
            Problem::Banned => self.banned,
            Problem::ShutOut => self.shut_out,
            Problem::TooSoon { .. } => self.too_soon,
            Problem::NoSuchMessage => self.no_such_message,
            Problem::NotYours => self.not_yours,
            Problem::NameTaken => self.name_taken,
            Problem::WrongPassword => self.wrong_password,
            Problem::NoSuchLink => self.no_such_link,
            Problem::InviteNeeded => self.invite_needed,
            Problem::NotAllowed => self.not_allowed,
            Problem::NoSuchPerson => self.no_such_person,
            Problem::LastOwner => self.last_owner,
            Problem::ClientIdReused => self.client_id_reused,
            Problem::RateLimited { .. } => self.rate_limited,
            Problem::Overloaded { .. } => self.overloaded,
            Problem::StorageUnavailable { .. } => self.storage_unavailable,
            Problem::Draining => self.draining,
            Problem::VersionUnsupported { .. } => self.version_unsupported,
            other => return self.other(&other.to_string()),
        };
        text.to_owned()
    }

    fn of_text(&self, problem: TextProblem) -> String {
        match problem {
            TextProblem::Blank => self.blank.to_owned(),
            TextProblem::TooLong { length, limit } => {
                self.too_long(&length.to_string(), &limit.to_string())
            }
            TextProblem::Forbidden => self.forbidden.to_owned(),
        }
    }
}
