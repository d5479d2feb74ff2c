//! Addresses on other sites in, findings out: asks each server once. Network, so an edge of the world of its own,
//! and only for `waypost check --external`.

use std::collections::BTreeMap;
use std::time::Duration;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Span, rules};

/// How many addresses are asked at once.
const AT_ONCE: usize = 16;

/// Asks for each address once and reports the links whose server says that there is nothing, or says nothing.
#[must_use]
pub fn check(links: &BTreeMap<String, Vec<Span>>) -> Vec<Diagnostic> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .user_agent(concat!("waypost/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build() else { return Vec::new() };
    let entries: Vec<(&String, &Vec<Span>)> = links.iter().collect();
    let problems: Vec<Option<String>> =
        pool.install(|| entries.par_iter().map(|(url, _)| problem(&agent, url)).collect());
    let mut found = Vec::new();
    for ((url, spans), problem) in entries.into_iter().zip(problems) {
        let Some(problem) = problem else { continue };
        for span in spans {
            let diagnostic =
                Diagnostic::new(&rules::EXTERNAL_LINK, format!("`{url}` {problem}")).at(*span).help(
                    "open it in a browser: if it moved, link the new address; if it is gone, remove the link",
                );
            found.push(diagnostic);
        }
    }
    found
}

/// What is wrong with an address, if anything.
fn problem(agent: &ureq::Agent, url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or(url);
    let status = agent.head(url).call().map(|response| response.status().as_u16());
    let status = match status {
        // Many servers refuse HEAD, or answer it wrongly: GET has the last word.
        Ok(200..=399) => return None,
        Ok(_) | Err(_) => agent.get(url).call().map(|response| response.status().as_u16()),
    };
    match status {
        // 401, 403 and 429 say that somebody is there.
        Ok(200..=399 | 401 | 403 | 429) => None,
        Ok(status) => Some(format!("answers {status}")),
        Err(error) => Some(format!("does not answer: {error}")),
    }
}
