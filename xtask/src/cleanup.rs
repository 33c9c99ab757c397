//! What must be undone however xtask ends: by itself, by an error, by Ctrl-C or by SIGTERM.

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result};

type Undo = Box<dyn FnOnce() + Send>;

/// Oldest first. The lock is held while something is undone, so that nothing ends the process
/// half-way, and nothing new can start once an interrupt is being handled.
static PENDING: Mutex<Vec<(u64, Undo)>> = Mutex::new(Vec::new());
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// The status a shell gives a program that was interrupted: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// Undoes something once, when it is dropped or when xtask is interrupted.
#[must_use = "dropping it undoes at once"]
pub(crate) struct Cleanup {
    id: u64,
}

impl Cleanup {
    /// `undo` must not start another `Cleanup` (as [`crate::process`] does): the list is locked
    /// while it runs.
    pub(crate) fn new(undo: impl FnOnce() + Send + 'static) -> Self {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        pending().push((id, Box::new(undo)));
        Self { id }
    }

    /// Undoes nothing: what was to be undone ended by itself.
    pub(crate) fn forget(self) {
        pending().retain(|(id, _)| *id != self.id);
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let mut pending = pending();
        if let Some(index) = pending.iter().position(|(id, _)| *id == self.id) {
            let (_, undo) = pending.remove(index);
            undo();
        }
    }
}

impl fmt::Debug for Cleanup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleanup").field("id", &self.id).finish()
    }
}

/// Makes Ctrl-C, SIGTERM and SIGHUP undo everything, newest first, before xtask ends.
///
/// # Errors
/// If the system refuses a signal handler.
pub(crate) fn on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        let mut pending = pending();
        eprintln!("interrupted: stopping what was started");
        while let Some((_, undo)) = pending.pop() {
            undo();
        }
        std::process::exit(INTERRUPTED);
    })
    .context("a signal handler cannot be installed")
}

fn pending() -> MutexGuard<'static, Vec<(u64, Undo)>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicUsize};

    use super::*;

    fn counted(forget: bool) -> usize {
        let count = Arc::new(AtomicUsize::new(0));
        let inner = Arc::clone(&count);
        let cleanup = Cleanup::new(move || {
            inner.fetch_add(1, Ordering::SeqCst);
        });
        if forget {
            cleanup.forget();
        } else {
            drop(cleanup);
        }
        count.load(Ordering::SeqCst)
    }

    #[test]
    fn dropping_undoes_once() {
        assert_eq!(counted(false), 1);
    }

    #[test]
    fn what_is_forgotten_is_not_undone() {
        assert_eq!(counted(true), 0);
    }
}
