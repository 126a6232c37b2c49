//! Every text of the app, by name. A text with something in it is a function of that.

use shared::problem::Problem;

/// The words of one language. Numbers arrive as text, written by [`crate::locale::format::Format`]; where the
/// form of a word depends on the number, it comes as well.
#[derive(Debug)]
pub struct Words {
    /// While it is not known who this is, and when that cannot be found out.
    pub starting: &'static str,
    pub server_unreachable: &'static str,
    pub retry: &'static str,
    pub close: &'static str,
    pub cancel: &'static str,

    /// Signing in.
    pub sign_in_title: &'static str,
    pub sign_in_lead: &'static str,
    pub continue_as: &'static str,
    pub your_name: &'static str,
    pub name_hint: &'static str,
    pub name_blank: &'static str,
    pub name_refused: fn(why: &str) -> String,
    pub sign_in: &'static str,
    pub signing_in: &'static str,
    pub sign_in_unreachable: &'static str,
    pub session_over: &'static str,
    pub kept_messages: fn(n: usize, text: &str) -> String,
    pub discard_kept: &'static str,

    /// Rooms.
    pub rooms: &'static str,
    pub new_room: &'static str,
    pub browse_rooms: &'static str,
    pub no_rooms: &'static str,
    pub room_name: &'static str,
    pub room_name_hint: &'static str,
    pub create: &'static str,
    pub creating: &'static str,
    pub when_connected: &'static str,
    pub find_room: &'static str,
    pub no_room_found: &'static str,
    pub loading_rooms: &'static str,
    pub more_rooms: &'static str,
    pub members: fn(n: u64, text: &str) -> String,
    pub join: &'static str,
    pub open: &'static str,
    pub unread: fn(n: u64, text: &str) -> String,
    pub back_to_rooms: &'static str,
    pub choose_room: &'static str,
    pub choose_room_hint: &'static str,
    pub not_in_room: &'static str,
    pub not_in_room_hint: &'static str,

    /// The timeline.
    pub timeline_of: fn(room: &str) -> String,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub room_created: fn(who: &str) -> String,
    pub person_joined: fn(who: &str) -> String,
    pub not_understood: fn(who: &str) -> String,
    pub beginning: fn(room: &str) -> String,
    pub loading_messages: &'static str,
    pub messages_when_connected: &'static str,
    pub load_older: &'static str,
    pub gap: fn(n: u64, text: &str) -> String,
    pub load_gap: &'static str,
    pub to_present: &'static str,
    pub to_present_new: fn(n: u64, text: &str) -> String,
    pub said: fn(who: &str, body: &str) -> String,
    pub several_new: fn(n: u64, text: &str) -> String,
    pub opens_new_tab: &'static str,

    /// How far an own message has come.
    pub queued: &'static str,
    pub queued_offline: &'static str,
    pub sending: &'static str,
    pub stored: &'static str,
    pub not_sent: &'static str,
    pub waiting: fn(why: &str) -> String,
    pub failed: fn(why: &str) -> String,
    pub discard: &'static str,
    pub message_actions: &'static str,

    /// The composer.
    pub write_to: fn(room: &str) -> String,
    pub send: &'static str,
    pub composer_hint: &'static str,
    pub bytes_used: fn(used: &str, limit: &str) -> String,
    pub body_too_long: fn(over: &str) -> String,
    pub body_forbidden: &'static str,
    pub outbox_full: fn(limit: &str) -> String,

    /// The connection, in a word or two.
    pub live: &'static str,
    pub catching_up: fn(behind: &str) -> String,
    pub connecting: &'static str,
    pub reconnecting: &'static str,
    pub in_seconds: fn(seconds: &str) -> String,
    pub reconnecting_in: fn(seconds: &str) -> String,
    pub next_try_in: fn(seconds: &str) -> String,
    pub offline: &'static str,
    pub offline_waiting: fn(n: usize, text: &str) -> String,
    pub signed_out: &'static str,
    pub outdated: &'static str,

    /// The banner.
    pub banner_connecting: &'static str,
    pub banner_unreachable: &'static str,
    pub banner_lost: &'static str,
    pub banner_reconnecting: &'static str,
    pub banner_offline: &'static str,
    pub banner_waiting: fn(n: usize, text: &str) -> String,
    pub banner_outdated: &'static str,
    pub try_now: &'static str,
    pub reload: &'static str,
    pub not_kept: &'static str,
    pub dismiss: &'static str,
    pub refused_join: fn(why: &str) -> String,
    pub refused_read: fn(why: &str) -> String,
    pub refused_list: fn(why: &str) -> String,

    /// The connection panel.
    pub connection: &'static str,
    pub state: &'static str,
    pub since: &'static str,
    pub attempt: &'static str,
    pub next_try: &'static str,
    pub network: &'static str,
    pub network_up: &'static str,
    pub network_down: &'static str,
    pub last_close: &'static str,
    pub none_yet: &'static str,
    pub ended_by_remote: &'static str,
    pub ended_by_watchdog: &'static str,
    pub ended_by_person: &'static str,
    pub close_meaning: fn(code: u16) -> &'static str,
    pub round_trip: &'static str,
    pub round_trip_value: fn(last: &str, middle: &str, high: &str) -> String,
    pub received: &'static str,
    pub sent: &'static str,
    pub traffic: fn(n: u64, frames: &str, bytes: &str) -> String,
    pub last_heard: &'static str,
    pub just_now: &'static str,
    pub ago: fn(seconds: &str) -> String,
    pub outbox: &'static str,
    pub outbox_empty: &'static str,
    pub messages: fn(n: u64, text: &str) -> String,
    pub behind: &'static str,
    pub behind_nothing: &'static str,
    pub state_words: StateWords,
    pub promise: &'static str,

    /// Settings.
    pub settings: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub language: &'static str,
    pub language_auto: &'static str,
    pub another_name: &'static str,
    pub sign_out: &'static str,
    pub sign_out_title: &'static str,
    pub sign_out_loses: fn(n: usize, text: &str) -> String,
    pub sign_out_guest: &'static str,
    pub sign_out_failed: &'static str,
    pub settings_not_kept: &'static str,

    /// When the program itself failed.
    pub crashed: &'static str,

    /// What was wrong with a request.
    pub problem: fn(&Problem) -> String,
}

/// The states of the connection, each explained in a sentence.
#[derive(Debug)]
pub struct StateWords {
    pub idle: &'static str,
    pub connecting: &'static str,
    pub joining: &'static str,
    pub live: &'static str,
    pub probing: &'static str,
    pub backoff: &'static str,
    pub sign_in: &'static str,
    pub version: &'static str,
}
