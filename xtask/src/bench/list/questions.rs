//! What is asked of the lists.

use std::io::Write;

use super::filling::{self, Filled};
use crate::load::{Expected, Requests};

const LIST: &str = "/api/public/v1/affiliate_sales";

/// How many sales a page has.
const PAGE: u64 = 20;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    OneRow,
    FirstPage,
    Month,
    Creator,
    CampaignAndStatus,
    CampaignAndRareStatus,
    OrderId,
    Email,
    MiddlePage,
    LastPage,
}

/// All of them; the first one is what others are compared with, the second one is compared.
pub(super) const QUESTIONS: [Question; 10] = [
    Question::OneRow,
    Question::FirstPage,
    Question::Month,
    Question::Creator,
    Question::CampaignAndStatus,
    Question::CampaignAndRareStatus,
    Question::OrderId,
    Question::Email,
    Question::MiddlePage,
    Question::LastPage,
];

impl Question {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneRow => "one row by its key",
            Self::FirstPage => "page 1",
            Self::Month => "a month",
            Self::Creator => "one creator, who has a hundredth",
            Self::CampaignAndStatus => "one campaign, paid",
            Self::CampaignAndRareStatus => "one campaign, refunded",
            Self::OrderId => "order_id",
            Self::Email => "search by e-mail",
            Self::MiddlePage => "the page in the middle",
            Self::LastPage => "the last page",
        }
    }

    /// Whether it is a list.
    pub(super) fn is_list(self) -> bool {
        self != Self::OneRow
    }

    pub(super) fn of(self, filled: &Filled) -> Asked {
        Asked {
            question: self,
            size: filled.size,
            key: filled.key.clone(),
        }
    }

    /// What is asked for in the request with this number.
    fn target(self, size: u64, number: u64) -> String {
        let sale = filling::own_sale(size, number);
        match self {
            Self::OneRow => {
                let affiliate = 1 + number % filling::AFFILIATES;
                format!("/accrual/v1/affiliates/{affiliate}")
            }
            Self::FirstPage => LIST.to_owned(),
            Self::Month => format!("{LIST}?start_date=06/01/2024&end_date=06/30/2024"),
            Self::Creator => format!("{LIST}?creator_id=1"),
            Self::CampaignAndStatus => format!("{LIST}?campaign_id=3&status=paid"),
            Self::CampaignAndRareStatus => format!("{LIST}?campaign_id=3&status=refunded"),
            Self::OrderId => format!("{LIST}?order_id=order-{sale}"),
            Self::Email => {
                let email = filling::email(size, sale);
                format!("{LIST}?search={email}")
            }
            Self::MiddlePage => format!("{LIST}?page={}", filling::own_sales(size) / PAGE / 2),
            Self::LastPage => {
                format!("{LIST}?page={}", filling::own_sales(size).div_ceil(PAGE))
            }
        }
    }
}

/// A question, asked again and again.
#[derive(Debug)]
pub(super) struct Asked {
    question: Question,
    size: u64,
    key: String,
}

impl Requests for Asked {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        let (target, key) = (self.question.target(self.size, number), &self.key);
        // Writing to memory cannot fail.
        let _ = write!(
            request,
            "GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"
        );
    }

    fn expected(&self) -> Expected {
        Expected {
            status: 200,
            is_replay: false,
        }
    }
}
