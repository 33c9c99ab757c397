//! Commands in words, for whoever reads a failure.

use std::fmt::{Formatter, Result, Write as _};

use accrual_attribution::{Claim, Crediting};
use accrual_commission::{Condition, Incentive, Rules, Tax};
use accrual_money::Money;

use super::ask::Asked;
use crate::{
    Amendment, Command, Facts, Identity, PromoLimits, RefundKind, Sender, SignUpBy, TermsChange,
};

pub(super) fn command(out: &mut Formatter<'_>, asked: &Asked) -> Result {
    let called = asked.called;
    match &asked.command {
        Command::CreateProgram {
            terms,
            is_ambassador,
            ..
        } => {
            write!(out, "make program {called}: ")?;
            debug(out, "of ambassadors", Some(*is_ambassador))?;
            rules(out, &terms.rules)?;
            crediting(out, &terms.crediting)?;
        }
        Command::ChangeProgram {
            program,
            name,
            terms,
            is_ambassador,
        } => {
            write!(out, "change program {program}:")?;
            debug(out, " of ambassadors", *is_ambassador)?;
            if let Some(name) = name {
                write!(out, " call it {name};")?;
            }
            if let Some(change) = terms {
                changed(out, change)?;
            }
        }
        Command::CreateAffiliate {
            email, customer, ..
        } => {
            write!(
                out,
                "make affiliate {called}, e-mail {email:?}, customer {customer:?}"
            )?;
        }
        Command::ChangeAffiliate {
            affiliate,
            name,
            email,
            customer,
        } => {
            write!(
                out,
                "change affiliate {affiliate}: name {name:?}, e-mail {email:?}, customer {customer:?}"
            )?;
        }
        Command::Enroll(one) => {
            write!(
                out,
                "enroll affiliate {} in program {} as {called}: tag {}",
                one.affiliate, one.program, one.tag
            )?;
            option(out, ", link", one.slug.as_ref())?;
            option(out, ", recruited by", one.recruiter)?;
            option(out, ", at", one.rate)?;
        }
        Command::Apply(one) => {
            write!(
                out,
                "{} applies to program {} as {called}: tag {}, {:?}",
                one.email, one.program, one.tag, one.details
            )?;
        }
        Command::ChangeEnrollment {
            enrollment,
            tag,
            slug,
            rate,
            is_active,
        } => {
            write!(out, "change enrollment {enrollment}:")?;
            option(out, " tag", tag.as_ref())?;
            debug(out, " link", slug.as_ref())?;
            debug(out, " rate", *rate)?;
            debug(out, " active", *is_active)?;
        }
        Command::CreatePromoCode {
            code,
            enrollment,
            limits,
        } => {
            write!(
                out,
                "make promo code {called}: {code} of enrollment {enrollment}"
            )?;
            self::limits(out, limits)?;
        }
        Command::ChangePromoCode {
            promo_code,
            is_active,
            limits,
        } => {
            write!(out, "change promo code {promo_code}:")?;
            debug(out, " active", *is_active)?;
            if let Some(limits) = limits {
                self::limits(out, limits)?;
            }
        }
        Command::RegisterShop { key, name, .. } => write!(out, "store {key} is {name}")?,
        Command::Click(click) => {
            write!(out, "a {} by ", click.kind)?;
            sender(out, &click.by)?;
            option(out, " of visitor", click.visitor.as_ref())?;
            option(out, " at", click.at)?;
        }
        Command::SignUp(sign_up) => {
            out.write_str("a sign-up by ")?;
            match &sign_up.by {
                SignUpBy::Referral(id) => write!(out, "referral {id}")?,
                SignUpBy::Visitor(visitor) => write!(out, "visitor {visitor}")?,
                SignUpBy::Sender(by) => sender(out, by)?,
            }
            identity(out, &sign_up.person)?;
            option(out, " at", sign_up.at)?;
        }
        Command::Report(facts) => report(out, facts)?,
        Command::Refund(refund) => {
            let what = match refund.kind {
                RefundKind::Refund => "refund",
                RefundKind::Chargeback => "charge back",
            };
            match refund.amount {
                Some(amount) => write!(out, "{what} {amount} of order-{}", refund.conversion)?,
                None => write!(out, "{what} what is left of order-{}", refund.conversion)?,
            }
        }
        Command::Amend(amendment) => amend(out, amendment)?,
        Command::ChangeStatus {
            conversion,
            position,
            change,
        } => {
            write!(out, "{change:?} order-{conversion}")?;
            option(out, ", commission", *position)?;
        }
        Command::Mature => out.write_str("let mature what is due")?,
    }
    if let Some((key, fingerprint)) = asked.key {
        write!(out, " [key {key}, request {fingerprint}]")?;
    }
    if asked.with_next {
        out.write_str(" [without waiting]")?;
    }
    Ok(())
}

