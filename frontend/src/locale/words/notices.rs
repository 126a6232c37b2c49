//! The texts about being told of things.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// The words of one language.
    NoticeWords {
        // Of what in a room.
        level;
        everything;
        mentions;
        nothing;
        level_hint;
        muted;

        // Not to be disturbed.
        quiet;
        quiet_hour;
        quiet_tomorrow;
        quiet_open;
        quiet_end;
        quiet_on;
        quiet_until(when);

        // On this device.
        device;
        alerts;
        alerts_unsupported;
        alerts_denied;
        sound;
        missed_title;
        missed(n, rooms);
        missed_in(n, room);

        // What others see.
        others_see;
        receipts;
        receipts_hint;
        seen;
        seen_by(names);

        // Who is here.
        online;
        away;
        offline;
    }
}
