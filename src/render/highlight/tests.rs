//! What readers see, written as `class‹token›`: `f‹az› g‹group› f‹list›`.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Highlighter;

fn highlighter() -> Highlighter {
    Highlighter::new(&BTreeMap::new())
}

/// Highlights and writes the spans as `class‹token›`.
fn seen(language: &str, code: &str) -> String {
    let lines: Vec<String> = highlighter().lines(language, code).iter().map(|line| marks(line)).collect();
    lines.join("\n")
}

fn marks(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split("<span class=\"") {
        match piece.split_once("\">") {
            Some((class, rest)) if class.len() == 1 => {
                out.push_str(class);
                out.push('‹');
                out.push_str(&rest.replacen("</span>", "›", 1));
            }
            _ => out.push_str(piece),
        }
    }
    unescape(&out)
}

fn unescape(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The text a reader copies.
fn text(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split("<span class=\"") {
        out.push_str(if out.is_empty() && !html.starts_with("<span") {
            piece
        } else {
            piece.get(3..).unwrap_or("")
        });
    }
    unescape(&out.replace("</span>", ""))
}

#[track_caller]
fn shows(language: &str, code: &str, expected: &str) {
    assert_eq!(seen(language, code), expected);
}

#[test]
fn az_has_groups_a_command_flags_and_values() {
    shows(
        "azurecli",
        "# Who may peer\n\
         az ad sp create --id a67e6057-7138-4f78-bbaf-fd9db7b8aab0\n\
         az role definition create --role-definition ~/peering-role.json\n\
         az role assignment list --assignee a67e --all -o table",
        "c‹# Who may peer›\n\
         f‹az› g‹ad› g‹sp› f‹create› a‹--id› s‹a67e6057-7138-4f78-bbaf-fd9db7b8aab0›\n\
         f‹az› g‹role› g‹definition› f‹create› a‹--role-definition› s‹~/peering-role.json›\n\
         f‹az› g‹role› g‹assignment› f‹list› a‹--assignee› s‹a67e› a‹--all› a‹-o› n‹table›",
    );
}

#[test]
fn a_continued_command_is_one_command() {
    let code = "az role assignment create \\\n--assignee a67e \\\n    --role \"VHub Peering\" \\\n  --scope \"/subscriptions/{customer-subscription-id}\"\naz login";
    shows(
        "az",
        code,
        "f‹az› g‹role› g‹assignment› f‹create› o‹\\›\n\
         a‹--assignee› s‹a67e› o‹\\›\n    \
         a‹--role› s‹\"VHub Peering\"› o‹\\›\n  \
         a‹--scope› s‹\"/subscriptions/›p‹{customer-subscription-id}›s‹\"›\n\
         f‹az› f‹login›",
    );
    let backquoted = seen("azurecli-interactive", &code.replace('\\', "`"));
    assert_eq!(backquoted, seen("az", code).replace("o‹\\›", "o‹`›"));
}

#[test]
fn queries_are_jmespath_in_both_quotes_and_over_lines() {
    shows(
        "az",
        "az vm list \\\n  --query \"[?state=='VM running'].{\n    name: name,\n    id: id\n  }\" -o tsv\n\
         az vm list --query '[?name==`x`].{\n  a: b\n}' | tee out.txt",
        "f‹az› g‹vm› f‹list› o‹\\›\n  a‹--query› s‹\"›[o‹?›v‹state›o‹==›s‹'VM running'›].{\n    \
         a‹name›: v‹name›,\n    a‹id›: v‹id›\n  }s‹\"› a‹-o› n‹tsv›\n\
         f‹az› g‹vm› f‹list› a‹--query› s‹'›[o‹?›v‹name›o‹==›n‹`x`›].{\n  a‹a›: v‹b›\n}s‹'› o‹|› f‹tee› out.txt",
    );
}

#[test]
fn az_is_known_within_a_script() {
    shows(
        "bash",
        "ID=$(az group show -n <rg> --query id -o tsv)\nfor id in $(az vm list --query \"[].id\"); do az vm start --ids \"$id\"; done",
        "v‹ID›o‹=$(›f‹az› g‹group› f‹show› a‹-n› p‹<rg>› a‹--query› v‹id› a‹-o› n‹tsv›o‹)›\n\
         k‹for› v‹id› k‹in› o‹$(›f‹az› g‹vm› f‹list› a‹--query› s‹\"›o‹[]›.v‹id›s‹\"›o‹);› k‹do› \
         f‹az› g‹vm› f‹start› a‹--ids› s‹\"›v‹$id›s‹\"›o‹;› k‹done›",
    );
}

#[test]
fn an_escaped_quote_opens_no_string() {
    let lines = seen("az", "az version --query \\\"azure-cli\\\"\naz vm list -o table");
    assert_eq!(lines.lines().next_back(), Some("f‹az› g‹vm› f‹list› a‹-o› n‹table›"), "{lines}");
}

#[test]
fn placeholders_stand_anywhere_in_a_command() {
    shows(
        "az",
        "az vm show -g <your group> -n {vm-name}",
        "f‹az› g‹vm› f‹show› a‹-g› p‹<your group>› a‹-n› p‹{vm-name}›",
    );
    shows("az", "az x --ids /a/{b}/c/<d>/e", "f‹az› f‹x› a‹--ids› s‹/a/›p‹{b}›s‹/c/›p‹<d>›s‹/e›");
    shows("bash", "<command> --name {a}{b}", "p‹<command>› a‹--name› p‹{a}›p‹{b}›");
    shows("bash", "a <none> \"<pending>\" <none-of-them>", "f‹a› <none> s‹\"<pending>\"› p‹<none-of-them>›");
    shows("bash", "x < in.txt > out.txt 2>&1", "f‹x› o‹<› in.txt o‹>› out.txt o‹2>&1›");
    shows("bash", "awk '{print}' {1..3}", "f‹awk› s‹'{print}'› {1..3}");
    shows("sh", "curl -d '{\"id\": \"{my-id}\"}'", "f‹curl› a‹-d› s‹'{\"id\": \"›p‹{my-id}›s‹\"}'›");
}

#[test]
fn query_is_jmespath() {
    shows(
        "azurecli",
        "az vm list --query \"[?size >= \\`50\\` && contains(kind, 'SSD')].{Name:name, Max:max(sizes[0])}\" -o tsv",
        "f‹az› g‹vm› f‹list› a‹--query› s‹\"›[o‹?›v‹size› o‹>=› n‹\\`50\\`› o‹&&› f‹contains›(v‹kind›, \
         s‹'SSD'›)].{a‹Name›:v‹name›, a‹Max›:f‹max›(v‹sizes›[n‹0›])}s‹\"› a‹-o› n‹tsv›",
    );
    shows(
        "az",
        "az x list --query '[].{\"A b\":c.d}' --output table",
        "f‹az› g‹x› f‹list› a‹--query› s‹'›o‹[]›.{a‹\"A b\"›:v‹c›.v‹d›}s‹'› a‹--output› n‹table›",
    );
    shows("az", "az x list --query [].id | cat", "f‹az› g‹x› f‹list› a‹--query› o‹[]›.v‹id› o‹|› f‹cat›");
    shows(
        "bash",
        "ID=$(az x list --query \"[?contains(ip, '$IP')].id\" -o tsv)",
        "v‹ID›o‹=$(›f‹az› g‹x› f‹list› a‹--query› s‹\"›[o‹?›f‹contains›(v‹ip›, s‹'›v‹$IP›s‹'›)].v‹id›s‹\"› a‹-o› n‹tsv›o‹)›",
    );
    shows("jmespath", "sort_by(a, &b) | [0]", "f‹sort_by›(v‹a›, o‹&›v‹b›) o‹|› [n‹0›]");
}

#[test]
fn shells_know_their_words_and_the_cloud_tools() {
    shows(
        "bash",
        "for id in $(az vm list -o tsv); do\n  if [[ -n \"$id\" ]]; then echo \"on ${id}\"; fi\ndone",
        "k‹for› v‹id› k‹in› o‹$(›f‹az› g‹vm› f‹list› a‹-o› n‹tsv›o‹);› k‹do›\n  \
         k‹if› o‹[[› a‹-n› s‹\"›v‹$id›s‹\"› o‹]];› k‹then› f‹echo› s‹\"on› v‹${id}›s‹\"›o‹;› k‹fi›\nk‹done›",
    );
    shows(
        "sh",
        "export REGION=us-east-1\naws ec2 create-vpc --cidr 10.0.0.0/16 --query 'Vpc.VpcId'",
        "k‹export› v‹REGION›o‹=›us-east-1\n\
         f‹aws› g‹ec2› f‹create-vpc› a‹--cidr› s‹10.0.0.0/16› a‹--query› s‹'›v‹Vpc›.v‹VpcId›s‹'›",
    );
    shows(
        "shell",
        "gcloud compute networks peerings create one --network=two",
        "f‹gcloud› g‹compute› g‹networks› g‹peerings› f‹create› s‹one› a‹--network›=s‹two›",
    );
    shows(
        "zsh",
        "$ sudo kubectl get pods -n kube-system",
        "m‹$› f‹sudo› f‹kubectl› f‹get› pods a‹-n› kube-system",
    );
    shows(
        "bash",
        "case \"$1\" in\n  start|stop) run ;;\nesac",
        "k‹case› s‹\"›v‹$1›s‹\"› k‹in›\n  s‹start|stop›o‹)› f‹run› o‹;;›\nk‹esac›",
    );
    shows("bash", "It doesn't matter", "f‹It› doesn't matter");
}

#[test]
fn a_here_document_ends_where_it_says() {
    shows(
        "bash",
        "cat <<EOF | kubectl apply -f -\nname: $NAME\nEOF\necho done",
        "f‹cat› o‹<<›s‹EOF› o‹|› f‹kubectl› apply a‹-f› -\ns‹name:› v‹$NAME›\ns‹EOF›\nf‹echo› done",
    );
    shows("bash", "cat > x <<'EOF'\n$NAME\nEOF\nls", "f‹cat› o‹>› x o‹<<›s‹'EOF'›\ns‹$NAME›\ns‹EOF›\nf‹ls›");
}

#[test]
fn a_console_tells_commands_from_answers() {
    shows(
        "console",
        "$ az vm create \\\n    --name one\nName  State\none   'up'\n# apt update\n# Now wait\nme@host:~$ ls",
        "m‹$› f‹az› g‹vm› f‹create› o‹\\›\n    a‹--name› s‹one›\nName  State\none   'up'\nm‹#› f‹apt› f‹update›\n\
         c‹# Now wait›\nm‹me@host:~$› f‹ls›",
    );
}

#[test]
fn json_has_keys_and_placeholders() {
    shows(
        "json",
        "{\n  \"AssignableScopes\": [\n    \"/subscriptions/{customer-subscription-id}\"\n  ], // and\n  \"IsCustom\": true, \"n\": -1.5\n}",
        "{\n  a‹\"AssignableScopes\"›: [\n    s‹\"/subscriptions/›p‹{customer-subscription-id}›s‹\"›\n  ], c‹// and›\n  \
         a‹\"IsCustom\"›: n‹true›, a‹\"n\"›: n‹-1.5›\n}",
    );
}

#[test]
fn yaml_has_keys_blocks_and_templates() {
    shows(
        "yml",
        "- run: |\n    if x\n  shell: bash # why\n  if: ${{ a.b }}\n  on: [true, 8080, a b]",
        "- a‹run›: o‹|›\n    s‹if x›\n  a‹shell›: s‹bash› c‹# why›\n  a‹if›: v‹${{ a.b }}›\n  a‹on›: [n‹true›, n‹8080›, s‹a b›]",
    );
}

#[test]
fn markdown_shows_components() {
    shows(
        "mdx",
        "---\ntitle: A\n---\n# Head\n<Tab value=\"a\" n={1}>\n:::note Why\n- a `b`",
        "m‹---›\na‹title›: s‹A›\nm‹---›\nh‹# Head›\n<g‹Tab› a‹value›o‹=›s‹\"a\"› a‹n›o‹=›{n‹1›}>\nm‹:::note› h‹Why›\no‹-› a s‹`b`›",
    );
}

#[test]
fn bicep_and_kusto() {
    shows(
        "bicep",
        "param name string = 'a${b}' // c",
        "k‹param› v‹name› t‹string› o‹=› s‹'a›o‹${›bo‹}›s‹'› c‹// c›",
    );
    shows("kql", "T | where a > ago(1d)", "T o‹|› k‹where› a o‹>› f‹ago›(n‹1d›)");
}

#[test]
fn the_languages_of_most_pages() {
    shows(
        "ts",
        "// why\nexport const load = async (id: string): Promise<User> => {\n  return fetch(`/api/${id}`, { method: 'GET' });\n};",
        "c‹// why›\nk‹export› k‹const› f‹load› o‹=› k‹async› (a‹id›: t‹string›): t‹Promise›<t‹User›> o‹=>› {\n  \
         k‹return› f‹fetch›(s‹`/api/›o‹${›ido‹}›s‹`›, { a‹method›: s‹'GET'› });\n};",
    );
    shows(
        "jsx",
        "return <Tab value=\"a\" on={() => go(1)}>It's {name}</Tab>;",
        "k‹return› <g‹Tab› a‹value›o‹=›s‹\"a\"› a‹on›o‹=›{() o‹=>› f‹go›(n‹1›)}>It's {name}</g‹Tab›>;",
    );
    shows(
        "js",
        "x = a / b / 2; y = /a[/]b/g; a < b",
        "x o‹=› a o‹/› b o‹/› n‹2›; y o‹=› s‹/a[/]b/g›; a o‹<› b",
    );
    shows(
        "rust",
        "#[derive(Debug)]\nfn main<'a>() -> Option<u8> {\n    println!(\"{x:?}\\n\"); // c\n}",
        "m‹#[derive(Debug)]›\nk‹fn› f‹main›<k‹'a›>() o‹->› t‹Option›<t‹u8›> {\n    \
         f‹println!›(s‹\"›n‹{x:?}\\n›s‹\"›); c‹// c›\n}",
    );
    shows(
        "py",
        "@app.task\ndef run(self, x: int = 1):\n    return f\"a {x + 1}\"  # c",
        "m‹@app.task›\nk‹def› f‹run›(k‹self›, x: t‹int› o‹=› n‹1›):\n    k‹return› s‹f\"a› o‹{›x o‹+› n‹1›o‹}›s‹\"›  c‹# c›",
    );
    shows(
        "docker",
        "FROM node:20 AS base\nRUN az login && \\\n    ls -l",
        "k‹FROM› s‹node:20› k‹AS› s‹base›\nk‹RUN› f‹az› f‹login› o‹&&› o‹\\›\n    f‹ls› a‹-l›",
    );
}

#[test]
fn terraform_has_blocks_and_templates() {
    shows(
        "tf",
        "resource \"azurerm_vnet\" \"main\" {\n  name = \"x-${var.name}\" # c\n  size = max(1, 2)\n}",
        "k‹resource› s‹\"azurerm_vnet\"› s‹\"main\"› {\n  a‹name› o‹=› s‹\"x-›o‹${›v‹var›.nameo‹}›s‹\"› c‹# c›\n  \
         a‹size› o‹=› f‹max›(n‹1›, n‹2›)\n}",
    );
}

#[test]
fn powershell_knows_az_too() {
    shows(
        "azurepowershell",
        "$rg = Get-AzGroup -Name \"my-$env:X\" # c\nif ($a -eq 1) { az vm list `\n  -o table }\n[int]$x = $true",
        "v‹$rg› o‹=› f‹Get-AzGroup› a‹-Name› s‹\"my-›v‹$env:X›s‹\"› c‹# c›\n\
         k‹if› (v‹$a› o‹-eq› n‹1›) { f‹az› g‹vm› f‹list› o‹`›\n  a‹-o› n‹table› }\nt‹[int]›v‹$x› o‹=› n‹$true›",
    );
}

#[test]
fn settings_have_sections_and_keys() {
    shows(
        "conf",
        "; c\n[main]\nport = 80\nname=a b",
        "c‹; c›\n[t‹main›]\na‹port› o‹=› n‹80›\na‹name›o‹=›s‹a b›",
    );
}

#[test]
fn grammars_of_others_share_the_vocabulary() {
    shows("go", "x := \"b\" // c", "x o‹:=› s‹\"b\"› c‹// c›");
    shows("diff", "+a\n-b", "i‹+a›\nd‹-b›");
    shows("csharp", "var a = 1;", "k‹var› a o‹=› n‹1›;");
}

#[test]
fn every_usual_name_is_known() {
    let highlighter = highlighter();
    let known = highlighter.languages();
    let names = "bash console js rust ts yaml shell azurecli-interactive mdx-code-block json azurecli jsx toml text \
        javascript md sh tsx output powershell csharp java php python go diff mermaid typescript swift ruby kotlin dart \
        css html twig yml docker cpp xml ini cmd pkl dot groovy shell-session latex jsonl csv apt.conf dnf.conf nix mdx \
        batch scss py rb ps1 cs c++ objc kt proto graphql vue svelte less sass make cmake nginx apache vim plist svg \
        properties dotenv env log regex bicep kusto kql hcl terraform jsonc http plain none zsh sql jinja2 django lua \
        perl r scala elixir erlang haskell julia";
    for name in names.split_whitespace() {
        assert!(known.contains(name), "{name} is not listed");
        assert!(highlighter.canonical(name).is_some(), "{name} has no grammar");
        assert!(highlighter.canonical(&name.to_uppercase()).is_some(), "{name} in capitals has no grammar");
    }
    for name in &known {
        assert!(highlighter.canonical(name).is_some(), "{name} is listed but has no grammar");
    }
    for name in ["bach", "", "my-lang", "dockerfle"] {
        assert_eq!(highlighter.canonical(name), None);
    }
    assert_eq!(highlighter.canonical("text"), Some("Plain Text"));
}

#[test]
fn names_stand_once_in_the_table() {
    let mut names: Vec<&str> =
        super::languages::NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let languages = super::languages::Languages::new(&BTreeMap::new());
    let ours = names.iter().filter(|name| languages.is_own(name));
    assert_eq!(ours.count(), 0, "our own grammars stand in the table of the others");
}

#[test]
fn a_site_names_languages_of_its_own() {
    let aliases = BTreeMap::from([("MyLang".into(), "YAML".into()), ("odd".into(), "nothing".into())]);
    let highlighter = Highlighter::new(&aliases);
    assert_eq!(highlighter.canonical("mylang"), Some("YAML"));
    assert!(highlighter.languages().contains("mylang"));
    assert!(!highlighter.languages().contains("odd"));
    assert_eq!(highlighter.lines("mylang", "a: 1")[0], highlighter.lines("yaml", "a: 1")[0]);
}

#[test]
fn unknown_languages_are_escaped_only() {
    assert_eq!(
        *highlighter().lines("bach", "a < b && \"c\" > d\n\n x"),
        ["a &lt; b &amp;&amp; \"c\" &gt; d", "", " x"]
    );
    assert!(highlighter().lines("rust", "").is_empty());
}

#[test]
fn memory_changes_nothing() {
    let code = "az vm list \\\n  -o table\n\naz vm list \\\n  -o table\ncat <<A\nx\nA\ncat <<B\nx\nA\nB\nx";
    let warm = highlighter();
    for size in 0..=code.len() {
        let part = &code[..size];
        assert_eq!(warm.lines("bash", part), highlighter().lines("bash", part), "{part}");
    }
}

#[test]
fn threads_share_one_highlighter() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&highlighter());
}

