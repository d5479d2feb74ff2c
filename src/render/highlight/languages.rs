//! Names of languages to grammars: what authors write after a fence, in every spelling they are used to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use syntect::parsing::{SyntaxReference, SyntaxSet};

/// Our grammars, made from `grammars/` when the crate was compiled.
static GRAMMARS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/grammars.dump"));

/// The name under which plain text answers.
const PLAIN: &str = "Plain Text";

/// A grammar, with the set that its contexts stand in.
#[derive(Clone, Copy)]
pub(super) struct Grammar<'a> {
    pub(super) set: &'a SyntaxSet,
    pub(super) syntax: &'a SyntaxReference,
    id: u64,
}

impl Grammar<'_> {
    /// A number that no other grammar has.
    pub(super) fn id(self) -> u64 {
        self.id
    }
}

/// Both sets of grammars and the names they are known by.
pub(super) struct Languages {
    aliases: BTreeMap<String, String>,
    own: Set,
    big: OnceLock<Set>,
}

/// A set of grammars, with the place of each by name in lower case.
struct Set {
    grammars: SyntaxSet,
    places: BTreeMap<String, usize>,
    /// The number of the first grammar.
    first: u64,
}

/// What a name stands for.
enum Found<'a> {
    Plain,
    Grammar(Grammar<'a>),
}

impl Languages {
    pub(super) fn new(aliases: &BTreeMap<String, String>) -> Self {
        let grammars = syntect::dumps::from_uncompressed_data(GRAMMARS)
            .expect("the build script wrote the dump with the same version of syntect");
        Self {
            aliases: aliases.iter().map(|(name, to)| (name.to_lowercase(), to.to_lowercase())).collect(),
            own: Set::new(grammars, &[], 0),
            big: OnceLock::new(),
        }
    }

    /// The grammar of a language; `None` for plain text and for names that are not known.
    pub(super) fn grammar(&self, language: &str) -> Option<Grammar<'_>> {
        match self.find(language)? {
            Found::Plain => None,
            Found::Grammar(grammar) => Some(grammar),
        }
    }

    pub(super) fn canonical(&self, language: &str) -> Option<&str> {
        Some(match self.find(language)? {
            Found::Plain => PLAIN,
            Found::Grammar(grammar) => &grammar.syntax.name,
        })
    }

    pub(super) fn names(&self) -> BTreeSet<String> {
        let aliases = self.aliases.keys().filter(|name| self.find(name).is_some());
        let plain = PLAIN_NAMES.iter().map(|name| (*name).to_owned());
        plain
            .chain(self.own.places.keys().cloned())
            .chain(self.big().places.keys().cloned())
            .chain(aliases.cloned())
            .collect()
    }

    /// The site's names win over ours, ours over the names that grammars bring along.
    fn find(&self, language: &str) -> Option<Found<'_>> {
        let language = language.to_lowercase();
        let name = self.aliases.get(&language).unwrap_or(&language);
        if PLAIN_NAMES.contains(&name.as_str()) {
            return Some(Found::Plain);
        }
        self.own.find(name).or_else(|| self.big().find(name)).map(Found::Grammar)
    }

    /// Whether a grammar of ours answers to the name.
    #[cfg(test)]
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.find(name).is_some()
    }

    fn big(&self) -> &Set {
        self.big.get_or_init(|| Set::new(two_face::syntax::extra_newlines(), NAMES, BIG))
    }
}

/// The number of the first grammar of the big set; we shall never have so many of our own.
const BIG: u64 = 1 << 16;

impl Set {
    fn new(grammars: SyntaxSet, names: &[(&str, &[&str])], first: u64) -> Self {
        let mut places = BTreeMap::new();
        for (syntax, names) in names {
            let place = grammars.syntaxes().iter().position(|other| other.name == *syntax);
            let place = place.expect("a test looks up every grammar of the table");
            places.extend(names.iter().map(|name| ((*name).to_owned(), place)));
        }
        for (place, syntax) in grammars.syntaxes().iter().enumerate().filter(|(_, syntax)| !syntax.hidden) {
            for name in syntax.file_extensions.iter().chain([&syntax.name]).filter(|name| is_word(name)) {
                places.entry(name.to_lowercase()).or_insert(place);
            }
        }
        Self { grammars, places, first }
    }

    fn find(&self, name: &str) -> Option<Grammar<'_>> {
        let place = *self.places.get(name)?;
        let syntax = &self.grammars.syntaxes()[place];
        Some(Grammar { set: &self.grammars, syntax, id: self.first + place as u64 })
    }
}

/// Whether an author would write this after a fence: grammars list file names too (`.env.local`, `1`).
fn is_word(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || "+#-_.".contains(each))
}

/// Names for text that has no grammar by intention: nothing is missing where it stays plain.
const PLAIN_NAMES: &[&str] = &[
    "text",
    "txt",
    "plain",
    "plaintext",
    "plain-text",
    "none",
    "nohighlight",
    "no-highlight",
    "output",
    "stdout",
    "stderr",
    "raw",
    "ascii",
    "ascii-art",
    "tree",
    "listing",
    "error",
    "email",
    "conversation",
    "prompt",
];

