//! Stories of a customer in words: what happened before a sale, the sale, and the rules.
//!
//! Affiliates are capital letters or names; A has enrollment 1, B has 2, by their first letters.
//! Days are counted from the one on which the story begins; `day 2 06:30:00` is a time on one.

use accrual_attribution::*;
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime, Time};

/// What one row of a table tells.
#[derive(Default)]
pub(crate) struct Story {
    claims: Vec<Claim>,
    weights: Vec<u32>,
    agreement: bool,
    occurred_at: Option<OffsetDateTime>,
    told: Vec<(Claim, String, Evidence, Standing)>,
    rules: Crediting,
}

impl Story {
    /// Reads the cells of a row; what is separated by semicolons in them is read by itself.
    ///
    /// - before: `A clicks on day 1`, `A soft-clicks on …`, `A is seen on …`,
    ///   `the customer is A's since day 1`;
    /// - sale: `day 7`, `promo code of B`, `link of B, ended`, `tag of A weighs 3`, `all agree`;
    /// - rules: `first touch`, `30 days`, `bound for 90 days`, `shared equally`, …
    pub(crate) fn read(before: &str, sale: &str, rules: &str) -> Self {
        let mut story = Self::default();
        for event in parts(before) {
            story.read_event(event);
        }
        for part in parts(sale) {
            story.read_sale(part);
        }
        for rule in parts(rules) {
            read_rule(&mut story.rules, rule);
        }
        story
    }

    /// What comes of it.
    pub(crate) fn attribution(&self) -> Attribution {
        let candidates: Vec<_> = self
            .told
            .iter()
            .map(|(claim, name, evidence, standing)| Candidate {
                claim: claim.clone(),
                credit: credit(name),
                evidence: *evidence,
                standing: *standing,
                rules: &self.rules,
            })
            .collect();
        let report = Report {
            claims: &self.claims,
            weights: &self.weights,
            occurred_at: self.occurred_at.unwrap(),
            agreement: self.agreement,
        };
        attribute(&report, &candidates)
    }

    /// `nobody`, `B`, or `A 2 : B 1` in the smallest whole numbers.
    pub(crate) fn credited(&self) -> String {
        let credits = self.attribution().credits;
        let mut names = credits.iter().map(|one| self.name_of(one.credit));
        match &*credits {
            [] => "nobody".to_owned(),
            [_] => names.next().unwrap().to_owned(),
            several => {
                let divisor = several.iter().fold(0, |sum, one| divisor(sum, one.weight));
                let weights = several.iter().map(|one| one.weight / divisor);
                let shares = names
                    .zip(weights)
                    .map(|(name, weight)| format!("{name} {weight}"));
                shares.collect::<Vec<_>>().join(" : ")
            }
        }
    }

    fn name_of(&self, sought: Credit) -> &str {
        let mut names = self.told.iter().map(|(_, name, _, _)| name);
        names.find(|name| credit(name) == sought).unwrap()
    }

    fn read_event(&mut self, event: &str) {
        let customer = Claim::Customer(Identifier::parse("cus_1").unwrap());
        if !self.claims.contains(&customer) {
            self.claims.push(customer.clone());
        }
        if let Some(owned) = event.strip_prefix("the customer is ") {
            let (name, since) = owned.split_once("'s since ").unwrap();
            let (since, touch) = (time(since), None);
            self.tell(customer, name, Evidence::Bound { since, touch });
            return;
        }
        let (deed, at) = event.split_once(" on ").unwrap();
        let (name, kind) = match deed.split_once(' ').unwrap() {
            (name, "clicks") => (name, TouchKind::Click),
            (name, "soft-clicks") => (name, TouchKind::SoftClick),
            (name, "is seen") => (name, TouchKind::Impression),
            (_, other) => panic!("{other:?} is no touch"),
        };
        let touch = Touch::once(kind, time(at));
        let mut known = self.told.iter_mut().filter(|told| told.1 == name);
        match known.next().map(|told| &mut told.2) {
            Some(Evidence::Touched(known)) => {
                known.kind = known.kind.max(kind);
                known.last_at = touch.last_at;
            }
            Some(Evidence::Bound { touch: known, .. }) => *known = Some(touch),
            Some(Evidence::Named) | None => self.tell(customer, name, Evidence::Touched(touch)),
        }
    }

