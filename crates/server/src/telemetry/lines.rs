//! Log lines, handed to the system many at a time: a call for each line costs more than the line.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line may wait for others.
const PATIENCE: Duration = Duration::from_millis(10);

/// How much may wait, in bytes: beyond that whoever logs writes, and is slowed down by it.
const MOST_WAITING: usize = 1024 * 1024;

/// Where lines go: warnings and errors at once, everything else soon after.
#[derive(Clone)]
pub(super) struct Lines(Arc<Shared>);

/// While this lives lines may wait; once it is dropped they are written at once.
#[must_use = "dropped, it makes every line a call of its own"]
#[derive(Debug)]
pub struct Logging(Lines);

struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    out: Mutex<Box<dyn Write + Send>>,
}

#[derive(Default)]
struct Waiting {
    text: Vec<u8>,
    /// Whether each line is to be written at once.
    is_closed: bool,
}

impl Lines {
    /// Lines to `out`, written by a thread of their own.
    ///
    /// # Errors
    /// If the system has no thread to give.
    pub(super) fn to(out: impl Write + Send + 'static) -> io::Result<(Self, Logging)> {
        let lines = Self(Arc::new(Shared {
            waiting: Mutex::default(),
            arrived: Condvar::new(),
            out: Mutex::new(Box::new(out)),
        }));
        let shared = Arc::clone(&lines.0);
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || shared.write_in_turns())?;
        Ok((lines.clone(), Logging(lines)))
    }
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        let Self(Lines(shared)) = self;
        shared.waiting().is_closed = true;
        shared.arrived.notify_one();
        // What cannot be written now is lost with the process.
        let _ = shared.write_all();
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that is done under this lock can panic half-way.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_in_turns(&self) {
        loop {
            let mut waiting = self.waiting();
            while waiting.text.is_empty() && !waiting.is_closed {
                let woken = self.arrived.wait(waiting);
                waiting = woken.unwrap_or_else(PoisonError::into_inner);
            }
            if waiting.is_closed {
                return;
            }
            drop(waiting);
            std::thread::sleep(PATIENCE);
            // As with every logger, there is nowhere to say that a line could not be written.
            let _ = self.write_all();
        }
    }

    /// Writes what waits. Who writes first has taken first, so lines stay in order.
    fn write_all(&self) -> io::Result<()> {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let text = std::mem::take(&mut self.waiting().text);
        out.write_all(&text)?;
        out.flush()
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            shared: &self.0,
            is_urgent: true,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        Line {
            shared: &self.0,
            is_urgent: *metadata.level() <= Level::WARN,
        }
    }
}

/// What one line is written with, in one piece.
pub(super) struct Line<'a> {
    shared: &'a Shared,
    is_urgent: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.shared.waiting();
        let is_first = waiting.text.is_empty();
        waiting.text.extend_from_slice(line);
        let is_now = self.is_urgent || waiting.is_closed || waiting.text.len() > MOST_WAITING;
        drop(waiting);
        if is_now {
            self.shared.write_all()?;
        } else if is_first {
            self.shared.arrived.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came out, write by write.
    #[derive(Clone, Default)]
    struct Out(Arc<Mutex<Vec<String>>>);

    impl Write for Out {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let written = String::from_utf8(text.to_vec()).unwrap();
            self.0.lock().unwrap().push(written);
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log(lines: &Lines, is_urgent: bool, text: &str) {
        let shared = &lines.0;
        Line { shared, is_urgent }
            .write_all(text.as_bytes())
            .unwrap();
    }

    #[test]
    fn an_urgent_line_takes_those_before_it_along() {
        let out = Out::default();
        let (lines, _logging) = Lines::to(out.clone()).unwrap();
        log(&lines, false, "a\n");
        log(&lines, true, "b\n");
        assert_eq!(out.0.lock().unwrap().concat(), "a\nb\n");
    }

    #[test]
    fn nothing_waits_once_logging_has_ended() {
        let out = Out::default();
        let (lines, logging) = Lines::to(out.clone()).unwrap();
        log(&lines, false, "a\n");
        drop(logging);
        assert_eq!(out.0.lock().unwrap().concat(), "a\n");
        log(&lines, false, "b\n");
        assert_eq!(out.0.lock().unwrap().concat(), "a\nb\n");
    }

    #[test]
    fn a_line_alone_is_written_soon() {
        let out = Out::default();
        let (lines, _logging) = Lines::to(out.clone()).unwrap();
        log(&lines, false, "a\n");
        while out.0.lock().unwrap().concat().is_empty() {
            std::thread::yield_now();
        }
    }
}
