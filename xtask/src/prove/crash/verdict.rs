//! What the clients know beside what the server keeps: every promise that is broken.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::journal::{Ack, Journal, Sent};

/// A sale that is kept; amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeptSale {
    pub(super) id: i64,
    pub(super) total: i64,
    pub(super) commission: i64,
}

/// What a server keeps.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By reference: one each, unless something is wrong.
    pub(super) sales: HashMap<String, Vec<KeptSale>>,
    /// What all affiliates have earned, in minor units.
    pub(super) balance: i64,
}

impl Kept {
    /// In minor units.
    pub(super) fn commissions(&self) -> i64 {
        let sales = self.sales.values().flatten();
        sales.map(|sale| sale.commission).sum()
    }
}

/// A promise that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Violation {
    /// Acknowledged, but not there.
    Lost { reference: String },
    /// There more than once.
    Twice { reference: String, ids: Vec<i64> },
    /// Two sales have one number.
    OneNumber { id: i64 },
    /// There, but nobody has sent it.
    NeverSent { reference: String, id: i64 },
    /// There, but not as it was sent or acknowledged.
    Other {
        reference: String,
        sent: i64,
        ack: Option<Ack>,
        kept: KeptSale,
    },
    /// Acknowledged as new more than once.
    NewTwice { reference: String },
    /// The balances are not the sum of the commissions.
    Balance { balance: i64, commissions: i64 },
    /// Sent again until it was acknowledged, but still without an acknowledgement.
    StillInDoubt { reference: String },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { reference } => {
                write!(f, "{reference} was acknowledged and is not there")
            }
            Self::Twice { reference, ids } => {
                write!(f, "{reference} is there more than once: {ids:?}")
            }
            Self::OneNumber { id } => write!(f, "several sales have the number {id}"),
            Self::NeverSent { reference, id } => {
                write!(f, "{reference} is there (number {id}) and was never sent")
            }
            Self::Other {
                reference,
                sent,
                ack,
                kept,
            } => write!(
                f,
                "{reference} was sent with {sent}, acknowledged with {ack:?}, and is there as \
                 {kept:?}"
            ),
            Self::NewTwice { reference } => {
                write!(f, "{reference} was acknowledged as new more than once")
            }
            Self::Balance {
                balance,
                commissions,
            } => write!(
                f,
                "the balances come to {balance}, the commissions to {commissions}"
            ),
            Self::StillInDoubt { reference } => {
                write!(f, "{reference} was sent again and still not acknowledged")
            }
        }
    }
}

/// Every promise that is broken; sales in doubt may be there or not.
pub(super) fn violations(journal: &Journal, kept: &Kept) -> Vec<Violation> {
    let mut found = Vec::new();
    for (reference, sent) in &journal.sales {
        let new = sent.acks.iter().filter(|ack| !ack.is_replay).count();
        if new > 1 {
            let reference = reference.clone();
            found.push(Violation::NewTwice { reference });
        }
        if !sent.acks.is_empty() && !kept.sales.contains_key(reference) {
            let reference = reference.clone();
            found.push(Violation::Lost { reference });
        }
    }
    let mut numbers = HashSet::new();
    for (reference, sales) in &kept.sales {
        if sales.len() > 1 {
            found.push(Violation::Twice {
                reference: reference.clone(),
                ids: sales.iter().map(|sale| sale.id).collect(),
            });
        }
        let sent = journal.sales.get(reference);
        for sale in sales {
            if !numbers.insert(sale.id) {
                found.push(Violation::OneNumber { id: sale.id });
            }
            match sent {
                None => found.push(Violation::NeverSent {
                    reference: reference.clone(),
                    id: sale.id,
                }),
                Some(sent) => found.extend(other(reference, sent, *sale)),
            }
        }
    }
    let (balance, commissions) = (kept.balance, kept.commissions());
    if balance != commissions {
        found.push(Violation::Balance {
            balance,
            commissions,
        });
    }
    found
}

fn other(reference: &str, sent: &Sent, kept: KeptSale) -> Option<Violation> {
    let is_another = |ack: &&Ack| (ack.sale, ack.commission) != (kept.id, kept.commission);
    let ack = sent.acks.iter().find(is_another).copied();
    (sent.total != kept.total || ack.is_some()).then(|| Violation::Other {
        reference: reference.to_owned(),
        sent: sent.total,
        ack,
        kept,
    })
}

