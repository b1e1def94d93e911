//! The API as it is, for those who show answers rather than use them.

use eventsource_stream::{EventStreamError, Eventsource as _};
use futures_util::StreamExt as _;
use reqwest::{Method, RequestBuilder, Response, Url, header::HeaderMap};
use serde_json::Value;

use super::{ANSWER_WITHIN, Api, ApiError};

/// Where something is: the parts of the path behind `/v1`, and the parameters.
#[derive(Clone, Debug, Default)]
pub struct Place<'a> {
    /// The parts, which may have any character in them.
    pub path: Vec<&'a str>,
    /// The parameters; those without a value are left out.
    pub query: Vec<(&'a str, Option<&'a str>)>,
}

impl Api {
    /// Asks for something and returns the answer; null where it has no content.
    pub async fn ask(
        &self,
        method: Method,
        place: &Place<'_>,
        body: Option<&Value>,
    ) -> Result<Value, ApiError> {
        Ok(self.ask_whole(method, place, body).await?.0)
    }

    /// The same, with the headers of the answer.
    pub async fn ask_whole(
        &self,
        method: Method,
        place: &Place<'_>,
        body: Option<&Value>,
    ) -> Result<(Value, HeaderMap), ApiError> {
        let url = self.url(place);
        let what = format!("{method} {}", url.path());
        let mut request = self.client.request(method, url).timeout(ANSWER_WITHIN);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = taken(&what, request).await?;
        let headers = answer.headers().clone();
        let http = |source| ApiError::Http { what, source };
        let octets = answer.bytes().await.map_err(http)?;
        Ok((serde_json::from_slice(&octets).unwrap_or_default(), headers))
    }

    /// Reads something.
    pub async fn read(&self, place: &Place<'_>) -> Result<Value, ApiError> {
        self.ask(Method::GET, place, None).await
    }

    /// Gives the data of each event to `each`, until the platform ends the stream. One that breaks is
    /// an error.
    pub async fn tail(
        &self,
        place: &Place<'_>,
        mut each: impl FnMut(&Value),
    ) -> Result<(), ApiError> {
        let what = "GET /v1/events";
        let answer = taken(what, self.client.get(self.url(place))).await?;
        let mut events = answer.bytes_stream().eventsource();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => serde_json::from_str(&event.data).iter().for_each(&mut each),
                Err(EventStreamError::Transport(source)) => {
                    let what = what.to_owned();
                    return Err(ApiError::Http { what, source });
                }
                // What is no event is passed over.
                Err(EventStreamError::Utf8(_) | EventStreamError::Parser(_)) => {}
            }
        }
        Ok(())
    }

    fn url(&self, place: &Place<'_>) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push("v1").extend(&place.path);
        }
        for (name, value) in &place.query {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }
}

/// The answer, where it is none that refuses.
async fn taken(what: &str, request: RequestBuilder) -> Result<Response, ApiError> {
    let answer = request.send().await;
    let answer = answer.map_err(|source| ApiError::Http {
        what: what.to_owned(),
        source,
    })?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let problem = answer.json().await.unwrap_or_default();
    Err(ApiError::Refused {
        what: what.to_owned(),
        status,
        problem: Box::new(problem),
    })
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// Tails a stream of one event that goes on with `rest`. Returns the events, and whether it ended.
    async fn tailed(rest: &str) -> (Vec<Value>, bool) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Api::new(&listener.local_addr().unwrap().to_string()).unwrap();
        let serve = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let answer = format!("{head}9\r\ndata: 1\n\n\r\n{rest}");
            socket.write_all(answer.as_bytes()).await.unwrap();
        };
        let place = Place {
            path: vec!["events"],
            query: Vec::new(),
        };
        let mut events = Vec::new();
        let tail = api.tail(&place, |event| events.push(event.clone()));
        let ended = tokio::join!(serve, tail).1.is_ok();
        (events, ended)
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_last_chunk_and_else_breaks() {
        assert_eq!(tailed("0\r\n\r\n").await, (vec![Value::from(1)], true));
        assert_eq!(tailed("").await, (vec![Value::from(1)], false));
    }

    #[test]
    fn what_is_named_stays_one_part_of_the_path() {
        let api = Api::new("127.0.0.1:8080").unwrap();
        let place = Place {
            path: vec!["calls", "a/../b?c", "legs"],
            query: vec![("limit", Some("5&6")), ("cursor", None)],
        };
        assert_eq!(
            api.url(&place).as_str(),
            "http://127.0.0.1:8080/v1/calls/a%2F..%2Fb%3Fc/legs?limit=5%266"
        );
    }
}
