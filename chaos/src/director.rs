//! Does to the server what a plan says, and brings it back each time.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use shared::session::io::Input;
use tokio::time::{Instant, sleep, sleep_until};

use crate::client::Command;
use crate::crowd::Crowd;
use crate::measure::Samples;
use crate::plan::{Plan, ServerFault, ServerPlan};
use crate::random::Random;
use crate::server::{Armed, Server};
use crate::stage::Stage;

/// Of 100 clients, how many do not wait for their backoff after a kill: kills come so fast that the waits
/// would otherwise grow to 20 s and most clients would miss most kills.
pub(crate) const HASTY_PERCENT: u64 = 85;

/// How long they take for it at most, in milliseconds.
pub(crate) const HASTE_MS: u64 = 400;

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// Of 100 starts of a server with failpoints, how many have a clock that is an hour off.
const CLOCK_PERCENT: u64 = 10;

/// The one who breaks the server.
pub(crate) struct Director<'a> {
    stage: &'a Stage,
    crowd: &'a Rc<Crowd>,
    plan: &'a [ServerPlan],
    begun: Instant,
    /// The planned death that the running server is armed for.
    armed_for: Option<usize>,
    /// Planned deaths that came before their time, by the failpoint.
    done: BTreeSet<usize>,
    clocks: Random,
    haste: Random,
    /// How often each fault was done.
    pub(crate) faults: BTreeMap<String, u64>,
    /// From the start of a process to its listening.
    pub(crate) starts: Samples,
    /// What the server did and should not have.
    pub(crate) trouble: Vec<String>,
}

impl<'a> Director<'a> {
    pub(crate) fn new(
        stage: &'a Stage,
        crowd: &'a Rc<Crowd>,
        plan: &'a Plan,
        begun: Instant,
    ) -> Self {
        let seed = crowd.run.seed;
        Self {
            stage,
            crowd,
            plan: &plan.server,
            begun,
            armed_for: None,
            done: BTreeSet::new(),
            clocks: Random::stream(seed, "clocks of the server", 0),
            haste: Random::stream(seed, "haste", 0),
            faults: BTreeMap::new(),
            starts: Samples::default(),
            trouble: Vec::new(),
        }
    }

    /// Plays the whole plan.
    ///
    /// # Errors
    /// When the server does not come back.
    pub(crate) async fn direct(&mut self, server: &mut Server) -> Result<()> {
        for (at, plan) in self.plan.iter().enumerate() {
            let due = self.begun + Duration::from_millis(plan.at_ms);
            loop {
                tokio::select! {
                    status = server.ended() => self.died(server, &status?.to_string(), at).await?,
                    () = sleep_until(due) => break,
                }
            }
            if !self.done.remove(&at) {
                self.act(plan.fault, server, at + 1).await?;
            }
        }
        Ok(())
    }

    /// Does one fault; `next` is the place of the one after it.
    async fn act(&mut self, fault: ServerFault, server: &mut Server, next: usize) -> Result<()> {
        match fault {
            ServerFault::Freeze { for_ms } => {
                // It may die by its failpoint at this very moment, and is found dead later then.
                if server.signal("STOP").await.is_ok() {
                    self.count("SIGSTOP");
                    sleep(Duration::from_millis(for_ms)).await;
                    server.signal("CONT").await?;
                }
                Ok(())
            }
            ServerFault::Kill { down_ms } | ServerFault::KillAfterCommit { down_ms, .. } => {
                server.kill().await?;
                self.count("SIGKILL");
                self.start(server, down_ms, next).await
            }
            ServerFault::Terminate { down_ms } => {
                match server.terminate().await {
                    Ok(status) if status.success() => self.count("SIGTERM"),
                    Ok(status) => self
                        .trouble
                        .push(format!("SIGTERM ended the server with {status}")),
                    // As above.
                    Err(_) if server.armed => self.count("death after commit"),
                    Err(error) => self.trouble.push(error.to_string()),
                }
                self.start(server, down_ms, next).await
            }
        }
    }

    /// It ended by itself: by the failpoint that it was armed with, or that is a fault of its own.
    async fn died(&mut self, server: &mut Server, status: &str, next: usize) -> Result<()> {
        let Some(planned) = self.armed_for.take() else {
            let words = self.stage.words();
            self.trouble
                .push(format!("the server ended by itself with {status}: {words}"));
            return self.start(server, 0, next).await;
        };
        self.count("death after commit");
        self.done.insert(planned);
        let down_ms = match self.plan[planned].fault {
            ServerFault::KillAfterCommit { down_ms, .. } => down_ms,
            _ => 0,
        };
        self.start(server, down_ms, next.max(planned + 1)).await
    }

    async fn start(&mut self, server: &mut Server, down_ms: u64, next: usize) -> Result<()> {
        sleep(Duration::from_millis(down_ms)).await;
        let recipe = &self.stage.recipe;
        let off = self.clocks.percent(CLOCK_PERCENT);
        let clock_ms = if self.clocks.percent(50) {
            HOUR_MS
        } else {
            -HOUR_MS
        };
        let mut armed = Armed {
            die_after_commits: None,
            clock_ms: off.then_some(clock_ms),
            commit_ms: None,
        };
        self.armed_for = None;
        if recipe.with_failpoints.is_some()
            && let Some((at, commits)) = self.next_death(next)
        {
            armed.die_after_commits = Some(commits);
            self.armed_for = Some(at);
        }
        if recipe.with_failpoints.is_some() && off {
            self.count("server's clock an hour off");
        }
        *server = Server::start(recipe, armed).await?;
        self.starts.push(server.start_took.as_micros() as u64);
        self.crowd.run.server_is_back();
        self.hasten();
        Ok(())
    }

    /// The next end of the server, if it is to be one between commit and acknowledgement.
    fn next_death(&self, next: usize) -> Option<(usize, u64)> {
        let ends = |plan: &ServerPlan| !matches!(plan.fault, ServerFault::Freeze { .. });
        let found = self.plan.get(next..)?.iter().position(ends)?;
        match self.plan[next + found].fault {
            ServerFault::KillAfterCommit { commits, .. } => Some((next + found, commits)),
            _ => None,
        }
    }

    /// Most clients do not wait for their backoff.
    fn hasten(&mut self) {
        let mut wishes: Vec<(u64, usize, Input)> = Vec::new();
        for client in 0..self.crowd.handles.len() {
            let hasty = self.haste.percent(HASTY_PERCENT);
            let after_ms = self.haste.below(HASTE_MS);
            let how = self
                .haste
                .pick(&[Input::ConnectNow, Input::Wake, Input::Online(true)]);
            if hasty {
                wishes.push((after_ms, client, how.clone()));
            }
        }
        wishes.sort_by_key(|(after_ms, client, _)| (*after_ms, *client));
        let (crowd, begun) = (Rc::downgrade(self.crowd), Instant::now());
        tokio::task::spawn_local(async move {
            for (after_ms, client, input) in wishes {
                sleep_until(begun + Duration::from_millis(after_ms)).await;
                let Some(crowd) = crowd.upgrade() else { return };
                crowd.handles[client].tell(Command::Input(input));
            }
        });
    }

    fn count(&mut self, fault: &str) {
        *self.faults.entry(fault.to_owned()).or_default() += 1;
    }
}