/// Once everything was sent until it was acknowledged, nothing may be in doubt.
pub(super) fn doubts(journal: &Journal) -> Vec<Violation> {
    let references = journal.in_doubt().into_iter();
    references
        .map(|reference| Violation::StillInDoubt { reference })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACK: Ack = Ack {
        sale: 1,
        commission: 500,
        is_replay: false,
    };
    const KEPT: KeptSale = KeptSale {
        id: 1,
        total: 9999,
        commission: 500,
    };

    /// `a` was acknowledged and repeated, `b` is in doubt.
    fn journal() -> Journal {
        let mut journal = Journal::default();
        let known = Ack {
            is_replay: true,
            ..ACK
        };
        let sent = |acks| Sent { total: 9999, acks };
        journal.sales.insert("a".to_owned(), sent(vec![ACK, known]));
        journal.sales.insert("b".to_owned(), sent(Vec::new()));
        journal
    }

    fn kept(sales: &[(&str, KeptSale)]) -> Kept {
        let mut kept = Kept::default();
        for (reference, sale) in sales {
            let of_one = kept.sales.entry((*reference).to_owned()).or_default();
            of_one.push(*sale);
        }
        kept.balance = kept.commissions();
        kept
    }

    fn check(kept: &Kept, expected: &[Violation]) {
        assert_eq!(violations(&journal(), kept), expected);
    }

    #[test]
    fn a_sale_in_doubt_may_be_there_or_not() {
        let second = KeptSale { id: 2, ..KEPT };
        check(&kept(&[("a", KEPT)]), &[]);
        check(&kept(&[("a", KEPT), ("b", second)]), &[]);
    }

    #[test]
    fn a_lost_sale_is_found() {
        let reference = "a".to_owned();
        check(&kept(&[]), &[Violation::Lost { reference }]);
    }

    #[test]
    fn a_sale_that_is_there_twice_is_found() {
        let second = KeptSale { id: 2, ..KEPT };
        let found = violations(&journal(), &kept(&[("a", KEPT), ("a", second)]));
        let reference = "a".to_owned();
        let ids = vec![1, 2];
        assert!(found.contains(&Violation::Twice { reference, ids }));
        let found = violations(&journal(), &kept(&[("b", second), ("b", second)]));
        assert!(found.contains(&Violation::OneNumber { id: 2 }));
    }

    #[test]
    fn a_sale_that_nobody_sent_is_found() {
        let made_up = KeptSale { id: 2, ..KEPT };
        let never_sent = Violation::NeverSent {
            reference: "c".to_owned(),
            id: 2,
        };
        check(&kept(&[("a", KEPT), ("c", made_up)]), &[never_sent]);
    }

    #[test]
    fn a_sale_that_is_not_as_it_was_acknowledged_is_found() {
        let others = [
            KeptSale { id: 2, ..KEPT },
            KeptSale {
                commission: 501,
                ..KEPT
            },
            KeptSale { total: 1, ..KEPT },
        ];
        for other in others {
            let found = violations(&journal(), &kept(&[("a", other)]));
            assert!(matches!(found.as_slice(), [Violation::Other { .. }]));
        }
        let in_doubt = KeptSale {
            id: 2,
            total: 1,
            ..KEPT
        };
        let found = violations(&journal(), &kept(&[("a", KEPT), ("b", in_doubt)]));
        assert!(matches!(found.as_slice(), [Violation::Other { .. }]));
    }

    #[test]
    fn a_sale_that_was_new_twice_is_found() {
        let mut journal = journal();
        journal
            .sales
            .entry("a".to_owned())
            .and_modify(|sent| sent.acks.push(ACK));
        let reference = "a".to_owned();
        let expected = [Violation::NewTwice { reference }];
        assert_eq!(violations(&journal, &kept(&[("a", KEPT)])), expected);
    }

    #[test]
    fn balances_that_are_not_the_sum_are_found() {
        let mut kept = kept(&[("a", KEPT)]);
        kept.balance = 499;
        let (balance, commissions) = (499, 500);
        check(
            &kept,
            &[Violation::Balance {
                balance,
                commissions,
            }],
        );
    }

    #[test]
    fn what_is_still_in_doubt_is_found() {
        let reference = "b".to_owned();
        assert_eq!(doubts(&journal()), [Violation::StillInDoubt { reference }]);
    }
}
