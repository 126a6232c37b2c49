//! What a client may not do, and the close code for each.

use shared::close::CloseCode;

/// The client broke the rules: the connection is to be closed with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The code for the close frame.
    pub code: CloseCode,
    /// What was wrong.
    pub reason: &'static str,
}

/// RFC 6455 section 7.4.1: the endpoint received what the protocol does not allow.
const PROTOCOL_ERROR: CloseCode = CloseCode(1002);

/// Breaks what RFC 6455 says in general.
pub(super) const fn forbidden(reason: &'static str) -> Violation {
    let code = PROTOCOL_ERROR;
    Violation { code, reason }
}

/// M7
pub(super) const NOT_UTF8: Violation = Violation {
    code: CloseCode::INVALID_PAYLOAD,
    reason: "text that is not UTF-8",
};

/// M7
pub(super) const TOO_BIG: Violation = Violation {
    code: CloseCode::TOO_BIG,
    reason: "the message is too big",
};

/// M7
pub(super) const TOO_MANY_FRAGMENTS: Violation = Violation {
    code: CloseCode::TOO_BIG,
    reason: "the message has too many fragments",
};
