//! `waypost serve`.

use std::net::IpAddr;
use std::process::ExitCode;

use clap::Args;
use waypost::serve;

use super::{Place, is_default, site_folder};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The port; the next free one where it is taken and none is named.
    #[arg(long, short)]
    port: Option<u16>,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Open a browser.
    #[arg(long)]
    open: bool,
    /// Build once and serve that as a host would, with what caches may keep.
    #[arg(long)]
    no_watch: bool,
    /// Answer agents that ask for a missing page with 200 instead of 404: some of them discard what comes with 404.
    #[arg(long)]
    soft_404: bool,
}

pub(crate) fn run(arguments: &Arguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let dir = &arguments.place.dir;
    let folder = match site_folder(dir) {
        Ok(folder) => serve::Folder::Site(folder),
        Err(_) if is_default(dir) => serve::Folder::Embedded,
        Err(error) => return Err(error),
    };
    serve::run(&serve::Options {
        folder,
        port: arguments.port,
        host: arguments.host,
        open: arguments.open,
        quiet,
        changes: if arguments.no_watch { serve::Changes::Ignore } else { serve::Changes::Watch },
        soft_404: arguments.soft_404,
    })?;
    Ok(ExitCode::SUCCESS)
}
