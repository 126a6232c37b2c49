//! The texts of the inspector. They are in files of their own, `locale/inspector-en.txt` and its twin, which are fetched when
//! the panel is opened; `docs/CONNECTION.md` is made of the same texts.

use std::str::Lines;

use crate::locale::texts::words;
use crate::locale::words::doctor::DoctorWords;
use crate::locale::words::theatre::TheatreWords;

words! {
    /// The words of one language.
    InspectorWords {
        title;
        tabs;
        tab_establishing;
        tab_now;
        tab_history;
        tab_frames;
        tab_weather;

        // How a connection is established.
        establishing_lead;
        which;
        numbered(n, at, way);
        browser;
        server;
        none_yet;
        ms(n);
        not_reached;
        step_lookup;
        explain_lookup;
        lookup_silent(name, tcp, tls);
        lookup_unknown;
        step_request;
        explain_request;
        as_seen;
        hidden(n);
        untold;
        step_answer;
        explain_answer;
        compute_title;
        compute_key;
        compute_joined;
        compute_hash;
        compute_accept;
        compute_same;
        compute_differs(answer);
        step_hello;
        explain_hello;
        step_welcome;
        explain_welcome;
        step_resumed;
        explain_resumed;
        step_end;
        explain_end;

        // The same without a WebSocket.
        pipe_title;
        step_pipe;
        explain_pipe;
        step_stream;
        explain_stream;
        step_polls;
        explain_polls;
        step_hello_pipe;
        explain_hello_pipe;

        // What is so now.
        ready_state;
        ready_0;
        ready_1;
        ready_2;
        ready_3;
        ready_none;
        buffered;
        buffered_explained;
        offset;
        offset_ahead(n);
        offset_behind(n);
        offset_unknown;
        transport;
        transport_auto;
        transport_best;
        transport_chosen;
        transport_blocked;
        transport_silent;
        rooms_read;
        caught_up(n);
        behind_by(n);

        // What was.
        history_lead;
        still_on(n);
        lasted(n);
        said_goodbye;
        no_goodbye;
        tried_again(n);
        not_tried_again;
        tried_next(n, way);

        // What goes over the wire.
        frames_lead(n);
        frames_way;
        frames_both;
        frames_in;
        frames_out;
        frames_filter;
        frames_filter_hint;
        frames_pause;
        frames_go_on;
        frames_mask;
        save;
        save_pcapng;
        save_markdown;
        save_json;
        frames_none;
        frames_more(n);
        frame_cut(n);

        // One's own bad weather.
        weather_lead;
        weather_fair;
        fair_explained;
        weather_offline;
        offline_explained;
        weather_slow;
        slow_explained;
        weather_lossy;
        lossy_explained;
        weather_frozen;
        frozen_explained;
        weather_half_open;
        half_open_explained;
        weather_blocked;
        blocked_explained;
        weather_cut;
        cut_explained;

        // The way of one message.
        journey_lead;
        journey_written;
        journey_kept;
        journey_sent(frame, connection);
        journey_received;
        journey_committed(n);
        journey_stored(n);
        journey_acknowledged;
        journey_delivered(n, all);
        journey_no_devices;
        journey_asking;
        journey_late;
        journey_seen(n);
        journey_unseen;
        journey_once;
        journey_again(n);
        journey_elsewhere;

        // The figures.
        since;
        attempt;
        next_try;
        network;
        network_up;
        network_down;
        last_close;
        no_close_yet;
        ended_by_remote;
        ended_by_watchdog;
        ended_by_person;
        ended_for_another;
        close_1000;
        close_1001;
        close_1005;
        close_1006;
        close_1007;
        close_1009;
        close_1012;
        close_1013;
        close_4401;
        close_4403;
        close_4406;
        close_4408;
        close_4410;
        close_4429;
        close_other;
        round_trip;
        round_trip_value(last, middle, high);
        received;
        sent;
        traffic(n, bytes);
        last_heard;
        just_now;
        ago(seconds);
        outbox;
        outbox_empty;
        messages(n);
        behind;
        behind_nothing;
        proof;
        proof_value(n);
        proof_repeated(n);
        proof_early(n);
        proof_diverged(n);
        proof_checked;
        proof_explained;
        promise;
        promise_kept;

        // The states of the connection, each explained in a sentence.
        state_idle;
        state_connecting;
        state_joining;
        state_live;
        state_probing;
        state_backoff;
        state_sign_in;
        state_shut_out;
        state_version;
    }
    /// What is wrong on the way to the server.
    doctor: DoctorWords,
    /// The transports side by side.
    theatre: TheatreWords,
}
