//! What every operation of the API has, told once in the document: keys, names and tags.

use utoipa::openapi::{
    ObjectBuilder, OpenApi as Document, RefOr, Required, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::Type,
};

/// What has a tag, and can be changed.
const TAGGED: [&str; 3] = ["/{call}", "/{seg}", "/{leg}"];

/// Adds to the document what the gate and the tags do for each operation.
pub(super) fn complete(document: &mut Document) {
    for (path, item) in &mut document.paths.paths {
        item.get.iter_mut().for_each(read);
        if TAGGED.iter().any(|name| path.ends_with(name)) {
            let changes = [&mut item.patch, &mut item.delete];
            changes.into_iter().flatten().for_each(expect);
        }
        let changes = [
            &mut item.post,
            &mut item.patch,
            &mut item.put,
            &mut item.delete,
        ];
        changes.into_iter().flatten().for_each(change);
    }
}

fn read(operation: &mut Operation) {
    if !gives_json(operation) {
        return;
    }
    let text = "Tags of what the client has; where the answer's `ETag` is among them, it is 304.";
    add(operation, header("If-None-Match", text, None));
    let response = ResponseBuilder::new().description("The client has it already.");
    let responses = &mut operation.responses.responses;
    responses.insert("304".to_owned(), response.build().into());
}

fn gives_json(operation: &Operation) -> bool {
    let good = operation.responses.responses.get("200");
    matches!(good, Some(RefOr::T(good)) if good.content.contains_key("application/json"))
}

fn change(operation: &mut Operation) {
    let text = "For 24 h the same request under the same key is the same operation, and has its \
        answer; another request is refused (422). An operation that failed gives its key back.";
    add(operation, header("Idempotency-Key", text, Some(128)));
    let text = "A name for this request; it is echoed, and stands in the operation, its events and its H.248 \
        messages in the trace.";
    add(operation, header("X-Request-Id", text, None));
}

fn expect(operation: &mut Operation) {
    let text = "Tags of what the client has seen; where the `ETag` of what is read here is none of \
        them, nothing is changed (412).";
    add(operation, header("If-Match", text, None));
}

fn header(name: &str, description: &str, longest: Option<usize>) -> Parameter {
    let mut text = ObjectBuilder::new().schema_type(Type::String);
    if longest.is_some() {
        let pattern = Some("^[!-~]+$");
        text = text
            .min_length(Some(1))
            .max_length(longest)
            .pattern(pattern);
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text))
        .build()
}

fn add(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(parameter.into());
}
