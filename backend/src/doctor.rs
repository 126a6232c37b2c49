//! `parlance doctor URL`: what is wrong on the way to a server, and which lines of a proxy's configuration mend it.
//!
//! It asks the probes of `web::doctor` from outside, as a browser would; what follows from the answers is judged by
//! `shared::doctor`. It needs no session, and it must never change anything.

mod certificate;
mod http;
mod line;
mod probes;
mod remedy;
mod report;
mod socket;
mod target;
mod words;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use shared::doctor::diagnosis::diagnose;

use self::remedy::Proxy;
use self::report::Report;
use self::target::Target;

/// There is something to change.
const EXIT_FINDINGS: u8 = 1;

/// There is no Parlance at that address, as far as can be seen from here.
const EXIT_UNREACHABLE: u8 = 2;

/// What to look at, and how.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address of the server as people open it, such as https://chat.example.org
    pub url: String,

    /// Seconds to wait for somebody to close a silent connection
    #[arg(long, value_name = "SECONDS", default_value_t = 75, value_parser = clap::value_parser!(u64).range(1..=140))]
    pub patience: u64,

    /// Whose lines to print; without it, the proxy that the answers name, or all
    #[arg(long, value_enum)]
    pub proxy: Option<Proxy>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Why nothing can be said of a server.
#[derive(Debug, thiserror::Error)]
enum Unreachable {
    /// The address cannot be read.
    #[error(
        "{0:?} is not an address of a server; expected something like https://chat.example.org"
    )]
    NoAddress(String),
    /// The name leads nowhere.
    #[error("the name {host} cannot be resolved: {detail}")]
    NoName { host: String, detail: String },
    /// Nothing takes a connection.
    #[error("nothing listens at {addresses}: {detail}")]
    NoConnection { addresses: String, detail: String },
    /// There is nothing that speaks TLS for us.
    #[error("https is looked at with the program `openssl`, which cannot be started: {0}")]
    NoTls(io::Error),
    /// No answer of the server came.
    #[error("the server does not answer: {0}")]
    NoAnswer(String),
    /// What answers is something else.
    #[error("what answers there is not Parlance, or one without these probes: {0}")]
    Other(String),
}

/// Looks, prints, and says by the exit code what came of it: 0 all is well, 1 there are findings, 2 nothing can be said.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("parlance doctor: {error}");
            return ExitCode::from(EXIT_UNREACHABLE);
        }
    };
    if io::stderr().is_terminal() {
        let seconds = options.patience;
        eprintln!("Looking. It takes up to {seconds} s, because somebody may cut what is silent.");
    }
    match runtime.block_on(examine(options)) {
        Ok(report) => {
            match options.json {
                true => println!("{}", report.json()),
                false => print!("{}", report.text(options.proxy)),
            }
            match report.is_well() {
                true => ExitCode::SUCCESS,
                false => ExitCode::from(EXIT_FINDINGS),
            }
        }
        Err(unreachable) => {
            match options.json {
                true => println!("{}", report::unreachable(&options.url, &unreachable)),
                false => eprintln!("parlance doctor: {unreachable}"),
            }
            ExitCode::from(EXIT_UNREACHABLE)
        }
    }
}

async fn examine(options: &Options) -> Result<Report, Unreachable> {
    let no_address = || Unreachable::NoAddress(options.url.clone());
    let target = Target::parse(&options.url).ok_or_else(no_address)?;
    let patience = Duration::from_secs(options.patience);
    let gathered = probes::gather(&target, patience).await?;
    let findings = diagnose(&gathered.facts);
    Ok(Report {
        target,
        gathered,
        findings,
    })
}
