//! A built site in, answers to agents out, by the Model Context Protocol: on the standard streams or over HTTP.
//!
//! Sources are built into `.waypost/mcp`, with the site's own addresses, and built again when they change; questions wait
//! while that is done, so that each is answered from one whole site. A folder that holds a built site is read as it is.
//! Nothing is asked of a network, and nothing outside of the site's folder is read.

mod folder;
mod page;
mod server;
mod tools;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use anyhow::Context;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rmcp::ServiceExt;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::diagnostic::print::{self, Style};
use crate::diagnostic::{Diagnostic, Severity};
use crate::search::{self, read::Reader};
use crate::serve::watch;
use crate::{Mode, Settings};
use folder::Folder;

/// The largest request that is read.
const LARGEST_REQUEST: usize = 1 << 20;

/// What to answer from, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site.
    pub source: Source,
    /// The address to answer on over HTTP; the standard streams where absent.
    pub http: Option<SocketAddr>,
    /// Names that clients may use for this server, beside those of this machine.
    pub hosts: Vec<String>,
    /// Whether to say nothing but errors.
    pub quiet: bool,
}

/// Where the site is.
#[derive(Clone, Debug)]
pub enum Source {
    /// The folder of its `book.toml`.
    Site(PathBuf),
    /// The folder that it was built into.
    Built(PathBuf),
}

/// When a file was written, and its length.
type Stamp = Option<(SystemTime, u64)>;

/// The site as it is now.
#[derive(Debug)]
struct Site {
    folder: Folder,
    reader: Option<Arc<Reader>>,
    /// Of the index of search and of the pages: they are read anew when it differs.
    stamps: [Stamp; 2],
}

impl Site {
    fn open(path: &std::path::Path) -> anyhow::Result<Self> {
        let folder = Folder::open(path)?;
        let stamps = stamps(&folder);
        // A site may have been built without search.
        let reader = stamps[0].is_some().then(|| Reader::open(&|path| folder.bytes(path))).transpose()?;
        Ok(Self { folder, reader: reader.map(Arc::new), stamps })
    }
}

fn stamps(folder: &Folder) -> [Stamp; 2] {
    [search::MANIFEST, "sitemap.md"].map(|path| folder.stamp(path))
}

/// The site that requests share.
#[derive(Clone, Debug)]
struct Shared {
    path: PathBuf,
    site: Arc<RwLock<Site>>,
}

impl Shared {
    /// Answers from the site as it is: a folder that was written anew is read anew first.
    fn with<T>(&self, answer: impl FnOnce(&Site) -> T) -> anyhow::Result<T> {
        let site = self.site.read().unwrap_or_else(PoisonError::into_inner);
        if stamps(&site.folder) == site.stamps {
            return Ok(answer(&site));
        }
        drop(site);
        let mut site = self.site.write().unwrap_or_else(PoisonError::into_inner);
        *site = Site::open(&self.path)?;
        Ok(answer(&site))
    }
}

/// Answers until the client ends the stream, or the process is asked to stop.
///
/// # Errors
/// When there is no site, it has errors, or the address is taken.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let (path, watched) = match &options.source {
        Source::Site(root) => {
            let out = root.join(".waypost").join("mcp");
            let mut watch =
                watch::start([".waypost", ".git", "node_modules"].map(|name| root.join(name)).to_vec())?;
            build(root, &out, &mut watch, options.quiet)?;
            (out.clone(), Some((root.clone(), out, watch)))
        }
        Source::Built(folder) => (folder.clone(), None),
    };
    let shared = Shared { site: Arc::new(RwLock::new(Site::open(&path)?)), path };
    if let Some((root, out, watch)) = watched {
        let (shared, quiet) = (shared.clone(), options.quiet);
        std::thread::spawn(move || follow(&root, &out, watch, &shared, quiet));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = match options.http {
        None => runtime.block_on(stdio(shared)),
        Some(address) => runtime.block_on(http(shared, address, options)),
    };
    // A thread that still waits for the standard input is no reason to stay.
    runtime.shutdown_background();
    ended
}

