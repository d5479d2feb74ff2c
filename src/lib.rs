//! Waypost: documentation sites for people and for the agents they send.
//!
//! Start reading at [`build`]: it is the program, one line a stage. The modules stand in the order in which data
//! passes them, and each uses only those above it; `ARCHITECTURE.md` says what each one promises.

pub mod diagnostic;
pub mod placeholder;
pub mod shell;
pub mod config;
pub mod substitute;
pub mod source;
pub mod output;
pub mod document;
pub mod dialect;
pub mod formula;
pub mod gzip;
pub mod az;
pub mod theme;
pub mod site;
pub mod pictures;
pub mod check;
pub mod render;
pub mod procedure;
pub mod agents;
pub mod feed;
pub mod search;
pub mod score;
pub mod hosts;
mod pipeline;
pub mod external;
pub mod scaffold;
pub mod serve;
pub mod mcp;

use pipeline::Run;
pub use pipeline::{Mode, Progress, Report, Settings};

/// Reads the folder of `book.toml`, checks it whole, and writes its site.
///
/// What authors got wrong is in the report; nothing is written while there is an error.
///
/// # Errors
/// What the machine did: a folder that cannot be read, a disk that is full.
pub fn build(settings: &Settings<'_>) -> anyhow::Result<Report> {
    let mut run = Run::new(settings);
    let (config, files) = run.stage("settings", pipeline::configure(settings)?);
    let mut sources = run.stage("read", source::read(&settings.root, &config, files)?);
    let theme = run.stage("theme", pipeline::theme(&config, &mut sources));
    let lock = run.stage("lock", feed::read(&sources));
    let documents = run.stage("parse", pipeline::parse(&config, &theme, &mut sources));
    let site = run.stage("site", site::build(&documents.inputs(&config, &sources)));
    let pictures =
        run.stage("pictures", pipeline::pictures(settings, &documents.inputs(&config, &sources), &site)?);
    let highlighter = run.stage("languages", pipeline::highlighter(&config));
    run.stage("check", ((), documents.check(&config, &site, &theme, &highlighter)));
    let context = documents.context(
        &documents.inputs(&config, &sources),
        &site,
        &theme,
        &highlighter,
        &pictures,
        lock.as_ref(),
    )?;
    let made = if run.failed(&config) {
        run.stage("vanished", pipeline::vanished(&context, &sources, lock.as_ref()))
    } else {
        let inputs = documents.inputs(&config, &sources);
        run.stage("render", pipeline::render(settings, &inputs, &context, lock.as_ref())?)
    };
    Ok(run.report(&config, sources, &site, lock, made))
}
