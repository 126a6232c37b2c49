//! The schedule of faults: a function of the seed and the size of the run, made before anything starts.

use crate::random::Random;

/// Milliseconds between two faults of one client's link, on average.
const LINK_FAULT_EVERY_MS: u64 = 20_000;

/// Milliseconds between two stops of the server (SIGSTOP), on average.
const FREEZE_EVERY_MS: u64 = 9_000;

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// Which way bytes go through the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the server.
    Up,
    /// To the client.
    Down,
    /// Both.
    Both,
}

/// What goes wrong with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerFault {
    /// SIGKILL; the next one starts after `down_ms`.
    Kill { down_ms: u64 },
    /// Dies by a failpoint after so many commits, between the commit and its acknowledgements. Without a server
    /// that has failpoints, and when there are fewer commits before `at_ms`, it is a SIGKILL.
    KillAfterCommit { commits: u64, down_ms: u64 },
    /// SIGTERM: a planned restart.
    Terminate { down_ms: u64 },
    /// SIGSTOP, and SIGCONT after `for_ms`.
    Freeze { for_ms: u64 },
}

/// What goes wrong with one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientFault {
    /// The link breaks after so many more bytes, mostly inside a frame; by a reset or by an end.
    Cut {
        way: Way,
        after_bytes: u64,
        reset: bool,
    },
    /// What is sent this way is swallowed until the client gives the connection up: a half-open link.
    Hole { way: Way },
    /// Each piece takes so much longer, for a while.
    Delay { by_ms: u64, for_ms: u64 },
    /// No more than so many bytes a second, for a while.
    Throttle { bytes_per_s: u64, for_ms: u64 },
    /// Does not read for a while.
    Deaf { for_ms: u64 },
    /// The wall clock jumps.
    Clock { by_ms: i64 },
    /// The tab crashes: a new Session with the outbox as it was saved.
    Crash,
    /// The page becomes visible (`Input::Wake`).
    Wake,
}

/// A fault of the server and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServerPlan {
    /// From the start of the run.
    pub(crate) at_ms: u64,
    pub(crate) fault: ServerFault,
}

/// A fault of a client and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientPlan {
    /// From the start of the run.
    pub(crate) at_ms: u64,
    pub(crate) client: usize,
    pub(crate) fault: ClientFault,
}

/// Everything that will go wrong, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) server: Vec<ServerPlan>,
    pub(crate) clients: Vec<ClientPlan>,
}

impl Plan {
    /// The mix: exactly `kills` kills spread over the run, freezes, and faults of the clients' links.
    pub(crate) fn mixed(seed: u64, length_ms: u64, kills: u64, clients: usize) -> Self {
        let mut server = kills_of(seed, length_ms, kills);
        server.extend(freezes_of(seed, length_ms));
        server.sort_by_key(|plan| plan.at_ms);
        let mut all: Vec<ClientPlan> = (0..clients)
            .flat_map(|client| faults_of(seed, length_ms, client))
            .collect();
        all.sort_by_key(|plan| (plan.at_ms, plan.client));
        Self {
            server,
            clients: all,
        }
    }

    /// A number that two runs share if, and as good as only if, they have the same schedule (FNV-1a).
    pub(crate) fn digest(&self) -> u64 {
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for byte in format!("{self:?}").bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        sum
    }
}

/// One kill in each of `kills` equal slots, somewhere in its middle; one in forty slots has a planned restart besides.
fn kills_of(seed: u64, length_ms: u64, kills: u64) -> Vec<ServerPlan> {
    let mut random = Random::stream(seed, "kills", 0);
    let slot = length_ms / kills.max(1);
    let mut planned = Vec::new();
    for at in 0..kills {
        let at_ms = slot * at + random.between(slot / 5, slot * 4 / 5);
        let down_ms = if random.percent(70) {
            0
        } else {
            random.between(1, (slot / 8).min(2_000))
        };
        // Few enough that it comes before its time, also on a busy machine.
        let commits = random.between(3, (slot / 30).clamp(10, 1_000));
        let fault = if random.percent(25) {
            ServerFault::KillAfterCommit { commits, down_ms }
        } else {
            ServerFault::Kill { down_ms }
        };
        planned.push(ServerPlan { at_ms, fault });
        if at % 40 == 39 {
            planned.push(ServerPlan {
                at_ms: at_ms + slot / 3,
                fault: ServerFault::Terminate { down_ms },
            });
        }
    }
    planned
}

