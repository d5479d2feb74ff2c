//! Search from the outside: sites are built by the real binary, and the engine that readers load answers in Node.

#![expect(clippy::disallowed_methods, reason = "tests stand outside of the program, in the world")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// A site with one page of everything that is found in a way of its own.
const FILES: &[(&str, &str)] = &[
    (
        "book.toml",
        "[book]\ntitle = \"Docs\"\nsrc = \"content\"\n[output.html]\nsite-url = \"/docs/\"\n\
         [search]\nfacets.cloud = [\"aws\", \"azure\"]\n",
    ),
    ("content/index.md", "---\ntitle: Home\ndescription: Where all begins.\n---\n\nWelcome.\n"),
    (
        "content/guides/roles.md",
        "---\ntitle: Roles\ndescription: Who may do what.\ntags: [Azure]\n---\n\nText before the first heading: pangolins.\n\n\
         ## Grant the role {#grant}\n\n\
         <Tabs groupId=\"shell\">\n<TabItem value=\"sh\" label=\"Bash\">\n\nBefore anything else, sign in as an aardvark.\n\n\
         ```sh\n$ az role definition create \\\n    --role-definition role.json\n```\n\n</TabItem>\n\
         <TabItem value=\"ps\" label=\"Power Shell\">\n\n### With a module {#module}\n\nImport the wombat.\n\n\
         </TabItem>\n</Tabs>\n\nAfter the tabs: quokkas.\n\n## Permissions\n\nThe role holds `Microsoft.Network/virtualHubs/read`.\n\n\
         <Visibility for=\"agents\">\n\nOnly agents read of the axolotl.\n\n</Visibility>\n\n\
         <llms-ignore>\n\nOnly people read of the capybara.\n\n</llms-ignore>\n\n{/* nobody reads of the dodo */}\n",
    ),
    (
        "content/guides/deploying.md",
        "---\ntitle: Deploying\ndescription: How code gets there.\ntags: [aws]\n---\n\n\
         You deployed it; each deployment has its {customer-subscription-id}. The role is not explained here.\n\n## Zürich\n\nTo Zürich.\n",
    ),
    (
        "content/guides/日本語.md",
        "---\ntitle: 検索機能\ndescription: 索引について。\n---\n\n全文検索の仕組みを説明します。\n",
    ),
    ("content/kept/unlisted.md", "---\ntitle: Unlisted\nunlisted: true\n---\n\nAn ocelot.\n"),
    ("content/kept/noindex.md", "---\ntitle: Noindex\nnoindex: true\n---\n\nAn ocelot.\n"),
    ("content/kept/draft.md", "---\ntitle: Draft\ndraft: true\n---\n\nAn ocelot.\n"),
    ("content/kept/unsearched.md", "---\ntitle: Unsearched\nsearch: false\n---\n\nAn ocelot.\n"),
];

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in FILES {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let site = Self { folder };
        build(site.folder.path(), &site.out());
        site
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({}))
    }

    fn ask_with(&self, query: &str, options: Value) -> Value {
        ask(&self.out(), "/docs/", &[(query, options)]).remove(0)["answer"].take()
    }

    /// The address of the first result.
    fn first(&self, query: &str) -> String {
        self.ask(query)["results"][0]["url"].as_str().unwrap_or_default().to_owned()
    }
}

fn build(site: &Path, out: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["build", "--quiet", "--out"])
        .args([out, site])
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Asks the engine of a built site, in Node.
fn ask(out: &Path, base: &str, queries: &[(&str, Value)]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/search.cjs");
    let mut child = Command::new(support::node())
        .arg(script)
        .arg(out)
        .arg(base)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node runs");
    let given = serde_json::to_string(queries).expect("it is JSON");
    child.stdin.take().expect("it is piped").write_all(given.as_bytes()).expect("Node reads");
    let output = child.wait_with_output().expect("Node ends");
    assert!(output.status.success(), "the engine failed");
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(out.join("assets/search"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(out).expect("it is below").to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("read"))
        })
        .collect()
}

