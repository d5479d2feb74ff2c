//! The Model Context Protocol from the outside: the official client and the Inspector ask the real binary, over both
//! transports; HTTP is asked by hand for what no client would do.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_waypost");

/// The shipped site, built; and the folder it is in.
fn built() -> (tempfile::TempDir, PathBuf) {
    let folder = support::shipped();
    let out = folder.path().join("out");
    let site = folder.path().join("site");
    let output = Command::new(BINARY)
        .args(["build", "--quiet", "--out"])
        .args([&out, &site])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, out)
}

fn ask(kind: &[&str], asked: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/mcp.mjs");
    let mut child = Command::new(support::node())
        .arg(script)
        .args(kind)
        .env("TOOLS", support::tools())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node runs");
    child.stdin.take().expect("it is piped").write_all(asked.to_string().as_bytes()).expect("Node reads");
    let output = child.wait_with_output().expect("Node ends");
    assert!(output.status.success(), "the client failed");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

#[expect(clippy::needless_pass_by_value, reason = "values that are made for it")]
fn call(name: &str, arguments: Value) -> Value {
    json!(["callTool", { "name": name, "arguments": arguments }])
}

struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("the server can be stopped");
        self.child.wait().expect("the server stops");
    }
}

fn serve(dir: &Path, more: &[&str]) -> Server {
    let mut child = Command::new(BINARY)
        .arg("mcp")
        .arg(dir)
        .args(["--http", "127.0.0.1:0"])
        .args(more)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let address = loop {
        let line = lines.next().expect("it serves").expect("it says text");
        if let Some(rest) = line.strip_prefix("answering at http://") {
            break rest.split('/').next().expect("an address").to_owned();
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, address }
}

/// One request, as it stands; the status and the whole answer.
fn raw(address: &str, head: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(stream, "{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer)
}

/// What every client must see, whatever carries it.
fn check(said: &Value) {
    assert_eq!(said["server"]["name"], "waypost");
    assert_eq!(said["server"]["title"], "Waypost");
    assert!(said["instructions"].as_str().is_some_and(|text| text.contains("`search`")), "{said}");
    let answers = said["answers"].as_array().expect("a list");
    let tools = answers[0]["tools"].as_array().expect("a list");
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, ["search", "fetch", "list"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert!(tool["title"].is_string() && tool["outputSchema"]["type"] == "object", "{tool}");
    }
    assert_eq!(
        tools[0]["inputSchema"]["properties"]["facets"]["properties"]["cloud"]["enum"],
        json!(["aws", "azure", "gcp"])
    );
    // The same as structure and as text.
    let found = &answers[1]["structuredContent"];
    let text = answers[1]["content"][0]["text"].as_str().expect("text");
    assert_eq!(*found, serde_json::from_str::<Value>(text).expect("JSON"));
    let first = &found["results"][0];
    let keys: BTreeSet<&str> = first.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["id", "title", "url", "text"]));
    let id = first["id"].as_str().expect("a text");
    assert!(id.starts_with("networking/connect/azure/private/vhub-peering"), "{id}");
    assert!(
        first["url"].as_str().is_some_and(|url| url.starts_with("https://waypost.example.com/networking/"))
    );
    let page = &answers[2]["structuredContent"];
    assert_eq!(page["id"], "networking/connect/azure/private/vhub-peering");
    assert_eq!(page["title"], "Azure VHub peering");
    assert_eq!(page["url"], "https://waypost.example.com/networking/connect/azure/private/vhub-peering/");
    assert!(page["text"].as_str().is_some_and(|text| text.starts_with("# Azure VHub peering\n")));
    assert_eq!(page["metadata"]["sections"][0]["title"], "Before you start");
    let section = &answers[3]["structuredContent"];
    let text = section["text"].as_str().expect("a text");
    assert!(text.starts_with("## Clean up\n") && text.len() < 1_000, "{text}");
    let top = answers[4]["structuredContent"]["entries"].as_array().expect("a list");
    assert!(top.iter().any(|entry| entry["id"] == "networking" && entry["kind"] == "page"), "{top:#?}");
    assert_eq!(answers[5]["resources"][0]["uri"], "waypost:///llms.txt");
    assert!(answers[6]["contents"][0]["text"].as_str().is_some_and(|text| text.contains("# Waypost guides")));
    assert_eq!(answers[6]["contents"][0]["mimeType"], "text/markdown");
    assert_eq!(answers[7]["resourceTemplates"].as_array().map(Vec::len), Some(3));
    // The steps of a page, in both ways.
    let id = "networking/connect/azure/private/vhub-peering.procedure.json";
    assert_eq!(page["metadata"]["procedure"], id);
    let steps = &answers[8]["structuredContent"];
    assert_eq!(steps["id"], id);
    assert_eq!(steps["url"], format!("https://waypost.example.com/{id}"));
    let text = steps["text"].as_str().expect("a text");
    let read: Value = serde_json::from_str(text).expect("JSON");
    assert!(read["steps"].as_array().is_some_and(|steps| steps.len() > 5), "{read}");
    assert_eq!(answers[9]["contents"][0]["text"], text);
    assert_eq!(answers[9]["contents"][0]["mimeType"], "application/json");
}

