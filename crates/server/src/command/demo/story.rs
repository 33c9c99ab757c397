//! What the demonstration does over HTTP, and what it says about it.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::command::demo::key_file;
use crate::command::demo::set_up::{AFFILIATES, PERCENT};
use crate::http::client::Client;

/// Where a sale is reported.
const SALES: &str = "/api/public/v1/affiliate_sales";
/// The header that says that a sale was known.
const REPLAY: &str = "x-accrual-replay";

/// Reports a sale, asks why it was decided so, and says both.
pub(crate) async fn tell(
    client: &Client,
    address: SocketAddr,
    folder: &Path,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let [(ada, summer), (grace, winter)] = AFFILIATES;
    writeln!(
        out,
        "Accrual runs on http://{address} and keeps its data in {}.",
        folder.display()
    )?;
    writeln!(
        out,
        "A program pays {PERCENT} % of each sale's total to the affiliate who sent it:"
    )?;
    writeln!(
        out,
        "to {ada} for the tag {summer}, to {grace} for the tag {winter}.\n"
    )?;

    let sale = sale("demo-1001", 9999, summer);
    writeln!(
        out,
        "A shop reports a sale of 99.99 USD with the tag {summer}:\n"
    )?;
    writeln!(out, "POST {SALES}\n{}\n", pretty(&sale)?)?;
    let answer = client.post(SALES, &sale).await?;
    writeln!(
        out,
        "It is answered {}:\n\n{}\n",
        answer.status,
        pretty(&answer.body)?
    )?;
    anyhow::ensure!(
        answer.status == StatusCode::CREATED,
        "The sale was not recorded."
    );
    if answer.headers.contains_key(REPLAY) {
        writeln!(
            out,
            "The order was known from an earlier start: this is the sale recorded then,"
        )?;
        writeln!(out, "and it was not counted twice.\n")?;
    }

    let id = &answer.body["data"]["id"];
    let decision = format!("/accrual/v1/conversions/{id}/decision");
    writeln!(out, "Why it was decided so, from GET {decision}:\n")?;
    let reasons = client.get(&decision).await?;
    let words = reasons.body["words"]
        .as_array()
        .context("The decision has no words")?;
    for sentence in words.iter().filter_map(Value::as_str) {
        writeln!(out, "  - {sentence}")?;
    }
    Ok(invite(address, folder, &decision, out)?)
}

fn invite(
    address: SocketAddr,
    folder: &Path,
    decision: &str,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let [_, (_, winter)] = AFFILIATES;
    let file = folder.join(key_file::NAME);
    let file = file.display().to_string().replace('\'', r"'\''");
    let key = format!("-H \"Authorization: Bearer $(cat '{file}')\"");
    let sale = sale("my-first-order", 12000, winter);
    writeln!(
        out,
        "\nTry it, in a second terminal. Report a sale, twice if you like:\n"
    )?;
    writeln!(out, "curl -i http://{address}{SALES} \\\n  {key} \\")?;
    writeln!(
        out,
        "  -H 'Content-Type: application/json' \\\n  -d '{sale}'\n"
    )?;
    writeln!(out, "Ask why the one above was decided so:\n")?;
    writeln!(out, "curl http://{address}{decision} \\\n  {key}\n")?;
    writeln!(
        out,
        "All operations are described at http://{address}/docs."
    )?;
    writeln!(
        out,
        "Ctrl-C ends the server; `accrual demo` goes on where it left off."
    )?;
    out.flush()
}

fn sale(order: &str, total_minor: u32, tag: &str) -> Value {
    json!({
        "order_id": order,
        "currency": "usd",
        "total": total_minor,
        "campaign_affiliate_id": tag,
    })
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}
