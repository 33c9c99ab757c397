//! A shop in which everything happens.

use std::num::{NonZeroU16, NonZeroU32};

use accrual_attribution::{
    AffiliateId, Binding, Claim, Code, Crediting, Email, EnrollmentId, Identifier, ProgramId,
    PromoCodeId, ReferralId, Sharing, Slug, Tag, TouchKind, Window,
};
use accrual_commission::{
    Approval, Change, Incentive, Level, LevelBase, Pay, Period, PeriodCap, Step, StepStart, Tax,
    Threshold, Tier, TierMode, Tiers,
};
use accrual_engine::{
    Amendment, Click, Command, ConversionId, Customer, Enrolling, Facts, Identity, Platform,
    PromoLimits, Reference, Refund, RefundKind, SaleStatus, Sender, ShopKey, ShopPlatform, SignUp,
    SignUpBy, Source, TermsChange, TermsDraft, Text,
};
use accrual_money::{Currency, Money, Rate};
use time::{Duration, OffsetDateTime, macros::datetime};

use crate::dice::Dice;

const TAGS: [&str; 7] = [
    "sarah", "tom", "uma", "sarah-2", "tom-2", "uma-3", "sarah-3",
];
const SLUGS: [&str; 3] = ["spring", "summer", "autumn"];
const CODES: [&str; 3] = ["sarah10", "tom20", "uma30"];
/// The platform's own ids of stores; the last is registered on the way.
pub(crate) const SHOPS: [&str; 3] = ["5", "o'neill", "日本:1"];
const NAMES: [&str; 5] = ["ann", "bob", "o'hara", "日本", "eve"];

