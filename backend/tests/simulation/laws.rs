//! What must hold at rest, by the log that the observer reads from the server in the end.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{ClientId, Link, PersonId, RoomId, Seq};
use shared::problem::Problem;
use shared::protocol::{Content, Event, Quote, RoomKind};
use shared::session::io::Input;
use shared::session::views::Row;

use crate::tab::Tab;
use crate::world::{Story, World};

/// Panics when a law is broken; else tells what happened.
pub(crate) async fn check(world: &mut World, seed: u64) -> Story {
    // Those who missed all of it see the same as those who were there.
    let long_lived = world.tabs.len();
    let newcomers: Vec<_> = world.tabs.iter().map(Tab::identity).collect();
    for (number, (me, cookie)) in newcomers.into_iter().enumerate().skip(1) {
        world.look_in(me, cookie, seed * 7 + number as u64);
    }
    world.come_to_rest().await;
    read_everything(world).await;
    let mut story = Story::new();
    for room in world.rooms.clone() {
        let log = world.observer.log(room).await;
        let told = log
            .iter()
            .map(|event| (event.author.id, event.content.clone()));
        story.extend(told);
        world.tally.events += log.len() as u64;
        dense_and_linked(room, &log);
        for (number, tab) in world.tabs.iter().enumerate() {
            let name = format!("tab {number}, room {room}");
            if number < long_lived {
                stored_once_in_order(tab, room, &log, &name);
            }
            same_as_the_log(tab, room, &log, &name);
        }
        everyone_is_known(&world.tabs, &log);
    }
    directs_agree(world, long_lived, &mut story);
    for tab in &world.tabs {
        world.tally.refused += tab.failed.len() as u64;
        world.tally.behind += tab.behind;
        world.tally.gaps += tab.gaps;
        assert_eq!(tab.session.proof().diverged, 0, "R10");
        assert_eq!(tab.session.not_understood(), 0);
    }
    story
}

/// Pages back to the beginning, and fills the gaps.
async fn read_everything(world: &mut World) {
    for _ in 0..1_000 {
        let now = world.now;
        let mut wanting = false;
        for tab in &mut world.tabs {
            for room in tab.rooms() {
                let Some(timeline) = tab.session.timeline(room) else {
                    // It was not shown yet, or let go of.
                    tab.input(Input::Open { room }, now);
                    wanting = true;
                    continue;
                };
                let gap = timeline.gaps().first().map(|gap| gap.span);
                let older = timeline.floor() > Seq(1);
                match gap {
                    Some(span) => tab.input(Input::LoadGap { room, span }, now),
                    None if older => tab.input(Input::LoadOlder { room }, now),
                    None => continue,
                }
                wanting = true;
            }
        }
        if !wanting {
            return;
        }
        while world.deliver_everything().await {}
        world.come_to_rest().await;
    }
    panic!("reading does not come to an end");
}

/// R1, R10
fn dense_and_linked(room: RoomId, log: &[Event]) {
    let mut link = Link::first(room);
    for (place, event) in log.iter().enumerate() {
        assert_eq!(event.seq, Seq(place as u64 + 1), "R1: {room}");
        link = link.next(event);
        assert_eq!(event.link, link, "R10: {room} at {}", event.seq);
    }
    let names: BTreeSet<(PersonId, ClientId)> = log
        .iter()
        .map(|event| (event.author.id, event.client_id))
        .collect();
    assert_eq!(names.len(), log.len(), "S2: something is in {room} twice");
}

/// S2, S8: what was typed here and not refused is there once, in this order; what was refused is not there.
fn stored_once_in_order(tab: &Tab, room: RoomId, log: &[Event], name: &str) {
    let typed = tab.typed.get(&room).map(Vec::as_slice).unwrap_or_default();
    let mine: BTreeSet<ClientId> = typed.iter().copied().collect();
    let stored: Vec<ClientId> = log
        .iter()
        .filter(|event| event.author.id == tab.me.id && mine.contains(&event.client_id))
        .map(|event| event.client_id)
        .collect();
    let expected: Vec<ClientId> = typed
        .iter()
        .copied()
        .filter(|client_id| !tab.failed.contains_key(client_id))
        .collect();
    assert_eq!(
        stored, expected,
        "{name}: lost, doubled, disordered, or stored although refused"
    );
    for problem in tab.failed.values() {
        let fair = matches!(
            problem,
            Problem::NoSuchMessage
                | Problem::NoSuchRoom
                | Problem::TooManyReactions { .. }
                | Problem::Archived
                | Problem::AlreadyIn
                | Problem::Banned
                | Problem::DirectRoom
        );
        assert!(fair, "{name}: {problem:?}");
    }
}

