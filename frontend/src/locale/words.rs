//! Every text of the app, by name. What is said with a name is in `locale/en.txt` and `locale/zh-CN.txt`, in this order.
//!
//! A text with something in it is a method of that. Numbers arrive as text, written by [`crate::locale::format::Format`].

pub mod doctor;
pub mod inspector;
pub mod notices;
pub mod order;
pub mod people;
pub mod theatre;

use std::str::Lines;

use crate::locale::texts::words;
use crate::locale::words::notices::NoticeWords;
use crate::locale::words::order::OrderWords;
use crate::locale::words::people::PeopleWords;

words! {
    /// The words of one language.
    Words {
        // While it is not known who this is, and when that cannot be found out.
        starting;
        server_unreachable;
        retry;
        close;
        cancel;

        // What is fetched when it is wanted for the first time.
        part_loading;
        part_failed;

        // Signing in.
        sign_in_title;
        sign_in_lead;
        continue_as;
        your_name;
        name_hint;
        name_blank;
        name_refused(why);
        sign_in;
        signing_in;
        sign_in_unreachable;
        session_over;
        kept_messages(n);
        discard_kept;

        // Rooms.
        rooms;
        new_room;
        browse_rooms;
        no_rooms;
        room_name;
        room_name_hint;
        create;
        creating;
        when_connected;
        find_room;
        no_room_found;
        loading_rooms;
        more_rooms;
        members(n);
        go_to;
        go_to_hint;
        nothing_found;
        rooms_only_offline;
        write_first;
        is_archived;
        directs;
        no_directs;
        new_direct;
        direct_hint;
        direct_full(limit);
        start_direct;
        choose;
        take_off(who);
        find_people;
        more_people;
        nobody_found;
        who_finds_it;
        found_by_all;
        only_members;
        private_hint;
        archived_rooms;
        archive_room;
        archive_explained;
        archived_explained;
        take_back;
        add;
        add_people;
        add_explained;
        take_out(who);
        people_here;
        loading_members;
        members_first(n);
        you;
        join;
        open;
        unread(n);
        names_you;
        about_room;
        topic;
        topic_hint;
        topic_refused(why);
        save;
        leave_room;
        leave_explained(room);
        leave_private_explained(room);
        leave;
        back_to_rooms;
        choose_room;
        choose_room_hint;
        not_in_room;
        not_in_room_hint;

        // The timeline.
        timeline_of(room);
        today;
        yesterday;
        room_created(who);
        person_joined(who);
        people_joined(first, last);
        people_joined_more(first, n);
        person_left(who);
        person_added(who, whom);
        you_added(who);
        person_removed(who, whom);
        room_renamed(who, name);
        room_archived(who);
        room_taken_back(who);
        topic_set(who, topic);
        topic_removed(who);
        message_deleted;
        edited;
        edited_at(when);
        message_tools;
        react_with(emoji);
        react_with_any;
        reacted(emoji, names);
        listed(first, last);
        edit;
        reply;
        more_actions;
        copy_text;
        copy_link;
        forward;
        forward_title;
        nowhere_to_forward;
        forwarding;
        forwarded_from(who);
        pin;
        unpin;
        pinned;
        search;
        search_messages;
        search_hint;
        searching;
        no_message_found;
        found(n);
        found_more(n);
        search_older;
        pins;
        no_pins;
        pinned_by(who);
        person_pinned(who);
        show_message;
        answers(who, text);
        earlier_message;
        edit_history;
        journey;
        older_versions;
        who_reacted;
        delete;
        delete_title;
        delete_explained;
        not_understood(who);
        beginning(room);
        beginning_with(names);
        loading_messages;
        messages_when_connected;
        load_older;
        gap(n);
        load_gap;
        new_messages;
        mark_unread;
        one_types(who);
        two_type(who, other);
        several_type;
        to_date;
        to_present;
        to_present_new(n);
        said(who, body);
        several_new(n);
        opens_new_tab;
        code_block(language);
        copy_code;
        copied;

        // How far an own message has come.
        queued;
        queued_offline;
        sending;
        stored;
        not_sent;
        waiting(why);
        failed(why);
        discard;
        message_actions;

        // The composer.
        write_to(room);
        send;
        composer_hint;
        bytes_used(used, limit);
        body_too_long(over);
        body_forbidden;
        outbox_full(limit);
        editing;
        editing_keys;
        completion;
        offered(n);

        // Files.
        attach;
        files;
        remove_file(name);
        files_left_out(n, limit);
        drop_here(room);
        uploading;
        download;
        image_of(n, all);
        previous_image;
        next_image;

        // Emoji.
        pick_emoji;
        find_emoji;
        emoji_loading;
        emoji_failed;
        no_emoji_found;
        emoji_found;
        emoji_used;
        emoji_groups_label;
        emoji_groups;
        skin_tone;
        skin_tones;
        answering(who);
        answer_nothing;
        everyone;

        // The connection, in a word or two.
        live;
        live_by(way);
        catching_up(behind);
        connecting;
        reconnecting;
        in_seconds(seconds);
        reconnecting_in(seconds);
        next_try_in(seconds);
        offline;
        offline_waiting(n);
        signed_out;
        outdated;

        // The banner.
        banner_connecting;
        banner_unreachable;
        banner_lost;
        banner_reconnecting;
        banner_offline;
        banner_waiting(n);
        banner_outdated;
        try_now;
        reload;
        weather_on;
        weather_end;
        not_kept;
        dismiss;
        refused_join(why);
        refused_direct(why);
        refused_read(why);
        refused_list(why);
        change_message;
        change_edit;
        change_delete;
        change_react;
        change_pin;
        change_forward;
        change_topic;
        change_leave;
        change_rename;
        change_archive;
        change_unarchive;
        change_add;
        change_remove;
        change_ban;
        change_unban;
        change_pace;
        change_failed(change, why);
        changes_full(limit);

        // The connection panel.
        connection;
        transport_events;
        transport_long_poll;
        transport_poll;


        // Settings.
        settings;
        theme;
        theme_system;
        theme_light;
        theme_dark;
        language;
        language_auto;
        another_name;
        sign_out;
        sign_out_title;
        sign_out_loses(n);
        sign_out_guest;
        sign_out_failed;
        settings_not_kept;
        density;
        density_wide;
        density_compact;
        new_version;
        keys;
        key_switch;
        key_room_above;
        key_room_below;
        key_unread_above;
        key_unread_below;
        key_close;
        key_read_all;
        key_send;
        key_line;
        key_edit;

        // When the program itself failed.
        crashed;
    }
    /// Accounts, invitations, roles.
    people: PeopleWords,
    /// Being told of things.
    notices: NoticeWords,
    /// Keeping order.
    order: OrderWords,
    /// What was wrong with a request.
    problems: ProblemWords,
}

words! {
    /// What was wrong with a request: the end of a sentence.
    ProblemWords {
        unauthenticated;
        foreign_origin;
        no_such_room;
        archived;
        direct_room;
        already_in;
        banned;
        shut_out;
        too_soon;
        too_many_people(limit);
        no_such_message;
        not_yours;
        too_many_reactions(limit);
        name_taken;
        wrong_password;
        bad_password(limit);
        no_such_link;
        invite_needed;
        not_allowed;
        no_such_person;
        last_owner;
        too_many_invites(limit);
        too_many_pins(limit);
        too_many_mentions(limit);
        too_many_files(limit);
        no_such_file;
        bad_file_size(limit);
        image_too_large(limit);
        no_room_for_files;
        client_id_reused;
        too_many_rooms(limit);
        rate_limited;
        overloaded;
        storage_unavailable;
        draining;
        version_unsupported;
        blank;
        too_long(length, limit);
        forbidden;
        other(why);
    }
}
