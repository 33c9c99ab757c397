//! What a dialect offers, described as readers of OpenAPI 3.0 take it.

use std::collections::HashMap;

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    OpenApi,
    registry::{MetaApi, MetaSchema, MetaSchemaRef, Registry},
};

/// The operations of `T`, under their schemas.
///
/// The framework writes a field that is an object or null as `allOf` of the object beside
/// `nullable`; by OpenAPI 3.0.3 `nullable` says nothing there without a `type`.
pub(crate) struct Described<T>(pub(crate) T);

impl<T: OpenApi> OpenApi for Described<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        let schemas = registry.schemas.iter();
        let types: HashMap<String, &'static str> = schemas
            .map(|(name, schema)| (name.clone(), schema.ty))
            .collect();
        for schema in registry.schemas.values_mut() {
            for (_, property) in &mut schema.properties {
                if let MetaSchemaRef::Inline(property) = property {
                    say_type(property, &types);
                }
            }
        }
    }

    fn add_routes(self, routes: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        self.0.add_routes(routes);
    }
}

/// Gives a property that is some other schema or null the type of that schema.
fn say_type(property: &mut MetaSchema, types: &HashMap<String, &'static str>) {
    if property.nullable
        && property.ty.is_empty()
        && let Some(MetaSchemaRef::Reference(name)) = property.all_of.first()
        && let Some(ty) = types.get(name)
    {
        property.ty = ty;
        // What follows the reference repeats what stands beside it.
        property.all_of.truncate(1);
    }
}
