//! What was measured on.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use time::{OffsetDateTime, macros::format_description};

use super::report::number;

const PROC_MOUNTS: &str = "/proc/mounts";

/// One line on the day, the machine and the databases, for the head of a table.
///
/// # Errors
/// If the system does not say what it is.
pub(super) fn describe(postgres_version: Option<&str>) -> Result<String> {
    let day = OffsetDateTime::now_utc().format(format_description!("[year]-[month]-[day]"))?;
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")
        .context("the kernel's version cannot be read")?;
    let postgres = postgres_version.map(|version| format!("PostgreSQL {version} · "));
    Ok(format!(
        "{day} · {}, {cores} cores, {} of memory · Linux {} · files on {} · {}SQLite {}",
        processor()?,
        memory()?,
        kernel.trim(),
        file_system(&std::env::temp_dir()),
        postgres.unwrap_or_default(),
        rusqlite::version(),
    ))
}

fn processor() -> Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo").context("the processor is unknown")?;
    let model = field(&text, "model name").unwrap_or("a processor without a name");
    Ok(model.to_owned())
}

fn memory() -> Result<String> {
    let text = fs::read_to_string("/proc/meminfo").context("the memory's size is unknown")?;
    let kibibytes: f64 = field(&text, "MemTotal")
        .and_then(|value| value.strip_suffix(" kB")?.parse().ok())
        .context("/proc/meminfo has no MemTotal")?;
    Ok(format!("{} GiB", number(kibibytes / 1024.0 / 1024.0)))
}

/// The type of the file system that `path` is on.
fn file_system(path: &Path) -> String {
    let mounts = fs::read_to_string(PROC_MOUNTS).unwrap_or_default();
    mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            Some((words.next()?, words.next()?))
        })
        .filter(|(folder, _)| path.starts_with(folder))
        // Of two on one folder the later hides the earlier, and `max_by_key` keeps the later.
        .max_by_key(|(folder, _)| folder.len())
        .map_or_else(
            || "an unknown file system".to_owned(),
            |(_, kind)| kind.to_owned(),
        )
}

/// Of `name : value`, or `name: value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found() {
        let text = "model\t\t: 1\nmodel name\t: AMD EPYC\n";
        assert_eq!(field(text, "model name"), Some("AMD EPYC"));
        assert_eq!(field("MemTotal:  24 kB\n", "MemTotal"), Some("24 kB"));
    }

    #[test]
    fn this_machine_is_described() {
        let line = describe(Some("15.1")).unwrap();
        assert!(line.contains("PostgreSQL 15.1"), "{line}");
    }
}