fn questions() -> Value {
    let page = "networking/connect/azure/private/vhub-peering";
    json!([
        ["listTools", {}],
        call("search", json!({ "query": "--vhub-name", "limit": 3 })),
        call("fetch", json!({ "id": page })),
        call("fetch", json!({ "id": format!("{page}#clean-up") })),
        call("list", json!({})),
        ["listResources", {}],
        ["readResource", { "uri": "waypost:///index.md" }],
        ["listResourceTemplates", {}],
        call("fetch", json!({ "id": format!("{page}.procedure.json"), "max_characters": 100_000 })),
        ["readResource", { "uri": format!("waypost:///{page}.procedure.json") }],
    ])
}

#[test]
fn the_official_client_asks_over_both_transports() {
    let (_folder, out) = built();
    check(&ask(&["stdio", BINARY, out.to_str().expect("text")], &questions()));
    let server = serve(&out, &[]);
    check(&ask(&["http", &format!("http://{}/mcp", server.address)], &questions()));
}

#[test]
fn the_inspector_asks() {
    let (_folder, out) = built();
    let inspector = |more: &[&str]| -> Value {
        let output = Command::new(support::node())
            .arg(support::tools().join("node_modules/.bin/mcp-inspector"))
            .args(["--cli", BINARY, "mcp"])
            .arg(&out)
            .args(more)
            .output()
            .expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
    };
    assert_eq!(inspector(&["--method", "tools/list"])["tools"][0]["name"], "search");
    let found =
        inspector(&["--method", "tools/call", "--tool-name", "search", "--tool-arg", "query=vnet peering"]);
    assert!(found["structuredContent"]["results"].as_array().is_some_and(|results| !results.is_empty()));
    assert!(
        inspector(&["--method", "resources/list"])["resources"].as_array().is_some_and(|all| all.len() > 100)
    );
}

#[test]
fn what_goes_wrong_says_what_to_do() {
    let (_folder, out) = built();
    let secret = out.parent().expect("it has one").join("secret.md");
    std::fs::write(&secret, "---\ncanonical_url: x\n---\n\nsecret\n").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, out.join("linked.md")).expect("linked");
    let wrong = [
        "networking/connect/azur",
        "../secret",
        "/../secret",
        "..%2fsecret",
        "%2e%2e/secret",
        "networking/../../secret",
        "linked",
        secret.to_str().expect("text").trim_end_matches(".md"),
        "a\0b",
        "%00",
        "..\\secret",
        "https://elsewhere.example/networking",
        "sitemap",
        "networking/connect/azure/private/vhub-peering#no-such",
        "index?from=99999999",
        "index.procedure.json",
        "procedure.schema.json",
        "networking/connect/azure.procedure.json#here",
        "networking/connect/azure.procedure.json?from=99999999",
        "../secret.procedure.json",
        "index?from=-1",
        "\u{FFFF}",
    ];
    let mut asked: Vec<Value> = wrong.iter().map(|id| call("fetch", json!({ "id": id }))).collect();
    asked.extend([
        call("search", json!({ "query": "  " })),
        call("search", json!({ "query": "a", "section": "nowhere" })),
        call("search", json!({ "query": "a", "facets": { "cloud": "ibm" } })),
        call("search", json!({})),
        call("fetch", json!({ "id": "index", "max_characters": 1 })),
        call("list", json!({ "path": "../.." })),
        call("list", json!({ "cursor": "x" })),
    ]);
    let said = ask(&["stdio", BINARY, out.to_str().expect("text")], &json!(asked));
    for (question, answer) in asked.iter().zip(said["answers"].as_array().expect("a list")) {
        let text = answer["content"][0]["text"].as_str().unwrap_or_default();
        assert!(answer["isError"] == true && !text.is_empty(), "{question}: {answer}");
        assert!(!text.contains("secret\n"), "{question}: {text}");
    }
    let near = said["answers"][0]["content"][0]["text"].as_str().expect("text");
    assert!(near.contains("`networking/connect/azure`") && near.matches('`').count() >= 8, "{near}");
    let resources: Vec<Value> =
        ["waypost:///../secret.md", "waypost:///linked.md", "file:///etc/passwd", "waypost:///"]
            .iter()
            .map(|uri| json!(["readResource", { "uri": uri }]))
            .chain([json!(["listResources", { "cursor": "3" }]), call("nothing", json!({}))])
            .collect();
    let said = ask(&["stdio", BINARY, out.to_str().expect("text")], &json!(resources));
    let answers = said["answers"].as_array().expect("a list");
    for (index, answer) in answers.iter().enumerate().filter(|(index, _)| *index != 3) {
        assert!(answer["error"].is_string(), "{index}: {answer}");
    }
}

