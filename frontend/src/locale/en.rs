//! English.

mod people;

use shared::problem::Problem;
use shared::protocol::Action;
use shared::text::TextProblem;

use crate::locale::words::{StateWords, Words};

fn count(n: u64, text: &str, one: &str, many: &str) -> String {
    format!("{text} {}", if n == 1 { one } else { many })
}

/// The English words.
pub static WORDS: Words = Words {
    starting: "Starting…",
    server_unreachable: "The server cannot be reached. Nothing you wrote is lost, and Parlance keeps trying by itself.",
    retry: "Try again",
    close: "Close",
    cancel: "Cancel",

    sign_in_title: "Join the conversation",
    continue_as: "Or go on in this tab as",
    sign_in_lead: "Choose a name and you are in. No password, no e-mail.",
    your_name: "Your name",
    name_hint: "Everyone in a room sees it.",
    name_blank: "Type a name first.",
    name_refused: |why| format!("That name will not do: {why}."),
    sign_in: "Start chatting",
    signing_in: "Signing in…",
    sign_in_unreachable: "The server cannot be reached, so you are not signed in yet. Your name is still here: try again in a moment.",
    session_over: "Your session has ended. Sign in to go on.",
    kept_messages: |n, text| {
        let count = count(n as u64, text, "message is", "messages are");
        let them = if n == 1 { "it" } else { "them" };
        format!(
            "{count} not sent yet and kept here. Signing in sends {them} under the name you choose."
        )
    },
    discard_kept: "Discard instead",

    rooms: "Rooms",
    new_room: "New room",
    browse_rooms: "Browse rooms",
    no_rooms: "You are in no room yet. Browse the rooms there are, or make one.",
    room_name: "Room name",
    room_name_hint: "Anyone can find and join it.",
    create: "Create room",
    creating: "Creating…",
    when_connected: "This will be done as soon as the connection is back.",
    find_room: "Find a room",
    no_room_found: "No room has this in its name.",
    loading_rooms: "Loading the rooms…",
    more_rooms: "There are more rooms than this list holds.",
    members: |n, text| count(n, text, "person", "people"),
    go_to: "Go to…",
    go_to_hint: "Type the name of a room or a person",
    nothing_found: "No room and nobody has this in the name.",
    rooms_only_offline: "None of your rooms has this in its name. Others are found when the connection is back.",
    write_first: "write a first message",
    is_archived: "archived",
    directs: "Direct messages",
    no_directs: "Write to somebody directly: press the plus sign, or find them by name.",
    new_direct: "New direct message",
    direct_hint: "Choose one or more people. The same people always share the same conversation.",
    direct_full: |limit| {
        format!("A conversation holds {limit} people. For more, make a private room.")
    },
    start_direct: "Open conversation",
    choose: "Choose",
    take_off: |who| format!("Take {who} off the list"),
    find_people: "Find a person",
    more_people: "There are more. Type another letter of the name.",
    nobody_found: "Nobody has this in their name.",
    who_finds_it: "Who finds the room",
    found_by_all: "Everyone",
    only_members: "Only who is in it",
    private_hint: "It appears in no list. Whoever is in it puts others in, and they can read what was said before.",
    archived_rooms: "Archived",
    archive_room: "Archive this room",
    archive_explained: "An archived room leaves the list and takes no more messages. It can be read and found, and this can be taken back.",
    archived_explained: "This room is archived. It can be read, but takes no more messages.",
    take_back: "Take back",
    add: "Add",
    add_people: "Add people",
    add_explained: "Who is added can also read what was said before.",
    take_out: |who| format!("Remove {who} from the room"),
    people_here: "People in this room",
    loading_members: "Loading who is here…",
    members_first: |text| format!("The first {text} people; there are more."),
    you: "you",
    join: "Join",
    open: "Open",
    unread: |n, text| count(n, text, "unread message", "unread messages"),
    names_you: ", you are mentioned",
    about_room: "About this room",
    topic: "Topic",
    topic_hint: "What the room is about. Everyone in it can change this.",
    topic_refused: |why| format!("That topic will not do: {why}."),
    save: "Save",
    leave_room: "Leave this room",
    leave_explained: |room| {
        format!(
            "You will get nothing of {room} any more. What you wrote stays, and you can join again."
        )
    },
    leave_private_explained: |room| {
        format!(
            "You will get nothing of {room} any more. What you wrote stays. Only somebody who is in it can bring you back."
        )
    },
    leave: "Leave",
    back_to_rooms: "Back to the rooms",
    choose_room: "Choose a room",
    choose_room_hint: "Pick one from the list, browse what there is, or make your own.",
    not_in_room: "You are not in this room",
    not_in_room_hint: "Join it to read along and write. If it does not exist, joining will say so.",

    timeline_of: |room| format!("Messages in {room}"),
    today: "Today",
    yesterday: "Yesterday",
    room_created: |who| format!("{who} created the room"),
    person_joined: |who| format!("{who} joined"),
    people_joined: |first, last| format!("{first} and {last} joined"),
    people_joined_more: |first, more| {
        let others = if more == "1" { "other" } else { "others" };
        format!("{first} and {more} {others} joined")
    },
    person_added: |who, whom| format!("{who} added {whom}"),
    you_added: |who| format!("{who} added you. You can read what was said before."),
    person_removed: |who, whom| format!("{who} removed {whom}"),
    room_renamed: |who, name| format!("{who} renamed the room to {name}"),
    room_archived: |who| format!("{who} archived the room"),
    room_taken_back: |who| format!("{who} took the room out of the archive"),
    person_left: |who| format!("{who} left"),
    topic_set: |who, topic| format!("{who} set the topic: {topic}"),
    topic_removed: |who| format!("{who} removed the topic"),
    message_deleted: "Message deleted",
    edited: "edited",
    edited_at: |when| format!("Edited {when}"),
    message_tools: "React to this message or change it",
    react_with: |emoji| format!("React with {emoji}"),
    react_with_any: "React with another emoji",
    reacted: |emoji, names| format!("{emoji} from {names}"),
    between_names: ", ",
    edit: "Edit",
    reply: "Reply",
    more_actions: "More",
    copy_text: "Copy text",
    copy_link: "Copy link",
    forward: "Forward…",
    forward_title: "Forward to a room",
    nowhere_to_forward: "You are in no other room yet.",
    forwarding: "Forwarded message",
    forwarded_from: |who| format!("Forwarded, first said by {who}"),
    pin: "Pin to the room",
    unpin: "Take off the pins",
    pinned: "Pinned",
    search: "Search",
    search_messages: "Search messages",
    search_hint: "Words, or “exact words” in quotes. Narrow it down with in:room, from:name, before:2026-11-25, after:2026-11-25 or on:2026-11-25.",
    searching: "Searching…",
    no_message_found: "Nothing found. Fewer or shorter words find more.",
    found: |n, text, more| match (n, more) {
        (1, false) => "1 message".to_owned(),
        (_, false) => format!("{text} messages"),
        (_, true) => format!("The newest {text} messages"),
    },
    search_older: "Show older ones",
    pins: "Pinned messages",
    no_pins: "Nothing is pinned here. Pin what people should find again from a message’s menu.",
    pinned_by: |who| format!("Pinned by {who}"),
    person_pinned: |who| format!("{who} pinned a message"),
    show_message: "Show",
    answers: |who, text| format!("In reply to {who}: {text}"),
    earlier_message: "an earlier message",
    edit_history: "Earlier versions",
    older_versions: "There are older versions than these.",
    who_reacted: "Who reacted",
    delete: "Delete",
    delete_title: "Delete this message?",
    delete_explained: "Its text is destroyed, here, on the server and for everyone in the room. A line stays that says so.",
    not_understood: |who| {
        format!(
            "{who} did something that this version of Parlance does not know. Reload the page to update."
        )
    },
    beginning: |room| format!("This is the beginning of {room}."),
    beginning_with: |names| format!("This is the beginning of your conversation with {names}."),
    loading_messages: "Loading messages…",
    messages_when_connected: "The messages appear when the connection is there.",
    load_older: "Load earlier messages",
    gap: |n, text| format!("{} not loaded", count(n, text, "message", "messages")),
    load_gap: "Load",
    new_messages: "New messages",
    mark_unread: "Mark unread from here",
    one_types: |who| format!("{who} is typing…"),
    two_type: |who, other| format!("{who} and {other} are typing…"),
    several_type: "Several people are typing…",
    to_date: "Jump to a date",
    to_present: "Jump to present",
    to_present_new: |n, text| {
        format!(
            "{} · jump to present",
            count(n, text, "new message", "new messages")
        )
    },
    said: |who, body| format!("{who}: {body}"),
    several_new: |n, text| count(n, text, "new message", "new messages"),
    opens_new_tab: "opens in a new tab",
    code_block: |language| format!("Code {language}").trim_end().to_owned(),
    copy_code: "Copy the code",
    copied: "Copied",

    queued: "Waiting for its turn",
    queued_offline: "Waiting for the connection",
    sending: "Sending",
    stored: "Stored on the server",
    not_sent: "Not sent",
    waiting: |why| format!("Not sent yet: {why}"),
    failed: |why| format!("Not sent: {why}"),
    discard: "Discard",
    message_actions: "What to do with this message",

    write_to: |room| format!("Message {room}"),
    send: "Send",
    composer_hint: "Enter sends, Shift+Enter starts a new line",
    bytes_used: |used, limit| format!("{used} of {limit} bytes"),
    body_too_long: |over| {
        format!("Too long by {over} bytes. Nothing was sent; shorten it or split it in two.")
    },
    body_forbidden: "There is a control character in the text that cannot be sent. Nothing was sent; your text is still here.",
    outbox_full: |limit| {
        format!(
            "{limit} messages are waiting already, which is the limit. Your text stays here until some of them are sent."
        )
    },
    editing: "Editing a message",
    answering: |who| format!("Replying to {who}"),
    answer_nothing: "Do not reply",
    everyone: "everyone here",
    editing_keys: "Enter saves, Esc cancels",
    completion: "Suggestions",
    offered: |n| count(n, &n.to_string(), "suggestion", "suggestions"),

    pick_emoji: "Choose an emoji",
    find_emoji: "Find an emoji",
    emoji_loading: "Loading the emoji…",
    emoji_failed: "The emoji could not be loaded. Close this and try again when the connection is back.",
    no_emoji_found: "No emoji is called that.",
    emoji_found: "Found",
    emoji_used: "Used last",
    emoji_groups_label: "Kinds of emoji",
    emoji_groups: [
        "Smileys",
        "People",
        "Animals and nature",
        "Food and drink",
        "Travel and places",
        "Activities",
        "Objects",
        "Symbols",
        "Flags",
    ],
    skin_tone: "Skin tone",
    skin_tones: [
        "None",
        "Light",
        "Medium-light",
        "Medium",
        "Medium-dark",
        "Dark",
    ],

    live: "Live",
    catching_up: |behind| format!("Catching up, {behind} to go"),
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    in_seconds: |seconds| format!("in {seconds} s"),
    reconnecting_in: |seconds| format!("Reconnecting in {seconds} s"),
    next_try_in: |seconds| format!("Next try in {seconds} s"),
    offline: "Offline",
    offline_waiting: |_, text| format!("Offline: {text} waiting"),
    signed_out: "Signed out",
    outdated: "Out of date",

    banner_connecting: "Connecting…",
    banner_unreachable: "The server cannot be reached.",
    banner_lost: "The connection is lost.",
    banner_reconnecting: "The connection is lost. Reconnecting…",
    banner_offline: "You are offline.",
    banner_waiting: |n, text| {
        if n == 1 {
            "1 message waits here and goes out by itself.".to_owned()
        } else {
            format!("{text} messages wait here and go out by themselves.")
        }
    },
    banner_outdated: "This page is of another version than the server. Reload it to go on; nothing you wrote is lost.",
    try_now: "Try now",
    reload: "Reload",
    not_kept: "This browser refuses to keep anything. What is not sent yet does not survive a reload of this tab.",
    dismiss: "Dismiss",
    refused_join: |why| format!("You could not join the room: {why}"),
    refused_direct: |why| format!("The conversation could not be opened: {why}"),
    refused_read: |why| format!("Messages could not be loaded: {why}"),
    refused_list: |why| format!("The rooms could not be listed: {why}"),
    change: |action| match action {
        Action::Message { .. } => "A message",
        Action::Edit { .. } => "An edit",
        Action::Delete { .. } => "A deletion",
        Action::React { .. } => "A reaction",
        Action::Pin { .. } => "A pin",
        Action::Forward { .. } => "Forwarding",
        Action::Topic { .. } => "A new topic",
        Action::Leave => "Leaving the room",
        Action::Rename { .. } => "A new name for the room",
        Action::Archive { on: true } => "Archiving the room",
        Action::Archive { on: false } => "Taking the room out of the archive",
        Action::Add { .. } => "Adding somebody",
        Action::Remove { .. } => "Removing somebody",
    },
    change_failed: |change, why| format!("{change} was not accepted: {why}."),
    changes_full: |limit| {
        format!(
            "{limit} messages are waiting already, which is the limit. Nothing was changed; try again when some of them are sent."
        )
    },

    connection: "Connection",
    state: "State",
    since: "Since",
    attempt: "Attempt",
    next_try: "Next try",
    network: "Network",
    network_up: "Available",
    network_down: "Not available",
    last_close: "Last close",
    none_yet: "None so far",
    ended_by_remote: "ended by the server or the network",
    ended_by_watchdog: "ended here, because a deadline passed",
    ended_by_person: "ended by you",
    close_meaning: |code| match code {
        1000 => "Closed normally",
        1001 => "The server or the page went away",
        1005 => "Closed without a code",
        1006 => "Broken off, no goodbye was heard",
        1007 => "Text that is not UTF-8",
        1009 => "A message was too big",
        1012 => "The server restarts",
        1013 => "The server is overloaded",
        4401 => "Not signed in",
        4406 => "Protocol version not spoken",
        4408 => "No sign of life in time",
        4410 => "Too slow for too long",
        4429 => "Too many connections of yours",
        _ => "Closed",
    },
    round_trip: "Round trip",
    round_trip_value: |last, middle, high| format!("{last} ms (median {middle}, p95 {high})"),
    received: "Received",
    sent: "Sent",
    traffic: |n, frames, bytes| format!("{}, {bytes}", count(n, frames, "message", "messages")),
    last_heard: "Last heard",
    just_now: "Just now",
    ago: |seconds| format!("{seconds} s ago"),
    outbox: "Outbox",
    outbox_empty: "Empty, all is stored",
    messages: |n, text| count(n, text, "message", "messages"),
    behind: "Behind",
    behind_nothing: "Nothing, you see it all",
    proof: "This device",
    proof_value: |n, text| {
        format!(
            "{}, 0 lost, 0 doubled, 0 out of order",
            count(n, text, "event", "events")
        )
    },
    proof_repeated: |n, text| {
        format!(
            "{} again and changed nothing",
            count(n, text, "event came", "events came")
        )
    },
    proof_early: |n, text| {
        format!(
            "{} before one that was missing; it was fetched first",
            count(n, text, "event came", "events came")
        )
    },
    proof_diverged: |n, text| {
        format!(
            "{} what was held differed from the server’s log and was read anew",
            count(n, text, "time", "times")
        )
    },
    proof_checked: "What was checked",
    proof_explained: "Every event carries a number that follows from the event before it. This device takes an event only in its place, works that number out again beside each neighbour it holds, and tells the server from time to time what it came to; the server compares. What is not loaded is not checked. Counted over all tabs and reloads of this browser.",
    state_words: StateWords {
        idle: "Nobody is signed in.",
        connecting: "Opening a WebSocket to the server.",
        joining: "The socket is open. Fetching what was missed.",
        live: "Joined. Messages arrive as they are written.",
        probing: "Checking whether the other side still answers.",
        backoff: "Waiting a moment before the next attempt.",
        sign_in: "Stopped: the session has ended. Sign in to go on.",
        version: "Stopped: page and server are of different versions.",
    },
    promise: "A tick means that the message is on the server’s disk.",
    promise_kept: "What has no tick yet waits in the outbox of this browser and survives a reload or a crash.",

    settings: "Settings",
    theme: "Theme",
    theme_system: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    language: "Language",
    language_auto: "Automatic",
    another_name: "Use another name in this tab",
    sign_out: "Sign out",
    sign_out_title: "Sign out?",
    sign_out_loses: |n, text| {
        let count = count(n as u64, text, "message has", "messages have");
        format!("{count} not reached the server yet and will be discarded.")
    },
    sign_out_guest: "You are a guest: once signed out, you cannot come back as this same person, unless you make an account first. What you wrote stays.",
    sign_out_failed: "The server cannot be reached, so you are still signed in.",
    settings_not_kept: "This browser refuses to keep the choice; it holds until you reload.",

    people: people::WORDS,

    crashed: "Parlance has stopped because of a fault of its own. What you wrote is kept; reload the page to go on.",

    problem,
};

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Unauthenticated => "you are not signed in".to_owned(),
        Problem::ForeignOrigin => "the server does not accept this page’s address".to_owned(),
        Problem::NoSuchRoom => "there is no such room, or you are not in it".to_owned(),
        Problem::BadBody { problem }
        | Problem::BadName { problem }
        | Problem::BadTopic { problem }
        | Problem::BadEmoji { problem }
        | Problem::BadSearch { problem }
        | Problem::BadStatus { problem } => text_problem(*problem),
        Problem::Archived => "the room is archived".to_owned(),
        Problem::DirectRoom => "a direct conversation does not have that".to_owned(),
        Problem::AlreadyIn => "they are in the room already".to_owned(),
        Problem::TooManyPeople { limit } => {
            format!("a conversation holds {limit} people at most")
        }
        Problem::NoSuchMessage => "the message is not there any more".to_owned(),
        Problem::NotYours => "only its author may change a message".to_owned(),
        Problem::TooManyReactions { limit } => {
            format!("the message has {limit} reactions, which is the limit")
        }
        Problem::NameTaken => "it is taken, or looks too much like one that is".to_owned(),
        Problem::WrongPassword => "the name or the password is wrong".to_owned(),
        Problem::BadPassword { least, .. } => {
            format!("a password has at least {least} characters, and is no book")
        }
        Problem::NoSuchLink => "the link does not work any more".to_owned(),
        Problem::InviteNeeded => "new people come here by invitation".to_owned(),
        Problem::NotAllowed => "your role does not allow it".to_owned(),
        Problem::NoSuchPerson => "there is no such person".to_owned(),
        Problem::LastOwner => "a server needs an owner".to_owned(),
        Problem::TooManyInvites { limit } => {
            format!("{limit} invitations work already, which is the limit")
        }
        Problem::TooManyPins { limit } => {
            format!("{limit} messages are pinned here, which is the limit")
        }
        Problem::TooManyMentions { limit } => format!("it names more than {limit} people"),
        Problem::ClientIdReused => {
            "it clashes with an earlier message of yours; write it anew".to_owned()
        }
        Problem::TooManyRooms { limit } => format!("you are in {limit} rooms, which is the limit"),
        Problem::RateLimited { .. } => "too many messages in a short time".to_owned(),
        Problem::Overloaded { .. } => "the server is overloaded".to_owned(),
        Problem::StorageUnavailable { .. } => "the server cannot write to its disk".to_owned(),
        Problem::Draining => "the server is restarting".to_owned(),
        Problem::VersionUnsupported { .. } => {
            "page and server are of different versions".to_owned()
        }
        other => format!("the server refused it ({other})"),
    }
}

fn text_problem(problem: TextProblem) -> String {
    match problem {
        TextProblem::Blank => "there is nothing in it".to_owned(),
        TextProblem::TooLong { length, limit } => {
            format!("too long: {length}, and {limit} is the limit")
        }
        TextProblem::Forbidden => "it has an invisible or control character".to_owned(),
    }
}
