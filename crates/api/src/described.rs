//! What a dialect offers, described as readers of OpenAPI 3.0 take it.

use std::collections::HashMap;

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    OpenApi,
    registry::{
        MetaApi, MetaOperation, MetaParamIn, MetaResponse, MetaSchema, MetaSchemaRef, Registry,
    },
};

/// Which of a dialect's errors its operations answer.
///
/// A dialect has one error type for all operations, and the framework would describe all of it for
/// each of them.
pub(crate) trait Answers {
    /// Whether `operation` ever answers with `status`, which its types say.
    fn answers(operation: &Operation<'_>, status: u16) -> bool;
}

/// An operation, by what it takes.
pub(crate) struct Operation<'a>(&'a MetaOperation);

impl Operation<'_> {
    /// Its name in the spec.
    pub(crate) fn id(&self) -> &str {
        self.0.operation_id.unwrap_or_default()
    }

    pub(crate) fn has_body(&self) -> bool {
        self.0.request.is_some()
    }

    /// Whether its path names one thing.
    pub(crate) fn is_about_one(&self) -> bool {
        self.takes(MetaParamIn::Path)
    }

    pub(crate) fn has_query(&self) -> bool {
        self.takes(MetaParamIn::Query)
    }

    fn takes(&self, place: MetaParamIn) -> bool {
        self.0.params.iter().any(|param| param.in_type == place)
    }

    /// Whether what it takes lets it answer with `status` in any dialect. Keys and databases can
    /// fail each of them.
    fn can_answer(&self, status: u16) -> bool {
        match status {
            403 => self.0.method != Method::GET,
            408 | 413 | 415 => self.has_body(),
            412 => self.0.params.iter().any(|param| param.name == "If-Match"),
            _ => true,
        }
    }
}

/// The operations of `T`, each with the errors that it answers, under their schemas.
///
/// The framework writes a field that is an object or null as `allOf` of the object beside
/// `nullable`; by OpenAPI 3.0.3 `nullable` says nothing there without a `type`.
pub(crate) struct Described<T>(pub(crate) T);

impl<T: OpenApi + Answers> OpenApi for Described<T> {
    fn meta() -> Vec<MetaApi> {
        let mut apis = T::meta();
        let paths = apis.iter_mut().flat_map(|api| &mut api.paths);
        for operation in paths.flat_map(|path| &mut path.operations) {
            let mut responses = std::mem::take(&mut operation.responses.responses);
            let it = Operation(operation);
            responses.retain(|response| {
                let said = |status| it.can_answer(status) && T::answers(&it, status);
                response.status.is_none_or(said)
            });
            operation.responses.responses = one_for_each_status(responses);
        }
        apis
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

/// What several answers of one status say is any of them: a status may stand there once.
fn one_for_each_status(responses: Vec<MetaResponse>) -> Vec<MetaResponse> {
    let mut all: Vec<MetaResponse> = Vec::with_capacity(responses.len());
    for response in responses {
        let is_same =
            |one: &&mut MetaResponse| response.status.is_some() && one.status == response.status;
        let Some(same) = all.iter_mut().find(is_same) else {
            all.push(response);
            continue;
        };
        for (media, other) in same.content.iter_mut().zip(response.content) {
            let any = MetaSchema::new("object");
            let first = std::mem::replace(&mut media.schema, MetaSchemaRef::Inline(Box::new(any)));
            if let MetaSchemaRef::Inline(any) = &mut media.schema {
                any.any_of = vec![first, other.schema];
            }
        }
    }
    all
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
