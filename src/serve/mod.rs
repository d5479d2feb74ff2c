//! The preview server: builds, serves, watches, builds again, tells the browsers.
//!
//! It serves a build of its own under `.waypost/preview`, made with the server's address as the site's origin, so
//! that the absolute links of the Markdown lead back here and the real output is left alone.

mod respond;
pub(crate) mod watch;

use std::convert::Infallible;
use std::io::{ErrorKind, IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use crate::diagnostic::Severity;
use crate::diagnostic::print::{self, Style};
use crate::{Mode, Report, Settings, hosts, scaffold};
use respond::Served;

/// The port that is tried first where none is named.
const PORT: u16 = 3000;

/// Put into each HTML page as it is served: reloads it when another build than its own is there. A page that is left
/// closes its connection, as a browser has six to a server and no more; one that is come back to asks anew.
fn reload(build: &str) -> String {
    format!(
        "<script>(()=>{{let e;const open=()=>{{e=new EventSource('/.waypost/events');\
e.addEventListener('built',m=>{{if(m.data!='{build}')location.reload()}})}};\
addEventListener('pagehide',()=>e.close());addEventListener('pageshow',s=>{{if(s.persisted)open()}});open()}})()</script>"
    )
}

/// What to serve, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site.
    pub folder: Folder,
    /// The port; the first free one from 3000 where none is named.
    pub port: Option<u16>,
    /// The address to listen on.
    pub host: IpAddr,
    /// Whether to open a browser.
    pub open: bool,
    /// Whether to say nothing but errors.
    pub quiet: bool,
    /// What becomes of later changes.
    pub changes: Changes,
    /// Whether agents are told of a missing page with 200.
    pub soft_404: bool,
}

/// What a server does about changes of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Builds again and reloads open pages.
    Watch,
    /// Nothing: the site is served as a host would serve it, with the same rules for caches.
    Ignore,
}

/// The site that is served.
#[derive(Clone, Debug)]
pub enum Folder {
    /// The one whose `book.toml` is in this folder.
    Site(PathBuf),
    /// The one inside the binary.
    Embedded,
}

/// What requests and builds share.
#[derive(Clone, Debug)]
struct Shared {
    served: Arc<RwLock<Arc<Served>>>,
    built: broadcast::Sender<String>,
}

/// Serves until the process is stopped.
///
/// # Errors
/// When the port is taken, a folder cannot be watched, or the machine fails a build.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let unpacked;
    let root = match &options.folder {
        Folder::Site(root) => root.clone(),
        Folder::Embedded => {
            unpacked = unpack()?;
            unpacked.path().to_owned()
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    stop_on_signals(&runtime, matches!(options.folder, Folder::Embedded).then(|| root.clone()));
    let listener = runtime.block_on(listen(options.host, options.port))?;
    let address = listener.local_addr()?;
    let origin = format!("http://{}", shown(address));
    let preview = root.join(".waypost").join("preview");
    let (built, _) = broadcast::channel(16);
    let watches = options.changes == Changes::Watch;
    let site = hosts::Site { base: "/".to_owned(), plain_base: "/".to_owned(), ..hosts::Site::default() };
    let served = Served {
        folder: preview.clone(),
        site,
        changes: watches,
        soft_404: options.soft_404,
        ..Served::default()
    };
    let shared = Shared { served: Arc::new(RwLock::new(Arc::new(served))), built };

    let mut watch = watch::start(vec![root.join(".waypost"), root.join(".git"), root.join("node_modules")])?;
    let mut builds = 0;
    let mut rebuild = |watch: &mut watch::Watch| -> anyhow::Result<()> {
        let started = Instant::now();
        let settings = Settings {
            root: root.clone(),
            out: Some(preview.clone()),
            origin: Some(origin.clone()),
            mode: Mode::Build,
            progress: None,
        };
        let report = crate::build(&settings)?;
        if watches {
            watch.set(&root, &report.watched)?;
        }
        tell(&report, options.quiet, started)?;
        let failed = report.summary.is_none();
        let mut shared = shared.served.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let served = Arc::make_mut(&mut shared);
        builds += 1;
        // Builds of a server that ran before on the same port have other names.
        served.build = format!("{}-{builds}", std::process::id());
        served.script = if watches { reload(&served.build) } else { String::new() };
        if failed {
            served.notice = served.pages.is_empty().then(|| notice(&report, &served.script));
        } else {
            served.notice = None;
            served.site = report.host.unwrap_or_default();
            served.pages = report.pages_by_route;
        }
        Ok(())
    };
    rebuild(&mut watch)?;

    let router =
        Router::new().route("/.waypost/events", get(events)).fallback(answer).with_state(shared.clone());
    runtime.spawn(async move { axum::serve(listener, router).await });
    let home = format!(
        "{origin}{}",
        shared.served.read().unwrap_or_else(std::sync::PoisonError::into_inner).site.base
    );
    writeln!(anstream::stderr(), "serving at {home}  (Ctrl+C stops)")?;
    if options.open
        && let Err(error) = open::that_detached(&home)
    {
        writeln!(anstream::stderr(), "no browser could be opened: {error}")?;
    }
    while let Ok(changed) = watch.changes.recv() {
        // Changes that come while a build runs are one more build, not one each.
        std::thread::sleep(Duration::from_millis(20));
        let more = watch.changes.try_iter().flatten().count();
        if !options.quiet && std::io::stderr().is_terminal() {
            writeln!(anstream::stderr(), "{} changed", name_of(&root, &changed, more))?;
        }
        if let Err(error) = rebuild(&mut watch) {
            writeln!(anstream::stderr(), "error: {error:#}")?;
        }
        // Nobody listens when no browser is open.
        let build = shared.served.read().unwrap_or_else(std::sync::PoisonError::into_inner).build.clone();
        drop(shared.built.send(build));
    }
    Ok(())
}

/// Writes the embedded site to a folder of its own, which nobody else can guess or open.
fn unpack() -> anyhow::Result<tempfile::TempDir> {
    let folder =
        tempfile::Builder::new().prefix("waypost-").tempdir().context("making a temporary folder")?;
    scaffold::write(folder.path())?;
    let text = "there is no book.toml here: this is the site that comes with Waypost; `waypost new DIR` makes it yours";
    writeln!(anstream::stderr(), "{text}")?;
    Ok(folder)
}

/// Ends the process on Ctrl+C or a request to stop, and removes the folder that was unpacked.
#[expect(clippy::disallowed_methods, reason = "removes the folder it made")]
fn stop_on_signals(runtime: &tokio::runtime::Runtime, unpacked: Option<PathBuf>) {
    runtime.spawn(async move {
        asked_to_stop().await;
        if let Some(folder) = unpacked {
            // A folder left in the system's temporary folder is cleared by the system.
            drop(std::fs::remove_dir_all(folder));
        }
        std::process::exit(0);
    });
}

#[cfg(unix)]
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}

