//! The built web app, and under `/sdk/` the built JS client with its example page.
//!
//! Built with `make web`, which also writes compressed copies of the app's files (`.br`, `.gz`), so
//! that nothing is compressed while attendees wait. A program built without them serves a page that
//! says how to build them; the API works all the same.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::conditional::{accepts, entity_tag, matches};
use super::embedded::{self, File};
use super::problem::Problem;

/// Where files come from: the program, or a test's fixture.
type Source = fn(&str) -> Option<File>;

/// The encodings a browser may accept, with the file name endings of the compressed copies.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Served in place of the web app when the program was built without it.
const NOT_BUILT: &str = include_str!("not_built.html");

/// Answers everything that is not the API: a file, or the web app's page, which routes by the
/// path.
pub async fn serve(request: Request) -> Response {
    answer(embedded::get, &request)
}

fn answer(source: Source, request: &Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || path == "ws" {
        return Problem::not_found("address").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let detail = "This address is read-only.";
        let mut refusal = Problem::new("request.method", detail).into_response();
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    if let Some(response) = file(source, path, request.headers()) {
        return response;
    }
    // A missing file must not be answered with the page: an old tab would run it as a script.
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains('.') && !name.ends_with(".html") {
        return Problem::not_found("file").into_response();
    }
    file(source, "index.html", request.headers()).unwrap_or_else(not_built)
}

/// The file at `path` in the best encoding that the browser accepts; `None` if there is none.
fn file(source: Source, path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = source(path)?;
    let copy = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((source(&format!("{path}{ending}"))?, *encoding)));
    let (file, encoding) = match copy {
        Some((file, encoding)) => (file, Some(encoding)),
        None => (plain, None),
    };

    let tag = entity_tag(&file.hash);
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| matches(sent, &tag));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.bytes).into_response()
    };
    let answers = response.headers_mut();
    answers.insert(header::CONTENT_TYPE, content_type(path));
    answers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
    answers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answers.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        answers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Bundled files never change, as Vite puts a hash into their names. Others are revalidated each
/// time, and usually answered with "not modified".
fn cache_control(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(path: &str) -> HeaderValue {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let text =
        if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    HeaderValue::from_str(&text)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

fn not_built() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, NOT_BUILT).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small web app: a page, a script with a compressed copy, an icon.
    fn source(path: &str) -> Option<File> {
        let bytes: &[u8] = match path {
            "index.html" => b"<!doctype html>",
            "assets/index-a1b2.js" => b"console.log('plain')",
            "assets/index-a1b2.js.br" => b"brotli",
            "assets/index-a1b2.js.gz" => b"gzip",
            "favicon.svg" => b"<svg/>",
            _ => return None,
        };
        let mut hash = [0; 32];
        hash[0] = u8::try_from(bytes.len()).expect("a short file");
        Some(File { bytes: bytes.into(), hash })
    }

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        ask(source, Method::GET, path, headers)
    }

    fn ask(
        source: Source,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        answer(source, &request.body(Body::empty()).expect("a request"))
    }

    fn header_of(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
    }

    async fn body_of(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_hashed_file_is_cached_for_ever() {
        let response = get("/assets/index-a1b2.js", &[]);
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert!(header_of(&response, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(body_of(response).await, "console.log('plain')");
    }

    #[tokio::test]
    async fn the_best_compressed_copy_that_the_browser_accepts_is_sent() {
        for (accepted, encoding, body) in [
            ("gzip, deflate, br", "br", "brotli"),
            ("gzip", "gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
            ("identity", "", "console.log('plain')"),
        ] {
            let response = get("/assets/index-a1b2.js", &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(header_of(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
            assert_eq!(
                header_of(&response, header::CONTENT_TYPE),
                "text/javascript; charset=utf-8"
            );
            assert_eq!(body_of(response).await, body, "{accepted}");
        }
    }

    #[tokio::test]
    async fn every_other_path_is_the_page() {
        for path in ["/", "/e/camp", "/e/camp/rooms/1"] {
            let response = get(path, &[]);
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-cache");
            assert_eq!(body_of(response).await, "<!doctype html>", "{path}");
        }
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let first = get("/favicon.svg", &[]);
        let tag = header_of(&first, header::ETAG).to_owned();
        for sent in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}")] {
            let again = get("/favicon.svg", &[(header::IF_NONE_MATCH, &sent)]);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{sent}");
            assert_eq!(header_of(&again, header::ETAG), tag);
        }
        let changed = get("/favicon.svg", &[(header::IF_NONE_MATCH, "\"other\"")]);
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[test]
    fn missing_files_and_unknown_api_addresses_are_not_the_page() {
        for path in ["/assets/index-old.js", "/e/camp/picture.png", "/api/v1/nothing", "/ws"] {
            let response = get(path, &[]);
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(header_of(&response, header::CONTENT_TYPE), "application/problem+json");
        }
    }

    #[test]
    fn nothing_can_be_written() {
        let response = ask(source, Method::POST, "/", &[]);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header_of(&response, header::ALLOW), "GET, HEAD");
    }

    #[tokio::test]
    async fn without_the_web_app_a_page_says_how_to_build_it() {
        for path in ["/e/camp", "/sdk/chat.html"] {
            let response = ask(|_| None, Method::GET, path, &[]);
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-store", "{path}");
            assert!(body_of(response).await.contains("make web"), "{path}");
        }
    }
}