    fn read_sale(&mut self, part: &str) {
        if part.starts_with("day ") {
            self.occurred_at = Some(time(part));
            return;
        }
        if part == "all agree" {
            self.agreement = true;
            return;
        }
        let (part, weight) = part.split_once(" weighs ").unwrap_or((part, ""));
        self.weights.extend(weight.parse::<u32>());
        let (claimed, standing) = part.split_once(", ").unwrap_or((part, "active"));
        let (kind, name) = claimed.split_once(" of ").unwrap();
        let claim = claim(kind, name);
        self.claims.push(claim.clone());
        self.tell(claim, name, Evidence::Named);
        self.told.last_mut().unwrap().3 = read_standing(standing);
    }

    fn tell(&mut self, claim: Claim, name: &str, evidence: Evidence) {
        let told = (claim, name.to_owned(), evidence, Standing::Active);
        self.told.push(told);
    }
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ")
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn credit(name: &str) -> Credit {
    let number = i64::from(name.bytes().next().unwrap() - b'A' + 1);
    Credit {
        enrollment: EnrollmentId::new(number),
        affiliate: AffiliateId::new(number),
        program: ProgramId::new(1),
    }
}

fn claim(kind: &str, name: &str) -> Claim {
    match kind {
        "click" => Claim::Click(Identifier::parse(name).unwrap()),
        "id" => Claim::Affiliate(credit(name).affiliate),
        "link" => Claim::Link(Slug::parse(name).unwrap()),
        "tag" => Claim::Tag(Tag::parse(name).unwrap()),
        "promo code" => Claim::PromoCode(Code::parse(name).unwrap()),
        other => panic!("{other:?} is no claim"),
    }
}

fn read_standing(text: &str) -> Standing {
    match text {
        "active" => Standing::Active,
        "not approved yet" => Standing::Unapproved,
        "ended" => Standing::Ended,
        "the buyer's own" => Standing::SelfReferral(SameBy::Email),
        "expired" => Standing::Unredeemable(Unredeemable::Expired),
        "used up" => Standing::Unredeemable(Unredeemable::UsedUp),
        "not for this product" => Standing::Unredeemable(Unredeemable::OtherProducts),
        other => panic!("{other:?} is no standing"),
    }
}

fn read_rule(rules: &mut Crediting, rule: &str) {
    let bonus = |percent: &str| {
        let percent: u64 = percent.strip_suffix(" %").unwrap().parse().unwrap();
        Bonus::try_from_billionths(percent * 10_000_000).unwrap()
    };
    match rule {
        "last touch" => rules.touch = TouchRule::Last,
        "first touch" => rules.touch = TouchRule::First,
        "promo code first" => rules.precedence = Precedence::new(vec![ClaimKind::PromoCode]),
        "customers belong to nobody" => rules.binding = Binding::None,
        "own purchases refused" => rules.refuses_self_referral = true,
        "shared equally" => rules.sharing = Sharing::Equal,
        other => match other.rsplit_once(' ') {
            Some(("24", "hours")) => {
                rules.window = Some(Window::of_seconds(86_400.try_into().unwrap()));
            }
            Some((count, "days")) if count.starts_with("bound for ") => {
                let days = count.strip_prefix("bound for ").unwrap().parse().unwrap();
                rules.binding = Binding::For { days };
            }
            Some((count, "days")) => rules.window = Some(Window::of_days(count.parse().unwrap())),
            Some(_) if other.starts_with("first bonus ") => {
                rules.sharing = Sharing::FirstBonus(bonus(&other["first bonus ".len()..]));
            }
            Some(_) if other.starts_with("last bonus ") => {
                rules.sharing = Sharing::LastBonus(bonus(&other["last bonus ".len()..]));
            }
            Some(_) | None => panic!("{other:?} is no rule"),
        },
    }
}

fn time(text: &str) -> OffsetDateTime {
    let text = text.strip_prefix("day ").unwrap();
    let (day, clock) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let format = format_description!("[hour]:[minute]:[second]");
    let start = datetime!(2025-06-01 00:00 UTC) + Duration::days(day.parse().unwrap());
    start + (Time::parse(clock, format).unwrap() - Time::MIDNIGHT)
}

fn divisor(left: u64, right: u64) -> u64 {
    if right == 0 {
        left
    } else {
        divisor(right, left % right)
    }
}
