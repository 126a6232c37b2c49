//! What a link carries behind its `#`: 256 random bits, of which the server keeps only the hash.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::engine::session::TokenHash;
use crate::random;

/// A secret that is told once. It prints as it stands in a link; it has no other form that could end up in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; 32]);

impl Code {
    /// A new one.
    #[must_use]
    pub fn draw() -> Self {
        Self(random::bytes())
    }

    /// What somebody has shown, if it can be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As it goes into a cookie.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}
