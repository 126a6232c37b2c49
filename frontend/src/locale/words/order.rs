//! The texts about keeping order: taking out, banning, slow rooms, and what was done.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// The words of one language.
    OrderWords {
        // To the one against whom it was done.
        taken_out(who, room);
        banned(who, room);
        taken_out_here(who);
        banned_here(who);
        shut_out_title;
        shut_out_lead;

        // In a room.
        person_banned(who, whom);
        person_unbanned(who, whom);
        paced(who, every);
        unpaced(who);
        deleted_by(who);
        delete_explained;

        // Taking somebody out.
        take_out;
        take_out_title(whom);
        take_out_public;
        take_out_private;
        ban;
        erase_here;
        banned_people;
        unban;
        unban_person(whom);

        // Slow rooms.
        slow;
        slow_hint;
        slow_off;
        slow_here(every);
        slow_wait(seconds);
        seconds(n);
        minutes(n);
        hours(n);

        // The owner's page.
        shut_out_explained;
        erase_everywhere;
        deeds;
        deeds_hint(limit);
        deeds_of(who);
        all_deeds;
        no_deeds;
        earlier_deeds;
        some_room;
        deed_role(by, whom, detail);
        deed_shut_out(by, whom);
        deed_let_in(by, whom);
        deed_erased(by, whom);
        deed_invited(by, detail);
        deed_withdrew(by);
        deed_door_guests(by);
        deed_door_invited(by);
        deed_taken_out(by, whom, room);
        deed_banned(by, whom, room);
        deed_unbanned(by, whom, room);
        deed_deleted(by, whom, room);
        deed_renamed(by, room);
        deed_renamed_to(by, detail);
        deed_archived(by, room);
        deed_unarchived(by, room);
        deed_paced(by, room, detail);
        deed_unpaced(by, room);
        deed_other(by, kind);
        archive;
        archive_named(room);
        unarchive_named(room);
        limits;
        limits_hint;
        limit_sends;
        limit_rate(rate, burst);
        limit_body;
        limit_searches;
        limit_rooms_made;
        limit_invites;
        limit_guests;
        limit_rooms;
        limit_sockets;
        a_second(n);
        an_hour(n);
    }
}
