//! A link that somebody has followed: its code stands behind the `#`, where no log sees it.

use wasm_bindgen::JsValue;

use crate::browser::window;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be the first owner.
    Setup,
    /// To come by invitation.
    Invite,
    /// To be the same person on this device.
    Pass,
}

impl Purpose {
    /// Its page, and its address below `/api/session`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Invite => "invite",
            Self::Pass => "pass",
        }
    }
}

/// A link that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// What proves it.
    pub code: String,
}

impl Link {
    /// The link in the address bar, which does not stay there: what works once must not be in the history.
    #[must_use]
    pub fn take() -> Option<Self> {
        let location = window().location();
        let link = Self::parse(&location.pathname().ok()?, &location.hash().ok()?)?;
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("/"));
        }
        Some(link)
    }

    fn parse(path: &str, hash: &str) -> Option<Self> {
        let all = [Purpose::Setup, Purpose::Invite, Purpose::Pass];
        let name = path.trim_matches('/');
        let purpose = all.into_iter().find(|purpose| purpose.name() == name)?;
        let code = hash.strip_prefix('#').filter(|code| !code.is_empty())?;
        Some(Self {
            purpose,
            code: code.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// A10, A12, A13
    #[wasm_bindgen_test]
    fn a_link_is_known_by_its_page_and_has_a_code() {
        let found = |path, hash| Link::parse(path, hash).map(|link| (link.purpose, link.code));
        assert_eq!(
            found("/setup", "#abc"),
            Some((Purpose::Setup, "abc".into()))
        );
        assert_eq!(
            found("/invite/", "#x-_"),
            Some((Purpose::Invite, "x-_".into()))
        );
        assert_eq!(found("/pass", "#1"), Some((Purpose::Pass, "1".into())));
        for (path, hash) in [
            ("/setup", ""),
            ("/setup", "#"),
            ("/", "#abc"),
            ("/r/pass", "#abc"),
        ] {
            assert_eq!(found(path, hash), None);
        }
    }
}
