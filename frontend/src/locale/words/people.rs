//! The texts about people: accounts, links, roles, and who may come.

use std::str::Lines;

use crate::locale::texts::words;

words! {
    /// Accounts, invitations, roles.
    PeopleWords {
        // Signing in in other ways than with a name.
        with_password;
        with_name;
        password;
        password_hint;
        password_optional;
        account_lead;
        invite_only_lead;
        setup_title;
        setup_lead;
        invite_title;
        invite_lead;
        pass_title;
        pass_lead;
        go_on;
        come_in;

        // The account.
        sign_out_account;
        account;
        profile;
        color;
        color_number(number);
        status;
        status_hint;
        saved;
        make_account;
        make_account_lead;
        old_password;
        new_password;
        change_password;
        change_password_lead;
        sessions;
        unknown_program;
        this_device;
        active_now;
        last_used(when);
        sign_out_of(program);
        sign_out_others;
        on_phone;
        on_phone_lead;
        link;
        qr;
        could_not(why);

        // What owners and moderators arrange.
        order;
        door;
        door_guests;
        invites;
        invite_as;
        invite_days;
        days(n);
        invite_uses;
        uses(n);
        make_invite;
        invite_told;
        invite_line(uses, until, by);
        withdraw;
        people;
        find_person;
        more_people;
        role_of(name);
        shut_out;
        shut_out_person(name);
        let_in;
        let_in_person(name);
        gone;
        role_guest;
        role_member;
        role_moderator;
        role_owner;
    }
}
