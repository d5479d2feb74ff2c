//! A request in, an answer out, over a plain socket: no library between that would mend, decode or follow.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case, in the order they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The lines of a header as one list; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> String {
        let lines = self.headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
        lines.collect::<Vec<_>>().join(", ")
    }
}

/// A connection that is used again.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    port: u16,
}

impl Connection {
    pub(crate) fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it can be set");
        Self { stream: BufReader::new(stream), port }
    }

    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
    ) -> std::io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\n", self.port);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        self.stream.get_mut().write_all(request.as_bytes())?;
        let closed = || std::io::Error::other("the connection was closed");
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(closed());
        }
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(closed)?;
        let mut answer = Answer { status, headers: Vec::new(), body: Vec::new() };
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if method == "HEAD" || status == 304 {
            return Ok(answer);
        }
        if answer.header("transfer-encoding") == "chunked" {
            loop {
                line.clear();
                self.stream.read_line(&mut line)?;
                let length = usize::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
                let mut chunk = vec![0; length + 2];
                self.stream.read_exact(&mut chunk)?;
                if length == 0 {
                    break;
                }
                answer.body.extend(&chunk[..length]);
            }
        } else {
            answer.body = vec![0; answer.header("content-length").parse().unwrap_or(0)];
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }
}

pub(crate) fn get(port: u16, path: &str, headers: &[(String, String)]) -> Answer {
    Connection::open(port).ask("GET", path, headers).expect("an answer")
}
