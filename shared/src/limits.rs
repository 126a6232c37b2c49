//! Every limit of Parlance, with its unit and its reason. Nothing is unbounded.

/// The protocol version this crate speaks; the subprotocol is [`SUBPROTOCOL`].
pub const PROTOCOL_VERSION: u16 = 1;

/// What goes into `Sec-WebSocket-Protocol`.
pub const SUBPROTOCOL: &str = "parlance.v1";

/// The subprotocol of the doctor's silent socket (Y5). It is none of [`SUBPROTOCOL_FAMILY`].
pub const DOCTOR_SUBPROTOCOL: &str = "parlance-doctor";

/// Every subprotocol of ours starts like this; what follows is the version.
pub const SUBPROTOCOL_FAMILY: &str = "parlance.v";

/// Bytes of UTF-8 in one message: a long letter, far from a file.
pub const BODY_BYTES: usize = 16 * 1024;

/// Characters in a display name: fits the rail on one line.
pub const PERSON_NAME_CHARS: usize = 40;

/// Characters in a room's name.
pub const ROOM_NAME_CHARS: usize = 60;

/// Characters of what a room is about.
pub const TOPIC_CHARS: usize = 200;

/// Characters of what is looked for: a sentence and some filters.
pub const SEARCH_CHARS: usize = 200;

/// Messages in one answer to a search: a screen or two.
pub const SEARCH_HITS: usize = 25;

/// Places that are marked in one message that was found.
pub const SEARCH_MARKS: usize = 50;

/// Characters of what a person says about themselves: a line beside the name.
pub const STATUS_CHARS: usize = 100;

/// Colours that a person can choose from: as many as the app's style sheet has tones.
pub const COLORS: u8 = 12;

/// Characters of a password at least, as NIST SP 800-63B asks where a second factor may be missing and tries are few.
pub const PASSWORD_CHARS: usize = 8;

/// Bytes of a password at most: a page of text; hashing takes as long for it as for a short one.
pub const PASSWORD_BYTES: usize = 1_024;

/// Wrong passwords for one name, and from one address, within [`TRIES_MS`].
pub const TRIES: usize = 10;

/// Milliseconds over which wrong passwords are counted.
pub const TRIES_MS: u64 = 15 * 60 * 1_000;

/// Milliseconds for which nobody else may take the name of a guest who was here: a week, so that who comes back on
/// Monday is still known by it.
pub const GUEST_NAME_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// Milliseconds for which a link that signs in on another device works: long enough to pick up a phone.
pub const PASS_MS: u64 = 5 * 60 * 1_000;

/// Days for which an invitation works at most.
pub const INVITE_DAYS: u32 = 365;

/// People whom one invitation lets in at most: a large school.
pub const INVITE_USES: u32 = 1_000;

/// Invitations that work at once: keeps their list on one page.
pub const INVITES: usize = 100;

/// Sessions of one person at once; one more ends the one that was not used for longest.
pub const SESSIONS_PER_PERSON: usize = 50;

/// People in one answer of the owner's list.
pub const PEOPLE_LISTED: usize = 200;

/// People about whom `welcome` tells what has changed; the newest changes come first.
pub const PROFILES: usize = 1_000;

/// Bytes of UTF-8 in an emoji: the longest families and flags have 28.
pub const EMOJI_BYTES: usize = 32;

/// Reactions that stand on one message: keeps it below a quarter of a page.
pub const REACTIONS_PER_MESSAGE: usize = 200;

/// Characters of a message that a quote of it shows: two lines on a wide screen, so that a page full of answers stays small.
pub const QUOTE_CHARS: usize = 200;

/// People whom one message names: more are better served by naming the room.
pub const MENTIONS_PER_MESSAGE: usize = 50;

/// Messages pinned to one room at once: a list that is still read; its quotes fit into one answer.
pub const PINS_PER_ROOM: usize = 100;

/// Versions of one message that an answer holds; what a message said before these is in the log.
pub const VERSIONS: usize = 50;

/// Bytes of one file, unless the server was told another number: a long document, a photograph as cameras make them.
pub const FILE_BYTES: u64 = 25 * 1024 * 1024;

