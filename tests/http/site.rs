//! Two small sites with everything that an address can hold.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::client;
use crate::table::Facts;

const REDIRECTS: &str = r#"
[output.html.redirect]
"old/start" = "/guide/start"
"part" = "/guide/start#begin-here"
'we ird/"q";{$x} #<a>' = 'https://example.org/a b?c=$d&e="{f};g'
"$uri{$HOME}%{ENV:X}`'" = "/guide/start"
"default" = "/guide/start"
"dollars" = "https://example.org/?a=$1&b=${c}"
"__proto__" = "/guide/start"
'~^(a|b).*$' = "/guide/start"
'x" ; } deny all; #' = "/guide/start"
"a %1 $1 ${1} {path}" = "/guide/start"
"#;

/// A site in a temporary folder, built.
pub(crate) struct Site {
    folder: std::rc::Rc<tempfile::TempDir>,
    /// Where its files are.
    output: PathBuf,
    /// The path it is served under.
    pub(crate) base: String,
    slash: &'static str,
    origin: String,
}

impl Site {
    /// At the root of its host, with slashes at the end of its addresses.
    pub(crate) fn at_the_root() -> Self {
        Self::new("/", true)
    }

    /// Below a path that has to be encoded, without slashes.
    pub(crate) fn below_a_path() -> Self {
        Self::new("/d\u{f6}cs/v1/", false)
    }

