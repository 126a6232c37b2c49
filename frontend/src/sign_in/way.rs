//! The ways to come in, and what each of them needs and says.

use wasm_bindgen::JsValue;

use crate::api::json;
use crate::link::{Link, Purpose};
use crate::locale::words::Words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// As a guest.
    Name,
    /// With an account; or the door is closed to guests.
    Password,
    /// With a link.
    Link(Link),
}

impl Way {
    pub(super) fn of(link: Option<&Link>, with_password: bool, open: bool) -> Self {
        match link {
            Some(link) => Self::Link(link.clone()),
            None if with_password || !open => Self::Password,
            None => Self::Name,
        }
    }

    /// Whether there is another way beside it.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self, Self::Link(_))
    }

    fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::Link(link) => Some(link.purpose),
            _ => None,
        }
    }

    pub(super) fn has_name(&self) -> bool {
        self.purpose() != Some(Purpose::Pass)
    }

    pub(super) fn has_password(&self) -> bool {
        *self != Self::Name && self.has_name()
    }

    pub(super) fn title(&self, words: &Words) -> &'static str {
        match self.purpose() {
            None => words.sign_in_title,
            Some(Purpose::Setup) => words.people.setup_title,
            Some(Purpose::Invite) => words.people.invite_title,
            Some(Purpose::Pass) => words.people.pass_title,
        }
    }

    pub(super) fn lead(&self, words: &Words, open: bool) -> &'static str {
        match (self, self.purpose()) {
            (_, Some(Purpose::Setup)) => words.people.setup_lead,
            (_, Some(Purpose::Invite)) => words.people.invite_lead,
            (_, Some(Purpose::Pass)) => words.people.pass_lead,
            (Self::Name, _) => words.sign_in_lead,
            _ if open => words.people.account_lead,
            _ => words.people.invite_only_lead,
        }
    }

    pub(super) fn password_hint(&self, words: &Words) -> &'static str {
        match self.purpose() {
            Some(Purpose::Setup) => words.people.password_hint,
            Some(Purpose::Invite) => words.people.password_optional,
            _ => "",
        }
    }

    pub(super) fn button(&self, words: &Words) -> &'static str {
        match self.purpose() {
            Some(Purpose::Pass) => words.people.go_on,
            Some(_) => words.people.come_in,
            None => words.sign_in,
        }
    }

    /// What is shown to the server, and to which of its addresses.
    pub(super) fn shown(&self, name: &str, password: &str) -> (String, Option<&'static str>) {
        let must = *self == Self::Password || self.purpose() == Some(Purpose::Setup);
        let mut fields = vec![("name", JsValue::from_str(name))];
        if must || self.has_password() && !password.is_empty() {
            fields.push(("password", JsValue::from_str(password)));
        }
        if let Self::Link(link) = self {
            fields.push(("code", JsValue::from_str(&link.code)));
        }
        (json::object(&fields), self.purpose().map(Purpose::name))
    }
}
