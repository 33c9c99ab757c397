//! Who was credited and why, as the journal writes it.

use accrual_attribution::{
    Advantage, AffiliateId, Attribution, Claim, EnrollmentId, Evidence, Finding, ProgramId,
    ReferralId, SameBy, Touch, TouchKind, Unredeemable, Verdict, Weighted, Window,
};
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::value::{CreditRecord, at, code, email, identifier, mirror, slug, tag, unreadable};
use crate::micros;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimRecord {
    Referral(i64),
    Click(String),
    ExternalUser(String),
    Customer(String),
    Email(String),
    Affiliate(i64),
    Membership { affiliate: i64, program: i64 },
    Link(String),
    Tag(String),
    PromoCode(String),
}

impl ClaimRecord {
    pub(super) fn of(claim: &Claim) -> Self {
        match claim {
            Claim::Referral(id) => Self::Referral(id.number()),
            Claim::Click(id) => Self::Click(id.as_str().to_owned()),
            Claim::ExternalUser(id) => Self::ExternalUser(id.as_str().to_owned()),
            Claim::Customer(id) => Self::Customer(id.as_str().to_owned()),
            Claim::Email(email) => Self::Email(email.as_str().to_owned()),
            Claim::Affiliate(id) => Self::Affiliate(id.number()),
            Claim::Membership { affiliate, program } => Self::Membership {
                affiliate: affiliate.number(),
                program: program.number(),
            },
            Claim::Link(slug) => Self::Link(slug.as_str().to_owned()),
            Claim::Tag(tag) => Self::Tag(tag.as_str().to_owned()),
            Claim::PromoCode(code) => Self::PromoCode(code.as_str().to_owned()),
        }
    }

    pub(super) fn read(&self) -> Result<Claim, RecordError> {
        Ok(match self {
            Self::Referral(id) => Claim::Referral(ReferralId::new(*id)),
            Self::Click(id) => Claim::Click(identifier(id)?),
            Self::ExternalUser(id) => Claim::ExternalUser(identifier(id)?),
            Self::Customer(id) => Claim::Customer(identifier(id)?),
            Self::Email(address) => Claim::Email(email(address)?),
            Self::Affiliate(id) => Claim::Affiliate(AffiliateId::new(*id)),
            Self::Membership { affiliate, program } => Claim::Membership {
                affiliate: AffiliateId::new(*affiliate),
                program: ProgramId::new(*program),
            },
            Self::Link(link) => Claim::Link(slug(link)?),
            Self::Tag(text) => Claim::Tag(tag(text)?),
            Self::PromoCode(text) => Claim::PromoCode(code(text)?),
        })
    }
}

/// What each claim came to, and who shares the credit; one who has it alone is the one of whom a
/// finding says so.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AttributionRecord {
    findings: Vec<FindingRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    shares: Vec<(CreditRecord, u64)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FindingRecord {
    claim: ClaimRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<CreditRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceRecord>,
    verdict: VerdictRecord,
}

mirror!(TouchKindRecord of TouchKind { Impression, SoftClick, Click });
mirror!(SameByRecord of SameBy { Email, Customer });
mirror!(UnredeemableRecord of Unredeemable {
    NotActive, Expired, UsedUp, NotFirstOrder, BelowMinimum, OtherProducts, OtherCustomer,
});

