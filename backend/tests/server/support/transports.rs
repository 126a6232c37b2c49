//! The same tests on each transport: what a client of the tests connects on.

use std::cell::Cell;

use shared::transport::Transport;

thread_local! {
    /// Each test has a thread of its own.
    static TRANSPORT: Cell<Transport> = const { Cell::new(Transport::WebSocket) };
}

/// On what the clients of this test connect.
pub(crate) fn current() -> Transport {
    TRANSPORT.get()
}

/// Runs a test on another transport.
pub(crate) fn on(transport: Transport, test: fn()) {
    TRANSPORT.set(transport);
    test();
}