/// Files of one message: an evening's photographs go in two.
pub const FILES_PER_MESSAGE: usize = 10;

/// Characters of a file's name: what is left of longer ones still tells them apart.
pub const FILE_NAME_CHARS: usize = 120;

/// Uploads of one person that have begun and are not whole: two messages full of files.
pub const UPLOADS_UNFINISHED: usize = 20;

/// Bytes of files that one person may bring within a day.
pub const FILE_BYTES_PER_DAY: u64 = 1024 * 1024 * 1024;

/// Milliseconds after which an upload goes that no message holds, whole or not: a day offline, as for the outbox.
pub const UPLOAD_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;

/// Milliseconds for which an upload may bring nothing before it counts as broken.
pub const UPLOAD_SILENCE_MS: u64 = 30_000;

/// Pixels of an image: a phone's 48 megapixels. The one that is looked at needs up to 8 bytes of memory for each.
pub const IMAGE_PIXELS: u64 = 50_000_000;

/// Pixels on the longer side of the small form of an image: a timeline's width, on a screen of double density.
pub const SMALL_IMAGE_SIDE: u32 = 800;

/// Bytes in one WebSocket message from a client: a body whose every byte is escaped (`\u0000` is six) would
/// need 96 KiB, but bodies hold no control characters, so doubling (`\"`) is the worst case: 32 KiB and the envelope.
pub const CLIENT_MESSAGE_BYTES: usize = 64 * 1024;

/// Fragments in one WebSocket message: a message of the maximum size in pieces of 256 bytes.
pub const FRAGMENTS: usize = 256;

/// Nesting of arrays and objects in JSON: our own messages need 4.
pub const JSON_DEPTH: usize = 32;

/// Messages waiting in one client's outbox: a day offline for a talkative person.
pub const OUTBOX_MESSAGES: usize = 1_000;

/// Sends of one room on their way at once: fills the pipe, and a refusal sends few of them twice.
pub const SENDS_IN_FLIGHT: usize = 5;

/// Milliseconds after which a client states what it has applied, if that has changed: soon enough to find a
/// difference, seldom enough to cost nothing.
pub const APPLIED_EVERY_MS: u64 = 10_000;

/// Unread messages of a room that are counted; the app shows "99+" for more. Few enough that two thousand rooms are counted
/// within a welcome.
pub const UNREAD_COUNTED: u64 = 100;

/// Events behind the last one read that are looked at for those messages: an order more, for rooms full of reactions.
pub const UNREAD_SCANNED: u64 = 10_000;

/// Milliseconds between two statements of a client about what was read: a reader who scrolls costs one a second.
pub const SEEN_EVERY_MS: u64 = 1_000;

/// Milliseconds after which a statement about what was read is repeated if the server has not confirmed it.
pub const SEEN_AGAIN_MS: u64 = 10_000;

/// Rooms in one statement about what was read: with 43 bytes each they fit into one message, as cursors do.
pub const SEEN_ROOMS: usize = 800;

/// Milliseconds for which the server gathers what was read before it writes it: readers who scroll cost five commits a
/// second at most, however many they are. A crash loses no more than that, and the clients say it again.
pub const SEEN_GATHER_MS: u64 = 200;

/// Milliseconds between two frames that say that a person is writing in a room.
pub const TYPING_EVERY_MS: u64 = 3_000;

/// Milliseconds after which a client says again that its person is writing: a little more, so that the way there does
/// not make it too early.
pub const TYPING_AGAIN_MS: u64 = 3_200;

/// Milliseconds for which somebody is shown as writing.
pub const TYPING_SHOWN_MS: u64 = 6_000;

/// People of one room that are said to be writing at a time: from three on it reads "several people".
pub const TYPISTS: usize = 8;

/// Live frames that may wait for a connection before it is told of no more typing.
pub const TYPING_BACKLOG: usize = 8;

/// People of whom one client knows at a time whether they are here: a long rail, or a panel of members.
pub const WATCHED: usize = 100;