/// Of a claim that names the enrollment outright nothing is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EvidenceRecord {
    Bound {
        since_us: i64,
        touch: Option<TouchRecord>,
    },
    Touched(TouchRecord),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TouchRecord {
    kind: TouchKindRecord,
    first_us: i64,
    last_us: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VerdictRecord {
    Credited,
    SharesCredit { weight: u64, of: u64 },
    Agrees,
    Disagrees,
    Outranked { by: ClaimRecord },
    Outdone { by: i64, because: AdvantageRecord },
    NoWeight,
    OtherProgram { program: i64 },
    Unapproved,
    Ended,
    SelfReferral(SameByRecord),
    Unredeemable(UnredeemableRecord),
    NotYet,
    WindowClosed { window_seconds: u64 },
    Unbound,
    BindingOver { window_seconds: u64 },
    NotClaimed,
    FoundNobody,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AdvantageRecord {
    Precedence,
    Named,
    BoundSince(i64),
    StrongerTouch(TouchKindRecord),
    LaterTouch(i64),
    EarlierTouch(i64),
    LastTouchRule,
    SmallerNumber,
}

impl AttributionRecord {
    pub(super) fn of(attribution: &Attribution) -> Self {
        let shares = match attribution.credits.as_slice() {
            [_] => [].iter(),
            several => several.iter(),
        };
        Self {
            findings: attribution.findings.iter().map(FindingRecord::of).collect(),
            shares: shares
                .map(|one| (CreditRecord::of(one.credit), one.weight))
                .collect(),
        }
    }

    pub(super) fn read(&self) -> Result<Attribution, RecordError> {
        let findings = self.findings.iter().map(FindingRecord::read);
        let findings = findings.collect::<Result<Vec<_>, _>>()?;
        let shares = self.shares.iter().map(|(credit, weight)| Weighted {
            credit: credit.read(),
            weight: *weight,
        });
        let mut credits: Vec<_> = shares.collect();
        if credits.is_empty() {
            let credited = findings.iter().find(|one| one.verdict == Verdict::Credited);
            let credit = credited.and_then(|one| one.credit);
            credits.extend(credit.map(|credit| Weighted { credit, weight: 1 }));
        }
        Ok(Attribution { credits, findings })
    }
}

impl FindingRecord {
    fn of(finding: &Finding) -> Self {
        Self {
            claim: ClaimRecord::of(&finding.claim),
            credit: finding.credit.map(CreditRecord::of),
            evidence: finding.evidence.and_then(EvidenceRecord::of),
            verdict: VerdictRecord::of(&finding.verdict),
        }
    }

    fn read(&self) -> Result<Finding, RecordError> {
        let credit = self.credit.as_ref().map(CreditRecord::read);
        let evidence = self
            .evidence
            .as_ref()
            .map(EvidenceRecord::read)
            .transpose()?;
        Ok(Finding {
            claim: self.claim.read()?,
            credit,
            evidence: evidence.or(credit.map(|_| Evidence::Named)),
            verdict: self.verdict.read()?,
        })
    }
}

impl EvidenceRecord {
    fn of(evidence: Evidence) -> Option<Self> {
        Some(match evidence {
            Evidence::Named => return None,
            Evidence::Bound { since, touch } => Self::Bound {
                since_us: micros(since),
                touch: touch.map(TouchRecord::of),
            },
            Evidence::Touched(touch) => Self::Touched(TouchRecord::of(touch)),
        })
    }

    fn read(&self) -> Result<Evidence, RecordError> {
        Ok(match self {
            Self::Bound { since_us, touch } => Evidence::Bound {
                since: at(*since_us)?,
                touch: touch.as_ref().map(TouchRecord::read).transpose()?,
            },
            Self::Touched(touch) => Evidence::Touched(touch.read()?),
        })
    }
}

impl TouchRecord {
    fn of(touch: Touch) -> Self {
        Self {
            kind: TouchKindRecord::of(touch.kind),
            first_us: micros(touch.first_at),
            last_us: micros(touch.last_at),
        }
    }

    fn read(&self) -> Result<Touch, RecordError> {
        Ok(Touch {
            kind: self.kind.read(),
            first_at: at(self.first_us)?,
            last_at: at(self.last_us)?,
        })
    }
}

impl VerdictRecord {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Credited => Self::Credited,
            Verdict::SharesCredit { weight, of } => Self::SharesCredit {
                weight: *weight,
                of: *of,
            },
            Verdict::Agrees => Self::Agrees,
            Verdict::Disagrees => Self::Disagrees,
            Verdict::Outranked { by } => Self::Outranked {
                by: ClaimRecord::of(by),
            },
            Verdict::Outdone { by, because } => Self::Outdone {
                by: by.number(),
                because: AdvantageRecord::of(*because),
            },
            Verdict::NoWeight => Self::NoWeight,
            Verdict::OtherProgram { program } => Self::OtherProgram {
                program: program.number(),
            },
            Verdict::Unapproved => Self::Unapproved,
            Verdict::Ended => Self::Ended,
            Verdict::SelfReferral(by) => Self::SelfReferral(SameByRecord::of(*by)),
            Verdict::Unredeemable(why) => Self::Unredeemable(UnredeemableRecord::of(*why)),
            Verdict::NotYet => Self::NotYet,
            Verdict::WindowClosed { window } => Self::WindowClosed {
                window_seconds: window.seconds(),
            },
            Verdict::Unbound => Self::Unbound,
            Verdict::BindingOver { window } => Self::BindingOver {
                window_seconds: window.seconds(),
            },
            Verdict::NotClaimed => Self::NotClaimed,
            Verdict::FoundNobody => Self::FoundNobody,
        }
    }

    fn read(&self) -> Result<Verdict, RecordError> {
        Ok(match self {
            Self::Credited => Verdict::Credited,
            Self::SharesCredit { weight, of } => Verdict::SharesCredit {
                weight: *weight,
                of: *of,
            },
            Self::Agrees => Verdict::Agrees,
            Self::Disagrees => Verdict::Disagrees,
            Self::Outranked { by } => Verdict::Outranked { by: by.read()? },
            Self::Outdone { by, because } => Verdict::Outdone {
                by: EnrollmentId::new(*by),
                because: because.read()?,
            },
            Self::NoWeight => Verdict::NoWeight,
            Self::OtherProgram { program } => Verdict::OtherProgram {
                program: ProgramId::new(*program),
            },
            Self::Unapproved => Verdict::Unapproved,
            Self::Ended => Verdict::Ended,
            Self::SelfReferral(by) => Verdict::SelfReferral(by.read()),
            Self::Unredeemable(why) => Verdict::Unredeemable(why.read()),
            Self::NotYet => Verdict::NotYet,
            Self::WindowClosed { window_seconds } => Verdict::WindowClosed {
                window: window(*window_seconds)?,
            },
            Self::Unbound => Verdict::Unbound,
            Self::BindingOver { window_seconds } => Verdict::BindingOver {
                window: window(*window_seconds)?,
            },
            Self::NotClaimed => Verdict::NotClaimed,
            Self::FoundNobody => Verdict::FoundNobody,
        })
    }
}