/// D2, R6: stale state and events are the fresh state, and both are the log.
fn same_as_the_log(tab: &Tab, room: RoomId, log: &[Event], name: &str) {
    if !tab.rooms().contains(&room) {
        return;
    }
    let rows = tab.session.rows(room);
    assert_eq!(rows.first(), Some(&Row::Beginning), "{name}");
    let others = rows
        .iter()
        .skip(1)
        .filter(|row| !matches!(row, Row::Event(_) | Row::Joined(_)));
    assert_eq!(
        others.collect::<Vec<_>>(),
        Vec::<&Row>::new(),
        "{name}: no events"
    );
    let shown = tab.events(room);
    assert_eq!(shown.len(), log.len(), "{name}: not all of them");
    for (shown, event) in shown.iter().zip(log) {
        assert_eq!(shown, event, "{name}");
        let Some(answered) = event.content.answers() else {
            continue;
        };
        let says = Quote::of(&log[answered.0 as usize - 1]);
        let timeline = tab.session.timeline(room);
        let quote = timeline.and_then(|timeline| timeline.quote(answered));
        assert_eq!(quote, says, "{name}: quoted at {}", event.seq);
    }
    let topic = log.iter().rev().find_map(|event| match &event.content {
        Content::Topic { topic } => Some(topic.as_ref()),
        _ => None,
    });
    let view = tab.session.rooms().find(|view| view.id == room);
    assert_eq!(
        view.and_then(|view| view.topic),
        topic.flatten(),
        "{name}: topic"
    );
    let called = log.iter().rev().find_map(|event| match &event.content {
        Content::Renamed { name } | Content::Created { name } => Some(name),
        _ => None,
    });
    let archived = log.iter().rev().find_map(|event| match event.content {
        Content::Archived { on } => Some(on),
        _ => None,
    });
    if let Some(view) = view.filter(|view| view.kind != RoomKind::Direct) {
        assert_eq!(Some(view.name), called, "{name}: L7");
        let archived = archived.unwrap_or_default();
        assert_eq!(view.archived, archived, "{name}: L8");
        let pace = log.iter().rev().find_map(|event| match event.content {
            Content::Paced { pace } => Some(pace),
            _ => None,
        });
        assert_eq!(view.pace, pace.unwrap_or_default(), "{name}: O6");
    }
}

/// L4, L5: each set of people has one room; with a message in it all of them have it, before that who opened it; and
/// they all hold the same log.
fn directs_agree(world: &mut World, long_lived: usize, story: &mut Story) {
    let mut rooms: BTreeMap<RoomId, BTreeSet<PersonId>> = BTreeMap::new();
    for tab in &world.tabs {
        let views = tab.session.rooms();
        for view in views.filter(|view| view.kind == RoomKind::Direct) {
            let people = view.people.iter().map(|person| person.id).collect();
            rooms.insert(view.id, people);
        }
    }
    let sets: BTreeSet<_> = rooms.values().collect();
    assert_eq!(sets.len(), rooms.len(), "L4: {rooms:?}");
    let mut of_sets: Vec<_> = rooms.iter().collect();
    // Ids of rooms are drawn by the server; the story is the same without them.
    of_sets.sort_by_key(|(_, people)| *people);
    for (room, people) in of_sets {
        let has = |tab: &&Tab| tab.rooms().contains(room);
        let log = world.tabs.iter().find(has).map(|tab| tab.events(*room));
        let log = log.unwrap_or_default();
        dense_and_linked(*room, &log);
        let entered =
            |event: &Event| matches!(event.content, Content::Created { .. } | Content::Joined);
        let said = log
            .iter()
            .any(|event| matches!(event.content, Content::Message { .. }));
        for (number, tab) in world.tabs.iter().enumerate() {
            let name = format!("tab {number}, direct room {room}");
            let opened = log
                .iter()
                .any(|event| entered(event) && event.author.id == tab.me.id);
            let is_in = opened || (said && people.contains(&tab.me.id));
            assert_eq!(has(&tab), is_in, "{name}: L5");
            same_as_the_log(tab, *room, &log, &name);
            if number < long_lived {
                stored_once_in_order(tab, *room, &log, &name);
            }
        }
        let told = log.into_iter();
        story.extend(told.map(|event| (event.author.id, event.content)));
        world.tally.directs += 1;
    }
}

/// D4: who is in the room by its log has it, and no one else.
fn everyone_is_known(tabs: &[Tab], log: &[Event]) {
    let Some(room) = log.first() else { return };
    let mut inside: BTreeMap<PersonId, bool> = BTreeMap::new();
    for event in log {
        match event.content {
            Content::Created { .. } | Content::Joined => inside.insert(event.author.id, true),
            Content::Left => inside.insert(event.author.id, false),
            Content::Added { ref person } => inside.insert(person.id, true),
            Content::Removed { ref person }
            | Content::Banned {
                ref person,
                on: true,
            } => inside.insert(person.id, false),
            _ => None,
        };
    }
    for tab in tabs {
        let by_log = inside.get(&tab.me.id).copied().unwrap_or_default();
        let by_tab = tab.session.rooms().any(|view| {
            tab.session
                .timeline(view.id)
                .and_then(|timeline| timeline.events().next().cloned())
                .is_some_and(|first| *first == *room)
        });
        assert_eq!(
            by_tab, by_log,
            "{:?} in the room {:?}",
            tab.me.id, room.content
        );
    }
}
