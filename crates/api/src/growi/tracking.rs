//! `POST /tracking_events`: what happened before and with a sale.

mod event;
mod payment;

use std::{collections::BTreeSet, sync::Arc};

use accrual_attribution::TouchKind;
use accrual_engine::{
    Click, Command, Error, Identity, Page, Replay, RosterQuery, Sender, SignUp, SignUpBy,
};
use poem::web::Data;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

use super::{Topic, WritingKey, failure::Failure, sale::replay_word};
use crate::{
    Caller, Context,
    wire::{Body, Reply},
};
use event::{CreateEvent, Event, Kind};

/// Growi's operations on what happened.
pub(crate) struct TrackingEvents;

/// The event is taken.
#[derive(ApiResponse)]
enum Taken {
    /// The event is taken, whether or not there was anything to keep of it.
    #[oai(status = 201)]
    Taken(
        Reply<Success>,
        /// Present if the payment was known: `same` if this request says what the first one said,
        /// `differs` if it does not. Nothing has changed in both cases.
        #[oai(header = "X-Accrual-Replay")]
        Option<String>,
    ),
}

/// That it went well.
#[derive(Object, Serialize)]
#[oai(rename = "TrackingEventResponse")]
struct Success {
    /// `true`.
    success: bool,
}

/// Who asks, and what of.
#[derive(Clone, Copy)]
struct Asking<'a> {
    caller: &'a Caller,
    context: &'a Context,
}

#[OpenApi(tag = "Topic::TrackingEvents")]
impl TrackingEvents {
    /// Report an event
    ///
    /// `payment_completed` records a sale, as `POST /affiliate_sales` does. `page_viewed` with an
    /// affiliate and a visitor is a click, `app_installed` with an affiliate and a user is a sign-up:
    /// a later payment of theirs needs no affiliate. Of the other events nothing is kept.
    ///
    /// Safe to repeat.
    #[oai(
        path = "/tracking_events",
        method = "post",
        operation_id = "createTrackingEvent"
    )]
    async fn create_tracking_event(
        &self,
        WritingKey(caller): WritingKey,
        Data(context): Data<&Arc<Context>>,
        body: Body<CreateEvent>,
    ) -> Result<Taken, Failure> {
        let event = body.value.event()?;
        let asking = Asking {
            caller: &caller,
            context,
        };
        let replay = match event.kind {
            Kind::Payment => asking.payment(&event).await?,
            Kind::Visit | Kind::Installation | Kind::Other => {
                asking.touch(&event).await?;
                Replay::No
            }
        };
        let success = Success { success: true };
        Ok(Taken::Taken(Reply(success), replay_word(&replay)))
    }
}

impl Asking<'_> {
    /// Keeps that an affiliate has sent somebody, as far as the event says so.
    async fn touch(self, event: &Event<'_>) -> Result<(), Failure> {
        let Some(command) = touching(event) else {
            return self.named(event).await;
        };
        let submission = self.caller.submission(command, None);
        let org = self.caller.organization;
        match self.context.engine.submit(org, submission).await {
            Ok(_) => Ok(()),
            // Nobody has sent whoever came by themselves.
            Err(Error::VisitorNotFound(_)) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }

    /// Refuses an affiliate who is not there, though there is nothing to keep of the event.
    async fn named(self, event: &Event<'_>) -> Result<(), Failure> {
        let Some(tag) = &event.tag else { return Ok(()) };
        let query = RosterQuery {
            program: None,
            states: BTreeSet::new(),
            tag: Some(tag.clone()),
        };
        let first = Page { skip: 0, limit: 1 };
        let org = self.caller.organization;
        let found = self.context.reports.roster(org, &query, first).await?;
        match found.count {
            0 => Err(not_found()),
            _ => Ok(()),
        }
    }
}

/// What a visit or an installation comes to; `None` if nothing of it can be kept.
fn touching(event: &Event<'_>) -> Option<Command> {
    let sender = event.tag.clone().map(Sender::Tag);
    let click = |by: Sender| {
        let visitor = event.visitor.clone()?;
        Some(Command::Click(Click {
            by,
            visitor: Some(visitor),
            kind: TouchKind::Click,
            at: event.occurred_at,
        }))
    };
    match (event.kind, &event.user) {
        (Kind::Visit, _) | (Kind::Installation, None) => click(sender?),
        (Kind::Installation, Some(user)) => {
            let by_visitor = || event.visitor.clone().map(SignUpBy::Visitor);
            let by = sender.map(SignUpBy::Sender).or_else(by_visitor)?;
            let person = Identity {
                click: event.visitor.clone(),
                external_user: Some(user.clone()),
                ..Identity::default()
            };
            let at = event.occurred_at;
            Some(Command::SignUp(SignUp { by, person, at }))
        }
        (Kind::Payment | Kind::Other, _) => None,
    }
}

/// Whoever is not there is 404 here, where it is 422 elsewhere.
fn refused(error: Error) -> Failure {
    match error {
        Error::NobodyCredited { .. }
        | Error::SenderNotFound(_)
        | Error::EnrollmentNotFound(_)
        | Error::AffiliateNotFound(_) => not_found(),
        error => error.into(),
    }
}

fn not_found() -> Failure {
    Failure::not_found("Campaign affiliate not found.")
}
