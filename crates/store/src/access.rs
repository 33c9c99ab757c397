//! Organizations and the keys that open them.

use accrual_engine::{
    Access, ApiKey, Head, KeyHash, KeyId, NewOrganization, OrgId, Organization, Role, StoreError,
    Text, micros,
};
use async_trait::async_trait;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Set, SqlErr,
};
use time::OffsetDateTime;

use crate::{
    SqlStore,
    entity::{api_key, head, organization},
    error::{at_commit, failed},
};

#[async_trait]
impl Access for SqlStore {
    async fn create_organization(
        &self,
        organization: NewOrganization,
        at: OffsetDateTime,
    ) -> Result<Option<Organization>, StoreError> {
        let transaction = self.begin_writing().await.map_err(failed)?;
        let taken = organization::Entity::find()
            .filter(organization::Column::Name.eq(organization.name.as_str()))
            .count(&*transaction)
            .await
            .map_err(failed)?;
        if taken > 0 {
            return Ok(None);
        }
        let row = organization::ActiveModel {
            name: Set(organization.name.as_str().to_owned()),
            currency: Set(organization.currency.code().to_owned()),
            time_zone: Set(organization.zone.name().to_owned()),
            created_at_us: Set(micros(at)),
            ..Default::default()
        };
        // Another may have taken the name since.
        let Some(row) = unless_taken(row.insert(&*transaction).await)? else {
            return Ok(None);
        };
        let head = Head::new(OrgId::new(row.id), organization.currency, organization.zone);
        head::Entity::insert(head::ActiveModel::of(&head))
            .exec_without_returning(&*transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(at_commit)?;
        row.read().map(Some)
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let rows = organization::Entity::find()
            .order_by_asc(organization::Column::Id)
            .all(&self.reader)
            .await
            .map_err(failed)?;
        rows.into_iter().map(organization::Model::read).collect()
    }

    async fn add_key(
        &self,
        org: OrgId,
        name: Text,
        role: Role,
        hash: KeyHash,
        at: OffsetDateTime,
    ) -> Result<Option<ApiKey>, StoreError> {
        let transaction = self.begin_writing().await.map_err(failed)?;
        organization::Entity::find_by_id(org.number())
            .one(&*transaction)
            .await
            .map_err(failed)?
            .ok_or(StoreError::OrganizationNotFound(org))?;
        let taken = api_key::Entity::find()
            .filter(api_key::Column::Hash.eq(hash.as_bytes().to_vec()))
            .count(&*transaction)
            .await
            .map_err(failed)?;
        if taken > 0 {
            return Ok(None);
        }
        let row = api_key::ActiveModel {
            organization_id: Set(org.number()),
            name: Set(name.as_str().to_owned()),
            role: Set(api_key::role(role).to_owned()),
            hash: Set(hash.as_bytes().to_vec()),
            created_at_us: Set(micros(at)),
            revoked_at_us: Set(None),
            ..Default::default()
        };
        // Another may have added the same key since.
        let Some(row) = unless_taken(row.insert(&*transaction).await)? else {
            return Ok(None);
        };
        transaction.commit().await.map_err(at_commit)?;
        row.read().map(Some)
    }

    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let rows = api_key::Entity::find()
            .filter(api_key::Column::OrganizationId.eq(org.number()))
            .order_by_asc(api_key::Column::Id)
            .all(&self.reader)
            .await
            .map_err(failed)?;
        rows.into_iter().map(api_key::Model::read).collect()
    }

    async fn revoke_key(
        &self,
        org: OrgId,
        key: KeyId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin_writing().await.map_err(failed)?;
        let ended = api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAtUs, micros(at).into())
            .filter(api_key::Column::OrganizationId.eq(org.number()))
            .filter(api_key::Column::Id.eq(key.number()))
            .filter(api_key::Column::RevokedAtUs.is_null())
            .exec(&*transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(at_commit)?;
        Ok(ended.rows_affected > 0)
    }

    async fn authenticate(&self, hash: KeyHash) -> Result<Option<ApiKey>, StoreError> {
        let row = api_key::Entity::find()
            .filter(api_key::Column::Hash.eq(hash.as_bytes().to_vec()))
            .filter(api_key::Column::RevokedAtUs.is_null())
            .one(&self.reader)
            .await
            .map_err(failed)?;
        row.map(api_key::Model::read).transpose()
    }
}

/// The row that was inserted; `None` if a unique constraint says that it is there already.
fn unless_taken<M>(inserted: Result<M, DbErr>) -> Result<Option<M>, StoreError> {
    match inserted {
        Ok(row) => Ok(Some(row)),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Ok(None),
            _ => Err(failed(error)),
        },
    }
}