fn option<T: std::fmt::Display>(out: &mut Formatter<'_>, name: &str, value: Option<T>) -> Result {
    match value {
        Some(value) => write!(out, "{name} {value}"),
        None => Ok(()),
    }
}

fn debug<T: std::fmt::Debug>(out: &mut Formatter<'_>, name: &str, value: Option<T>) -> Result {
    match value {
        Some(value) => write!(out, "{name} {value:?}"),
        None => Ok(()),
    }
}

fn sender(out: &mut Formatter<'_>, sender: &Sender) -> Result {
    match sender {
        Sender::Enrollment(id) => write!(out, "enrollment {id}"),
        Sender::Tag(tag) => write!(out, "tag {tag}"),
        Sender::Link(slug) => write!(out, "link {slug}"),
    }
}

fn identity(out: &mut Formatter<'_>, person: &Identity) -> Result {
    option(out, ", visitor", person.click.as_ref())?;
    option(out, ", user", person.external_user.as_ref())?;
    option(out, ", customer", person.customer.as_ref())?;
    option(out, ", e-mail", person.email.as_ref())
}

fn limits(out: &mut Formatter<'_>, limits: &PromoLimits) -> Result {
    option(out, ", until", limits.expires_at)?;
    option(out, ", at most", limits.max_redemptions)?;
    if limits.first_order_only {
        out.write_str(", first orders")?;
    }
    option(out, ", from", limits.minimum)?;
    if !limits.products.is_empty() {
        write!(out, ", products {:?}", limits.products)?;
    }
    if !limits.customers.is_empty() {
        write!(out, ", customers {:?}", limits.customers)?;
    }
    Ok(())
}

fn report(out: &mut Formatter<'_>, facts: &Facts) -> Result {
    write!(out, "report {}:", facts.reference)?;
    option(out, " total", facts.total)?;
    option(out, " subtotal", facts.subtotal)?;
    match facts.tax {
        Some(Tax::Amount(tax)) => write!(out, " tax {tax}")?,
        Some(Tax::IncludedAt(rate)) => write!(out, " tax included at {rate}")?,
        None => {}
    }
    option(out, " shipping", facts.shipping)?;
    option(out, " discount", facts.discount)?;
    option(out, " exchange", facts.exchange.as_ref())?;
    option(out, " commission", facts.amount_override)?;
    option(out, " rate", facts.rate_override)?;
    option(out, " on", facts.occurred_at)?;
    option(out, " due", facts.due_at)?;
    if facts.sale_type == accrual_commission::SaleType::Subscription {
        out.write_str(" subscription")?;
    }
    option(out, " paid", facts.interval)?;
    option(
        out,
        " from",
        facts.country.map(|country| country.as_str().to_owned()),
    )?;
    option(out, " at", facts.platform.as_ref())?;
    option(out, " in store", facts.shop.as_ref())?;
    if !facts.metadata.is_empty() {
        write!(out, " {:?}", facts.metadata)?;
    }
    for line in &facts.lines {
        write!(out, " line {} × {}", line.quantity, line.product)?;
        option(out, " at", line.price.as_ref())?;
        write!(out, " for {}", line.amount)?;
    }
    let customer = &facts.customer;
    option(out, "; visitor", customer.visitor_id.as_ref())?;
    option(out, "; customer", customer.id.as_ref())?;
    option(out, "; e-mail", customer.email.as_ref())?;
    out.write_str("; by ")?;
    let claims: Vec<String> = facts.claims.iter().map(Claim::to_string).collect();
    out.write_str(&claims.join(", "))?;
    if !facts.weights.is_empty() {
        write!(out, " in proportion {:?}", facts.weights)?;
    }
    if facts.agreement {
        out.write_str(" which agree")?;
    }
    Ok(())
}