/// Milliseconds for which changes of who is here are gathered: nobody looks more often, and a hundred who come at once
/// cost those who look at them one frame each.
pub const PRESENCE_GATHER_MS: u64 = 2_000;

/// Milliseconds for which somebody is still here after their last connection has ended, so that a reload shows nowhere.
pub const PRESENCE_GRACE_MS: u64 = 20_000;

/// Milliseconds after which somebody who does not see the page is away.
pub const AWAY_AFTER_MS: u64 = 5 * 60 * 1_000;

/// People in a room whose readers are told of at most: in a larger one nobody looks who of all has read, and every reader
/// would be a frame for every other.
pub const RECEIPTS_PEOPLE: usize = 20;

/// Milliseconds for which a message waits to be told of: what is read on any device within a second, as a client tells
/// it, and the way there and back, needs no telling.
pub const ALERT_AFTER_MS: u64 = 1_500;

/// Rooms of which a person is told one by one at a time; of more, in one sentence.
pub const ALERT_ROOMS: usize = 3;
/// Seconds that one may have to wait between two messages in a room: less is what [`SENDS_PER_SECOND`] is for, more is
/// what an archive is for.
pub const PACE_SECONDS: std::ops::RangeInclusive<u32> = 5..=3_600;

/// Rooms that a person is told to have been taken out of; of more, the newest.
pub const TAKEN_OUT: usize = 20;

/// Banned people in one answer about the members of a room.
pub const BANNED_LISTED: usize = 500;

/// Deeds of those who keep order that are remembered: years of a busy server, some megabytes.
pub const DEEDS: u64 = 50_000;

/// Deeds in one answer: a screen or two.
pub const DEEDS_LISTED: u64 = 50;

/// Events that one step looks at which deletes what somebody said: few, so that it holds nobody's message up.
pub const ERASE_STEP: u64 = 32;

/// Milliseconds between two such steps: some hundred deletions a second reach a room, fewer than a reader's queue holds.
pub const ERASE_PAUSE_MS: u64 = 100;

/// Sends per second and person, in the long run.
pub const SENDS_PER_SECOND: u32 = 10;

/// Rooms that a person makes in an hour, in the long run: a class that is set up; each is for ever.
pub const ROOMS_PER_HOUR: u32 = 60;

/// Rooms that a person may make at once after a pause.
pub const ROOM_BURST: u32 = 100;

/// Invitations that a person makes in an hour, in the long run.
pub const INVITES_PER_HOUR: u32 = 60;

/// Invitations that a person may make at once after a pause: as many as work at once.
pub const INVITE_BURST: u32 = 100;

/// Searches of a person in a second, in the long run: each may read for some ten milliseconds.
pub const SEARCHES_PER_SECOND: u32 = 5;

/// Searches that a person may make at once after a pause.
pub const SEARCH_BURST: u32 = 20;

/// Guests who come from one address in an hour, in the long run.
pub const GUESTS_PER_HOUR: u32 = 60;

/// Guests who may come from one address at once after a pause: a school behind one line on its first morning.
pub const GUEST_BURST: u32 = 100;

/// Sends that a person may make at once after a pause.
pub const SEND_BURST: u32 = 30;

/// Requests other than sends (reads, joins, directory) per second and connection, in the long run.
pub const REQUESTS_PER_SECOND: u32 = 50;

/// Requests other than sends that a connection may make at once after a pause.
pub const REQUEST_BURST: u32 = 200;

/// Frames waiting for one connection before it is dropped from live delivery and catches up from the log.
pub const QUEUE_FRAMES: usize = 256;

/// Bytes waiting for one connection before it is dropped from live delivery and catches up from the log.
pub const QUEUE_BYTES: usize = 1024 * 1024;

/// Rooms that a person may be in: keeps Welcome below a few hundred kilobytes.
pub const ROOMS_PER_PERSON: usize = 2_000;

/// Rooms whose cursor a client may state at once: at most 75 bytes each with its link, so that they fit into one message.
pub const CURSORS: usize = 800;

/// Rooms that one answer to a directory request lists.
pub const DIRECTORY_ROOMS: usize = 500;