#[test]
fn long_pages_come_in_pieces_and_every_section_alone() {
    let (_folder, out) = built();
    let path = out.to_str().expect("text");
    // Each heading that the index of a page names is a section that `fetch` gives.
    let mut ids = Vec::new();
    for entry in walkdir::WalkDir::new(&out).into_iter().filter_map(Result::ok) {
        if entry.file_name() == "llms.txt" {
            let text = std::fs::read_to_string(entry.path()).expect("read");
            ids.extend(
                text.split("](https://waypost.example.com/")
                    .skip(1)
                    .filter_map(|rest| rest.split(')').next())
                    .filter(|url| url.contains(".md#"))
                    .map(str::to_owned),
            );
        }
    }
    assert!(ids.len() > 300, "{}", ids.len());
    let asked: Vec<Value> = ids.iter().map(|id| call("fetch", json!({ "id": id }))).collect();
    let said = ask(&["stdio", BINARY, path], &json!(asked));
    let answers = said["answers"].as_array().expect("a list");
    let missing: Vec<_> =
        ids.iter().zip(answers).filter(|(_, answer)| answer["isError"] == true).map(|(id, _)| id).collect();
    assert_eq!(missing, Vec::<&String>::new());
    // The pieces of a page come to the page.
    let whole = &ask(
        &["stdio", BINARY, path],
        &json!([call("fetch", json!({ "id": "waypost/components", "max_characters": 100_000 }))]),
    )["answers"][0]["structuredContent"];
    let (mut id, mut text, mut pieces) = ("waypost/components".to_owned(), String::new(), 0);
    loop {
        let said = ask(
            &["stdio", BINARY, path],
            &json!([call("fetch", json!({ "id": id, "max_characters": 5_000 }))]),
        );
        let piece = &said["answers"][0]["structuredContent"];
        let own = piece["text"].as_str().expect("a text");
        assert!(own.chars().count() <= 5_000);
        text.push_str(own);
        pieces += 1;
        match piece["metadata"]["next"].as_str() {
            Some(next) => next.clone_into(&mut id),
            None => break,
        }
    }
    assert_eq!(text, whole["text"].as_str().expect("a text"));
    assert!(pieces > 2, "{pieces}");
}

#[test]
fn http_answers_its_own_names_only_and_needs_no_session() {
    let (_folder, out) = built();
    let server = serve(&out, &["--allow-host", "docs.example.org"]);
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list","arguments":{}}}"#;
    let post = |host: &str, more: &str| {
        let head = format!(
            "POST /mcp HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream{more}"
        );
        raw(&server.address, &head, body)
    };
    for host in ["127.0.0.1", "localhost:3333", "docs.example.org"] {
        let (status, answer) = post(host, "");
        assert!(
            status == 200 && answer.contains("\"entries\"") && !answer.contains("mcp-session-id"),
            "{answer}"
        );
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "docs.example.org.evil.example"] {
        assert_eq!(post(host, "").0, 403, "{host}");
    }
    assert_eq!(post("localhost", "\r\nOrigin: https://evil.example").0, 403);
    assert_eq!(post("localhost", "\r\nOrigin: null").0, 403);
    assert_eq!(post("localhost", "\r\nOrigin: http://localhost:6274").0, 200);
    assert_eq!(post("localhost", "\r\nOrigin: https://docs.example.org").0, 200);
    let accept =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/html";
    assert_eq!(raw(&server.address, accept, body).0, 406);
    let get = "GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream";
    assert_eq!(raw(&server.address, get, "").0, 405);
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(2 << 20));
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream";
    assert_eq!(raw(&server.address, head, &large).0, 413);
    // The stateless protocol: no handshake at all.
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#;
    let discover = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{{{meta}}}}}"#);
    let newer = "\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: server/discover";
    let (status, answer) = raw(&server.address, &format!("{head}{newer}"), &discover);
    assert!(status == 200 && answer.contains("2026-07-28") && answer.contains("2025-11-25"), "{answer}");
}

