//! What the machine tells: processor time, memory, cores, and how busy others keep it.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// How often the kernel counts processor time in `/proc/*/stat` (`USER_HZ`, which is 100 on every Linux).
const TICK: Duration = Duration::from_millis(10);

/// Which core the server runs on and which one the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cores {
    /// The one of the server under test.
    pub server: usize,
    /// Ours.
    pub generator: usize,
}

impl Cores {
    /// The first two cores that this process may use; none if it has only one.
    #[must_use]
    pub fn choose() -> Option<Self> {
        let allowed = sched_getaffinity(None).ok()?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
        Some(Self {
            server: cores.next()?,
            generator: cores.next()?,
        })
    }
}

/// Lets this thread, and what it starts from now on, run on one core only.
///
/// # Errors
/// When the core is not ours.
pub fn pin(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).with_context(|| format!("cannot run on core {core}"))
}

/// Raises the soft limit of open files to the hard one and returns it.
///
/// # Errors
/// When the kernel refuses.
pub fn raise_open_files() -> Result<usize> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).context("cannot raise the limit of open files")?;
    Ok(limit
        .maximum
        .map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX)))
}

/// Processor time of all threads of a process. The sum over living threads is exact to the nanosecond but forgets
/// threads that have ended; the process's own counter does not, and is exact to 10 ms. Hence whichever is further.
///
/// # Errors
/// When there is no such process.
pub fn cpu_time(pid: u32) -> Result<Duration> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).context("the server is gone")?;
    let living = tasks.flatten().filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    let living = Duration::from_nanos(living.sum());
    let stat = read(&format!("/proc/{pid}/stat"))?;
    let ticks = ticks_of_stat(&stat).with_context(|| format!("/proc/{pid}/stat says {stat:?}"))?;
    Ok(living.max((TICK * ticks).saturating_sub(TICK)))
}

/// User and system ticks in the text of `/proc/PID/stat`, whose second field is a name that may hold anything.
fn ticks_of_stat(stat: &str) -> Option<u32> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Proportional set size of a process in KiB: its own pages, and its share of those it has in common with others.
///
/// # Errors
/// When there is no such process.
pub fn pss_kib(pid: u32) -> Result<f64> {
    kib(&read(&format!("/proc/{pid}/smaps_rollup"))?, "Pss:")
}

/// Resident set size of a process in KiB.
///
/// # Errors
/// When there is no such process.
pub fn rss_kib(pid: u32) -> Result<f64> {
    kib(&read(&format!("/proc/{pid}/status"))?, "VmRSS:")
}

fn kib(text: &str, name: &str) -> Result<f64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let number = value.and_then(|value| value.trim().strip_suffix(" kB")?.trim().parse().ok());
    match number {
        Some(number) => Ok(number),
        None => bail!("no {name} in what the kernel says"),
    }
}

/// What all cores together have worked since the machine started.
fn busy() -> Result<Duration> {
    let stat = read("/proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let ticks = busy_ticks(line).with_context(|| format!("/proc/stat says {line:?}"))?;
    Ok(TICK * ticks)
}

/// `cpu user nice system idle iowait irq softirq steal …`: all but idle, iowait and what other machines stole.
fn busy_ticks(line: &str) -> Option<u32> {
    let fields: Vec<u32> = line
        .strip_prefix("cpu ")?
        .split_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    let [user, nice, system, _, _, irq, softirq, ..] = fields[..] else {
        return None;
    };
    Some(user + nice + system + irq + softirq)
}

/// A measurement under way.
#[derive(Debug)]
pub struct Window {
    pid: u32,
    began: Instant,
    server: Duration,
    own: Duration,
    busy: Duration,
}

/// What a measurement took.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// By the clock.
    pub wall: Duration,
    /// Processor time of the server.
    pub server: Duration,
    /// Processor time of the generator.
    pub own: Duration,
    /// Share of all cores that neither of the two used but somebody did: above a few per cent, nothing is reliable.
    pub others: f64,
}

impl Window {
    /// From now on, with the server of this process id.
    ///
    /// # Errors
    /// When it is gone.
    pub fn open(pid: u32) -> Result<Self> {
        Ok(Self {
            pid,
            server: cpu_time(pid)?,
            own: cpu_time(std::process::id())?,
            busy: busy()?,
            began: Instant::now(),
        })
    }

    /// Up to now.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn close(self) -> Result<Spent> {
        let wall = self.began.elapsed();
        let server = cpu_time(self.pid)?.saturating_sub(self.server);
        let own = cpu_time(std::process::id())?.saturating_sub(self.own);
        let others = busy()?
            .saturating_sub(self.busy)
            .saturating_sub(server + own);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let cores = cores.max(cores_of_machine()?);
        Ok(Spent {
            wall,
            server,
            own,
            // The kernel counts the machine's time in ticks and ours exactly: a short window can seem more than full.
            others: (others.as_secs_f64() / (wall.as_secs_f64() * cores as f64)).min(1.0),
        })
    }
}

/// How many cores there are, whatever we may use.
fn cores_of_machine() -> Result<usize> {
    let stat = read("/proc/stat")?;
    let is_core = |line: &&str| line.starts_with("cpu") && !line.starts_with("cpu ");
    Ok(stat.lines().filter(is_core).count())
}

/// In words: processor, cores, memory, kernel.
#[must_use]
pub fn description() -> String {
    let cpuinfo = read("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, model)| model.trim());
    let cores = cores_of_machine().unwrap_or_default();
    let memory = read("/proc/meminfo")
        .and_then(|text| kib(&text, "MemTotal:"))
        .unwrap_or_default()
        / (1024.0 * 1024.0);
    let kernel = read("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    format!("{model}, {cores} cores, {memory:.0} GiB, Linux {kernel}")
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 250 31 0 0 20 0 1 0 99 0 0";
        assert_eq!(ticks_of_stat(stat), Some(281));
        assert_eq!(ticks_of_stat("7 (x) S 1"), None);
    }

    #[test]
    fn idle_waiting_and_stolen_time_is_not_work() {
        let line = "cpu  10 1 20 5000 700 3 4 90 0 0";
        assert_eq!(busy_ticks(line), Some(38));
        assert_eq!(busy_ticks("cpu0 1 2"), None);
    }

    #[test]
    fn sizes_are_found_by_their_name() {
        let text = "Rss:  900 kB\nPss_Anon:  1 kB\nPss:    345 kB\n";
        assert!((kib(text, "Pss:").unwrap() - 345.0).abs() < 1e-9);
        assert!(kib(text, "Swap:").is_err());
    }

    #[test]
    fn work_of_this_process_is_seen() {
        let window = Window::open(std::process::id()).unwrap();
        let until = Instant::now() + Duration::from_millis(60);
        while Instant::now() < until {
            std::hint::black_box(std::process::id());
        }
        let spent = window.close().unwrap();
        assert!(spent.wall >= Duration::from_millis(60));
        assert!(spent.own > Duration::ZERO, "{spent:?}");
        assert!(pss_kib(std::process::id()).unwrap() > 100.0);
        assert!(rss_kib(std::process::id()).unwrap() > 100.0);
    }
}
