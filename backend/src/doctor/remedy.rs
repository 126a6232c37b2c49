//! The lines that mend a finding, for each of the proxies that people put before Parlance.
//!
//! They are meant to be copied: each is complete, and says where it belongs. The check `doctor` of xtask puts those for nginx and
//! HAProxy into wrong configurations, and looks again.

use clap::ValueEnum;
use serde::Serialize;
use shared::doctor::diagnosis::Finding;

/// A proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Proxy {
    /// Open source or Plus, 1.4 or later
    Nginx,
    /// 2, as a Caddyfile
    Caddy,
    /// 3, as YAML
    Traefik,
    /// 2 or later
    Haproxy,
    /// 2.4.47 or later
    Apache,
}

/// What to change in one place of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Remedy {
    pub(super) proxy: Proxy,
    /// The block or section that the lines belong to.
    pub(super) place: &'static str,
    /// What to take out, if it is there. `…` stands for anything.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) without: &'static [&'static str],
    /// What to put in, in place of lines that say the same thing differently.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) with: Vec<String>,
}

impl Proxy {
    /// By what a proxy calls itself in `Server`.
    pub(super) fn named(server: &str) -> Option<Self> {
        let server = server.to_ascii_lowercase();
        let known = [
            ("nginx", Self::Nginx),
            ("openresty", Self::Nginx),
            ("caddy", Self::Caddy),
            ("apache", Self::Apache),
        ];
        let found = known.iter().find(|(name, _)| server.starts_with(name));
        found.map(|(_, proxy)| *proxy)
    }

    /// As its makers write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Traefik => "Traefik",
            Self::Haproxy => "HAProxy",
            Self::Apache => "Apache",
        }
    }

    fn put(self, place: &'static str, lines: &[&str]) -> Remedy {
        Remedy {
            proxy: self,
            place,
            without: &[],
            with: lines.iter().map(|&line| line.to_owned()).collect(),
        }
    }

    fn take(self, place: &'static str, lines: &'static [&'static str]) -> Remedy {
        Remedy {
            proxy: self,
            place,
            without: lines,
            with: Vec::new(),
        }
    }
}

const NGINX_LOCATION: &str = "location / { … }";
const NGINX_HTTP: &str = "http { … }, outside of server";
const CADDY_PROXY: &str = "reverse_proxy { … }";
const TRAEFIK_HEADERS: &str = "http.middlewares.<name>.headers.customRequestHeaders";
const HAPROXY_DEFAULTS: &str = "defaults";
const HAPROXY_ALL: &str = "every section";
const APACHE_HOST: &str = "<VirtualHost>";
const APACHE_PASS: &str = "ProxyPass / http://127.0.0.1:8080/ upgrade=websocket flushpackets=on";

/// What mends a finding. None for those that no proxy is to blame for, and for proxies that cannot be wrong in this way.
pub(super) fn remedies(finding: &Finding) -> Vec<Remedy> {
    match finding {
        Finding::UpgradeHeaders { .. } | Finding::UpgradeRefused { .. } => upgrade(),
        Finding::Http10 => http10(),
        Finding::IdleTimeout { .. } => idle_timeout(),
        Finding::Buffered => buffered(),
        Finding::BodyTooLarge { file_bytes, .. } => body_limit(*file_bytes),
        Finding::ForeignOrigin { .. } => host(),
        Finding::ForwardedFor => forwarded_for(),
        Finding::OnlyHttp2 => only_http2(),
        Finding::DeadAddress { .. }
        | Finding::Certificate { .. }
        | Finding::InsecureCookies
        | Finding::Clock { .. } => Vec::new(),
    }
}

fn upgrade() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(
            NGINX_LOCATION,
            &[
                "proxy_http_version 1.1;",
                "proxy_set_header Upgrade $http_upgrade;",
                "proxy_set_header Connection $connection_upgrade;",
            ],
        ),
        Proxy::Nginx.put(
            NGINX_HTTP,
            &["map $http_upgrade $connection_upgrade { default upgrade; '' close; }"],
        ),
        Proxy::Caddy.take(
            CADDY_PROXY,
            &[
                "header_up -Upgrade",
                "header_up -Connection",
                "header_up Connection …",
            ],
        ),
        Proxy::Traefik.take(TRAEFIK_HEADERS, &["Upgrade: …", "Connection: …"]),
        Proxy::Haproxy.take(
            HAPROXY_ALL,
            &[
                "http-request del-header Upgrade",
                "http-request del-header Connection",
                "http-request set-header Connection …",
                "option httpclose",
            ],
        ),
        Proxy::Apache.put(APACHE_HOST, &[APACHE_PASS]),
    ]
}

