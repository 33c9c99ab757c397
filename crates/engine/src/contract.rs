//! What every implementation of the ports must keep to, as tests that any of them can run.
//!
//! Each law is a function over an empty store. [`contract_tests!`](crate::contract_tests) makes
//! one test of each, so that a store in memory and a database are held to the same:
//!
//! ```ignore
//! async fn empty_store() -> Option<(MyStore, Guard)> { … }
//! accrual_engine::contract_tests!(empty_store);
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these are tests, compiled for the tests of other crates"
)]

use std::sync::Arc;

use crate::{Access, Reports, Store};

pub mod access;
pub mod afterwards;
pub mod customers;
pub mod earnings;
mod fixture;
#[cfg(test)]
mod laws;
pub mod model;
pub mod reports;
pub mod rosters;
pub mod shops;
pub mod store;

/// All ports of one store: what a law is tried on.
pub trait Everything: Store + Reports + Access {}

impl<S: Store + Reports + Access> Everything for S {}

/// A store that several engines and tasks can hold.
pub type Shared = Arc<dyn Everything>;

/// Makes a `#[tokio::test]` of each law of the contract.
///
/// Takes a function without parameters (or a closure) whose future gives
/// `Option<(impl Everything, guard)>`: an empty store, and whatever must live as long as it does.
/// `None` prints that the law was skipped. Each test calls it once.
#[macro_export]
macro_rules! contract_tests {
    (@laws $make:expr; $($module:ident::$law:ident,)+) => {
        $(
            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                match ($make)().await {
                    Some((store, guard)) => {
                        $crate::contract::$module::$law(::std::sync::Arc::new(store)).await;
                        drop(guard);
                    }
                    None => println!("skipped: there is no store to try it on"),
                }
            }
        )+
    };
    ($make:expr) => {
        $crate::contract_tests! { @laws $make;
            store::a_reported_sale_is_credited_priced_recorded_journaled_posted_and_counted,
            store::new_terms_are_a_version_and_earlier_conversions_keep_theirs,
            store::a_held_commission_is_pending_and_so_is_its_amount,
            store::a_commission_of_zero_moves_nothing,
            store::totals_are_kept_by_day_program_currency_and_status,
            store::a_repeated_report_answers_the_first_outcome_and_changes_nothing,
            store::a_repeated_reference_with_other_facts_is_named_and_only_journaled,
            store::a_reference_repeated_within_a_batch_is_recorded_once,
            store::a_reference_reported_by_many_at_once_is_recorded_once,
            store::a_reference_reported_through_two_engines_is_recorded_once,
            store::references_reported_through_two_engines_get_dense_numbers,
            store::a_reference_is_exact_and_belongs_to_its_source,
            store::a_caller_that_goes_away_cancels_nothing,
            store::a_retry_succeeds_after_its_enrollment_has_ended,
            store::organizations_do_not_share_references,
            store::a_refused_command_does_not_harm_the_others_of_its_batch,
            store::commands_of_one_call_are_answered_in_their_order,
            store::a_full_batch_is_kept_whole,
            store::a_command_sees_what_those_before_it_have_made,
            store::what_a_batch_changes_twice_ends_as_it_was_changed_last,
            store::two_enrollments_can_exchange_their_tags_in_one_batch,
            store::a_tag_given_within_a_batch_leads_to_its_new_program,
            store::a_sale_knows_what_the_new_terms_of_its_batch_look_at,
            store::a_sale_is_amended_and_paid_in_its_own_batch,
            store::what_is_decided_on_an_overtaken_batch_is_decided_again,
            store::what_is_decided_on_a_refused_batch_is_decided_again,
            store::what_is_decided_on_a_lost_batch_is_not_answered,
            store::what_was_set_up_in_vain_is_not_used,
            store::a_full_queue_refuses_and_what_was_taken_is_done,
            store::the_journal_is_sealed_from_its_first_entry_to_the_head,
            store::an_entry_that_was_changed_breaks_its_seal,
            store::the_journal_explains_every_commission,
            store::the_journal_says_who_asked_and_by_which_request,
            store::every_fact_comes_back_as_it_was_reported,
            store::what_was_not_said_stays_unsaid,
            store::the_first_and_the_last_day_come_back_exactly,
            store::the_largest_amount_comes_back_exactly,
            store::a_total_out_of_range_is_refused_and_harms_nothing,
            store::a_sum_of_all_days_out_of_range_is_refused,
            store::a_balance_out_of_range_is_refused_where_it_is_read,
            store::the_longest_terms_come_back_in_their_order,
            store::what_is_made_comes_back,
            store::a_change_touches_what_it_names_only,
            store::a_renamed_tag_is_free_again,
            store::what_is_taken_is_refused_by_name,
            store::what_does_not_exist_is_refused_by_name,
            store::what_another_engine_has_changed_is_seen_at_once,
            store::a_repeated_idempotency_key_is_answered_again,
            store::an_idempotency_key_is_not_used_for_something_else,
            store::a_refused_request_leaves_its_idempotency_key_free,
            store::an_idempotency_key_sent_by_many_at_once_makes_one,
            store::an_application_waits_for_approval,
            store::an_application_is_made_once,
            store::an_application_sent_by_many_at_once_is_made_once,
            store::a_known_address_applies_as_its_affiliate,
            store::an_application_keeps_what_was_said_first,
            store::an_application_that_cannot_be_is_refused,
            store::turns_that_overlap_follow_one_another,
            store::a_turn_that_is_dropped_keeps_nothing,
            store::a_turn_loads_what_is_named,
            store::a_turn_loads_much_at_once,
            store::an_unknown_organization_has_no_turn,
            afterwards::a_partial_refund_leaves_the_commission_of_what_is_left,
            afterwards::refunds_that_sum_to_the_whole_leave_nothing,
            afterwards::a_refund_that_cannot_be_is_refused_and_changes_nothing,
            afterwards::a_chargeback_is_counted_apart_from_refunds,
            afterwards::what_is_owed_back_is_kept_from_what_is_paid_next,
            afterwards::a_paid_commission_that_became_more_is_paid_the_rest,
            afterwards::what_becomes_of_all_leaves_what_was_called_off,
            afterwards::an_amended_sale_is_decided_again_by_its_own_terms,
            afterwards::a_sale_is_not_amended_below_what_was_given_back,
            afterwards::a_sale_that_was_called_off_is_not_amended,
            afterwards::only_the_amount_that_counts_decides_a_sale_again,
            afterwards::what_is_known_of_a_customer_can_be_corrected,
            afterwards::a_sale_that_took_place_on_another_day_is_counted_there,
            afterwards::what_is_due_follows_the_date_that_was_said,
            afterwards::what_has_matured_is_due_since_then,
            afterwards::what_was_never_held_is_due_at_no_time,
            afterwards::a_sale_becomes_what_is_wanted_step_by_step,
            afterwards::what_is_raised_and_paid_at_once_is_paid_in_full,
            afterwards::a_change_of_a_paid_sale_books_an_adjustment,
            afterwards::a_currency_is_corrected_until_something_was_settled,
            afterwards::a_change_that_is_refused_in_part_is_refused,
            afterwards::a_cancelled_sale_is_frozen_and_a_refunded_one_is_not,
            afterwards::a_change_of_a_version_is_made_once,
            afterwards::two_changes_at_once_are_both_made,
            afterwards::the_history_says_what_each_change_has_changed,
            afterwards::a_long_history_is_told_whole,
            afterwards::an_amended_sale_pays_those_above_as_they_were,
            afterwards::an_amended_sale_keeps_two_levels_of_one_recruiter_apart,
            afterwards::an_amended_sale_lifts_what_was_sold_by_now,
            afterwards::an_amended_sale_takes_off_what_it_has_put_on,
            afterwards::a_dispute_that_is_won_leaves_no_trace_in_the_balances,
            afterwards::a_commission_waits_for_a_person_where_the_terms_say_so,
            afterwards::what_is_due_matures_once,
            afterwards::a_repeated_refund_is_one_refund,
            customers::a_customer_stays_with_whoever_sent_it_first,
            customers::a_click_leads_to_whoever_was_clicked_last,
            customers::a_customer_is_known_by_its_id_before_its_visit,
            customers::whoever_has_a_customer_does_not_disagree_with_a_report,
            customers::a_visit_is_no_claim_before_the_visitor_belongs_to_somebody,
            customers::whoever_signs_up_is_one_referral,
            customers::a_promo_code_is_redeemed_as_often_as_it_may,
            customers::a_first_order_code_is_for_the_first_order,
            customers::a_first_order_code_is_refused_after_an_order_without_it,
            customers::nobody_earns_by_buying_for_themselves,
            customers::nobody_earns_by_a_visit_of_their_own,
            earnings::the_payments_of_a_customer_are_counted,
            earnings::a_tier_counts_what_was_sold_before,
            earnings::a_retroactive_tier_lifts_what_was_earned_before,
            earnings::a_lift_counts_for_the_customers_of_what_it_lifts,
            earnings::a_lift_by_a_shared_sale_keeps_the_cap,
            earnings::a_sale_that_is_reported_late_keeps_the_cap_of_later_days,
            earnings::a_cap_is_free_again_after_a_refund,
            earnings::those_who_share_a_sale_have_caps_of_their_own,
            earnings::a_sale_is_shared_and_those_above_earn_too,
            reports::pages_are_complete_and_in_order,
            reports::the_journal_is_read_in_pages,
            reports::what_is_set_up_is_listed_in_order,
            reports::enrollments_are_listed_by_program_and_affiliate,
            reports::a_page_is_found_over_the_ends_of_months,
            rosters::a_roster_has_whoever_is_asked_for,
            rosters::a_roster_shows_what_each_has_sold,
            shops::a_store_is_registered_once,
            shops::a_sale_is_made_in_a_store_that_is_registered,
            reports::a_history_is_of_one_conversion,
            reports::accounts_belong_to_one_affiliate,
            reports::what_does_not_exist_is_none_or_empty,
            access::a_new_organization_is_empty,
            access::a_name_is_taken_once,
            access::a_name_wanted_by_many_at_once_is_given_once,
            access::a_key_opens_its_organization_until_it_is_revoked,
            access::an_unknown_key_opens_nothing,
            access::a_key_is_kept_once,
            access::a_key_is_its_organizations_own,
            access::a_key_needs_an_organization,
        }
    };
}

/// Makes a `#[test]` of the model test: see [`model`].
///
/// Takes what [`contract_tests!`](crate::contract_tests) takes, and how many times fewer sequences
/// are tried than in memory.
#[macro_export]
macro_rules! model_test {
    ($make:expr, $one_in:literal) => {
        #[test]
        fn whatever_is_asked_the_engine_does_what_a_plain_reference_says() {
            $crate::contract::model::whatever_is_asked_the_engine_does_what_a_plain_reference_says(
                $make, $one_in,
            );
        }
    };
}