    fn new(path: &str, trailing_slash: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &[u8]| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        let book = format!(
            "[book]\ntitle = \"Table\"\nsrc = \"content\"\n[site]\norigin = \"https://docs.example.com\"\ntrailing-slash = {trailing_slash}\nstatic-dirs = [\"static\"]\n[output.html]\nsite-url = \"{path}\"\n{REDIRECTS}\n[check.rules]\nmissing-description = \"off\"\n"
        );
        write("book.toml", book.as_bytes());
        write("content/index.md", b"---\ntitle: Home\nslug: /\n---\n\nWelcome. [Start](guide/start.md).\n");
        let long = "Words that fill the page so that it is worth packing. ".repeat(60);
        let start = format!("---\ntitle: Start\n---\n\n## Begin here\n\n{long}\n");
        write("content/guide/start.md", start.as_bytes());
        write("content/guide/next.md", b"---\ntitle: Next\n---\n\nMore.\n");
        write("content/v.md", b"---\ntitle: Version\nslug: /v1.2\n---\n\nA version.\n");
        write("content/package.md", b"---\ntitle: Package\nslug: /ref/package.json\n---\n\nA reference.\n");
        let tabs = "<Tabs>\n<TabItem value=\"azure\" label=\"Azure\">\n\n1. Log in.\n2. Go on.\n\n</TabItem>\n<TabItem value=\"aws\" label=\"AWS\">\n\n1. Open it.\n2. Go on.\n\n</TabItem>\n</Tabs>\n";
        for (path, slug) in
            [("content/guide/choice.md", "/guide/choice"), ("content/odd.md", "/caf\u{e9}/v2.0")]
        {
            let page = format!("---\ntitle: Choice at {slug}\nslug: {slug}\nvariants: true\n---\n\n{tabs}");
            write(path, page.as_bytes());
        }
        write("content/plain.md", b"---\ntitle: Plain\nnoindex: true\n---\n\nNot for lists.\n");
        let paper = "---\ntitle: Paper\nslug: '/gr\u{fc}\u{df}e (a) 100%'\n---\n\nOn paper.\n";
        write("content/paper.md", paper.as_bytes());
        write("static/img/dot.png", include_bytes!("../../content/static/img/guide.png"));
        write("static/notes.of.mine.md", b"# Notes\n");
        write("static/assets/photo.20231201.css", b"a{}");
        write("static/changes.atom", b"<feed xmlns=\"http://www.w3.org/2005/Atom\"/>");
        write("static/guide/start.procedure.json", b"{}");
        let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
            .args(["build", "--quiet"])
            .arg(folder.path())
            .args(["--out".as_ref(), folder.path().join("www").join(&path[1..]).as_os_str()])
            .output()
            .expect("the binary runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // Apache calls the tag of a file that is a second old a weak one.
        let files = walkdir::WalkDir::new(folder.path().join("www")).into_iter().filter_map(Result::ok);
        let then = std::time::SystemTime::now() - std::time::Duration::from_hours(1);
        for file in files.filter(|file| file.file_type().is_file()) {
            let file = std::fs::File::options().write(true).open(file.path()).expect("opened");
            file.set_modified(then).expect("its time can be set");
        }
        let output = folder.path().join("www").join(&path[1..]);
        let base = path.replace('\u{f6}', "%C3%B6").replace(' ', "%20");
        let slash = if trailing_slash { "/" } else { "" };
        let origin = "https://docs.example.com".to_owned();
        Self { folder: std::rc::Rc::new(folder), output, base, slash, origin }
    }

    /// The same site, built elsewhere for another origin.
    pub(crate) fn from(&self, output: PathBuf, url: &str) -> Self {
        let origin = url[..url[8..].find('/').map_or(url.len(), |at| at + 8)].to_owned();
        Self { folder: self.folder.clone(), output, base: self.base.clone(), slash: self.slash, origin }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that a server serves.
    pub(crate) fn www(&self) -> PathBuf {
        self.folder.path().join("www")
    }

    pub(crate) fn has_slashes(&self) -> bool {
        !self.slash.is_empty()
    }

    pub(crate) fn home(&self) -> String {
        self.base.clone()
    }

    fn page(&self, route: &str) -> String {
        format!("{}{route}{}", self.base, self.slash)
    }

    /// What the table says in braces, of the files alone.
    pub(crate) fn plain_facts(&self) -> Facts {
        let mut facts = Facts::from([
            ("base".to_owned(), self.base.clone()),
            ("origin".to_owned(), self.origin.clone()),
            ("home".to_owned(), self.home()),
            ("start".to_owned(), self.page("guide/start")),
            ("paper".to_owned(), self.page("gr%C3%BC%C3%9Fe%20%28a%29%20100%25")),
            ("plain".to_owned(), self.page("plain")),
            ("odd".to_owned(), self.page("v1.2")),
            ("package".to_owned(), self.page("ref/package.json")),
            ("choice".to_owned(), self.page("guide/choice")),
            ("version".to_owned(), self.page("caf%C3%A9/v2.0")),
            ("style".to_owned(), self.find("assets", "theme.", ".css")),
            ("piece".to_owned(), self.find("assets/search/pieces", "p", ".js")),
        ]);
        for path in [
            "index.md",
            "guide/start.md",
            "guide/choice.azure.md",
            "caf\u{e9}/v2.0.aws.md",
            "gr\u{fc}\u{df}e (a) 100%.md",
        ] {
            let text = std::fs::read_to_string(self.output.join(path)).expect("it is written");
            let tokens = text.lines().find_map(|line| line.strip_prefix("tokens: ")).expect("its length");
            facts.insert(format!("tokens:{path}"), tokens.to_owned());
        }
        facts
    }

    /// The same, with the tags that a server has for the forms of a page.
    pub(crate) fn facts(&self, port: u16) -> Facts {
        let mut facts = self.plain_facts();
        let start = self.page("guide/start");
        let send = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        for (name, headers) in [
            ("html", send("Accept", "text/html")),
            ("markdown", send("Accept", "text/markdown")),
            ("html-gzip", send("Accept-Encoding", "gzip")),
        ] {
            let answer = client::get(port, &start, &headers);
            assert_eq!(answer.status, 200, "{start} {answer:?}");
            facts.insert(format!("etag:{name}"), answer.header("etag"));
        }
        assert_ne!(facts["etag:html"], facts["etag:markdown"]);
        facts
    }

    fn find(&self, folder: &str, start: &str, end: &str) -> String {
        let files = std::fs::read_dir(self.output.join(folder)).expect("a folder");
        let mut names: Vec<String> =
            files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let name = names.iter().find(|name| name.starts_with(start) && name.ends_with(end)).expect("one");
        format!("{folder}/{name}")
    }
}
