//! The binary, as people start it: settings, sentences and exit codes.

#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::process::{Command, Output};

use expect_test::{Expect, expect};

/// Starts `accrual` with nothing in its environment but `variables`.
fn accrual(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accrual"))
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// What is on standard error, and the exit code.
fn check_refused(arguments: &[&str], variables: &[(&str, &str)], expected: &Expect) {
    let output = accrual(arguments, variables);
    let stderr = String::from_utf8(output.stderr).unwrap();
    expected.assert_eq(&format!(
        "{stderr}exit code {}\n",
        output.status.code().unwrap()
    ));
}

/// The settings in effect that hold `name`.
fn setting(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let arguments = [&["serve", "--print-config"], arguments].concat();
    let output = accrual(&arguments, variables);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    let prefix = format!("{name} = ");
    stdout
        .lines()
        .find_map(|line| line.strip_prefix(&prefix))
        .unwrap()
        .to_owned()
}

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accrual.toml");
    let file = file.to_str().unwrap();
    std::fs::write(
        file,
        "[http]\nlisten = \"127.0.0.1:3\"\nmax_body = \"3KiB\"\nkeep_alive = \"3s\"\n\
         [database]\nno_migrate = true\n[log]\nformat = \"json\"\n",
    )
    .unwrap();
    let environment = [
        ("ACCRUAL_LISTEN", "127.0.0.1:2"),
        ("ACCRUAL_MAX_BODY", "2KiB"),
    ];
    let all = [&environment[..], &[("ACCRUAL_CONFIG", file)]].concat();

    assert_eq!(
        setting("listen", &["--listen", "127.0.0.1:1"], &all),
        "\"127.0.0.1:1\""
    );
    assert_eq!(setting("listen", &[], &all), "\"127.0.0.1:2\"");
    assert_eq!(setting("max_body", &[], &all), "\"2048\"");
    assert_eq!(setting("keep_alive", &["--config", file], &[]), "\"3s\"");
    assert_eq!(setting("no_migrate", &[], &all), "true");
    assert_eq!(
        setting("no_migrate", &["--no-migrate=false"], &all),
        "false"
    );
    assert_eq!(
        setting("format", &["--log-format", "text"], &all),
        "\"text\""
    );
    assert_eq!(setting("format", &[], &all), "\"json\"");
    assert_eq!(setting("header_timeout", &[], &all), "\"10s\"");
    assert_eq!(setting("rate_limits", &[], &all), "false");
    assert_eq!(setting("rate_limits", &["--rate-limits"], &all), "true");
    assert_eq!(setting("requests_per_hour", &[], &all), "40");
    let so_many = [("ACCRUAL_REQUESTS_PER_HOUR", "400")];
    assert_eq!(setting("requests_per_hour", &[], &so_many), "400");
}

#[test]
fn the_database_is_a_file_in_the_data_folder_unless_a_url_names_another() {
    let named = [("DATABASE_URL", "postgres://ann:secret@db/sales")];
    assert_eq!(
        setting("url", &[], &[]),
        "\"sqlite://accrual-data/accrual.db\""
    );
    assert_eq!(
        setting("url", &["--data", "/srv"], &[]),
        "\"sqlite:///srv/accrual.db\""
    );
    assert_eq!(
        setting("url", &[], &named),
        "\"postgres://ann:***@db/sales\""
    );
    assert_eq!(
        setting("url", &[], &[("DATABASE_URL", "")]),
        "\"sqlite://accrual-data/accrual.db\""
    );
    assert_eq!(
        setting("url", &["--database-url", "sqlite:a.db"], &named),
        "\"sqlite:a.db\""
    );
}

#[test]
fn what_is_printed_can_be_read_back() {
    let printed = accrual(&["serve", "--print-config", "--max-body", "7KiB"], &[]).stdout;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accrual.toml");
    std::fs::write(&file, &printed).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(
        accrual(&["serve", "--print-config", "--config", file], &[]).stdout,
        printed
    );
}

