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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::check;
    use crate::diagnostic::{Files, Span, print};

    /// A server that knows `/here`, and answers no HEAD but to say so.
    fn server() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut request = String::new();
                let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
                reader.read_line(&mut request).expect("a request line");
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
                    line.clear();
                }
                let status = match request.split(' ').take(2).collect::<Vec<_>>()[..] {
                    ["GET", "/here"] => "200 OK",
                    ["HEAD", _] => "405 Method Not Allowed",
                    _ => "404 Not Found",
                };
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .expect("an answer");
            }
        });
        format!("http://{address}")
    }

    #[test]
    fn links_that_lead_nowhere_are_reported_at_every_place() {
        let host = server();
        let mut files = Files::default();
        let file = files.add("a.md", "one two");
        let links = BTreeMap::from([
            (format!("{host}/here#part"), vec![Span::new(file, 0..3)]),
            (format!("{host}/gone"), vec![Span::new(file, 0..3), Span::new(file, 4..7)]),
        ]);
        let found = check(&links);
        assert_eq!(found.len(), 2);
        let said = print::text(&found[1..], &files, "", print::Style::Plain);
        let wanted = format!("warning[external-link]: `{host}/gone` answers 404\n --> a.md:1:5");
        assert!(said.starts_with(&wanted), "{said}");
    }
}