fn http10() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(NGINX_LOCATION, &["proxy_http_version 1.1;"]),
        Proxy::Caddy.put("reverse_proxy { transport http { … } }", &["versions 1.1"]),
        Proxy::Apache.take(
            APACHE_HOST,
            &["SetEnv force-proxy-request-1.0 …", "SetEnv downgrade-1.0 …"],
        ),
    ]
}

fn idle_timeout() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(
            NGINX_LOCATION,
            &["proxy_read_timeout 1h;", "proxy_send_timeout 1h;"],
        ),
        Proxy::Caddy.take(CADDY_PROXY, &["stream_timeout …"]),
        Proxy::Traefik.put(
            "entryPoints.<name>.transport.respondingTimeouts",
            &["readTimeout: 0", "writeTimeout: 0", "idleTimeout: 1h"],
        ),
        Proxy::Haproxy.put(HAPROXY_DEFAULTS, &["timeout tunnel 1h"]),
        Proxy::Apache.put(
            APACHE_HOST,
            &["ProxyTimeout 3600", "ProxyWebsocketIdleTimeout 3600"],
        ),
    ]
}

fn buffered() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(NGINX_LOCATION, &["proxy_buffering off;", "gzip off;"]),
        Proxy::Caddy.put(CADDY_PROXY, &["flush_interval -1"]),
        Proxy::Traefik.put(
            "http.services.<name>.loadBalancer.responseForwarding",
            &["flushInterval: 1ms"],
        ),
        Proxy::Traefik.take("http.middlewares.<name>", &["buffering: …"]),
        Proxy::Haproxy.put(HAPROXY_DEFAULTS, &["option http-no-delay"]),
        Proxy::Haproxy.take(
            HAPROXY_ALL,
            &["compression …", "http-response wait-for-body …"],
        ),
        Proxy::Apache.put(APACHE_HOST, &[APACHE_PASS, "SetEnv no-gzip 1"]),
    ]
}

fn body_limit(file_bytes: u64) -> Vec<Remedy> {
    let mib = file_bytes.div_ceil(1024 * 1024);
    vec![
        Proxy::Nginx.put(NGINX_LOCATION, &[&format!("client_max_body_size {mib}m;")]),
        Proxy::Caddy.put("request_body { … }", &[&format!("max_size {mib}MiB")]),
        Proxy::Traefik.put(
            "http.middlewares.<name>.buffering",
            &[&format!("maxRequestBodyBytes: {file_bytes}")],
        ),
        Proxy::Haproxy.take(
            HAPROXY_ALL,
            &[
                "http-request deny … req.body_size …",
                "http-request deny … content-length …",
            ],
        ),
        Proxy::Apache.put(APACHE_HOST, &[&format!("LimitRequestBody {file_bytes}")]),
    ]
}

fn host() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(NGINX_LOCATION, &["proxy_set_header Host $http_host;"]),
        Proxy::Caddy.put(CADDY_PROXY, &["header_up Host {http.request.hostport}"]),
        Proxy::Traefik.put(
            "http.services.<name>.loadBalancer",
            &["passHostHeader: true"],
        ),
        Proxy::Haproxy.take(
            HAPROXY_ALL,
            &[
                "http-request set-header Host …",
                "http-request replace-header Host …",
            ],
        ),
        Proxy::Apache.put(APACHE_HOST, &["ProxyPreserveHost On"]),
    ]
}

fn forwarded_for() -> Vec<Remedy> {
    vec![
        Proxy::Nginx.put(
            NGINX_LOCATION,
            &["proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"],
        ),
        Proxy::Caddy.take(CADDY_PROXY, &["header_up -X-Forwarded-For"]),
        Proxy::Traefik.take(TRAEFIK_HEADERS, &["X-Forwarded-For: …"]),
        Proxy::Haproxy.put(HAPROXY_DEFAULTS, &["option forwardfor"]),
        Proxy::Apache.put(APACHE_HOST, &["ProxyAddHeaders On"]),
    ]
}

fn only_http2() -> Vec<Remedy> {
    vec![
        Proxy::Caddy.put("{ servers { … } }", &["protocols h1 h2 h3"]),
        Proxy::Traefik.put("tls.options.default", &["alpnProtocols: [h2, http/1.1]"]),
        Proxy::Haproxy.put("bind … ssl", &["alpn h2,http/1.1"]),
        Proxy::Apache.put(APACHE_HOST, &["Protocols h2 http/1.1"]),
    ]
}
