//! How much processor time the processes of a measurement have used so far, from /proc.

use std::{fs, time::Duration};

use anyhow::{Context, Result};

/// `USER_HZ` of Linux, in which /proc counts.
const TICKS_PER_SECOND: u32 = 100;

/// The processes that take part in a measurement, besides xtask itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Processes {
    pub(super) server: u32,
    pub(super) postmaster: Option<u32>,
}

/// Processor time since each of them began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    server_user: Duration,
    server_system: Duration,
    postgres: Duration,
    load_generator: Duration,
}

/// Of one process, from `/proc/PID/stat`, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stat {
    parent: u32,
    user: u32,
    system: u32,
    /// User and system of its children that have ended.
    ended_children: u32,
}

impl Processes {
    /// # Errors
    /// If one of them is gone.
    pub(super) fn used(self) -> Result<Used> {
        let server = stat(self.server).context("the server has ended")?;
        let own = stat(std::process::id()).context("/proc cannot be read")?;
        let postgres = match self.postmaster {
            Some(postmaster) => family(postmaster).context("PostgreSQL has ended")?,
            None => 0,
        };
        Ok(Used {
            server_user: ticks(server.user),
            server_system: ticks(server.system),
            postgres: ticks(postgres),
            load_generator: ticks(own.user + own.system),
        })
    }
}

impl Used {
    /// What was used since `earlier`, in microseconds for each of `requests`, in the order of
    /// [`super::report::Cost`].
    pub(super) fn micros_each(self, earlier: Self, requests: u64) -> [f64; 5] {
        let parts = [
            self.server_user.saturating_sub(earlier.server_user),
            self.server_system.saturating_sub(earlier.server_system),
            self.postgres.saturating_sub(earlier.postgres),
            self.load_generator.saturating_sub(earlier.load_generator),
        ];
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let requests = requests.max(1) as f64;
        let [a, b, c, d] = parts.map(|part| part.as_secs_f64() * 1e6 / requests);
        [a, b, c, d, a + b + c + d]
    }
}

/// Of a process and its children, ended ones included, in ticks.
fn family(parent: u32) -> Option<u32> {
    let own = stat(parent)?;
    let children: u32 = fs::read_dir("/proc")
        .ok()?
        .flatten()
        .filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?))
        .filter(|stat| stat.parent == parent)
        .map(|stat| stat.user + stat.system)
        .sum();
    Some(own.user + own.system + own.ended_children + children)
}

fn stat(process: u32) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// Of `1 (a name) S 0 …`: the name may have spaces and parentheses.
fn parse(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(") ")?;
    // Counted from the third field, the state.
    let fields: Vec<&str> = rest.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
    Some(Stat {
        parent: number(1)?,
        user: number(11)?,
        system: number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

fn ticks(count: u32) -> Duration {
    Duration::from_secs(1) * count / TICKS_PER_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read() {
        let text = "7 (a ) b) S 3 7 7 0 -1 4194560 1 2 3 4 50 60 70 80 20 0 1 0 9 1 1";
        let expected = Stat {
            parent: 3,
            user: 50,
            system: 60,
            ended_children: 150,
        };
        assert_eq!(parse(text), Some(expected));
    }

    #[test]
    fn time_is_shared_out() {
        let used = Used {
            server_user: ticks(100),
            postgres: ticks(200),
            ..Used::default()
        };
        let micros = used.micros_each(Used::default(), 1_000_000);
        assert_eq!(micros.map(f64::round), [1.0, 0.0, 2.0, 0.0, 3.0]);
    }
}
