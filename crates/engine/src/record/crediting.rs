//! Who is credited, as a program's terms say it.

use std::num::NonZeroU16;

use accrual_attribution::{
    Binding, Bonus, ClaimKind, Crediting, Precedence, Sharing, TouchRule, Window,
};
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::attribution::window;
use super::value::{mirror, unreadable};

/// Who is credited.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CreditingRecord {
    precedence: Vec<ClaimKindRecord>,
    touch: TouchRuleRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    window_seconds: Option<u64>,
    binding: BindingRecord,
    sharing: SharingRecord,
    refuses_self_referral: bool,
}

mirror!(ClaimKindRecord of ClaimKind {
    Referral, Click, ExternalUser, Customer, Email, Affiliate, Membership, Link, Tag, PromoCode,
});
mirror!(TouchRuleRecord of TouchRule { Last, First });

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BindingRecord {
    None,
    ForLife,
    Days(NonZeroU16),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SharingRecord {
    One,
    Equal,
    /// In billionths of the whole.
    FirstBonus(u32),
    /// In billionths of the whole.
    LastBonus(u32),
}

impl CreditingRecord {
    pub(super) fn of(crediting: &Crediting) -> Self {
        let order = crediting.precedence.order().iter();
        Self {
            precedence: order.map(|kind| ClaimKindRecord::of(*kind)).collect(),
            touch: TouchRuleRecord::of(crediting.touch),
            window_seconds: crediting.window.map(Window::seconds),
            binding: match crediting.binding {
                Binding::None => BindingRecord::None,
                Binding::ForLife => BindingRecord::ForLife,
                Binding::For { days } => BindingRecord::Days(days),
            },
            sharing: match crediting.sharing {
                Sharing::One => SharingRecord::One,
                Sharing::Equal => SharingRecord::Equal,
                Sharing::FirstBonus(bonus) => SharingRecord::FirstBonus(bonus.billionths()),
                Sharing::LastBonus(bonus) => SharingRecord::LastBonus(bonus.billionths()),
            },
            refuses_self_referral: crediting.refuses_self_referral,
        }
    }

    pub(super) fn read(&self) -> Result<Crediting, RecordError> {
        let order = self.precedence.iter().map(|kind| kind.read());
        let bonus = |billionths: u32| {
            Bonus::try_from_billionths(billionths.into())
                .map_err(|_| unreadable(&billionths.to_string(), "a bonus"))
        };
        Ok(Crediting {
            precedence: Precedence::new(order.collect()),
            touch: self.touch.read(),
            window: self.window_seconds.map(window).transpose()?,
            binding: match self.binding {
                BindingRecord::None => Binding::None,
                BindingRecord::ForLife => Binding::ForLife,
                BindingRecord::Days(days) => Binding::For { days },
            },
            sharing: match self.sharing {
                SharingRecord::One => Sharing::One,
                SharingRecord::Equal => Sharing::Equal,
                SharingRecord::FirstBonus(billionths) => Sharing::FirstBonus(bonus(billionths)?),
                SharingRecord::LastBonus(billionths) => Sharing::LastBonus(bonus(billionths)?),
            },
            refuses_self_referral: self.refuses_self_referral,
        })
    }
}
