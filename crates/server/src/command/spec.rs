//! `accrual spec`: the OpenAPI documents that `openapi/` keeps.

use std::io::Write;

use clap::Args;

/// Print an OpenAPI document
#[derive(Args, Debug)]
pub struct Spec {
    /// Which dialect's
    name: String,
}

impl Spec {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let Some(spec) = accrual_api::spec(&self.name) else {
            let known = accrual_api::SPECS.join(", ");
            anyhow::bail!("There is no document {}; there are: {known}.", self.name);
        };
        writeln!(std::io::stdout(), "{spec}")?;
        Ok(())
    }
}