/// People that one answer about the members of a room lists: a class, a company's floor.
pub const MEMBERS_LISTED: usize = 500;

/// Up to here the directory counts the people in a room: more is only "many", and counting takes time.
pub const MEMBERS_COUNTED: u64 = 1_000;

/// People that one answer to a search by name lists: more than one looks through; the next letter narrows it.
pub const PEOPLE_FOUND: usize = 20;

/// People whose names one search looks at: keeps its time below some tens of milliseconds.
pub const PEOPLE_SEARCHED: usize = 100_000;

/// People in a direct room, its opener among them: beyond that a conversation is a room with a name.
pub const DIRECT_PEOPLE: usize = 10;

/// Sockets open at once for one person: several devices with many tabs.
pub const SOCKETS_PER_PERSON: usize = 32;

/// People signed in at once in one browser; one more takes the place of the oldest.
pub const SESSIONS_PER_BROWSER: usize = 8;

/// Milliseconds for a client to send the head of its HTTP request.
pub const HEADER_READ_MS: u64 = 10_000;

/// Milliseconds from the 101 to the client's Hello.
pub const HELLO_MS: u64 = 10_000;

/// Milliseconds between the server's WebSocket pings.
pub const SERVER_PING_MS: u64 = 25_000;

/// Milliseconds of silence after a ping before the server cuts the connection.
pub const SERVER_PONG_MS: u64 = 10_000;

/// Milliseconds of silence after which the client probes with a Ping of its own.
pub const CLIENT_PROBE_MS: u64 = 25_000;

/// Milliseconds for the answer to a probe when the link was merely idle: 25 s + 10 s = noticed within 35 s.
pub const CLIENT_PROBE_ANSWER_MS: u64 = 10_000;

/// Milliseconds for the answer to a probe after a wake-up, `online` or becoming visible: noticed within 3 s.
pub const CLIENT_WAKE_ANSWER_MS: u64 = 2_500;

/// Milliseconds from the start of a connection attempt to its open.
pub const CONNECT_MS: u64 = 10_000;

/// Milliseconds in which a stream of events opens: three round trips on a bad line. What does not arrive by then is held back
/// by something in between; with two upgrades that were refused before it, that is known well within five seconds.
pub const EVENTS_OPEN_MS: u64 = 2_000;

/// Milliseconds in which polls open: a round trip, which nothing holds back that lets requests through.
pub const POLLS_OPEN_MS: u64 = 4_000;

/// Milliseconds for which a poll waits for something to say: as long as the server waits between two pings.
pub const LONG_POLL_MS: u64 = 25_000;

/// WebSockets in a row that do not open before another way is taken: one may have met a server that restarts.
pub const UPGRADES_TRIED: u32 = 2;

/// Milliseconds until a better way is tried for the first time: if only the server was away, it is open by now.
pub const CLIMB_SOON_MS: u64 = 1_000;

/// Milliseconds until a better way is tried again, doubled each time.
pub const CLIMB_MS: u64 = 30_000;

/// Milliseconds between two such tries at most.
pub const CLIMB_MOST_MS: u64 = 10 * 60 * 1_000;

/// Milliseconds from open to Welcome.
pub const JOIN_MS: u64 = 10_000;

/// Milliseconds for a stored or refused answer to a send before the link is probed.
pub const SEND_ANSWER_MS: u64 = 5_000;

/// Milliseconds that the event of what is stored has to arrive in, before a client reads it from the log: most come within a
/// few, and nobody notices half a second, since the author sees the message anyway.
pub const EVENT_AFTER_STORED_MS: u64 = 500;

/// Headers of a request that a client is shown of its handshake: browsers send some twenty.
pub const SHOWN_HEADERS: usize = 40;

/// Bytes of a header that a client is shown: the longest that browsers send, which is their own name.
pub const SHOWN_HEADER_BYTES: usize = 400;

/// Connections that a client keeps written down.
pub const RECORDED_CONNECTIONS: usize = 10;

/// Messages that a client keeps written down each way.
pub const RECORDED_FRAMES: usize = 500;