impl AdvantageRecord {
    fn of(advantage: Advantage) -> Self {
        match advantage {
            Advantage::Precedence => Self::Precedence,
            Advantage::Named => Self::Named,
            Advantage::BoundSince(time) => Self::BoundSince(micros(time)),
            Advantage::StrongerTouch(kind) => Self::StrongerTouch(TouchKindRecord::of(kind)),
            Advantage::LaterTouch(time) => Self::LaterTouch(micros(time)),
            Advantage::EarlierTouch(time) => Self::EarlierTouch(micros(time)),
            Advantage::LastTouchRule => Self::LastTouchRule,
            Advantage::SmallerNumber => Self::SmallerNumber,
        }
    }

    fn read(&self) -> Result<Advantage, RecordError> {
        Ok(match self {
            Self::Precedence => Advantage::Precedence,
            Self::Named => Advantage::Named,
            Self::BoundSince(time) => Advantage::BoundSince(at(*time)?),
            Self::StrongerTouch(kind) => Advantage::StrongerTouch(kind.read()),
            Self::LaterTouch(time) => Advantage::LaterTouch(at(*time)?),
            Self::EarlierTouch(time) => Advantage::EarlierTouch(at(*time)?),
            Self::LastTouchRule => Advantage::LastTouchRule,
            Self::SmallerNumber => Advantage::SmallerNumber,
        })
    }
}

pub(super) fn window(seconds: u64) -> Result<Window, RecordError> {
    let window = u32::try_from(seconds).ok();
    let window = window.and_then(std::num::NonZeroU32::new);
    window
        .map(Window::of_seconds)
        .ok_or_else(|| unreadable(&seconds.to_string(), "a window in seconds"))
}
