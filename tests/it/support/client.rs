//! A person's browser, as far as REST is concerned: a base address, a cookie, JSON.

use std::net::SocketAddr;

use http::{HeaderMap, Method, StatusCode, header};
use serde_json::Value;

use super::contract;

/// A client of one hub. Clones do not share later cookies.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    /// The `Cookie` header; set by the first `Set-Cookie` of an answer.
    pub cookie: Option<String>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The raw body.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null if it is not.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The stable code of a problem; empty for other answers.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The body of an answer that must have succeeded.
    ///
    /// # Panics
    /// When it did not.
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json()
    }
}

impl Client {
    /// A client that is not signed in.
    pub fn new(address: SocketAddr) -> Client {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.build().new_agent();
        Client { agent, base: format!("http://{address}"), cookie: None }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.clone().ask(Method::GET, path, &[], None).await
    }

    /// HEAD: only the status and the headers.
    pub async fn head(&self, path: &str) -> Answer {
        self.clone().ask(Method::HEAD, path, &[], None).await
    }

    /// POST with a JSON body; keeps the cookie that the answer sets.
    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, &[], Some(body.to_string().into_bytes())).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, &[], Some(body.to_string().into_bytes())).await
    }

    /// PUT with a JSON body.
    pub async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, &[], Some(body.to_string().into_bytes())).await
    }

    /// DELETE.
    pub async fn delete(&mut self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[], None).await
    }

    /// Any request. Headers that a browser adds by itself (cookie, origin, content type) are added
    /// unless `headers` has them; an empty value omits a header.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let mut request =
            http::Request::builder().method(method.clone()).uri(self.base.clone() + path);
        let cookie = self.cookie.clone().unwrap_or_default();
        let kind = if body.is_some() { "application/json" } else { "" };
        let base = self.base.clone();
        let own = [("cookie", cookie.as_str()), ("origin", &base), ("content-type", kind)];
        let given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        let own = own.into_iter().filter(|(name, _)| !given(name));
        for (name, value) in
            own.chain(headers.iter().copied()).filter(|(_, value)| !value.is_empty())
        {
            request = request.header(name, value);
        }
        let request = request.body(body.unwrap_or_default()).expect("a request");

        let agent = self.agent.clone();
        let exchange = move || {
            let mut response = agent.run(request).expect("an answer");
            let text = response.body_mut().read_to_string().expect("a body of text");
            Answer { status: response.status(), headers: response.headers().clone(), text }
        };
        let answer = tokio::task::spawn_blocking(exchange).await.expect("the exchange ends");
        contract::check(&method, path, &answer);
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie").split(';').next().map(str::to_owned);
            self.cookie = cookie.filter(|pair| !pair.ends_with('='));
        }
        answer
    }
}
