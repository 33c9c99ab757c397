//! Applications, as the journal writes them.

use accrual_attribution::ProgramId;
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::value::{email, tag, text};
use crate::Application;

/// An application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplicationRecord {
    program: i64,
    email: String,
    name: String,
    tag: String,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty", default)]
    details: serde_json::Map<String, serde_json::Value>,
}

impl ApplicationRecord {
    pub(super) fn of(application: &Application) -> Self {
        Self {
            program: application.program.number(),
            email: application.email.as_str().to_owned(),
            name: application.name.as_str().to_owned(),
            tag: application.tag.as_str().to_owned(),
            details: application.details.clone(),
        }
    }

    pub(super) fn read(&self) -> Result<Application, RecordError> {
        Ok(Application {
            program: ProgramId::new(self.program),
            email: email(&self.email)?,
            name: text(&self.name)?,
            tag: tag(&self.tag)?,
            details: self.details.clone(),
        })
    }
}
