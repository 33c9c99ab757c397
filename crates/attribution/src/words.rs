//! One sentence for each finding.

use std::fmt;

use crate::touch::Moment;
use crate::{Advantage, Claim, Evidence, Finding, SameBy, Touch, Verdict};

impl fmt::Display for Finding {
    /// One sentence for a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claim = capitalized(&self.claim.to_string());
        match self.credit {
            Some(credit) => write!(f, "{claim} {} {credit}: ", leads_to(&self.claim))?,
            None => write!(f, "{claim}: ")?,
        }
        self.write_verdict(f)?;
        f.write_str(".")
    }
}

impl Finding {
    fn write_verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Credited => {
                f.write_str("it is credited")?;
                self.write_grounds(f)
            }
            Verdict::SharesCredit { weight, of } => {
                let divisor = greatest_common_divisor(*weight, *of).max(1);
                let (weight, of) = (weight / divisor, of / divisor);
                write!(f, "it is credited with {weight} of {of} parts")?;
                self.write_grounds(f)
            }
            Verdict::Agrees => f.write_str("the same enrollment, already credited"),
            Verdict::FoundNobody => f.write_str("no enrollment is known by it"),
            Verdict::Disagrees
            | Verdict::Outranked { .. }
            | Verdict::Outdone { .. }
            | Verdict::NoWeight
            | Verdict::OtherProgram { .. }
            | Verdict::Unapproved
            | Verdict::Ended
            | Verdict::SelfReferral(_)
            | Verdict::Unredeemable(_)
            | Verdict::NotYet
            | Verdict::WindowClosed { .. }
            | Verdict::Unbound
            | Verdict::BindingOver { .. }
            | Verdict::NotClaimed => {
                f.write_str("not credited, ")?;
                self.write_refusal(f)
            }
        }
    }

    fn write_refusal(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Disagrees => {
                f.write_str("the claims have to agree, and lead to several enrollments")
            }
            Verdict::Outranked { by } => write!(f, "{by} goes before it"),
            Verdict::Outdone { by, because } => {
                write!(f, "enrollment {by} goes before it: {because}")
            }
            Verdict::NoWeight => f.write_str("the report gives this claim no part"),
            Verdict::OtherProgram { program } => {
                write!(f, "the credit is split within program {program}")
            }
            Verdict::Unapproved => f.write_str("the enrollment is not approved yet"),
            Verdict::Ended => f.write_str("the enrollment has ended"),
            Verdict::SelfReferral(by) => write!(f, "the customer is the affiliate itself: {by}"),
            Verdict::Unredeemable(why) => write!(f, "{why}"),
            Verdict::NotYet => self.write_not_yet(f),
            Verdict::WindowClosed { window } => {
                self.write_last_touch(f)?;
                write!(f, " was {window} or more before the sale")
            }
            Verdict::Unbound => f.write_str("customers belong to nobody in its program"),
            Verdict::BindingOver { window } => {
                write!(f, "the customer belonged to it for {window}")?;
                self.write_since(" from ", f)
            }
            Verdict::NotClaimed => f.write_str("the report does not make this claim"),
            // These are no refusals.
            Verdict::Credited
            | Verdict::SharesCredit { .. }
            | Verdict::Agrees
            | Verdict::FoundNobody => Ok(()),
        }
    }

    /// What it was credited for.
    fn write_grounds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.evidence {
            Some(Evidence::Touched(touch)) => write!(f, ", for its {}", Times(touch)),
            Some(Evidence::Bound { .. }) => {
                f.write_str(", the customer belongs to it")?;
                self.write_since(" since ", f)
            }
            Some(Evidence::Named) | None => Ok(()),
        }
    }

    fn write_since(&self, before: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.evidence {
            Some(Evidence::Bound { since, .. }) => write!(f, "{before}{}", Moment(since)),
            Some(Evidence::Named | Evidence::Touched(_)) | None => Ok(()),
        }
    }

    fn write_not_yet(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.evidence {
            Some(Evidence::Touched(touch)) => {
                let at = Moment(touch.first_at);
                write!(f, "its {} of {at} was after the sale", touch.kind)
            }
            Some(Evidence::Bound { .. }) => {
                f.write_str("the customer came to belong to it after the sale")?;
                self.write_since(", on ", f)
            }
            Some(Evidence::Named) | None => f.write_str("it came after the sale"),
        }
    }

    fn write_last_touch(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let touch = match self.evidence {
            Some(Evidence::Touched(touch)) => touch,
            Some(Evidence::Bound {
                touch: Some(touch), ..
            }) => {
                f.write_str("the customer does not belong to it, and ")?;
                touch
            }
            Some(Evidence::Named | Evidence::Bound { touch: None, .. }) | None => {
                return f.write_str("what speaks for it");
            }
        };
        let at = Moment(touch.last_at);
        write!(f, "its {} of {at}", touch.kind)
    }
}

/// `click of 2025-06-01 12:00:00 UTC`, or the first and the last time of several.
struct Times(Touch);

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Touch {
            kind,
            first_at,
            last_at,
        } = self.0;
        let (first, last) = (Moment(first_at), Moment(last_at));
        if first_at == last_at {
            write!(f, "{kind} of {first}")
        } else {
            write!(f, "{kind}s from {first} to {last}")
        }
    }
}

impl fmt::Display for SameBy {
    /// As a clause: `both have one e-mail address`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "both have one e-mail address",
            Self::Customer => "the customer's id is the affiliate's own",
        })
    }
}

impl fmt::Display for Advantage {
    /// As a clause: `its click of 2025-06-05 10:00:00 UTC was later`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Precedence => f.write_str("its program ranks this kind of claim higher"),
            Self::Named => f.write_str("the claim names it outright"),
            Self::BoundSince(at) => {
                write!(f, "the customer has belonged to it since {}", Moment(*at))
            }
            Self::StrongerTouch(kind) => write!(f, "it had a stronger touch, a {kind}"),
            Self::LaterTouch(at) => write!(f, "it was the last one, on {}", Moment(*at)),
            Self::EarlierTouch(at) => write!(f, "it was the first one, on {}", Moment(*at)),
            Self::LastTouchRule => f.write_str("its program credits the last touch"),
            Self::SmallerNumber => f.write_str("all else is equal, and it is the older one"),
        }
    }
}

fn leads_to(claim: &Claim) -> &'static str {
    match claim {
        Claim::Tag(_) | Claim::PromoCode(_) | Claim::Link(_) => "belongs to",
        Claim::Membership { .. } => "is",
        Claim::Affiliate(_) => "has",
        Claim::Referral(_)
        | Claim::Click(_)
        | Claim::ExternalUser(_)
        | Claim::Customer(_)
        | Claim::Email(_) => "leads to",
    }
}

fn greatest_common_divisor(left: u64, right: u64) -> u64 {
    match right {
        0 => left,
        _ => greatest_common_divisor(right, left % right),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