/// Builds the site anew whenever its sources change.
fn follow(
    root: &std::path::Path,
    out: &std::path::Path,
    mut watch: watch::Watch,
    shared: &Shared,
    quiet: bool,
) {
    while watch.changes.recv().is_ok() {
        let mut site = shared.site.write().unwrap_or_else(PoisonError::into_inner);
        // Changes that came meanwhile are in this build.
        watch.changes.try_iter().for_each(drop);
        let built = build(root, out, &mut watch, quiet).and_then(|()| Site::open(out));
        match built {
            Ok(new) => *site = new,
            Err(error) => drop(writeln!(anstream::stderr(), "error: {error:#}: the last good pages stay")),
        }
    }
}

/// Builds the site and watches what it was built from.
fn build(
    root: &std::path::Path,
    out: &std::path::Path,
    watch: &mut watch::Watch,
    quiet: bool,
) -> anyhow::Result<()> {
    let settings = Settings {
        root: root.to_owned(),
        out: Some(out.to_owned()),
        origin: None,
        mode: Mode::Build,
        progress: None,
    };
    let report = crate::build(&settings)?;
    watch.set(root, &report.watched)?;
    let errors: Vec<Diagnostic> =
        report.diagnostics.iter().filter(|found| found.severity == Severity::Error).cloned().collect();
    let mut err = anstream::stderr();
    write!(err, "{}", print::text(&errors, &report.files, "", Style::Colored))?;
    anyhow::ensure!(report.summary.is_some(), "the site has errors");
    if !quiet {
        writeln!(err, "{} pages built", report.pages)?;
    }
    Ok(())
}

async fn stdio(shared: Shared) -> anyhow::Result<()> {
    let server = server::Server { shared };
    let running = match server.serve(rmcp::transport::stdio()).await {
        Ok(running) => running,
        // Who asks nothing at all may go.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(error).context("beginning with the client"),
    };
    let stop = running.cancellation_token();
    tokio::select! {
        ended = running.waiting() => drop(ended.context("answering the client")?),
        () = crate::serve::asked_to_stop() => stop.cancel(),
    }
    Ok(())
}

async fn http(shared: Shared, address: SocketAddr, options: &Options) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}: name a free one with `--http ADDRESS:PORT`"))?;
    let address = listener.local_addr()?;
    let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec();
    if !address.ip().is_unspecified() && !address.ip().is_loopback() {
        hosts.push(SocketAddr::new(address.ip(), address.port()).to_string());
    }
    hosts.extend(options.hosts.iter().cloned());
    // A page on the web may ask only where it was served by one of these names.
    let origins: Vec<String> = hosts
        .iter()
        .flat_map(|host| {
            let has_port = host
                .rsplit_once(':')
                .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty());
            let port = if has_port { "" } else { ":*" };
            ["http", "https"].map(|scheme| format!("{scheme}://{host}{port}"))
        })
        .collect();
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(LARGEST_REQUEST)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(origins)
        .enforce_origin_validation();
    let service = StreamableHttpService::new(
        move || Ok(server::Server { shared: shared.clone() }),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let router =
        axum::Router::new().nest_service("/mcp", service).layer(axum::middleware::from_fn(refused_in_json));
    writeln!(anstream::stderr(), "answering at http://{address}/mcp  (Ctrl+C stops)")?;
    tokio::select! {
        ended = axum::serve(listener, router).into_future() => ended.context("answering over HTTP"),
        () = crate::serve::asked_to_stop() => Ok(()),
    }
}

/// A body that is no message is answered as the protocol has it. The SDK says so in plain text, and that its type is wrong.
async fn refused_in_json(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    let response = next.run(request).await;
    if !is_json || response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let said = axum::body::to_bytes(response.into_body(), LARGEST_REQUEST).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let is_message = said.contains("JSON-RPC") || said.contains("did not match any variant");
    let (code, message) =
        if is_message { (-32600, "this is no message of JSON-RPC") } else { (-32700, "this is no JSON") };
    let error = serde_json::json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message } });
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], error.to_string()).into_response()
}
