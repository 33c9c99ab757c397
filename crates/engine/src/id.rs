//! Identities of what the engine keeps.

use accrual_attribution::number_id;

number_id! {
    /// A tenant, within an installation.
    OrgId
}
number_id! {
    /// A conversion, within an organization.
    ConversionId
}
number_id! {
    /// A store, within an organization.
    ShopId
}
number_id! {
    /// An API key, within an installation.
    KeyId
}
number_id! {
    /// The place of an entry in an organization's journal: 1 is the first.
    Sequence
}