#[test]
fn a_setting_that_is_not_known_is_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accrual.toml");
    std::fs::write(
        &file,
        "[http]\nlisten = \"127.0.0.1:1\"\ntimeout = \"1s\"\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let output = accrual(&["serve", "--config", file], &[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    expect![[r#"
        accrual: The file FILE cannot be understood: line 3: unknown field `timeout`, expected one of `listen`, `max_connections`, `header_timeout`, `body_timeout`, `request_timeout`, `keep_alive`, `shutdown_timeout`, `max_body`, `rate_limits`, `requests_per_hour`, `workers`.
    "#]].assert_eq(&stderr.replace(file, "FILE"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_file_that_is_missing_is_a_sentence() {
    check_refused(
        &["serve", "--config", "/nowhere/accrual.toml"],
        &[],
        &expect![[r#"
            accrual: The file /nowhere/accrual.toml cannot be read: No such file or directory (os error 2).
            exit code 1
        "#]],
    );
}

#[test]
fn a_value_out_of_range_is_a_sentence() {
    check_refused(
        &["serve"],
        &[("ACCRUAL_WORKERS", "0")],
        &expect![[r#"
        accrual: workers must be from 1 to 100000.
        exit code 1
    "#]],
    );
    check_refused(
        &["serve", "--database-url", "mysql://db"],
        &[],
        &expect![[r#"
            accrual: The database URL must begin with sqlite: or postgres://.
            exit code 1
        "#]],
    );
}

#[test]
fn a_flag_that_is_not_known_is_a_matter_of_usage() {
    assert_eq!(
        accrual(&["serve", "--port", "1"], &[]).status.code(),
        Some(2)
    );
    assert_eq!(accrual(&[], &[]).status.code(), Some(2));
}

#[test]
fn a_port_in_use_is_a_sentence_and_nothing_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = accrual(
        &[
            "demo",
            "--listen",
            &address,
            "--data",
            data.to_str().unwrap(),
        ],
        &[],
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    expect![[r#"
        accrual: The address ADDRESS is already in use: stop what listens there, or choose another with --listen.
    "#]].assert_eq(&stderr.replace(&address, "ADDRESS"));
    assert_eq!(output.status.code(), Some(1));
    assert!(!data.exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let data = file.join("data");
    let output = accrual(&["org", "list", "--data", data.to_str().unwrap()], &[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    expect![[r#"
        accrual: The folder FILE/data cannot be made: Not a directory (os error 20).
    "#]]
    .assert_eq(&stderr.replace(file.to_str().unwrap(), "FILE"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_database_that_is_missing_is_a_sentence_for_whoever_reads_and_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let url = format!("sqlite:{data}.db");
    for command in ["explain", "history"] {
        let check = |place: [&str; 2], expected: &Expect| {
            let output = accrual(&[command, "1", place[0], place[1]], &[]);
            let stderr = String::from_utf8(output.stderr).unwrap();
            expected.assert_eq(&stderr.replace(data, "DATA"));
            assert_eq!(output.status.code(), Some(1));
        };
        check(
            ["--data", data],
            &expect![[r#"
                accrual: There is no database DATA/accrual.db: name its folder with --data, or another one with --database-url.
            "#]],
        );
        check(
            ["--database-url", &url],
            &expect![[r#"
                accrual: There is no database DATA.db: name its folder with --data, or another one with --database-url.
            "#]],
        );
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    // Once somebody has made it, it is read.
    assert!(
        accrual(&["org", "create", "Acme", "--data", data], &[])
            .status
            .success()
    );
    check_refused(
        &["explain", "1", "--data", data],
        &[],
        &expect![[r#"
            accrual: There is no conversion 1.
            exit code 1
        "#]],
    );
}

#[test]
fn help_can_be_learned_from() {
    let help = String::from_utf8(accrual(&["--help"], &[]).stdout).unwrap();
    for part in [
        "accrual demo",
        "accrual key create",
        "DATABASE_URL",
        "Exit codes",
    ] {
        assert!(help.contains(part), "{part} is not in:\n{help}");
    }
    let help = String::from_utf8(accrual(&["serve", "--help"], &[]).stdout).unwrap();
    for part in [
        "ACCRUAL_LISTEN",
        "ACCRUAL_SHUTDOWN_TIMEOUT",
        "[default: 75s]",
        "/readyz",
    ] {
        assert!(help.contains(part), "{part} is not in:\n{help}");
    }
}