fn freezes_of(seed: u64, length_ms: u64) -> Vec<ServerPlan> {
    let mut random = Random::stream(seed, "freezes", 0);
    let mut planned = Vec::new();
    let mut at_ms = random.below(FREEZE_EVERY_MS);
    while at_ms < length_ms {
        // Rarely long enough that clients give the connection up.
        let for_ms = if random.percent(3) {
            random.between(4_000, 12_000)
        } else {
            random.between(20, 800)
        };
        planned.push(ServerPlan {
            at_ms,
            fault: ServerFault::Freeze { for_ms },
        });
        at_ms += for_ms + random.below(2 * FREEZE_EVERY_MS);
    }
    planned
}

fn faults_of(seed: u64, length_ms: u64, client: usize) -> Vec<ClientPlan> {
    let mut random = Random::stream(seed, "faults of a client", client as u64);
    let mut planned = Vec::new();
    let mut at_ms = random.below(LINK_FAULT_EVERY_MS);
    while at_ms < length_ms {
        let fault = fault_of(&mut random);
        planned.push(ClientPlan {
            at_ms,
            client,
            fault,
        });
        at_ms += random.below(2 * LINK_FAULT_EVERY_MS);
    }
    planned
}

fn fault_of(random: &mut Random) -> ClientFault {
    let way = *random.pick(&[Way::Up, Way::Down, Way::Both]);
    match random.below(100) {
        0..=29 => ClientFault::Cut {
            way,
            after_bytes: random.below(3_000),
            reset: random.percent(50),
        },
        30..=44 => ClientFault::Hole { way },
        45..=59 => ClientFault::Delay {
            by_ms: random.between(1, 300),
            for_ms: random.between(500, 5_000),
        },
        60..=69 => ClientFault::Throttle {
            bytes_per_s: random.between(2_000, 40_000),
            for_ms: random.between(500, 5_000),
        },
        70..=79 => ClientFault::Deaf {
            for_ms: random.between(500, 8_000),
        },
        80..=87 => ClientFault::Clock {
            by_ms: if random.percent(50) {
                HOUR_MS
            } else {
                -HOUR_MS
            },
        },
        88..=93 => ClientFault::Crash,
        _ => ClientFault::Wake,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_schedule() {
        let plan = |seed| Plan::mixed(seed, 60_000, 30, 10);
        assert_eq!(plan(1), plan(1));
        assert_eq!(plan(1).digest(), plan(1).digest());
        assert_ne!(plan(1).digest(), plan(2).digest());
    }

    #[test]
    fn there_are_as_many_kills_as_asked_for_and_they_are_within_the_run() {
        let plan = Plan::mixed(3, 2_400_000, 1_000, 1);
        let is_kill = |plan: &&ServerPlan| {
            matches!(
                plan.fault,
                ServerFault::Kill { .. } | ServerFault::KillAfterCommit { .. }
            )
        };
        assert_eq!(plan.server.iter().filter(is_kill).count(), 1_000);
        assert!(plan.server.iter().all(|plan| plan.at_ms < 2_400_000));
        assert!(plan.server.is_sorted_by_key(|plan| plan.at_ms));
    }

    #[test]
    fn every_kind_of_client_fault_occurs() {
        let plan = Plan::mixed(1, 600_000, 1, 50);
        let kinds: std::collections::BTreeSet<String> = plan
            .clients
            .iter()
            .map(|plan| format!("{:?}", std::mem::discriminant(&plan.fault)))
            .collect();
        assert_eq!(kinds.len(), 8);
        assert!(plan.clients.is_sorted_by_key(|plan| plan.at_ms));
    }

    #[test]
    fn no_kills_is_a_schedule_too() {
        assert!(kills_of(1, 1_000, 0).is_empty());
    }
}
