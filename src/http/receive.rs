//! Receives the body of a request within limits of size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use futures_util::StreamExt as _;
use http::StatusCode;

use super::problem::Problem;

/// How much of an oversized body is still read and discarded. A client that is answered while it
/// sends sees a broken connection instead of the answer.
const MAX_DISCARDED: usize = 16 << 20;

/// A kind of body.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name, as the beginning of a sentence.
    pub name: &'static str,
    /// Its maximum size in bytes.
    pub most: usize,
    /// How long it may take to arrive.
    pub arrival: Duration,
}

/// The whole body.
///
/// # Errors
/// When it is too large, breaks off or takes too long.
pub async fn receive(body: Body, kind: Kind) -> Result<Bytes, Problem> {
    let Kind { name, arrival, .. } = kind;
    let refusal = |status, what: &str| {
        Err(Problem::new("request.malformed", format!("{name} {what}.")).with_status(status))
    };
    match tokio::time::timeout(arrival, read(body, kind.most)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => {
            let most = format!("is larger than {}", size(kind.most));
            refusal(StatusCode::PAYLOAD_TOO_LARGE, &most)
        }
        Ok(Err(_)) => refusal(StatusCode::BAD_REQUEST, "broke off"),
        Err(_) => refusal(StatusCode::REQUEST_TIMEOUT, "took too long to arrive"),
    }
}

/// The whole body; `None` if it has more than `most` bytes.
async fn read(body: Body, most: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut stream = body.into_data_stream();
    let mut bytes = BytesMut::new();
    let mut length = 0_usize;
    while let Some(piece) = stream.next().await.transpose()? {
        length = length.saturating_add(piece.len());
        if length <= most {
            bytes.extend_from_slice(&piece);
        } else if length > most.saturating_add(MAX_DISCARDED) {
            break;
        } else {
            bytes = BytesMut::new();
        }
    }
    Ok((length <= most).then(|| bytes.freeze()))
}

fn size(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{} KiB", bytes >> 10) }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const KIND: Kind = Kind { name: "The table", most: 2048, arrival: Duration::from_secs(60) };

    async fn refused(body: Body) -> (u16, String) {
        let problem = receive(body, KIND).await.expect_err("a refusal");
        (problem.status, problem.detail)
    }

    #[tokio::test]
    async fn what_fits_is_taken_whole() {
        let pieces = ["a".repeat(1024), "b".repeat(1024)].map(Ok::<_, std::io::Error>);
        let body = Body::from_stream(stream::iter(pieces));
        assert_eq!(receive(body, KIND).await.expect("fits").len(), 2048);
    }

    #[tokio::test]
    async fn a_large_body_is_refused_after_it_was_read_and_an_endless_one_before() {
        let too_large = (413, "The table is larger than 2 KiB.".to_owned());
        assert_eq!(refused(Body::from("a".repeat(2049))).await, too_large);
        let piece = Bytes::from(vec![0; 1 << 20]);
        let endless = stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
        assert_eq!(refused(Body::from_stream(endless)).await, too_large);
    }

    #[tokio::test(start_paused = true)]
    async fn what_breaks_off_or_takes_too_long_is_refused() {
        let broken = Body::from_stream(stream::iter([Ok("a"), Err(std::io::Error::other("gone"))]));
        assert_eq!(refused(broken).await, (400, "The table broke off.".to_owned()));
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(refused(never).await, (408, "The table took too long to arrive.".to_owned()));
    }
}
