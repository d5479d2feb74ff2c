//! Real web servers with the packs that `waypost host` makes for them, each on a port of its own, as whoever runs the test.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::Site;

/// A server that ends with this value.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    /// What its pack says it cannot do.
    pub(crate) limits: Vec<String>,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked first, so that it ends its own workers.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(5) {
            if self.child.try_wait().expect("it can be asked").is_some() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().expect("the server can be stopped");
        self.child.wait().expect("the server stops");
    }
}

/// Writes a pack and gives the codes of what its host cannot do, as its comments name them.
pub(crate) fn pack(site: &Site, host: &str, folder: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["host", host])
        .arg(site.folder())
        .args(["--out".as_ref(), folder.as_os_str()])
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut limits = Vec::new();
    for file in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
        for line in
            text.lines().filter_map(|line| line.trim_start_matches(['#', '/', ' ']).strip_prefix("limit "))
        {
            limits.push(line.split(':').next().expect("a code").to_owned());
        }
    }
    limits
}

fn start(site: &Site, host: &str, run: impl Fn(&Path, &Path, u16) -> Command) -> Server {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules = folder.path().join("rules");
    let limits = pack(site, host, &rules);
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = free.local_addr().expect("its address").port();
    drop(free);
    let mut child = run(folder.path(), &rules, port)
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{host} is not installed: {error}"));
    let asked = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = child.try_wait().expect("it can be asked").is_some();
        if ended || asked.elapsed() > Duration::from_secs(30) {
            drop(child.kill());
            let output = child.wait_with_output().expect("it ended");
            panic!("{host} does not serve: {}", String::from_utf8_lossy(&output.stderr));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // What it says is read on, so that it never waits for a reader.
    let mut stderr = child.stderr.take().expect("it is piped");
    std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    Server { child, port, limits, _folder: folder }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout.starts_with(b"0\n")
}

pub(crate) fn nginx(site: &Site) -> Server {
    start(site, "nginx", |folder, rules, port| {
        let (temporary, www) = (folder.display(), site.www());
        let user = if is_root() { "user root;" } else { "" };
        let temps: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {temporary}/{name};\n"))
            .collect();
        let text = format!(
            "{user}\ndaemon off;\npid {temporary}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temps}include {rules}/waypost-maps.conf;\nserver {{\nlisten 127.0.0.1:{port};\nroot {www};\ninclude {rules}/waypost-server.conf;\n}}\n}}\n",
            rules = rules.display(),
            www = www.display(),
        );
        let path = folder.join("nginx.conf");
        std::fs::write(&path, text).expect("written");
        let mut command = Command::new("nginx");
        command.args(["-e", "stderr", "-c"]).arg(path).arg("-p").arg(folder);
        command
    })
}

pub(crate) fn caddy(site: &Site) -> Server {
    start(site, "caddy", |folder, rules, port| {
        let text = format!(
            "{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {data}\n}}\nimport {rules}/waypost.caddy\nhttp://localhost:{port} {{\n\tbind 127.0.0.1\n\troot * {www}\n\timport waypost\n}}\n",
            data = folder.join("data").display(),
            rules = rules.display(),
            www = site.www().display(),
        );
        let path = folder.join("Caddyfile");
        std::fs::write(&path, text).expect("written");
        let mut command = Command::new("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(path);
        command
    })
}

pub(crate) fn apache(site: &Site) -> Server {
    start(site, "apache", |folder, rules, port| {
        let modules: String = [
            "mpm_event",
            "authz_core",
            "authz_host",
            "mime",
            "dir",
            "headers",
            "rewrite",
            "filter",
            "deflate",
        ]
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
        let user = if is_root() { "User www-data\nGroup www-data\n" } else { "" };
        let text = format!(
            "ServerRoot {folder}\nPidFile {folder}/pid\nDefaultRuntimeDir {folder}\nErrorLog /dev/stderr\nServerName localhost\nListen 127.0.0.1:{port}\n{modules}TypesConfig /dev/null\n{user}<VirtualHost 127.0.0.1:{port}>\nDocumentRoot \"{www}\"\n<Directory \"{www}\">\nRequire all granted\n</Directory>\nDefine WAYPOST {rules}\nInclude ${{WAYPOST}}/waypost.conf\n</VirtualHost>\n",
            folder = folder.display(),
            rules = rules.display(),
            www = site.www().display(),
        );
        let path = folder.join("apache.conf");
        std::fs::write(&path, text).expect("written");
        let mut command = Command::new("apache2");
        command.args(["-D", "FOREGROUND", "-f"]).arg(path);
        command
    })
}