#[test]
fn words_are_found_by_their_start_their_stem_and_in_spite_of_a_slip() {
    let site = Site::build();
    let roles = "/docs/guides/roles/";
    let deploying = "/docs/guides/deploying/";
    for (query, url) in [
        ("pango", roles),
        ("pangolins", roles),
        ("pangolin", roles),
        ("pagnolins", roles),
        ("angolins", roles),
        ("pangolinss", roles),
        ("xangolins", roles),
        ("deploys", deploying),
        ("deploy", deploying),
        ("zurich", "/docs/guides/deploying/#z%C3%BCrich"),
        ("ZÜRICH", "/docs/guides/deploying/#z%C3%BCrich"),
        ("customer-subscription-id", deploying),
        ("quokka", "/docs/guides/roles/#grant"),
        ("capybara", "/docs/guides/roles/#permissions"),
    ] {
        assert!(site.first(query).starts_with(url), "{query}: {}", site.first(query));
    }
    assert_eq!(site.first("全文検索"), "/docs/guides/%E6%97%A5%E6%9C%AC%E8%AA%9E/");
    assert_eq!(site.first("索"), "/docs/guides/%E6%97%A5%E6%9C%AC%E8%AA%9E/");
    for query in ["axolotl", "dodo", "pangolingo", "", "   ", "-", "--", "\"", "\u{FFFF}"] {
        assert_eq!(site.ask(query)["total"], 0, "{query}");
    }
}

#[test]
fn flags_dotted_names_and_commands_are_found_exactly() {
    let site = Site::build();
    let found = site.ask("--role-definition");
    assert_eq!(found["total"], 1);
    assert_eq!(found["results"][0]["kind"], "command");
    assert_eq!(found["results"][0]["words"], json!(["--role-definition"]));
    assert_eq!(site.ask("--role-def")["total"], 1);
    assert_eq!(site.first("role-definition"), "/docs/guides/roles/?tab=Bash#grant");
    assert_eq!(site.first("Microsoft.Network/virtualHubs/read"), "/docs/guides/roles/#permissions");
    assert_eq!(site.first("microsoft.network"), "/docs/guides/roles/#permissions");
    assert_eq!(site.first("virtual hubs"), "/docs/guides/roles/#permissions");
    assert_eq!(site.first("az role definition"), "/docs/guides/roles/?tab=Bash#grant");
    assert_eq!(site.ask("--no-such-flag-anywhere")["total"], 0);
}

#[test]
fn a_hit_in_a_hidden_tab_opens_that_tab_at_its_heading_with_its_words() {
    let site = Site::build();
    let found = &site.ask("aardvark")["results"][0];
    assert_eq!(found["url"], "/docs/guides/roles/?tab=Bash#grant");
    assert_eq!(found["tabs"], json!(["Bash"]));
    assert_eq!(found["heading"], "Grant the role");
    assert_eq!(found["words"], json!(["aardvark"]));
    let marked: Vec<&Value> =
        found["excerpt"].as_array().expect("a list").iter().filter(|piece| piece["mark"] == true).collect();
    assert_eq!(marked, [&json!({ "text": "aardvark", "mark": true })]);
    let found = &site.ask("wombats")["results"][0];
    assert_eq!(found["url"], "/docs/guides/roles/?tab=Power%20Shell#module");
    // What stands after the tabs is in none.
    assert_eq!(site.ask("quokkas")["results"][0]["tabs"], json!([]));
}