async fn listen(host: IpAddr, port: Option<u16>) -> anyhow::Result<TcpListener> {
    let ports = port.map_or(PORT..=PORT + 49, |port| port..=port);
    for candidate in ports {
        match TcpListener::bind(SocketAddr::new(host, candidate)).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(refused(host, candidate, error)),
        }
    }
    match port {
        Some(port) => anyhow::bail!("{}", taken(host, port).await),
        None => anyhow::bail!(
            "ports {PORT} to {} of {host} are taken: stop what listens there, or name a free one with `--port`",
            PORT + 49
        ),
    }
}

/// What is to be done about a port that somebody else listens on.
async fn taken(host: IpAddr, port: u16) -> String {
    let mut free = None;
    for candidate in port.saturating_add(1)..=port.saturating_add(50) {
        if TcpListener::bind(SocketAddr::new(host, candidate)).await.is_ok() {
            free = Some(candidate);
            break;
        }
    }
    let instead = free.map_or_else(String::new, |port| format!(" (`--port {port}` is)"));
    format!(
        "port {port} of {host} is taken, by another `waypost serve` or the server of another project: stop that one, name a port that is free with `--port`{instead}, or leave `--port` out to get the first free one from {PORT}"
    )
}

/// Why an address cannot be listened on, where nobody else does.
fn refused(host: IpAddr, port: u16, error: std::io::Error) -> anyhow::Error {
    let text = match error.kind() {
        ErrorKind::PermissionDenied => {
            format!("port {port} of {host} is kept for the system: name one from 1024 on with `--port`")
        }
        ErrorKind::AddrNotAvailable => {
            format!("{host} is no address of this machine: name one that is with `--host`, `0.0.0.0` for all")
        }
        _ => format!("listening on {}", SocketAddr::new(host, port)),
    };
    anyhow::Error::new(error).context(text)
}

/// The address as a browser on this machine reaches it.
fn shown(address: SocketAddr) -> String {
    match address.ip() {
        ip if ip.is_loopback() || ip.is_unspecified() => format!("localhost:{}", address.port()),
        _ => address.to_string(),
    }
}

fn name_of(root: &Path, changed: &[PathBuf], more: usize) -> String {
    let first = changed
        .first()
        .map_or_else(String::new, |path| path.strip_prefix(root).unwrap_or(path).display().to_string());
    match changed.len() + more {
        0 | 1 => first,
        count => format!("{first} and {} more", count - 1),
    }
}

fn tell(report: &Report, quiet: bool, started: Instant) -> anyhow::Result<()> {
    let shown: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|found| !quiet || found.severity == Severity::Error)
        .cloned()
        .collect();
    let mut err = anstream::stderr();
    write!(err, "{}", print::brief(&shown, &report.files, "", Style::Colored))?;
    if !quiet {
        let state = if report.summary.is_some() { "built" } else { "not built: the last good pages stay" };
        writeln!(
            err,
            "{} page{} {state} in {:.2} s",
            report.pages,
            if report.pages == 1 { "" } else { "s" },
            started.elapsed().as_secs_f64()
        )?;
    }
    Ok(())
}

/// What browsers see while the site has never been built: the errors.
fn notice(report: &Report, script: &str) -> String {
    let text = print::text(&report.diagnostics, &report.files, "", Style::Plain);
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not built</title><body><h1>The site has errors</h1><pre>{text}</pre>{script}</body></html>"
    )
}

async fn answer(State(shared): State<Shared>, request: Request) -> axum::http::Response<axum::body::Body> {
    let served = shared.served.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let (parts, _) = request.into_parts();
    // Reading a file blocks: not on the threads that carry connections.
    let answered = tokio::task::spawn_blocking(move || {
        respond::respond(&served, &parts.method, &parts.uri, &parts.headers)
    });
    answered.await.unwrap_or_else(|_| {
        let mut response =
            axum::http::Response::new(axum::body::Body::from("the server failed on this address\n"));
        *response.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

async fn events(
    State(shared): State<Shared>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let later = BroadcastStream::new(shared.built.subscribe()).filter_map(Result::ok);
    let now = shared.served.read().unwrap_or_else(std::sync::PoisonError::into_inner).build.clone();
    let stream = tokio_stream::once(now).chain(later);
    Sse::new(stream.map(|build| Ok(Event::default().event("built").data(build))))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
