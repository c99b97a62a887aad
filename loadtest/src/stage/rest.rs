//! The hub's REST interface, as an organizer's browser would use it.

use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder};

/// An import of many thousand people takes its time.
const PATIENCE: Duration = Duration::from_secs(600);

/// How long somebody waits for a page.
const SHORT_PATIENCE: Duration = Duration::from_secs(10);

/// Somebody at the hub, with connections that are kept.
#[derive(Debug)]
pub(crate) struct Rest {
    agent: Agent,
    url: String,
    /// The `Cookie` line's value, once signed in.
    cookie: Option<String>,
}

impl Rest {
    pub(super) fn new(url: &str) -> Self {
        Self::waiting(url, PATIENCE)
    }

    pub(super) fn impatient(url: &str) -> Self {
        Self::waiting(url, SHORT_PATIENCE)
    }

    fn waiting(url: &str, patience: Duration) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(patience));
        Self { agent: config.build().new_agent(), url: url.to_owned(), cookie: None }
    }

    /// Whoever has this sign-in, from now on.
    pub(crate) fn sign_in_with(&mut self, cookie: &str, secret: &str) {
        self.cookie = Some(format!("{cookie}={secret}"));
    }

    /// Signs in by a link's token: the cookie's name and secret.
    pub(super) fn redeem(&mut self, token: &str) -> anyhow::Result<(String, String)> {
        let body = serde_json::json!({ "token": token }).to_string();
        let request = self.agent.post(self.address("/sign-in/link/redeem"));
        let request = request.header("content-type", "application/json");
        let mut response = request.send(&body).with_context(|| self.unreachable())?;
        if !response.status().is_success() {
            let problem = response.body_mut().read_to_string().unwrap_or_default();
            bail!("the organizer's link cannot be used: {}", detail(&problem));
        }
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let pair = cookie.and_then(|line| line.split(';').next()?.split_once('='));
        let (name, secret) = pair.context("the hub set no cookie")?;
        self.sign_in_with(name, secret);
        Ok((name.to_owned(), secret.to_owned()))
    }

    /// Asks whether load tests are welcome.
    ///
    /// # Errors
    /// When they are not; says what to do.
    pub(super) fn is_open_to_load_tests(&self) -> anyhow::Result<()> {
        let mut response = self
            .agent
            .get(self.address("/load-test"))
            .call()
            .with_context(|| self.unreachable())?;
        if response.status().is_success() {
            return Ok(());
        }
        bail!("{}", detail(&response.body_mut().read_to_string().unwrap_or_default()))
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Value> {
        let mut request = self.agent.get(self.address(path));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.call().with_context(|| self.unreachable())?;
        understand(path, response)
    }

    pub(super) fn post(&self, path: &str, kind: &str, body: &str) -> anyhow::Result<Value> {
        let mut request = self.agent.post(self.address(path)).header("content-type", kind);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.send(body).with_context(|| self.unreachable())?;
        understand(path, response)
    }

    pub(super) fn post_json(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.post(path, "application/json", &body.to_string())
    }

    /// Reads a page, or learns that it is still the one of this tag.
    ///
    /// # Errors
    /// When nothing is answered.
    pub(crate) fn get_unless(&self, path: &str, tag: Option<&str>) -> Result<Page, ureq::Error> {
        let mut request = self.agent.get(self.address(path));
        for (name, value) in [("cookie", self.cookie.as_deref()), ("if-none-match", tag)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let mut response = request.call()?;
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok());
        let tag = tag.map(str::to_owned);
        // To the end, or the connection could not be used again.
        response.body_mut().read_to_vec()?;
        Ok(Page { status: response.status().as_u16(), tag })
    }

    /// Changes something.
    pub(crate) fn patch_json(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        self.send(path, self.agent.patch(self.address(path)), body)
    }

    /// Sets something.
    pub(crate) fn put_json(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        self.send(path, self.agent.put(self.address(path)), body)
    }

    fn send(
        &self,
        path: &str,
        request: RequestBuilder<WithBody>,
        body: &Value,
    ) -> anyhow::Result<()> {
        let mut request = request.header("content-type", "application/json");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let mut response = request.send(body.to_string()).with_context(|| self.unreachable())?;
        let text = response.body_mut().read_to_string()?;
        if response.status().is_success() {
            return Ok(());
        }
        bail!("{path}: {} ({})", detail(&text), response.status())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }

    fn unreachable(&self) -> String {
        format!("{} does not answer; is the hub running there?", self.url)
    }
}

/// What became of reading a page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) tag: Option<String>,
}

fn understand(path: &str, mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Value> {
    let text = response.body_mut().read_to_string()?;
    if response.status().is_success() {
        return serde_json::from_str(&text).with_context(|| format!("{path} answers no JSON"));
    }
    bail!("{path}: {} ({})", detail(&text), response.status())
}

/// The sentence for people in a problem (RFC 9457), or what there is.
fn detail(problem: &str) -> String {
    let json: Value = serde_json::from_str(problem).unwrap_or_default();
    let mut sentence = json["detail"].as_str().unwrap_or("no reason given").to_owned();
    if let Some(first) = json["errors"].get(0).and_then(|error| error["message"].as_str()) {
        sentence.push(' ');
        sentence.push_str(first);
    }
    sentence
}
