//! `cargo xtask bench` builds and starts this; `bench --list` names the scenarios.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use clap::Parser;

    match bench::cli::run(&bench::cli::Cli::parse()) {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    eprintln!("error: the bench reads /proc and uses epoll: it runs on Linux only");
    std::process::ExitCode::FAILURE
}
