//! `waypost mcp`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use waypost::mcp;

use super::site_folder;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of `book.toml`, or one that holds a built site.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Answer over HTTP at `/mcp`, on this address.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:3333")]
    http: Option<SocketAddr>,
    /// A name, with or without a port, that clients may reach the server by, beside this machine's own.
    #[arg(long, value_name = "HOST", requires = "http")]
    allow_host: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let dir = &arguments.dir;
    let source = match site_folder(dir) {
        Ok(root) => mcp::Source::Site(root),
        Err(_) if dir.is_dir() => mcp::Source::Built(dir.clone()),
        Err(error) => return Err(error),
    };
    mcp::run(&mcp::Options { source, http: arguments.http, hosts: arguments.allow_host.clone(), quiet })?;
    Ok(ExitCode::SUCCESS)
}