/// Names for grammars of the big set, where its own names are missing or lead to the wrong one.
#[rustfmt::skip]
pub(super) const NAMES: &[(&str, &[&str])] = &[
    ("Ruby", &["rb", "ruby", "gemfile", "rake", "jruby", "podspec", "irb", "erb-ruby", "fastlane", "vagrantfile"]),
    ("Go", &["go", "golang"]),
    ("Gomod", &["gomod", "go-mod", "go-module"]),
    ("C#", &["cs", "csharp", "c#", "dotnet", "csx", "cake"]),
    ("F#", &["fs", "fsharp", "f#", "fsx"]),
    ("C", &["c", "h"]),
    ("C++", &["cpp", "c++", "cc", "cxx", "hpp", "hxx", "h++", "ino"]),
    ("Objective-C", &["objc", "objectivec", "objective-c", "obj-c", "m"]),
    ("Objective-C++", &["objcpp", "objc++", "objective-c++", "objectivec++", "mm"]),
    ("Java", &["java", "jav"]),
    ("Kotlin", &["kotlin", "kt", "kts", "kotlin-script"]),
    ("Scala", &["scala", "sbt"]),
    ("Groovy", &["groovy", "gradle", "jenkinsfile", "jenkins", "nextflow"]),
    ("Swift", &["swift"]),
    ("Dart", &["dart", "flutter"]),
    ("PHP", &["php", "php-template", "hack-php", "blade"]),
    ("Perl", &["pl", "perl", "pm", "perl5", "raku"]),
    ("Lua", &["lua", "luau"]),
    ("R", &["r", "rscript", "splus"]),
    ("Julia", &["jl", "julia"]),
    ("MATLAB", &["matlab", "octave"]),
    ("Haskell", &["hs", "haskell", "purs-hs"]),
    ("OCaml", &["ocaml", "ml", "mli"]),
    ("Elixir", &["elixir", "ex", "exs", "heex", "leex"]),
    ("Erlang", &["erlang", "erl"]),
    ("Clojure", &["clojure", "clj", "cljs", "cljc", "edn"]),
    ("Lisp", &["lisp", "common-lisp", "commonlisp", "elisp", "emacs-lisp", "el", "scheme", "scm"]),
    ("Crystal", &["crystal", "cr"]),
    ("Nim", &["nim"]),
    ("Zig", &["zig"]),
    ("D", &["d", "dlang"]),
    ("Pascal", &["pascal", "delphi", "objectpascal"]),
    ("Ada", &["ada"]),
    ("Fortran (Modern)", &["fortran", "f90", "f95"]),
    ("LLVM", &["llvm", "ll"]),
    ("x86_64 Assembly", &["asm", "assembly", "nasm", "yasm", "asm6502", "x86asm"]),
    ("ARM Assembly", &["armasm", "arm-asm", "gas"]),
    ("SystemVerilog", &["systemverilog", "sv"]),
    ("Verilog", &["verilog"]),
    ("VHDL", &["vhdl"]),
    ("GLSL", &["glsl", "shader"]),
    ("Solidity", &["solidity", "sol"]),
    ("Racket", &["racket", "rkt"]),
    ("SML", &["sml", "standard-ml"]),
    ("Tcl", &["tcl"]),
    ("AWK", &["awk", "gawk"]),
    ("Fish", &["fish", "fish-shell", "nu", "nushell"]),
    ("Batch File", &["bat", "batch", "cmd", "dos", "batchfile", "winbatch"]),
    ("AppleScript", &["applescript", "osascript"]),
    ("VimL", &["vim", "viml", "vimscript", "vim-script", "nvim"]),
    ("SQL", &["sql", "mysql", "postgresql", "postgres", "pgsql", "plsql", "plpgsql", "tsql", "t-sql", "mssql", "sqlite", "mariadb", "snowflake", "snowflakesql", "bigquery", "bigquery-sql", "spark-sql", "sparksql", "hiveql", "hql", "presto", "trino", "redshift", "cql", "ksql", "jinja-sql", "sql+jinja", "dbt"]),
    ("GraphQL", &["graphql", "gql", "graphqls"]),
    ("Protocol Buffer", &["proto", "protobuf", "proto3", "protocol-buffer"]),
    ("HTML", &["html", "htm", "xhtml", "html5", "markup", "htmx", "web", "handlebars", "hbs", "mustache", "html+handlebars", "ejs", "angular", "angular-html", "angular-ts", "razor", "cshtml", "aspx-cs", "liquid", "astro-html", "marko"]),
    ("Vue Component", &["vue", "vue-html"]),
    ("Svelte", &["svelte"]),
    ("XML", &["xml", "svg", "plist", "xsd", "xsl", "xslt", "rss", "atom", "mathml", "ssml", "wsdl", "xaml", "axaml", "pom", "csproj", "msbuild", "nuspec", "config", "soap", "resx", "dtd"]),
    ("HTML (Twig)", &["twig", "html+twig"]),
    ("HTML (Jinja2)", &["html+jinja", "html+jinja2", "html+django", "django", "tera", "nunjucks", "njk", "askama"]),
    ("Jinja2", &["jinja", "jinja2", "j2", "jinja-template"]),
    ("HTML (Rails)", &["erb", "html+erb", "rhtml"]),
    ("HTML (EEx)", &["eex", "html+eex"]),
    ("Ruby Haml", &["haml"]),
    ("Ruby Slim", &["slim"]),
    ("CSS", &["css", "css3", "postcss", "pcss", "tailwind"]),
    ("SCSS", &["scss"]),
    ("Sass", &["sass"]),
    ("Less", &["less"]),
    ("Stylus", &["stylus", "styl"]),
    ("CoffeeScript", &["coffee", "coffeescript", "coffee-script"]),
    ("TOML", &["toml"]),
    ("INI", &["gitmodules", "toml-ini"]),
    ("Java Properties", &["properties", "java-properties", "javaproperties"]),
    ("DotENV", &["dotenv", "env", ".env", "dot-env", "envfile", "env-file", "environment"]),
    ("Terraform", &["sentinel"]),
    ("Makefile", &["make", "makefile", "mk", "gnumakefile", "bsdmake", "just", "justfile"]),
    ("CMake", &["cmake"]),
    ("Ninja", &["ninja"]),
    ("nginx", &["nginx", "nginxconf", "nginx-conf"]),
    ("Apache Conf", &["apache", "apacheconf", "httpd", "htaccess", "apache2", "vhost"]),
    ("Nix", &["nix", "nixos"]),
    ("Puppet", &["puppet", "pp"]),
    ("Rego", &["rego", "opa", "open-policy-agent"]),
    ("jsonnet", &["jsonnet", "libsonnet"]),
    ("JQ", &["jq"]),
    ("Diff", &["diff", "patch", "udiff", "git-diff", "gitdiff"]),
    ("Git Commit", &["git-commit", "gitcommit", "commit"]),
    ("Git Config", &["gitconfig", "git-config"]),
    ("Git Ignore", &["gitignore", "ignore", "dockerignore", "npmignore", "git-ignore"]),
    ("Git Attributes", &["gitattributes", "git-attributes"]),
    ("Git Rebase Todo", &["git-rebase"]),
    ("HTTP Request and Response", &["http", "https", "rest", "httpspec", "http-request", "http-response", "curl-http"]),
    ("log", &["log", "logs", "logfile"]),
    ("syslog", &["syslog"]),
    ("Graphviz (DOT)", &["dot", "graphviz", "gv"]),
    ("gnuplot", &["gnuplot"]),
    ("LaTeX", &["latex", "tex", "katex", "math", "asciimath"]),
    ("BibTeX", &["bibtex", "bib"]),
    ("Typst", &["typst", "typ"]),
    ("reStructuredText", &["rst", "restructuredtext", "rest-text"]),
    ("AsciiDoc (Asciidoctor)", &["asciidoc", "adoc", "asciidoctor"]),
    ("orgmode", &["org", "orgmode", "org-mode"]),
    ("MediaWiki", &["wiki", "mediawiki", "wikitext"]),
    ("Textile", &["textile"]),
    ("Groff/troff", &["groff", "troff", "roff", "man-page"]),
    ("Manpage", &["man"]),
    ("Command Help", &["help", "usage", "cli-help", "cmd-help"]),
    ("Regular Expression", &["regex", "regexp", "re", "pcre"]),
    ("Separated Values", &["csv", "ssv", "psv"]),
    ("Tab Separated Values", &["tsv"]),
    ("Hosts File", &["hosts", "hosts-file"]),
    ("SSH Config", &["sshconfig", "ssh-config", "ssh_config"]),
    ("Crontab", &["cron", "crontab"]),
    ("Requirements.txt", &["requirements", "requirements.txt", "pip-requirements", "pip"]),
    ("Robot Framework", &["robot", "robotframework", "robot-framework"]),
    ("NSIS", &["nsis"]),
    ("CFML", &["cfml", "coldfusion", "cfm"]),
    ("ASP", &["asp", "vb", "vbnet", "vbscript", "visual-basic", "vba", "vbs"]),
    ("ActionScript", &["actionscript", "as", "as3"]),
    ("Elm", &["elm"]),
    ("PureScript", &["purescript", "purs"]),
    ("Lean 4", &["lean", "lean4"]),
    ("Idris", &["idris"]),
    ("GDScript (Godot Engine)", &["gdscript", "godot"]),
    ("QML", &["qml"]),
    ("WGSL", &["wgsl"]),
    ("Vyper", &["vyper"]),
    ("Odin", &["odin"]),
    ("LiveScript", &["livescript"]),
    ("Email", &["eml", "mail", "mime"]),
    ("Strace", &["strace"]),
    ("Java Server Page (JSP)", &["jsp"]),
];
