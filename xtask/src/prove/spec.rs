//! `cargo xtask prove spec`: openapi/ says what is answered.
//!
//! Schemathesis reads each document, makes requests of it, right ones and wrong ones, and compares
//! every answer with what the document declares. It comes from PyPI, into a folder that is gone
//! afterwards; the server is one of our own, with something in it to find.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    http::Client,
    process,
    run::{Outcome, Report},
    scratch::Scratch,
    server::{self, Server},
    spec,
};

const TOOL: &str = "schemathesis==4.32.5";

/// What is looked at in each answer: that it is no fault of the server's, and that its status,
/// content type, headers and body are declared; that a method which is not declared is refused and
/// that `Allow` names the others; that a key is needed where the document says so.
const CHECKS: [&str; 8] = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
];

const CURRENCY: &str = "USD";

/// How many affiliates and sales there are to find.
const AFFILIATES: u32 = 3;
const SALES: u32 = 12;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many requests are made up for each operation, beside those of its limits
    #[arg(long, default_value_t = 50)]
    examples: u32,
    /// After so many seconds no further request of a document is made
    #[arg(long, default_value_t = 90)]
    seconds: u32,
    /// What the requests follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Tries each document in openapi/ against a server on SQLite.
///
/// # Errors
/// If there is no Python, Schemathesis cannot be had, or the server does not start. What the server
/// answers otherwise than declared is printed, and is a failure of the command.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = Scratch::new()?;
    let tool = install(folder.path())?;
    let url = folder.sqlite_url();
    let server = Server::start(&url, folder.path())?;
    let mut report = Report::default();
    for name in spec::NAMES {
        report.step(name, || {
            let key = server::create_organization(&url, name, CURRENCY)?;
            let client = Client {
                address: server.address(),
                key,
            };
            fill(&client)?;
            let mut command = command(&tool, name, &client, arguments);
            process::run(command.current_dir(folder.path()))?;
            Ok(Outcome::Passed)
        });
    }
    Ok(report.close(&[]))
}

/// Installs the tool into `folder`; answers its program.
fn install(folder: &Path) -> Result<PathBuf> {
    let has_python =
        process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    ensure!(
        has_python,
        "python3 with its module venv is needed, and is not there (the package is python3-venv)"
    );
    let environment = folder.join("python");
    process::capture(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment),
    )?;
    let programs = environment.join("bin");
    println!("installing {TOOL}");
    let mut pip = Command::new(programs.join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", TOOL]);
    process::capture(&mut pip).with_context(|| format!("{TOOL} cannot be installed"))?;
    Ok(programs.join("schemathesis"))
}

/// Makes a program, affiliates in it, and sales of theirs, in both ways of reporting.
fn fill(client: &Client) -> Result<()> {
    let incentives = json!([{ "percent": "5" }]);
    let program = json!({ "name": "Spring", "currency": CURRENCY, "incentives": incentives });
    client.make("/programs", &program)?;
    for number in 1..=AFFILIATES {
        let tag = format!("tag-{number}");
        client.make("/affiliates", &json!({ "name": tag }))?;
        let enrollment = json!({ "affiliate_id": number, "program_id": 1, "tag": tag });
        client.make("/enrollments", &enrollment)?;
        let code = json!({ "enrollment_id": number, "code": format!("CODE{number}") });
        client.make("/promo_codes", &code)?;
    }
    for number in 1..=SALES {
        let (reference, tag) = (
            format!("{number}"),
            format!("tag-{}", number % AFFILIATES + 1),
        );
        client.report_to_growi(&json!({
            "order_id": reference, "currency": CURRENCY, "total": 1000 * number,
            "campaign_affiliate_id": tag,
        }))?;
        let total = format!("{number}.50");
        client.make(
            "/conversions",
            &json!({ "reference": reference, "currency": CURRENCY, "total": total, "tag": tag }),
        )?;
    }
    Ok(())
}

fn command(tool: &Path, name: &str, client: &Client, arguments: &Arguments) -> Command {
    let mut command = Command::new(tool);
    command
        .arg("run")
        .arg(spec::path(name))
        .args(["--origin", &format!("http://{}", client.address)])
        .args(["--header", &format!("Authorization: Bearer {}", client.key)])
        .args(["--checks", &CHECKS.join(",")])
        .args(["--seed", &arguments.seed.to_string()])
        .args(["--max-examples", &arguments.examples.to_string()])
        .args(["--max-time", &arguments.seconds.to_string()])
        // Nothing of an earlier run, and no advice on how to describe more.
        .args(["--generation-database", "none", "--warnings", "off"]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_bounded_and_the_same_again() {
        let client = Client {
            address: ([127, 0, 0, 1], 8080).into(),
            key: "key".to_owned(),
        };
        let arguments = Arguments {
            examples: 7,
            seconds: 9,
            seed: 3,
        };
        let command = command(Path::new("schemathesis"), "growi", &client, &arguments);
        let words: Vec<_> = command
            .get_args()
            .map(|word| word.to_string_lossy())
            .collect();
        let text = words.join(" ");
        assert!(text.contains("openapi/growi.json --origin http://127.0.0.1:8080 "));
        assert!(
            text.contains("--seed 3 --max-examples 7 --max-time 9 "),
            "{text}"
        );
    }
}