fn amend(out: &mut Formatter<'_>, amendment: &Amendment) -> Result {
    write!(out, "amend order-{}:", amendment.conversion)?;
    let amount = |out: &mut Formatter<'_>, name: &str, amount: Option<Option<Money>>| match amount {
        Some(Some(amount)) => write!(out, " {name} {amount}"),
        Some(None) => write!(out, " no {name}"),
        None => Ok(()),
    };
    amount(out, "total", amendment.total)?;
    amount(out, "subtotal", amendment.subtotal)?;
    amount(out, "shipping", amendment.shipping)?;
    amount(out, "discount", amendment.discount)?;
    amount(out, "commission", amendment.amount_override)?;
    debug(out, " tax", amendment.tax)?;
    option(out, " in", amendment.currency)?;
    option(out, " on", amendment.occurred_at)?;
    debug(out, " due", amendment.due_at)?;
    debug(out, " customer", amendment.customer_name.as_ref())?;
    debug(out, " status", amendment.status)?;
    write!(out, " decided by {:?}", amendment.redecision)?;
    debug(out, " if version", amendment.expected_version)
}

fn changed(out: &mut Formatter<'_>, change: &TermsChange) -> Result {
    option(out, " currency", change.currency)?;
    debug(out, " base", change.base)?;
    if let Some(incentives) = &change.incentives {
        incentives.iter().try_for_each(|one| incentive(out, one))?;
        out.write_str(";")?;
    }
    debug(out, " minimum", change.minimum_sale)?;
    debug(out, " caps", change.caps)?;
    debug(out, " levels", change.levels.as_ref())?;
    option(out, " hold", change.hold_days)?;
    debug(out, " approval", change.approval)?;
    change
        .crediting
        .as_ref()
        .map_or(Ok(()), |one| crediting(out, one))
}

fn rules(out: &mut Formatter<'_>, rules: &Rules) -> Result {
    write!(out, "{}", rules.currency)?;
    let nothing = Rules::new(rules.currency);
    if rules.base != nothing.base {
        write!(out, ", {:?}", rules.base)?;
    }
    rules
        .incentives
        .iter()
        .try_for_each(|one| incentive(out, one))?;
    option(out, "; sales from", rules.minimum_sale)?;
    if rules.caps != nothing.caps {
        write!(out, "; {:?}", rules.caps)?;
    }
    for level in &rules.levels {
        write!(out, "; level {} of {:?}", level.rate, level.of)?;
    }
    if rules.hold_days > 0 {
        write!(out, "; held {} days", rules.hold_days)?;
    }
    if rules.approval != nothing.approval {
        out.write_str("; approved by a person")?;
    }
    Ok(())
}

fn incentive(out: &mut Formatter<'_>, incentive: &Incentive) -> Result {
    write!(out, "; {} for {}", incentive.pay, incentive.scope.kind())?;
    for condition in &incentive.conditions {
        match condition {
            Condition::Country(countries) => write!(out, " in {countries:?}")?,
            Condition::Metadata { key, value } => write!(out, " where {key} is {value}")?,
        }
    }
    for step in &incentive.steps {
        write!(out, ", {} {}", step.pay, step.from)?;
    }
    if let Some(tiers) = &incentive.tiers {
        write!(out, ", {:?} over {}:", tiers.mode, tiers.period)?;
        for tier in &tiers.tiers {
            write!(out, " {} from {}", tier.pay, tier.from)?;
        }
    }
    option(out, ", for months", incentive.length.months)?;
    option(out, ", for payments", incentive.length.payments)
}

fn crediting(out: &mut Formatter<'_>, crediting: &Crediting) -> Result {
    let usual = Crediting::default();
    if crediting.precedence != usual.precedence {
        write!(out, "; {:?}", crediting.precedence.order())?;
    }
    write!(out, "; {:?}", crediting.binding)?;
    if crediting.touch != usual.touch {
        write!(out, "; {:?} touch", crediting.touch)?;
    }
    option(out, "; window", crediting.window)?;
    if crediting.sharing != usual.sharing {
        write!(out, "; {:?}", crediting.sharing)?;
    }
    if crediting.refuses_self_referral {
        out.write_char(';')?;
        out.write_str(" no self-referral")?;
    }
    Ok(())
}
