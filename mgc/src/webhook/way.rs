//! The way to the receiver: HTTP, or HTTPS where somebody who is trusted has signed its certificate.

use std::{error::Error, path::Path, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{Method, StatusCode, Uri, body::Bytes, http::request};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio::time;
use transport_h248_tokio::config_file;

use super::WebhookError;

/// The answer must be there after this time.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A client of one receiver. It follows no redirection, and asks no proxy.
pub(super) struct Way {
    uri: Uri,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl Way {
    /// The way to this URL; `ca` is a file with the certificates of those who are trusted.
    pub(super) fn new(url: &str, ca: Option<&Path>) -> Result<Self, WebhookError> {
        let uri = uri(url).ok_or_else(|| WebhookError::Url(url.to_owned()))?;
        let roots = match ca {
            Some(ca) => of_file(ca)?,
            None if uri.scheme_str() == Some("https") => of_system()?,
            None => RootCertStore::empty(),
        };
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls);
        let connector = connector.https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { uri, client })
    }

    /// Sends a request with this body, and returns the status of the answer.
    pub(super) async fn post(
        &self,
        request: request::Builder,
        body: String,
    ) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
        let request = request.method(Method::POST).uri(self.uri.clone());
        let answer = self.client.request(request.body(body.into())?);
        Ok(time::timeout(ANSWER_MAX, answer).await??.status())
    }
}

fn uri(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    // A name and a password before the host would be sent to nobody.
    let host = uri
        .authority()
        .is_some_and(|host| !host.as_str().contains('@'));
    (scheme && host).then_some(uri)
}

fn of_file(ca: &Path) -> Result<RootCertStore, WebhookError> {
    let name = || format!("webhook-ca {}", ca.display());
    let wrong = |found: String| WebhookError::Certificates(name(), found);
    let octets = config_file::octets(ca)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&octets) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("none".to_owned()));
    }
    Ok(roots)
}

/// Those whom the system trusts. One that cannot be read is left out, as everywhere.
fn of_system() -> Result<RootCertStore, WebhookError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let errors: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        let found = format!("none; say webhook-ca {}", errors.join(", "));
        return Err(WebhookError::Certificates("the system".to_owned(), found));
    }
    Ok(roots)
}
