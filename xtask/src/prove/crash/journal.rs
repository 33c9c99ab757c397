//! What the clients know: each line is on the disk before a client goes on.

use std::{
    collections::HashMap,
    fmt,
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::mpsc,
};

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::oneshot;

/// What a client did, or learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It is about to report a sale for the first time; in minor units.
    Sent { reference: String, total: i64 },
    /// A sale was acknowledged.
    Acked { reference: String, ack: Ack },
}

/// What an acknowledgement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ack {
    /// The sale's number.
    pub(super) sale: i64,
    /// In minor units.
    pub(super) commission: i64,
    /// Whether it says that the sale was known already.
    pub(super) is_replay: bool,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent { reference, total } => write!(f, "sent {reference} {total}"),
            Self::Acked { reference, ack } => {
                let Ack {
                    sale, commission, ..
                } = ack;
                let word = if ack.is_replay { "known" } else { "new" };
                write!(f, "acked {reference} {sale} {commission} {word}")
            }
        }
    }
}

impl Line {
    fn parse(text: &str) -> Result<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        Ok(match words.as_slice() {
            ["sent", reference, total] => Self::Sent {
                reference: (*reference).to_owned(),
                total: total.parse()?,
            },
            [
                "acked",
                reference,
                sale,
                commission,
                word @ ("new" | "known"),
            ] => Self::Acked {
                reference: (*reference).to_owned(),
                ack: Ack {
                    sale: sale.parse()?,
                    commission: commission.parse()?,
                    is_replay: *word == "known",
                },
            },
            _ => bail!("not a line of the journal: {text}"),
        })
    }
}

/// A sale, as the clients know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// In minor units.
    pub(super) total: i64,
    /// Each acknowledgement; without any, it is in doubt.
    pub(super) acks: Vec<Ack>,
}

/// Everything that the journal says, by reference.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) sales: HashMap<String, Sent>,
    /// Up to where the file was read, in bytes.
    read: u64,
}

impl Journal {
    /// Reads what was written since the last time.
    ///
    /// # Errors
    /// If a line is none of the journal's, or contradicts those before it.
    pub(super) fn read_on(&mut self, path: &Path) -> Result<()> {
        let mut file = File::open(path).context("the journal cannot be opened")?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut text = String::new();
        self.read += file.read_to_string(&mut text)? as u64;
        for line in text.lines() {
            self.add(Line::parse(line)?)?;
        }
        Ok(())
    }

    fn add(&mut self, line: Line) -> Result<()> {
        match line {
            Line::Sent { reference, total } => {
                let acks = Vec::new();
                let before = self.sales.insert(reference, Sent { total, acks });
                ensure!(before.is_none(), "the journal has a sale twice");
            }
            Line::Acked { reference, ack } => {
                let sent = self.sales.get_mut(&reference);
                let sent = sent.with_context(|| format!("{reference} was never sent"))?;
                sent.acks.push(ack);
            }
        }
        Ok(())
    }

    /// The references of the sales that were sent and never acknowledged, in order.
    pub(super) fn in_doubt(&self) -> Vec<String> {
        let unanswered = self.sales.iter().filter(|(_, sent)| sent.acks.is_empty());
        let mut references: Vec<String> = unanswered.map(|(name, _)| name.clone()).collect();
        references.sort();
        references
    }
}

/// A line, and whom to tell that it is on the disk.
type Entry = (String, oneshot::Sender<()>);

/// Writes lines to the disk, those that come meanwhile together.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    path: PathBuf,
    entries: mpsc::Sender<Entry>,
}

impl Writer {
    /// Begins a journal.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub(super) fn create(path: PathBuf) -> Result<Self> {
        let file = OpenOptions::new().create_new(true).append(true).open(&path);
        let file = file.context("the journal cannot be made")?;
        let (entries, received) = mpsc::channel();
        std::thread::spawn(move || write_all(file, &received));
        Ok(Self { path, entries })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns once `line` is on the disk.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) async fn write(&self, line: &Line) -> Result<()> {
        let (done, is_done) = oneshot::channel();
        let failed = "the journal cannot be written";
        let entry = (format!("{line}\n"), done);
        self.entries.send(entry).ok().context(failed)?;
        is_done.await.context(failed)
    }
}

/// Ends with the last writer, or when the disk refuses: then nobody is told, and all clients fail.
fn write_all(mut file: File, entries: &mpsc::Receiver<Entry>) {
    while let Ok(first) = entries.recv() {
        let waiting: Vec<Entry> = std::iter::once(first).chain(entries.try_iter()).collect();
        let text: String = waiting.iter().map(|(line, _)| line.as_str()).collect();
        let written = file.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| file.sync_data()) {
            eprintln!("error: the journal: {error}");
            return;
        }
        for (_, done) in waiting {
            let _ = done.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(reference: &str) -> Line {
        Line::Sent {
            reference: reference.to_owned(),
            total: 9999,
        }
    }

    fn acked(reference: &str, is_replay: bool) -> Line {
        Line::Acked {
            reference: reference.to_owned(),
            ack: Ack {
                sale: 7,
                commission: 500,
                is_replay,
            },
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for (line, text) in [
            (sent("a"), "sent a 9999"),
            (acked("a", false), "acked a 7 500 new"),
            (acked("a", true), "acked a 7 500 known"),
        ] {
            assert_eq!(line.to_string(), text);
            assert_eq!(Line::parse(text).unwrap(), line);
        }
        for wrong in ["", "sent a", "sent a b", "acked a 7 500", "acked a 7 500 x"] {
            assert!(Line::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_is_written_is_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::create(folder.path().join("journal")).unwrap();
        let mut journal = Journal::default();
        writer.write(&sent("b")).await.unwrap();
        writer.write(&sent("a")).await.unwrap();
        journal.read_on(writer.path()).unwrap();
        assert_eq!(journal.in_doubt(), ["a", "b"]);
        writer.write(&acked("a", false)).await.unwrap();
        journal.read_on(writer.path()).unwrap();
        assert_eq!(journal.in_doubt(), ["b"]);
        assert_eq!(journal.sales["a"].acks.len(), 1);
    }

    #[test]
    fn a_contradiction_is_refused() {
        let mut journal = Journal::default();
        assert!(journal.add(acked("a", false)).is_err());
        journal.add(sent("a")).unwrap();
        assert!(journal.add(sent("a")).is_err());
    }
}
