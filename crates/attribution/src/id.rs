//! Identities of what attribution speaks of.

/// Defines a numeric identity: dense within one organization, starting at 1.
#[doc(hidden)]
#[macro_export]
macro_rules! number_id {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// The identity with this number.
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// Its number: dense within one organization, starting at 1.
            pub const fn number(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, formatter)
            }
        }
    };
}

number_id! {
    /// One who earns, within an organization.
    AffiliateId
}
number_id! {
    /// Terms under which affiliates earn, within an organization.
    ProgramId
}
number_id! {
    /// An affiliate in a program, within an organization.
    EnrollmentId
}
number_id! {
    /// A visit that an affiliate brought: a click, later a lead and a customer.
    ReferralId
}
number_id! {
    /// A code for customers that belongs to an enrollment.
    PromoCodeId
}
