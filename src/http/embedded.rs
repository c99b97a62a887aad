//! The files embedded in the program; a debug build reads them from disk instead.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// Vite's output. Missing in builds without Node.js.
#[derive(RustEmbed)]
#[folder = "client-js/app/dist"]
#[allow_missing = true]
struct WebApp;

/// The JS client as browsers load it. Missing in builds without Node.js.
#[derive(RustEmbed)]
#[folder = "client-js/sdk/dist"]
#[allow_missing = true]
struct Client;

/// The page that shows how the JS client is used.
#[derive(RustEmbed)]
#[folder = "client-js/sdk/example"]
struct Example;

/// A file and its SHA-256.
pub(super) struct File {
    pub(super) bytes: Cow<'static, [u8]>,
    pub(super) hash: [u8; 32],
}

impl From<EmbeddedFile> for File {
    fn from(file: EmbeddedFile) -> Self {
        Self { bytes: file.data, hash: file.metadata.sha256_hash() }
    }
}

/// The file at `path`: of the web app, or under `sdk/` of the JS client and its example.
pub(super) fn get(path: &str) -> Option<File> {
    let file = match path.strip_prefix("sdk/") {
        Some(name) => sdk(name),
        None => WebApp::get(path),
    };
    file.map(File::from)
}

fn sdk(name: &str) -> Option<EmbeddedFile> {
    // Without the client its example page does nothing.
    Client::get("index.js")?;
    // The types beside the modules are for compilers, which have the package.
    let is_module = name.ends_with(".js") || name.ends_with(".js.map");
    let module = if is_module { Client::get(name) } else { None };
    module.or_else(|| Example::get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_of_the_client_is_served_with_its_source_map() {
        // Without Node.js the JS client is not built, and nothing of it is served.
        let Some(module) = get("sdk/index.js") else { return };
        let text = String::from_utf8_lossy(&module.bytes).into_owned();
        let (_, map) = text.rsplit_once("//# sourceMappingURL=").expect("it names its map");
        let map = get(&format!("sdk/{}", map.trim())).expect("its map");
        let map: serde_json::Value = serde_json::from_slice(&map.bytes).expect("JSON");
        assert!(map["sourcesContent"][0].is_string(), "with the source itself");
        assert!(get("sdk/index.d.ts").is_none(), "types are for compilers");
    }
}
