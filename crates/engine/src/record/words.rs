//! What journal entries say of a conversion, in sentences.

mod amended;

use accrual_commission::{BeforeDispute, Status};
use accrual_money::Money;
use time::OffsetDateTime;

use super::afterwards::ChangeStatusRecord;
use super::outcome::{CommissionRecord, RevisedRecord};
use super::{Command, Outcome, RecordError};

impl Outcome {
    /// Who earns what after a decision, and when: the end of its explanation.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub(crate) fn first_words(&self) -> Result<Vec<String>, RecordError> {
        let Self::Reported(reported) = self else {
            return Ok(Vec::new());
        };
        match reported.commissions.as_slice() {
            [only] => Ok(vec![format!("It is {}.", state(only.status.read()?))]),
            several => several.iter().map(earned).collect(),
        }
    }

    /// What has become of a conversion by `command`.
    ///
    /// # Errors
    /// [`RecordError::Value`] if a value in it is not one of the domain's.
    pub(crate) fn words(&self, command: &Command) -> Result<Vec<String>, RecordError> {
        match self {
            Self::Revised(revised) => {
                let mut words = match command {
                    Command::Amend(amendment) => amended::words(&amendment.read()?, revised)?,
                    command => vec![cause(command, revised)?],
                };
                for (before, after) in revised.before.iter().zip(&revised.after) {
                    words.extend(change(before, after)?);
                    if let Command::Amend(_) = command {
                        words.extend(amended::adjustment(before, after, revised)?);
                    }
                }
                Ok(words)
            }
            Self::Repeated(fields) => Ok(vec![format!(
                "It was reported again with other facts ({}): nothing has changed.",
                fields.join(", ")
            )]),
            Self::SetUp(_) | Self::Reported(_) => Ok(Vec::new()),
        }
    }
}

/// What a commission begins as, where a sale has several.
fn earned(commission: &CommissionRecord) -> Result<String, RecordError> {
    let why = match commission.level {
        None => String::new(),
        Some(1) => " for having recruited the seller".to_owned(),
        Some(level) => format!(" for the seller {level} levels below"),
    };
    Ok(format!(
        "{} earns {}{why}, {}.",
        capitalized(&commission.credit.read().to_string()),
        commission.amount.read()?,
        state(commission.status.read()?)
    ))
}

fn cause(command: &Command, revised: &RevisedRecord) -> Result<String, RecordError> {
    Ok(match command {
        Command::Refund(refund) => {
            let refund = refund.read()?;
            let what = match refund.kind {
                crate::RefundKind::Refund => "The customer was given back",
                crate::RefundKind::Chargeback => "The customer's bank took back",
            };
            let amount = match refund.amount {
                Some(amount) => amount.to_string(),
                None => "all that was left".to_owned(),
            };
            let back = revised
                .refunded
                .read()?
                .checked_add(revised.charged_back.read()?);
            let all = back
                .ok()
                .filter(|all| refund.amount.is_some_and(|one| one != *all));
            let all = all.map(|all| format!("; {all} in all by now"));
            let note = refund.note.map(|note| format!(" ({note})"));
            format!(
                "{what} {amount}{}{}.",
                note.unwrap_or_default(),
                all.unwrap_or_default()
            )
        }
        Command::ChangeStatus(change) => changed(change),
        Command::Mature => "The time of holding has passed.".to_owned(),
        Command::Lift { by } => format!(
            "Conversion {by} has reached a tier that pays for this one too: what it earns is lifted."
        ),
        Command::CreateProgram(_)
        | Command::ChangeProgram(_)
        | Command::CreateAffiliate(_)
        | Command::ChangeAffiliate(_)
        | Command::Enroll(_)
        | Command::Apply(_)
        | Command::ChangeEnrollment(_)
        | Command::CreatePromoCode(_)
        | Command::ChangePromoCode(_)
        | Command::RegisterShop(_)
        | Command::Click(_)
        | Command::SignUp(_)
        | Command::Report(_)
        | Command::Amend(_) => "The conversion was changed.".to_owned(),
    })
}

fn changed(change: &ChangeStatusRecord) -> String {
    use accrual_commission::Change as C;
    match change.change() {
        C::Mature => "The time of holding has passed.",
        C::Approve => "The commission was approved.",
        C::Decline => "The commission was declined.",
        C::StartPayout => "The commission was put into a payout.",
        C::AbandonPayout => "The payout came to nothing.",
        C::Pay => "The commission was paid.",
        C::PayExternally => "The commission was paid elsewhere.",
        C::Unpay => "The payment did not take place after all.",
        C::Cancel => "The sale was withdrawn.",
        C::Refund => "The sale was refunded in full.",
        C::Dispute => "The sale is disputed.",
        C::WinDispute => "The dispute was settled for the merchant.",
        C::LoseDispute => "The dispute was settled for the customer.",
    }
    .to_owned()
}

/// What has changed of one commission.
fn change(before: &CommissionRecord, after: &CommissionRecord) -> Result<Vec<String>, RecordError> {
    let who = after.credit.read();
    let (was, is) = (before.amount.read()?, after.amount.read()?);
    let mut words = Vec::new();
    if was != is {
        let way = if is.compare(was).is_ok_and(|order| order.is_lt()) {
            "falls"
        } else {
            "rises"
        };
        words.push(format!("What {who} earns {way} from {was} to {is}."));
    }
    let status = after.status.read()?;
    if before.status.read()? != status {
        words.push(format!("The commission of {who} is {} now.", state(status)));
    }
    words.extend(paid(before, after, is)?);
    Ok(words)
}

/// What of the payment a reader has to know: what was kept back, and what is owed back.
fn paid(
    before: &CommissionRecord,
    after: &CommissionRecord,
    is: Money,
) -> Result<Option<String>, RecordError> {
    let nothing = Money::zero(is.currency());
    let (was_paid, paid) = (before.paid_out()?, after.paid_out()?);
    let over = paid.checked_sub(is).unwrap_or(nothing);
    if paid.compare(was_paid).is_ok_and(|order| order.is_gt()) && over.is_negative() {
        let kept_back = is.checked_sub(paid).unwrap_or(nothing);
        return Ok(Some(format!(
            "{paid} was paid: {kept_back} was kept back for what the affiliate owed."
        )));
    }
    Ok(over.is_positive().then(|| {
        format!(
            "{paid} was paid for it already: {over} is owed back, and kept from what comes next."
        )
    }))
}

/// A status in words that stand behind "is".
fn state(status: Status) -> String {
    match status {
        Status::Pending { until } => format!("held until {} (UTC)", day(until)),
        Status::AwaitingApproval { until: Some(until) } => {
            format!("waiting for approval, and held until {} (UTC)", day(until))
        }
        Status::AwaitingApproval { until: None } => "waiting for approval".to_owned(),
        Status::Payable => "payable".to_owned(),
        Status::InPayout => "in a payout".to_owned(),
        Status::Paid { externally: false } => "paid".to_owned(),
        Status::Paid { externally: true } => "paid, elsewhere".to_owned(),
        Status::Declined => "declined".to_owned(),
        Status::Cancelled => "cancelled".to_owned(),
        Status::Refunded => "refunded".to_owned(),
        Status::Disputed { before } => match before {
            BeforeDispute::Paid { .. } => "disputed, and paid already".to_owned(),
            BeforeDispute::Pending { .. }
            | BeforeDispute::AwaitingApproval { .. }
            | BeforeDispute::Payable => "disputed".to_owned(),
        },
    }
}

fn day(time: OffsetDateTime) -> time::Date {
    time.date()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
