//! Published examples that are not among the sums here, and why.

/// Their names, and where they are shown instead or why nothing shows them.
pub(crate) const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["A20"],
        "a share of no amount at all: a sale cannot be made without one, and the report of a sale \
         without an amount is refused",
    ),
    (
        &["C06"],
        "a tier that raises whatever is paid otherwise by a percentage: a tier here says what it \
         pays, so that nobody has to look for what was raised",
    ),
    (
        &["I03", "I04", "I05", "I08", "I09", "I10", "I11", "I14"],
        "exchange without a commission: shown where exchange rates are",
    ),
    (
        &["J02"],
        "the smallest payout: nothing here decides when anybody is paid",
    ),
    (
        &["J04", "J05", "J07"],
        "the fee on a payout: payouts have no fees here",
    ),
    (
        &["J08"],
        "a bonus for whoever brought in a merchant, out of the fees on payouts",
    ),
    (
        &[
            "K01", "K02", "K03", "K04", "K06", "K07", "K08", "K11", "K12", "K13", "K15", "K16",
            "K17", "K18", "K19",
        ],
        "who is credited, not what is earned: shown where credit is decided",
    ),
];
