//! What the TLS of a server looks like to a browser, by what `openssl` says of it.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::Unreachable;
use super::line::s_client;
use super::target::Target;

/// For a handshake to come about.
const PATIENCE: Duration = Duration::from_secs(10);

/// Days within which a certificate is renewed by whatever renews it; one that is not is forgotten.
const RENEWED_DAYS: u64 = 14;

/// What was negotiated.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tls {
    /// Such as `TLSv1.3`.
    pub(super) version: String,
    /// What was chosen when both HTTP/2 and HTTP/1.1 were offered.
    pub(super) alpn: Option<String>,
    /// Whether HTTP/1.1 alone is refused.
    pub(super) only_http2: bool,
    /// What is wrong with the certificate.
    pub(super) trouble: Option<String>,
    /// Until when it is good.
    pub(super) until: Option<String>,
}

/// Shakes hands as a browser would, and looks at the certificate.
pub(super) async fn inspect(target: &Target, address: SocketAddr) -> Result<Tls, Unreachable> {
    let said = shake(target, address, "h2,http/1.1").await?;
    let Some(mut tls) = read(&said) else {
        let refused = "it takes no TLS connection".to_owned();
        return Err(Unreachable::NoAnswer(refused));
    };
    if tls.alpn.as_deref() == Some("h2") {
        let alone = shake(target, address, "http/1.1").await?;
        tls.only_http2 = read(&alone).is_none();
    }
    let (until, soon) = end(&said).await?;
    if tls.trouble.is_none() && soon {
        let until = until.as_deref().unwrap_or("soon");
        tls.trouble = Some(format!("it ends on {until}, and was not renewed"));
    }
    tls.until = until;
    Ok(tls)
}

async fn shake(target: &Target, address: SocketAddr, alpn: &str) -> Result<String, Unreachable> {
    let mut command = s_client(target, address);
    command.args(["-alpn", alpn]);
    match target.host.parse::<std::net::IpAddr>() {
        Ok(_) => command.args(["-verify_ip", &target.host]),
        Err(_) => command.args(["-verify_hostname", &target.host]),
    };
    let late = |_| Unreachable::NoAnswer("the TLS handshake does not end".to_owned());
    let output = timeout(PATIENCE, command.output()).await.map_err(late)?;
    let output = output.map_err(Unreachable::NoTls)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What `s_client` said, if a handshake came about.
fn read(said: &str) -> Option<Tls> {
    let after = |mark: &str| {
        let lines = said.lines().map(str::trim);
        let mut found = lines.filter_map(|line| line.strip_prefix(mark));
        found.next().map(str::trim)
    };
    // `New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384`, or `New, (NONE), Cipher is (NONE)`.
    let version = after("New, ")?.split(',').next()?;
    if !version.starts_with("TLS") {
        return None;
    }
    // `0 (ok)`, or `10 (certificate has expired)`.
    let verdict = after("Verify return code:").or_else(|| after("Verification error:"));
    let trouble = verdict.filter(|verdict| !verdict.starts_with("0 "));
    let words = |verdict: &str| {
        let inside = verdict.split_once('(').map_or(verdict, |(_, rest)| rest);
        inside.trim_end_matches(')').to_owned()
    };
    Some(Tls {
        version: version.to_owned(),
        alpn: after("ALPN protocol:").map(str::to_owned),
        trouble: trouble.map(words),
        ..Tls::default()
    })
}

/// When the certificate in that output ends, and whether that is soon.
async fn end(said: &str) -> Result<(Option<String>, bool), Unreachable> {
    let seconds = (RENEWED_DAYS * 24 * 60 * 60).to_string();
    let x509 = Command::new("openssl")
        .args(["x509", "-noout", "-enddate", "-checkend", &seconds])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut x509 = x509.map_err(Unreachable::NoTls)?;
    if let Some(mut to) = x509.stdin.take() {
        // It may have read enough before the end.
        let _ = to.write_all(said.as_bytes()).await;
    }
    let output = x509.wait_with_output().await.map_err(Unreachable::NoTls)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let until = text.lines().find_map(|line| line.strip_prefix("notAfter="));
    Ok((until.map(str::to_owned), !output.status.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "CONNECTED(00000003)\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n\
        ALPN protocol: h2\nEarly data was not sent\nVerify return code: 0 (ok)\n---\n";

    #[test]
    fn what_openssl_says_is_read() {
        let good = read(GOOD).expect("a handshake");
        assert_eq!(
            (good.version.as_str(), good.alpn.as_deref()),
            ("TLSv1.3", Some("h2"))
        );
        assert_eq!(good.trouble, None);
        let expired = GOOD.replace("0 (ok)", "10 (certificate has expired)");
        let trouble = read(&expired).expect("a handshake").trouble;
        assert_eq!(trouble.as_deref(), Some("certificate has expired"));
        assert_eq!(
            read("CONNECTED(00000003)\nNew, (NONE), Cipher is (NONE)\n"),
            None
        );
        assert_eq!(read(""), None);
    }
}
