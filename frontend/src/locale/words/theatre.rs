//! The texts of the stage on which the transports are compared.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// The words of one language.
    TheatreWords {
        theatre;
        compare;
        lead;
        begin;
        end(seconds);
        copy;
        not_copied;
        way;
        requests;
        overhead;
        payload;
        middle;
        high;
        wakes;
        opening;
        broken;
        honest;
    }
}
