//! Shows the mail that would have been sent, for development: pages of the admin address.
//!
//! Only where mail is written to files.

use std::net::IpAddr;
use std::path::Path as FilePath;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::http::uri::Authority;
use axum::middleware::{self, Next};
use axum::response::{Html, Response};
use axum::routing::get;

use super::problem::Problem;
use crate::core::Core;
use crate::id::MailId;
use crate::mail::Transport;
use crate::mail::folder::{self, Written};

/// How many mails the list shows.
const SHOWN: usize = 100;

/// `GET /mail` and `GET /mail/{id}`.
pub fn router() -> Router<Core> {
    Router::new()
        .route("/mail", get(list))
        .route("/mail/{id}", get(show))
        .route_layer(middleware::from_fn(own_names_only))
}

/// Another site could point its own name at this machine (DNS rebinding) and read sign-in links. It
/// cannot do so with an IP address or localhost (RFC 6761).
async fn own_names_only(request: Request, next: Next) -> Result<Response, Problem> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let is_own = host.is_some_and(|authority| {
        let name = authority.host();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost" || name.ends_with(".localhost") || address.parse::<IpAddr>().is_ok()
    });
    if is_own {
        return Ok(next.run(request).await);
    }
    let detail = "Open this page as localhost or by the machine's address.";
    Err(Problem::new("request.wrong_host", detail))
}

async fn list(State(core): State<Core>) -> Result<Html<String>, Problem> {
    let folder = folder_of(&core)?;
    let ids = folder::list(folder).await.map_err(|error| unreadable(&error))?;
    let mut rows = String::new();
    for id in ids.into_iter().take(SHOWN) {
        let Some(mail) = folder::read(folder, id).await.map_err(|error| unreadable(&error))? else {
            continue;
        };
        rows.push_str(&format!(
            "<tr><td>{}<td><a href=\"/mail/{}\">{}</a><td>{}",
            escape(&mail.date),
            mail.id,
            escape(&mail.subject),
            escape(&mail.recipient),
        ));
    }
    let table = format!("<table><tr><th>Date<th>Subject<th>To{rows}</table>");
    let content = if rows.is_empty() { "<p>No mail yet.</p>" } else { &table };
    Ok(page("Mail that would have been sent", content))
}

async fn show(State(core): State<Core>, Path(id): Path<String>) -> Result<Html<String>, Problem> {
    let folder = folder_of(&core)?;
    let id: MailId = id.parse().map_err(|_| Problem::not_found("mail"))?;
    let mail = folder::read(folder, id).await.map_err(|error| unreadable(&error))?;
    let Written { recipient, subject, date, body, .. } =
        mail.ok_or_else(|| Problem::not_found("mail"))?;
    let content = format!(
        "<p><a href=\"/mail\">All mail</a><p>To {}<br>{}<pre>{}</pre>",
        escape(&recipient),
        escape(&date),
        body.lines().map(with_link).collect::<Vec<_>>().join("\n"),
    );
    Ok(page(&subject, &content))
}

fn folder_of(core: &Core) -> Result<&FilePath, Problem> {
    match core.mail.transport() {
        Transport::Folder(folder) => Ok(folder),
        Transport::Smtp(_) => Err(Problem::not_found("page: mail goes to the mail server")),
    }
}

fn unreadable(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "the mail folder cannot be read");
    Problem::internal()
}

/// A line of a mail; links are on lines of their own.
fn with_link(line: &str) -> String {
    let line = escape(line);
    if line.starts_with("https://") || line.starts_with("http://") {
        format!("<a href=\"{line}\">{line}</a>")
    } else {
        line
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn page(title: &str, content: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}}\
         td,th{{text-align:left;padding:.2rem 1rem .2rem 0}}pre{{white-space:pre-wrap}}</style>\
         <h1>{title}</h1>{content}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mails_text_is_escaped() {
        assert_eq!(with_link("<b>&"), "&lt;b&gt;&amp;");
        assert_eq!(
            with_link("http://x/#token=1&b"),
            "<a href=\"http://x/#token=1&amp;b\">http://x/#token=1&amp;b</a>"
        );
    }
}
