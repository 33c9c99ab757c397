//! Stores, and whether a sale was made in one.

use time::OffsetDateTime;

use super::{IsReplay, Reference, done, set_up::number};
use crate::{Command, Error, Facts, Shop, ShopId, Subject};

impl Reference {
    pub(super) fn register_shop(
        &mut self,
        command: &Command,
        at: OffsetDateTime,
    ) -> (Subject, IsReplay) {
        let Command::RegisterShop {
            platform,
            key,
            name,
        } = command
        else {
            panic!("not a store");
        };
        let next = ShopId::new(number(self.shops.len()));
        let mut all = self.shops.iter_mut();
        let id = match all.find(|one| (one.platform, &one.key) == (*platform, key)) {
            Some(known) if known.name == *name => {
                return (Subject::Shop(known.id), IsReplay::Same);
            }
            Some(known) => {
                known.name = name.clone();
                known.id
            }
            None => {
                self.shops.push(Shop {
                    id: next,
                    platform: *platform,
                    key: key.clone(),
                    name: name.clone(),
                    created_at: at,
                });
                next
            }
        };
        self.enter();
        done(Subject::Shop(id))
    }

    /// That the store in which a sale was made is there, on the sale's platform.
    pub(super) fn is_registered(&self, facts: &Facts) -> Result<(), Error> {
        let Some(key) = &facts.shop else {
            return Ok(());
        };
        let platform = facts.platform.as_ref().map(|platform| platform.as_str());
        let is_meant = |one: &Shop| one.key == *key && Some(one.platform.name()) == platform;
        match self.shops.iter().any(is_meant) {
            true => Ok(()),
            false => Err(Error::ShopNotFound(facts.channel())),
        }
    }
}