/// Bytes of one message that are kept written down: a whole page of a log.
pub const RECORDED_TEXT_BYTES: usize = PAGE_BYTES + 32 * 1024;

/// Bytes of messages that a client keeps written down in all, both ways: some twenty times what a thousand usual ones have.
pub const RECORDED_BYTES: usize = 1024 * 1024;

/// Things that bad weather holds up at most, made on purpose on one's own connection; what comes beyond is lost.
pub const WEATHER_HELD: usize = 2_000;

/// Own messages of which a client remembers the way: some screens of talk.
pub const JOURNEYS: usize = 200;

/// Sends of one message that its way has: more are only counted.
pub const JOURNEY_SENDS: usize = 10;

/// Devices that are counted of those on which a message may have arrived.
pub const DEVICES_COUNTED: u64 = 1_000;

/// Milliseconds after which a device that was not used is no device any more: who comes by once a week is counted.
pub const DEVICE_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// Places that the server remembers of what devices have applied: some two megabytes.
pub const REACHED: usize = 32 * 1024;

/// Events missed in one room that a resume still replays; beyond it the answer names a gap.
pub const REPLAY_EVENTS: u64 = 500;

/// Newest events that come with a gap, so that the end of the room is on the screen at once.
pub const REPLAY_TAIL: u64 = 100;

/// Events in one page.
pub const PAGE_EVENTS: u64 = 500;

/// Bytes of encoded events after which a page ends early: five hundred lines of chat (some 200 bytes each) fit, and a
/// page stays an eighth of the queue. One event is always sent, however long it is.
pub const PAGE_BYTES: usize = 128 * 1024;

/// Bytes of replayed events in one answer to Hello, over all rooms; the client reads the rest itself.
pub const RESUME_BYTES: usize = 512 * 1024;

/// First wait before reconnecting, in milliseconds: the upper end of a uniformly random wait.
pub const BACKOFF_FIRST_MS: u64 = 500;

/// Longest wait before reconnecting, in milliseconds.
pub const BACKOFF_MOST_MS: u64 = 20_000;

/// Milliseconds that a connection must stay live before the backoff starts anew.
pub const STABLE_MS: u64 = 10_000;

/// A timer that fires this many milliseconds late means that the machine slept.
pub const SLEPT_MS: u64 = 5_000;

/// Probes of the doctor that one address may ask for in an hour, in the long run: a run asks for half a dozen.
pub const DOCTOR_PER_HOUR: u32 = 120;

/// Probes of the doctor that one address may ask for at once after a pause: three runs.
pub const DOCTOR_BURST: u32 = 30;

/// Probes of the doctor that last (silent sockets, streamed answers, large bodies) at once, over all addresses: an operator
/// and some colleagues; strangers can take no more than these places.
pub const DOCTOR_AT_ONCE: usize = 16;

/// Milliseconds for which a silent socket stays open: longer than what proxies usually have as their timeout (60 s), and
/// than what anyone would wait for.
pub const DOCTOR_SILENT_MS: u64 = 150_000;

/// Pieces of the doctor's streamed answer.
pub const DOCTOR_DRIPS: usize = 5;

/// Milliseconds between those pieces: what a person would notice, and many times what a line delays.
pub const DOCTOR_DRIP_MS: u64 = 200;

/// Milliseconds for a large body of the doctor to come.
pub const DOCTOR_BODY_MS: u64 = 30_000;

/// Characters of a header's value that the server shows to the doctor: a user agent fits.
pub const DOCTOR_HEADER_CHARS: usize = 200;

/// Milliseconds that a silent connection has to be left open for beyond the server's next ping.
pub const DOCTOR_PING_SLACK_MS: u64 = 5_000;

/// Milliseconds by which clocks may differ: what people notice in the times of messages.
pub const DOCTOR_CLOCK_MS: u64 = 30_000;

/// Milliseconds over which clients spread their return after a planned restart.
pub const RESTART_SPREAD_MS: u64 = 2_000;

/// Largest sequence number or time: what a JavaScript number holds exactly.
pub const SAFE_INTEGER: u64 = (1 << 53) - 1;
