//! Everything about a sale that decides what it earns.

use std::fmt;

use accrual_money::{Currency, ExchangeRate, Money, Rate};

use crate::Country;

/// Whether a sale stands alone or renews.
///
/// Source: Growi, `sale_type` of `POST /affiliate_sales`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaleType {
    /// A purchase by itself.
    OneTime,
    /// A payment of a subscription.
    Subscription,
}

/// How often a subscription is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    /// Every month.
    Monthly,
    /// Every year.
    Yearly,
}

/// What is known of the tax on a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tax {
    /// This much of the amount is tax; in the sale's currency.
    Amount(Money),
    /// The price includes tax at this rate: without it, it is the price ÷ (1 + rate).
    IncludedAt(Rate),
}

/// One thing that was bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The product, as the shop names it: exact.
    pub product: Box<str>,
    /// The price of it, as the shop names it: exact.
    pub price: Option<Box<str>>,
    /// How many; 0 is allowed and pays nothing an item.
    pub quantity: u32,
    /// What they came to together, in the sale's currency, zero or more.
    pub amount: Money,
}

/// Everything about a sale that decides what it earns; amounts in the sale's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    amounts: Amounts,
    tax: Option<Tax>,
    shipping: Option<Money>,
    discount: Option<Money>,
    sale_type: SaleType,
    interval: Option<Interval>,
    country: Option<Country>,
    metadata: Vec<(Box<str>, Box<str>)>,
    lines: Vec<Line>,
    amount_override: Option<Money>,
    rate_override: Option<Rate>,
    exchange: Option<ExchangeRate>,
}

/// One of the two is always known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Amounts {
    Total(Money),
    Subtotal(Money),
    Both { total: Money, subtotal: Money },
}

impl Sale {
    /// A one-time sale with this total.
    pub const fn new(total: Money) -> Self {
        Self::with_amounts(Amounts::Total(total))
    }

    /// A one-time sale of which only the subtotal (before shipping and tax) is known.
    pub const fn of_subtotal(subtotal: Money) -> Self {
        Self::with_amounts(Amounts::Subtotal(subtotal))
    }

    const fn with_amounts(amounts: Amounts) -> Self {
        Self {
            amounts,
            tax: None,
            shipping: None,
            discount: None,
            sale_type: SaleType::OneTime,
            interval: None,
            country: None,
            metadata: Vec::new(),
            lines: Vec::new(),
            amount_override: None,
            rate_override: None,
            exchange: None,
        }
    }

    /// The same, with the subtotal (before shipping and tax) known too.
    #[must_use]
    pub fn with_subtotal(mut self, subtotal: Money) -> Self {
        self.amounts = match self.amounts {
            Amounts::Total(total) | Amounts::Both { total, .. } => {
                Amounts::Both { total, subtotal }
            }
            Amounts::Subtotal(_) => Amounts::Subtotal(subtotal),
        };
        self
    }

    /// The same, with what is known of its tax.
    #[must_use]
    pub fn with_tax(mut self, tax: Tax) -> Self {
        self.tax = Some(tax);
        self
    }

    /// The same, with what its shipping cost.
    #[must_use]
    pub fn with_shipping(mut self, shipping: Money) -> Self {
        self.shipping = Some(shipping);
        self
    }

    /// The same, with what was taken off its price.
    #[must_use]
    pub fn with_discount(mut self, discount: Money) -> Self {
        self.discount = Some(discount);
        self
    }

    /// The same, of this type.
    #[must_use]
    pub fn with_type(mut self, sale_type: SaleType) -> Self {
        self.sale_type = sale_type;
        self
    }

    /// The same, paid for this often.
    #[must_use]
    pub fn with_interval(mut self, interval: Interval) -> Self {
        self.interval = Some(interval);
        self
    }

    /// The same, bought from this country.
    #[must_use]
    pub fn with_country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// The same, with these keys and values, in any order.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Vec<(Box<str>, Box<str>)>) -> Self {
        self.metadata = metadata;
        self
    }

    /// The same, with what was bought, in the order of the report.
    #[must_use]
    pub fn with_lines(mut self, lines: Vec<Line>) -> Self {
        self.lines = lines;
        self
    }

    /// The same, with the commission set by whoever reports the sale.
    #[must_use]
    pub fn with_amount_override(mut self, amount: Money) -> Self {
        self.amount_override = Some(amount);
        self
    }

    /// The same, with the rate set by whoever reports the sale.
    #[must_use]
    pub fn with_rate_override(mut self, rate: Rate) -> Self {
        self.rate_override = Some(rate);
        self
    }

    /// The same, with what its currency is worth in the program's.
    #[must_use]
    pub fn with_exchange(mut self, exchange: ExchangeRate) -> Self {
        self.exchange = Some(exchange);
        self
    }
}

impl Sale {
    /// What the customer paid in all, if known.
    pub const fn total(&self) -> Option<Money> {
        match self.amounts {
            Amounts::Total(total) | Amounts::Both { total, .. } => Some(total),
            Amounts::Subtotal(_) => None,
        }
    }

    /// What the customer paid before shipping and tax, if known.
    pub const fn subtotal(&self) -> Option<Money> {
        match self.amounts {
            Amounts::Subtotal(subtotal) | Amounts::Both { subtotal, .. } => Some(subtotal),
            Amounts::Total(_) => None,
        }
    }

    /// The total where it is known, else the subtotal.
    pub const fn amount(&self) -> Money {
        match self.amounts {
            Amounts::Total(amount)
            | Amounts::Subtotal(amount)
            | Amounts::Both { total: amount, .. } => amount,
        }
    }

    /// The currency that it was paid in.
    pub const fn currency(&self) -> Currency {
        self.amount().currency()
    }

    /// What is known of its tax.
    pub const fn tax(&self) -> Option<Tax> {
        self.tax
    }

    /// What its shipping cost, if known.
    pub const fn shipping(&self) -> Option<Money> {
        self.shipping
    }

    /// What was taken off its price, if known.
    pub const fn discount(&self) -> Option<Money> {
        self.discount
    }

    /// Its type.
    pub const fn sale_type(&self) -> SaleType {
        self.sale_type
    }

    /// How often it is paid for, if it is and that is known.
    pub const fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// The country that it was bought from, if known.
    pub const fn country(&self) -> Option<Country> {
        self.country
    }

    /// Keys and values, in the order of the report.
    pub fn metadata(&self) -> &[(Box<str>, Box<str>)] {
        &self.metadata
    }

    /// What was bought, in the order of the report; empty if nothing is known of it.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The commission set by whoever reports the sale, if any.
    pub const fn amount_override(&self) -> Option<Money> {
        self.amount_override
    }

    /// The rate set by whoever reports the sale, if any.
    pub const fn rate_override(&self) -> Option<Rate> {
        self.rate_override
    }

    /// What its currency is worth in the program's, if known.
    pub const fn exchange(&self) -> Option<&ExchangeRate> {
        self.exchange.as_ref()
    }
}

impl fmt::Display for SaleType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OneTime => "one-time",
            Self::Subscription => "subscription",
        })
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        })
    }
}