/// When a batch is run: 40 hours after the one before.
pub(crate) fn time(batch: u32) -> OffsetDateTime {
    datetime!(2025-06-15 02:30:00.123456 UTC) + Duration::hours(40) * batch
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn text(text: &str) -> Text {
    Text::parse(text).unwrap()
}

fn id(text: &str) -> Identifier {
    Identifier::parse(text).unwrap()
}

fn share(percent: &str) -> Pay {
    Pay::Share(Rate::parse_percent(percent).unwrap())
}

/// Programs, affiliates, enrollments and promo codes, in batches.
pub(crate) fn set_up() -> Vec<Vec<Command>> {
    let programs = [
        (remembering(), false),
        (retroactive(), true),
        (shared(), true),
    ]
    .map(|(terms, is_ambassador)| Command::CreateProgram {
        name: text("Summer"),
        terms,
        is_ambassador,
    });
    let affiliates = ["sarah", "tom", "uma"].map(|name| Command::CreateAffiliate {
        name: text(name),
        email: Some(text(&format!("{name}@example.org"))),
        customer: (name == "tom").then(|| id("tom")),
    });
    let enroll = |affiliate, program, tag: &str, slug: Option<&str>, recruiter: Option<i64>| {
        Command::Enroll(Enrolling {
            affiliate: AffiliateId::new(affiliate),
            program: ProgramId::new(program),
            tag: Tag::parse(tag).unwrap(),
            slug: slug.map(|slug| Slug::parse(slug).unwrap()),
            recruiter: recruiter.map(EnrollmentId::new),
            rate: None,
        })
    };
    let enrollments = vec![
        enroll(1, 1, TAGS[0], Some(SLUGS[0]), None),
        enroll(2, 1, TAGS[1], None, Some(1)),
        enroll(3, 1, TAGS[2], Some(SLUGS[1]), Some(2)),
        enroll(1, 2, TAGS[3], None, None),
        enroll(2, 2, TAGS[4], Some(SLUGS[2]), None),
        enroll(3, 3, TAGS[5], None, None),
        enroll(1, 3, TAGS[6], None, Some(6)),
    ];
    let limits = PromoLimits {
        expires_at: Some(time(50)),
        max_redemptions: Some(5),
        first_order_only: true,
        minimum: Some(usd(500)),
        products: vec![text("tea"), text("o'\"\\")],
        customers: vec![id("ann"), id("日本")],
    };
    let promo_codes = [
        (1, PromoLimits::default()),
        (2, PromoLimits::default()),
        (6, limits),
    ];
    let promo_codes = CODES
        .iter()
        .zip(promo_codes)
        .map(|(code, (number, limits))| Command::CreatePromoCode {
            code: Code::parse(code).unwrap(),
            enrollment: EnrollmentId::new(number),
            limits,
        });
    let shops = SHOPS[..2].iter().map(|key| register(key, "Branch"));
    let first = programs.into_iter().chain(affiliates).chain(shops);
    let first = first.collect();
    vec![first, enrollments, promo_codes.collect()]
}

fn register(key: &str, name: &str) -> Command {
    Command::RegisterShop {
        platform: ShopPlatform::Shopify,
        key: ShopKey::parse(key).unwrap(),
        name: text(name),
    }
}

/// Customers, steps, caps, levels and a hold.
fn remembering() -> TermsDraft {
    let renewal = Step {
        from: StepStart::Payment(NonZeroU32::new(2).unwrap()),
        pay: share("5.0000001"),
    };
    let incentive = Incentive {
        steps: vec![renewal],
        ..Incentive::new(share("20"))
    };
    let mut terms = TermsDraft::new(Currency::USD, vec![incentive]);
    let level = |percent, of| Level {
        rate: Rate::parse_percent(percent).unwrap(),
        of,
    };
    terms.rules.levels = vec![
        level("10", LevelBase::Direct),
        level("2.5", LevelBase::Sale),
    ];
    terms.rules.caps.customer = Some(usd(60_000));
    terms.rules.hold_days = 10;
    terms.crediting = Crediting {
        binding: Binding::For {
            days: NonZeroU16::new(60).unwrap(),
        },
        window: Some(Window::of_days(NonZeroU16::new(30).unwrap())),
        refuses_self_referral: true,
        ..Crediting::default()
    };
    terms
}

/// Tiers that pay for earlier sales too.
fn retroactive() -> TermsDraft {
    let tiers = Tiers {
        period: Period::CalendarMonth,
        mode: TierMode::Retroactive,
        tiers: vec![Tier {
            from: Threshold::Count(3),
            pay: share("8"),
        }],
    };
    let incentive = Incentive {
        tiers: Some(tiers),
        ..Incentive::new(share("4"))
    };
    TermsDraft::new(Currency::USD, vec![incentive])
}

/// Everybody who touched the customer, if a person approves.
fn shared() -> TermsDraft {
    let mut terms = TermsDraft::new(Currency::USD, vec![Incentive::new(share("12.5"))]);
    terms.rules.approval = Approval::ByPerson;
    terms.rules.caps.period = Some(PeriodCap {
        period: Period::RollingDays(NonZeroU16::new(7).unwrap()),
        amount: usd(20_000),
    });
    terms.crediting.sharing = Sharing::Equal;
    terms
}

/// What happens next, in a batch of this number.
pub(crate) fn next(dice: &mut Dice, batch: u32) -> Command {
    let conversion = ConversionId::new(dice.up_to(batch * 2).into());
    match dice.up_to(20) {
        1..=8 => Command::Report(Box::new(facts(dice, batch))),
        9 | 10 => Command::Click(click(dice, batch)),
        11 => Command::SignUp(sign_up(dice)),
        12 | 13 => Command::Refund(Refund {
            conversion,
            kind: dice.one_of(&[RefundKind::Refund, RefundKind::Chargeback]),
            amount: (!dice.once_in(3)).then(|| usd(dice.up_to(3_000).into())),
            at: None,
            note: Some(text("too small")),
        }),
        14 => Command::Amend(Box::new(Amendment {
            total: Some(Some(usd(i64::from(dice.up_to(20_000)) + 5_000))),
            tax: dice.once_in(2).then_some(Some(Tax::Amount(usd(100)))),
            occurred_at: dice
                .once_in(3)
                .then(|| time(batch) - Duration::hours(dice.up_to(200).into())),
            due_at: dice.once_in(3).then(|| Some(time(batch + dice.up_to(5)))),
            customer_name: dice.once_in(3).then(|| Some(text("Zoe"))),
            sub_id: dice.once_in(3).then_some(None),
            status: dice.once_in(3).then_some(SaleStatus::Paid),
            ..Amendment::new(conversion)
        })),
        15..=17 => Command::ChangeStatus {
            conversion,
            position: dice.once_in(2).then_some(1),
            change: dice.one_of(&CHANGES),
        },
        18 => Command::Mature,
        19 => set_up_again(dice),
        _ => Command::ChangePromoCode {
            promo_code: PromoCodeId::new(dice.up_to(3).into()),
            is_active: Some(!dice.once_in(4)),
            limits: dice.once_in(3).then(PromoLimits::default),
        },
    }
}

const CHANGES: [Change; 9] = [
    Change::Approve,
    Change::Decline,
    Change::StartPayout,
    Change::Pay,
    Change::PayExternally,
    Change::Cancel,
    Change::Dispute,
    Change::Dispute,
    Change::WinDispute,
];

/// Tags and links go from one enrollment to another, terms get a further version.
fn set_up_again(dice: &mut Dice) -> Command {
    if dice.once_in(3) {
        let change = TermsChange {
            hold_days: Some(u16::try_from(dice.up_to(20)).unwrap()),
            ..TermsChange::default()
        };
        return Command::ChangeProgram {
            program: ProgramId::new(dice.up_to(3).into()),
            name: Some(text("Autumn")),
            terms: Some(change),
            is_ambassador: dice.once_in(2).then(|| dice.once_in(2)),
        };
    }
    if dice.once_in(3) {
        return register(dice.one_of(&SHOPS), dice.one_of(&NAMES));
    }
    let slug = dice.one_of(&SLUGS);
    Command::ChangeEnrollment {
        enrollment: EnrollmentId::new(dice.up_to(7).into()),
        tag: dice
            .once_in(4)
            .then(|| Tag::parse(dice.one_of(&TAGS)).unwrap()),
        slug: Some((!dice.once_in(2)).then(|| Slug::parse(slug).unwrap())),
        rate: dice
            .once_in(3)
            .then(|| Some(Rate::parse_percent("33.3").unwrap())),
        is_active: Some(!dice.once_in(8)),
    }
}

fn facts(dice: &mut Dice, batch: u32) -> Facts {
    let number = dice.up_to(batch * 8);
    let reference = Reference::parse(format!("order-{number}")).unwrap();
    let name = dice.one_of(&NAMES);
    let total = usd(i64::from(dice.up_to(60_000)) + 100);
    let mut facts = Facts::new(Source::parse("shop").unwrap(), reference);
    facts.claims = (0..dice.up_to(3)).map(|_| claim(dice)).collect();
    if dice.once_in(6) {
        let both = [TAGS[5], TAGS[6]].map(|tag| Claim::Tag(Tag::parse(tag).unwrap()));
        (facts.claims, facts.weights) = (both.into(), vec![2, 1]);
    }
    facts.total = Some(total);
    facts.occurred_at = Some(time(batch) - Duration::hours(dice.up_to(200).into()));
    facts.due_at = dice.once_in(5).then(|| time(batch + dice.up_to(5)));
    let platform = dice.one_of(&[None, Some("website"), Some("shopify"), Some("ios")]);
    let shop = dice.one_of(&SHOPS);
    facts.shop =
        (platform == Some("shopify") && !dice.once_in(4)).then(|| ShopKey::parse(shop).unwrap());
    facts.platform = platform.map(|platform| Platform::parse(platform).unwrap());
    facts.sub_id = dice.once_in(2).then(|| text("newsletter"));
    facts.customer = Customer {
        id: dice.once_in(2).then(|| text(name)),
        email: dice
            .once_in(2)
            .then(|| text(&format!("{name}@example.org"))),
        name: Some(text(name)),
        visitor_id: dice.once_in(3).then(|| text(name)),
    };
    facts
}

fn claim(dice: &mut Dice) -> Claim {
    let name = id(dice.one_of(&NAMES));
    match dice.up_to(14) {
        1 => Claim::Click(name),
        2 => Claim::ExternalUser(name),
        3 => Claim::Customer(name),
        4 => Claim::Email(Email::parse(&format!("{name}@example.org")).unwrap()),
        5 => Claim::Referral(ReferralId::new(dice.up_to(12).into())),
        6 => Claim::Affiliate(AffiliateId::new(dice.up_to(4).into())),
        7 => Claim::Membership {
            affiliate: AffiliateId::new(dice.up_to(3).into()),
            program: ProgramId::new(dice.up_to(3).into()),
        },
        8 => Claim::Link(Slug::parse(dice.one_of(&SLUGS)).unwrap()),
        9 | 10 => Claim::PromoCode(Code::parse(dice.one_of(&CODES)).unwrap()),
        _ => Claim::Tag(Tag::parse(dice.one_of(&TAGS)).unwrap()),
    }
}

fn sender(dice: &mut Dice) -> Sender {
    match dice.up_to(3) {
        1 => Sender::Enrollment(EnrollmentId::new(dice.up_to(7).into())),
        2 => Sender::Tag(Tag::parse(dice.one_of(&TAGS)).unwrap()),
        _ => Sender::Link(Slug::parse(dice.one_of(&SLUGS)).unwrap()),
    }
}

fn click(dice: &mut Dice, batch: u32) -> Click {
    let kinds = [
        TouchKind::Impression,
        TouchKind::SoftClick,
        TouchKind::Click,
    ];
    Click {
        by: sender(dice),
        visitor: (!dice.once_in(3)).then(|| id(dice.one_of(&NAMES))),
        kind: dice.one_of(&kinds),
        at: dice.once_in(2).then(|| time(batch) - Duration::days(9)),
    }
}

fn sign_up(dice: &mut Dice) -> SignUp {
    let name = dice.one_of(&NAMES);
    let by = match dice.up_to(3) {
        1 => SignUpBy::Referral(ReferralId::new(dice.up_to(12).into())),
        2 => SignUpBy::Visitor(id(name)),
        _ => SignUpBy::Sender(sender(dice)),
    };
    SignUp {
        by,
        person: Identity {
            external_user: Some(id(name)),
            email: Some(Email::parse(&format!("{name}@example.org")).unwrap()),
            name: Some(text(name)),
            ..Identity::default()
        },
        at: None,
    }
}
