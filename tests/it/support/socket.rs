//! A client of the socket, as a program would write one: requests with numbers, replies, pushes.

use std::collections::VecDeque;
use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use http::HeaderValue;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::hub::within;

/// One open socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
    /// Lines of a frame that are not handled yet.
    lines: VecDeque<Value>,
    /// Pushes that arrived while waiting for a reply.
    pushes: VecDeque<Value>,
    /// How the hub closed it.
    pub closed: Option<CloseFrame>,
}

impl Socket {
    /// Opens a socket with this `Cookie` header and the hub's own origin, as a page would.
    pub async fn open(address: SocketAddr, cookie: Option<&str>) -> Result<Socket, Error> {
        Self::open_from(address, cookie, &format!("http://{address}")).await
    }

    /// Opens a socket as a page of this origin would.
    pub async fn open_from(
        address: SocketAddr,
        cookie: Option<&str>,
        origin: &str,
    ) -> Result<Socket, Error> {
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", HeaderValue::from_static("plenary.v1"));
        headers.insert("origin", HeaderValue::from_str(origin).expect("an origin"));
        if let Some(cookie) = cookie {
            headers.insert("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
        }
        let (stream, _) = connect_async(request).await?;
        Ok(Socket {
            stream,
            next_id: 0,
            lines: VecDeque::new(),
            pushes: VecDeque::new(),
            closed: None,
        })
    }

    /// Asks and waits for the reply: `ok`, or the refusal's code.
    pub async fn ask(&mut self, op: &str, data: Value) -> Result<Value, String> {
        let reply = self.reply(op, data).await;
        match reply.get("ok") {
            Some(ok) => Ok(ok.clone()),
            None => Err(reply["error"]["code"].as_str().unwrap_or("no code").to_owned()),
        }
    }

    /// Asks and waits for the reply; `None` if the hub disconnects first.
    pub async fn try_ask(&mut self, op: &str, data: Value) -> Option<Result<Value, String>> {
        let id = self.send_request(op, data).await;
        loop {
            let line = self.line().await?;
            if line["reply"] != id {
                self.pushes.push_back(line);
                continue;
            }
            return Some(match line.get("ok") {
                Some(ok) => Ok(ok.clone()),
                None => Err(line["error"]["code"].as_str().unwrap_or("no code").to_owned()),
            });
        }
    }

    /// The next push; `None` once the socket is closed. Cancel-safe.
    pub async fn next_push(&mut self) -> Option<Value> {
        match self.pushes.pop_front() {
            Some(push) => Some(push),
            None => self.line().await,
        }
    }

    /// Asks and waits for the whole reply.
    pub async fn reply(&mut self, op: &str, data: Value) -> Value {
        let id = self.send_request(op, data).await;
        within(async {
            loop {
                let line = self.line().await.unwrap_or_else(|| panic!("closed: {:?}", self.closed));
                if line["reply"] == id {
                    return line;
                }
                self.pushes.push_back(line);
            }
        })
        .await
    }

    /// Sends a request without waiting and returns its id.
    pub async fn send_request(&mut self, op: &str, data: Value) -> u32 {
        self.next_id += 1;
        let request = json!({ "id": self.next_id, "op": op, "data": data });
        self.send_text(request.to_string()).await;
        self.next_id
    }

    /// Sends a text frame as it is.
    pub async fn send_text(&mut self, text: String) {
        self.send(Message::text(text)).await;
    }

    /// Sends a frame, unless the hub has closed the socket.
    pub async fn send(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    /// The next push that `accept` accepts; others before it are dropped.
    pub async fn push_where(&mut self, accept: impl Fn(&Value) -> bool) -> Value {
        within(async {
            loop {
                let push = match self.pushes.pop_front() {
                    Some(push) => push,
                    None => self.line().await.unwrap_or_else(|| panic!("{:?}", self.closed)),
                };
                if accept(&push) {
                    return push;
                }
            }
        })
        .await
    }

    /// The next push of this name.
    pub async fn push(&mut self, name: &str) -> Value {
        self.push_where(|push| push["push"] == name).await
    }

    /// The pushes that have come so far, without waiting for more than one turn of the hub.
    pub async fn pushes_so_far(&mut self) -> Vec<Value> {
        self.ask("ping", json!({})).await.expect("a pong");
        self.pushes.drain(..).collect()
    }

    /// Whether a matching push has arrived and is not handled yet.
    pub fn heard(&self, accept: impl Fn(&Value) -> bool) -> bool {
        self.pushes.iter().any(accept)
    }

    /// Waits until the hub closes it, and returns the close code and reason.
    pub async fn ended(&mut self) -> (u16, String) {
        within(async {
            while let Some(line) = self.line().await {
                self.pushes.push_back(line);
            }
        })
        .await;
        let frame = self.closed.as_ref().expect("a close frame");
        (frame.code.into(), frame.reason.to_string())
    }

    /// Everything that still arrives until the end, including replies that nobody waited for.
    pub async fn rest(&mut self) -> Vec<Value> {
        within(async {
            while let Some(line) = self.line().await {
                self.pushes.push_back(line);
            }
        })
        .await;
        self.pushes.drain(..).collect()
    }

    /// Disconnects without a close frame.
    pub fn cut(self) {
        drop(self);
    }

    /// The next line; `None` once the socket is closed.
    async fn line(&mut self) -> Option<Value> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(line);
            }
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    let parse = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
                    self.lines.extend(text.lines().map(parse));
                }
                Some(Ok(Message::Close(frame))) => self.closed = frame,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
