//! The webhook against receivers that take, refuse, and speak TLS.

use std::{fs, net::SocketAddr, sync::Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::*;
use crate::{control::Order, journal::Entry};

const SECRET: &str = "a secret of the test";

/// What a receiver got, in order; it refuses the first request of each event.
type Got = Arc<Mutex<Vec<(String, bool)>>>;

fn router(got: Got) -> Router {
    async fn take(State(got): State<Got>, headers: HeaderMap, body: String) -> StatusCode {
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        let signed = signature(SECRET.as_bytes(), &text(TIMESTAMP), &body);
        assert_eq!(text(SIGNATURE), signed);
        let mut got = got.lock().unwrap();
        let first = !got.iter().any(|(id, _)| *id == text(EVENT_ID));
        got.push((text(EVENT_ID), first));
        if first {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::NO_CONTENT
        }
    }
    Router::new().route("/hook", post(take)).with_state(got)
}

async fn receiver(got: Got) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router(got)).await.unwrap() });
    url
}

/// A listener that speaks TLS, with a certificate that nobody but itself has signed.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, from) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A receiver at https; returns its URL and its certificate in PEM.
async fn tls_receiver(got: Got) -> (String, String) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let tls = Tls { listener, acceptor };
    tokio::spawn(async move { axum::serve(tls, router(got)).await.unwrap() });
    (format!("https://localhost:{port}/hook"), own.cert.pem())
}

/// A folder with the file of the secret.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), format!("{SECRET}\n")).unwrap();
    folder
}

fn place(folder: &tempfile::TempDir, url: &str) -> Place {
    Place {
        url: url.to_owned(),
        secret: folder.path().join("secret"),
        ca: None,
    }
}

/// The same, where only who has signed this certificate is trusted.
fn trusting(folder: &tempfile::TempDir, url: &str, certificate: &str) -> Place {
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, certificate).unwrap();
    Place {
        ca: Some(ca),
        ..place(folder, url)
    }
}

fn publish(journal: &Journal, count: usize) {
    for _ in 0..count {
        let seq = journal.number(0);
        journal.publish(vec![Entry {
            seq,
            kind: "CallCreated",
            call: None,
            seg: None,
            leg: None,
            time: "then".into(),
            data: format!("{{\"seq\": {seq}}}").into(),
            veiled: None,
        }]);
    }
}

/// Tells three events behind the first one, and asserts that they came in order.
async fn tells_all(webhook: Webhook, got: &Got) {
    let journal = Journal::new(16, "e".into(), "opened".into());
    publish(&journal, 3);
    journal.close();
    let (control, mut orders) = Control::new();
    webhook.run(journal, Some(1), control).await;
    let got = got.lock().unwrap().clone();
    let expected = [
        ("evt_e_2", true),
        ("evt_e_2", false),
        ("evt_e_3", true),
        ("evt_e_3", false),
    ];
    assert_eq!(got, expected.map(|(id, first)| (id.to_owned(), first)));
    assert!(matches!(orders.recv().await, Some(Order::Delivered(3))));
}

#[tokio::test]
async fn each_event_is_told_until_it_is_taken_in_order_and_signed_behind_what_was_told_before() {
    let (folder, got) = (folder(), Got::default());
    let url = receiver(got.clone()).await;
    tells_all(Webhook::new(&place(&folder, &url)).unwrap(), &got).await;
}

#[tokio::test]
async fn a_receiver_whose_certificate_is_trusted_is_told_over_tls() {
    let (folder, got) = (folder(), Got::default());
    let (url, certificate) = tls_receiver(got.clone()).await;
    let place = trusting(&folder, &url, &certificate);
    tells_all(Webhook::new(&place).unwrap(), &got).await;
}

#[tokio::test]
async fn a_receiver_with_another_certificate_or_another_name_is_told_nothing() {
    let (folder, got) = (folder(), Got::default());
    let (url, certificate) = tls_receiver(got.clone()).await;
    let (_, other) = tls_receiver(Got::default()).await;
    let named = url.replace("localhost", "127.0.0.1");
    for (url, certificate, why) in [
        (&url, &other, "invalid peer certificate: "),
        (&named, &certificate, "certificate not valid for name"),
    ] {
        let webhook = Webhook::new(&trusting(&folder, url, certificate)).unwrap();
        let sent = webhook.way.post(Request::builder(), "{}".to_owned()).await;
        let error = whole(sent.unwrap_err().as_ref());
        assert!(error.contains(why), "{error}");
    }
    assert!(got.lock().unwrap().is_empty());
}

#[test]
fn the_signature_is_that_of_any_tool() {
    // printf '1.{}' | openssl dgst -sha256 -hmac 'a secret of the test'
    let expected = "sha256=a71003fa9b4913c7b27fbed8f27954758936cefd5856f7bb1e60565262752cf2";
    assert_eq!(signature(SECRET.as_bytes(), "1", "{}"), expected);
}

#[test]
fn a_place_that_cannot_be_used_is_told() {
    let folder = folder();
    let told = |place: &Place| match Webhook::new(place) {
        Ok(_) => panic!("taken"),
        Err(error) => error.to_string(),
    };
    for url in [
        "ftp://example.net/",
        "example.net",
        "http:///hook",
        "https://me:word@example.net/",
    ] {
        let expected = format!("webhook {url}: expected http[s]://HOST[:PORT]/PATH");
        assert_eq!(told(&place(&folder, url)), expected);
    }
    let url = "https://example.net/";
    let none = told(&trusting(&folder, url, "no certificate"));
    assert!(
        none.ends_with(
            "/ca.pem: expected certificates in PEM of those who sign the receiver's, found none"
        ),
        "{none}"
    );
    let mut endless = place(&folder, "http://example.net/");
    endless.secret = "/dev/zero".into();
    let expected = "webhook: /dev/zero: 16 MiB at most are read";
    assert_eq!(told(&endless), expected);
    let short = place(&folder, "http://example.net/");
    fs::write(&short.secret, "short").unwrap();
    assert!(told(&short).ends_with("16 octets at least, found 5"));
}