/// Bodies that are no request, with the code of the error that answers each.
const NO_REQUESTS: [(&str, i64); 6] = [
    (r#"{"jsonrpc":"2.0","id":21,"method":"nothing/at-all","params":{}}"#, -32601),
    (r#"{"jsonrpc":"2.0","id":22,"method":"prompts/list"}"#, -32601),
    (r#"{"jsonrpc":"2.0","id":23,"method":"tools/call","params":{"name":5}}"#, -32602),
    (r#"{"jsonrpc":"2.0","id":"24","method":"resources/read"}"#, -32602),
    (r#"{"jsonrpc":"2.0","id":25,"method":"tools/call","params":{"name":"none"}}"#, -32602),
    (r#"{"jsonrpc":"2.0","id":26,"method":7}"#, -32600),
];

#[test]
fn what_is_no_request_is_answered_with_an_error() {
    let (_folder, out) = built();
    let server = serve(&out, &[]);
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream";
    let no_messages =
        [("garbage", -32700), ("{\"jsonrpc\":", -32700), ("", -32700), ("[]", -32600), ("5", -32600)];
    for (body, code) in NO_REQUESTS.into_iter().chain(no_messages) {
        let (status, answer) = raw(&server.address, head, body);
        let error: Value =
            serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        assert_eq!(error["error"]["code"], code, "{body}: {answer}");
        let is_read = !matches!(code, -32600 | -32700);
        assert_eq!(status, if is_read { 200 } else { 400 }, "{body}: {answer}");
        let id = serde_json::from_str::<Value>(body).map_or(Value::Null, |sent| sent["id"].clone());
        assert!(!is_read || error["id"] == id, "{body}: {answer}");
    }
    let mut child = Command::new(BINARY)
        .arg("mcp")
        .arg(&out)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut next =
        || -> Value { serde_json::from_str(&lines.next().expect("an answer").expect("text")).expect("JSON") };
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    writeln!(stdin, "{hello}").expect("sent");
    assert_eq!(next()["id"], 1);
    let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    writeln!(stdin, "{ready}").expect("sent");
    // What is no JSON has no answer on a stream, as all SDKs have it: the next line is answered.
    writeln!(stdin, "garbage").expect("sent");
    for (line, code) in NO_REQUESTS {
        writeln!(stdin, "{line}").expect("sent");
        assert_eq!(next()["error"]["code"], code, "{line}");
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn the_stream_ends_cleanly_with_every_answer_given() {
    let (_folder, out) = built();
    let mut child = Command::new(BINARY)
        .arg("mcp")
        .arg(&out)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let asked = r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"peering"}}}"#;
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    writeln!(stdin, "{hello}\n{ready}\n{asked}").expect("sent");
    for id in [1, 2] {
        let line = lines.next().expect("an answer").expect("text");
        let answer: Value = serde_json::from_str(&line).expect("nothing but messages");
        assert_eq!(answer["id"], id);
        assert!(id == 2 || answer["result"]["protocolVersion"] == "2025-11-25", "{answer}");
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    let output = Command::new(BINARY).arg("mcp").arg(&out).stdin(Stdio::null()).output().expect("it runs");
    assert!(output.status.success() && output.stdout.is_empty());
    let empty = tempfile::tempdir().expect("a folder");
    let output =
        Command::new(BINARY).arg("mcp").arg(empty.path()).stdin(Stdio::null()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no llms.txt"));
}

#[test]
fn sources_are_built_and_built_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write(
        "book.toml",
        "[book]\ntitle = \"Docs\"\nsrc = \"content\"\n[site]\norigin = \"https://x.org\"\n[output.html]\nsite-url = \"/docs/\"\n",
    );
    write("content/index.md", "---\ntitle: Home\ndescription: Begin.\n---\n\nPangolins.\n");
    write("content/größe.md", "---\ntitle: Größe\ndescription: Wie groß.\n---\n\nEin Wombat.\n");
    let server = serve(folder.path(), &[]);
    let url = format!("http://{}/mcp", server.address);
    let first = |query: &str| {
        let said = ask(&["http", &url], &json!([call("search", json!({ "query": query }))]));
        said["answers"][0]["structuredContent"]["results"][0].clone()
    };
    let found = first("wombat");
    assert_eq!(found["url"], "https://x.org/docs/gr%C3%B6%C3%9Fe/");
    let fetched = ask(
        &["http", &url],
        &json!([
            call("fetch", json!({ "id": found["id"] })),
            call("fetch", json!({ "id": "größe" })),
            call("fetch", json!({ "id": "https://x.org/docs/gr%C3%B6%C3%9Fe/" })),
        ]),
    );
    for answer in fetched["answers"].as_array().expect("a list") {
        assert_eq!(answer["structuredContent"]["title"], "Größe", "{answer}");
    }
    write("content/new.md", "---\ntitle: New\ndescription: Newer.\n---\n\nA capybara.\n");
    let started = std::time::Instant::now();
    while first("capybara")["id"] != "new" {
        assert!(started.elapsed() < std::time::Duration::from_secs(30), "the new page is never found");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
