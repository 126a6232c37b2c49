//! A proxy's configuration as lines in places, which can be spoiled, and mended by what the doctor prints.

use std::path::Path;

use crate::doctor::Remedy;

/// Which proxy it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Haproxy,
}

/// A configuration.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    pub(crate) kind: Kind,
    /// `http` of nginx, `frontend` of HAProxy.
    outer: Vec<String>,
    /// `location` of nginx, `defaults` of HAProxy.
    inner: Vec<String>,
    /// What `listen` or `bind` says behind the address.
    pub(crate) listen: &'static str,
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

impl Configuration {
    /// As the documentation of nginx has it for WebSockets.
    pub(crate) fn nginx() -> Self {
        Self {
            kind: Kind::Nginx,
            outer: lines("map $http_upgrade $connection_upgrade { default upgrade; '' close; }"),
            inner: lines(
                "proxy_http_version 1.1;
                 proxy_set_header Upgrade $http_upgrade;
                 proxy_set_header Connection $connection_upgrade;
                 proxy_set_header Host $http_host;
                 proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                 proxy_read_timeout 1h;
                 client_max_body_size 2m;",
            ),
            listen: "",
        }
    }

    /// Nothing but where to pass requests to.
    pub(crate) fn bare_nginx() -> Self {
        Self {
            outer: Vec::new(),
            inner: Vec::new(),
            ..Self::nginx()
        }
    }

    pub(crate) fn haproxy() -> Self {
        Self {
            kind: Kind::Haproxy,
            outer: Vec::new(),
            inner: lines(
                "mode http
                 timeout connect 2s
                 timeout client 30s
                 timeout server 30s
                 timeout tunnel 1h
                 option forwardfor",
            ),
            listen: "",
        }
    }

    /// Without the lines that begin so.
    pub(crate) fn without(mut self, beginning: &str) -> Self {
        let before = self.outer.len() + self.inner.len();
        for place in [&mut self.outer, &mut self.inner] {
            place.retain(|line| !line.starts_with(beginning));
        }
        assert!(self.outer.len() + self.inner.len() < before, "{beginning}");
        self
    }

    /// With lines in `location` or `defaults`, in place of those that say the same differently.
    pub(crate) fn with(mut self, new: &str) -> Self {
        for line in lines(new) {
            put(&mut self.inner, &line);
        }
        self
    }

    /// With a line in `http` or `frontend`.
    pub(crate) fn with_outer(mut self, line: &str) -> Self {
        put(&mut self.outer, line);
        self
    }

    /// Does what a person would who reads the remedy.
    pub(crate) fn apply(&mut self, remedy: &Remedy) {
        for line in &remedy.with {
            match remedy.place.split_whitespace().next().unwrap() {
                "location" | "defaults" => put(&mut self.inner, line),
                "http" => put(&mut self.outer, line),
                place => panic!("where is {place}?"),
            }
        }
        for pattern in &remedy.without {
            for place in [&mut self.outer, &mut self.inner] {
                place.retain(|line| !fits(line, pattern));
            }
        }
    }

    /// The file.
    pub(crate) fn text(&self, port: u16, upstream: &str, folder: &Path) -> String {
        let (outer, inner) = (self.outer.join("\n"), self.inner.join("\n"));
        let (folder, listen) = (folder.display(), self.listen);
        match self.kind {
            Kind::Nginx => format!(
                "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/log;\n\
                 events {{ worker_connections 64; }}\n\
                 http {{\naccess_log off;\nclient_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\n\
                 fastcgi_temp_path {folder}/fastcgi;\nuwsgi_temp_path {folder}/uwsgi;\nscgi_temp_path {folder}/scgi;\n\
                 {outer}\nserver {{\nlisten 127.0.0.1:{port}{listen};\n\
                 location / {{\nproxy_pass http://{upstream};\n{inner}\n}}\n}}\n}}\n"
            ),
            Kind::Haproxy => format!(
                "global\n    maxconn 100\n\ndefaults\n{inner}\n\nfrontend people\nbind 127.0.0.1:{port}{listen}\n\
                 {outer}\ndefault_backend parlance\n\nbackend parlance\nserver one {upstream}\n"
            ),
        }
    }
}

/// Adds a line in place of one that sets the same.
fn put(place: &mut Vec<String>, line: &str) {
    place.retain(|old| subject(old) != subject(line));
    place.push(line.to_owned());
}

/// What a line is about: its first word, or two where that alone says nothing.
fn subject(line: &str) -> Vec<&str> {
    let general = ["proxy_set_header", "option", "timeout", "map"];
    let words = if general.iter().any(|word| line.starts_with(word)) {
        2
    } else {
        1
    };
    line.split_whitespace().take(words).collect()
}

/// Whether a line is what is to be taken out; `…` stands for anything.
fn fits(line: &str, pattern: &str) -> bool {
    let mut rest = line.to_lowercase();
    for part in pattern.to_lowercase().split('…').map(str::trim) {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.split_off(at + part.len());
    }
    true
}
