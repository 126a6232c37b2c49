//! The texts about what is wrong on the way to the server.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// The words of one language.
    DoctorWords {
        fell_back_blocked;
        fell_back_silent;
        check;
        check_again;
        hint;
        running(seconds);
        no_answer;
        well;
        well_again;
        faults;
        upgrade;
        idle(seconds, ping);
        buffered;
        body(size);
        forwarded;
        cookies;
        clock(seconds);
        lines;
    }
}
