//! `plenary document`: the interface's own description.

use clap::ValueEnum;

use crate::documents;
use crate::output::print;
use crate::registry::Registry;

/// Which description.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Document {
    /// The REST edge and all types, as OpenAPI.
    Openapi,
    /// The socket, as AsyncAPI.
    Asyncapi,
    /// The socket's types for the JS client.
    Typescript,
    /// The REST interface's types and operations for the JS client.
    Rest,
    /// The generated part of docs/protocol.md.
    Protocol,
}

/// Prints the document.
pub(super) fn run(document: Document, hub: &Registry) -> anyhow::Result<()> {
    let text = match document {
        Document::Openapi => documents::pretty(&documents::openapi(hub)),
        Document::Asyncapi => documents::pretty(&documents::asyncapi(hub)),
        Document::Typescript => documents::socket_types(hub),
        Document::Rest => documents::rest_types(hub),
        Document::Protocol => documents::protocol_markdown(hub),
    };
    Ok(print(&text)?)
}