#[test]
fn titles_come_first_and_results_can_be_narrowed() {
    let site = Site::build();
    let found = site.ask("roles");
    assert_eq!(found["results"][0]["title"], "Roles");
    assert_eq!(found["results"][0]["kind"], "page");
    assert_eq!(found["results"][0]["crumbs"], json!(["guides", "Roles"]));
    assert_eq!(found["total"], 2);
    assert_eq!(found["sections"], json!([{ "name": "guides", "count": 2 }]));
    let clouds = json!([{ "name": "cloud", "values": [{ "value": "aws", "count": 1 }, { "value": "azure", "count": 1 }] }]);
    assert_eq!(found["facets"], clouds);
    let narrowed = site.ask_with("roles", json!({ "facets": { "cloud": "aws" } }));
    assert_eq!(narrowed["total"], 1);
    assert_eq!(narrowed["results"][0]["title"], "Deploying");
    // What the other choice would give is still said.
    assert_eq!(narrowed["facets"], clouds);
    assert_eq!(site.ask_with("roles", json!({ "section": "nowhere" }))["total"], 0);
    let second = site.ask_with("roles", json!({ "limit": 1, "offset": 1 }));
    assert_eq!(second["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["results"][0]["url"], found["results"][1]["url"]);
}

#[test]
fn the_index_lists_the_pages_that_the_other_indexes_list() {
    let site = Site::build();
    assert_eq!(site.ask("ocelot")["total"], 0);
    let out = site.out();
    let mut searched = BTreeSet::new();
    for (path, bytes) in files(&out) {
        if let Some(rest) = path.strip_prefix("assets/search/pieces/p") {
            assert!(rest.ends_with(".js"));
            let text = String::from_utf8(bytes).expect("it is text");
            let address = text.split('"').nth(3).expect("the address comes first").to_owned();
            searched.insert(address);
        }
    }
    let sitemap = std::fs::read_to_string(out.join("sitemap.xml")).expect("read");
    let listed: BTreeSet<String> = sitemap
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split("</loc>").next())
        .filter_map(|url| url.split("/docs/").nth(1).map(str::to_owned))
        // `search: false` is the one way to be listed and not found.
        .filter(|address| address != "kept/unsearched/")
        .collect();
    assert_eq!(searched, listed);
    assert!(searched.len() > 3, "{searched:?}");
}

#[test]
fn pieces_are_small_and_the_same_every_time() {
    let folder = support::shipped();
    let site = folder.path().join("site");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    build(&site, &first);
    build(&site, &second);
    let made = files(&first);
    assert!(made == files(&second), "two builds differ");
    let large: Vec<_> =
        made.iter().filter(|(_, bytes)| bytes.len() >= 50_000).map(|(path, _)| path).collect();
    assert_eq!(large, Vec::<&String>::new());
    assert!(made.len() > 50);
    // English alone of all stemmers, with its licence.
    let stemmers: Vec<_> = made.keys().filter(|path| path.contains("/stem/")).collect();
    assert_eq!(stemmers.len(), 2, "{stemmers:?}");

    let answers = ask(&first, "/", &[("--vhub-name", json!({})), ("how to peer a vnet", json!({}))]);
    let url = answers[0]["answer"]["results"][0]["url"].as_str().unwrap_or_default().to_owned();
    assert!(url.starts_with("/networking/connect/azure/private/vhub-peering/"), "{url}");
    for answer in &answers {
        assert!(answer["bytes"].as_u64().is_some_and(|bytes| bytes < 300_000), "{}", answer["bytes"]);
    }
    let clouds: BTreeSet<&str> = answers[1]["answer"]["facets"][0]["values"]
        .as_array()
        .expect("the site has a facet")
        .iter()
        .filter_map(|value| value["value"].as_str())
        .collect();
    assert_eq!(clouds, BTreeSet::from(["aws", "azure", "gcp"]));
}

#[test]
fn a_site_without_search_has_none_of_it() {
    let site = Site::build();
    let book = site.folder.path().join("book.toml");
    std::fs::write(&book, format!("{}enabled = false\n", FILES[0].1)).expect("written");
    build(site.folder.path(), &site.out());
    assert_eq!(files(&site.out()).keys().collect::<Vec<_>>(), Vec::<&String>::new());
    let page = std::fs::read_to_string(site.out().join("index.html")).expect("read");
    assert!(!page.contains("data-search"));
}