#[test]
fn a_very_long_line_stays_plain() {
    let line = "let a = 1; ".repeat(5_000);
    let lines = highlighter();
    let lines = lines.lines("rust", &line);
    assert_eq!(lines[0], line);
}

/// Pieces of code that open what they do not close.
fn scrap() -> impl Strategy<Value = String> {
    let open = prop::sample::select(vec![
        "az ",
        "--query ",
        "\"",
        "'",
        "`",
        "$(",
        "${",
        "((",
        "[[ ",
        "<<EOF",
        "\\",
        "\n",
        "{",
        "}",
        "<a>",
        ")",
        "case x in",
        "é",
        "日本",
        "\u{0}",
        "\r\n",
        "\t",
        "/*",
        "*/",
        "//",
        "#",
        "```",
        "---\n",
        "<b c={",
        "key: |",
        "- ",
        "  ",
        "${{",
        "\u{feff}",
        "| ",
    ]);
    prop::collection::vec(prop_oneof![3 => open.prop_map(str::to_owned), 1 => ".{0,6}"], 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_text_is_never_changed(code in scrap()) {
        let highlighter = highlighter();
        for language in [
            "bash", "console", "json", "yaml", "mdx", "bicep", "kusto", "jmespath", "mermaid", "pkl", "css", "tsx", "ts",
            "rust", "python", "docker",
        ] {
            let lines = highlighter.lines(language, &code);
            let read: Vec<String> = lines.iter().map(|line| text(line)).collect();
            let written: Vec<&str> = code.lines().collect();
            prop_assert_eq!(read, written, "{}", language);
        }
    }
}
