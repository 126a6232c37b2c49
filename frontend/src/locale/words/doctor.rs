//! The texts about what is wrong on the way to the server.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// The words of one language.
    DoctorWords {
        check;
        hint;
        running(seconds);
        no_answer;
        well;
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
