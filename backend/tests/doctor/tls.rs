//! Through TLS, which the system's `openssl` speaks.

use std::path::Path;

use tokio::process::Command;

use crate::configuration::Configuration;
use crate::doctor::look;
use crate::proxy::Proxy;
use crate::server::support::{Parlance, soon};

/// A certificate for localhost that signs itself.
async fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "90", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .output();
    let made = soon("a certificate", made).await.unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// All probes go through the tunnel; a certificate that nobody trusts is a finding, and so is that the server was not told of https.
#[tokio::test]
async fn a_certificate_is_looked_at_and_the_rest_as_well() {
    let folder = tempfile::TempDir::new().unwrap();
    certificate(folder.path()).await;
    let server = Parlance::start_with(|config| config.files.file_bytes = 1024 * 1024).await;
    let path = folder.path().display();
    let mut tls = Configuration::nginx()
        .with_outer(&format!("ssl_certificate {path}/cert.pem;"))
        .with_outer(&format!("ssl_certificate_key {path}/key.pem;"));
    tls.listen = " ssl http2";
    let proxy = Proxy::start(&tls, server.address()).await;
    let url = format!("https://localhost:{}", proxy.address.port());

    let said = look(&url, None).await;
    assert_eq!(
        said.names(),
        ["certificate", "insecure-cookies"],
        "{said:?}"
    );
    assert!(said.findings[0].says.contains("self-signed"), "{said:?}");

    let said = look(&url, Some(&folder.path().join("cert.pem"))).await;
    assert_eq!(said.names(), ["insecure-cookies"], "{said:?}");
}
