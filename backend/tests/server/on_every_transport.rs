//! Repeats tests on the transports other than WebSocket.

/// The tests of this file that are run on every transport.
macro_rules! on_every_transport {
    ($($test:ident),+ $(,)?) => {
        on_every_transport!(@ events Events $($test),+);
        on_every_transport!(@ long_poll LongPoll $($test),+);
        on_every_transport!(@ poll Poll $($test),+);
    };
    (@ $name:ident $transport:ident $($test:ident),+) => {
        mod $name {
            use shared::transport::Transport;
            $(
                /// W2
                #[test]
                fn $test() {
                    crate::support::transports::on(Transport::$transport, super::$test);
                }
            )+
        }
    };
}
