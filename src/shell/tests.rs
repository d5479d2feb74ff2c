use proptest::prelude::*;

use super::*;

/// Each command as `depth: [assigned] words > files`, unknown words in parentheses.
fn said(language: &str, text: &str) -> Vec<String> {
    let shell = Shell::of(language, text).expect("a shell");
    commands(shell, language, text)
        .iter()
        .map(|command| {
            let word = |word: &Word| {
                let splits = if word.splits { "*" } else { "" };
                if word.is_known() { word.value.clone() } else { format!("({}){splits}", word.value) }
            };
            let mut parts: Vec<String> = command.assigns.iter().map(|name| format!("[{name}]")).collect();
            parts.extend(command.words.iter().map(word));
            parts.extend(command.writes.iter().map(|file| format!("> {}", word(file))));
            format!("{}: {}", command.depth, parts.join(" "))
        })
        .collect()
}

#[test]
fn words_and_quotes() {
    assert_eq!(
        said("bash", "az vm create -n 'a b' --tags \"k=v w\" x\\ y\"z\"'q' # comment\n"),
        ["0: az vm create -n a b --tags k=v w x yzq"]
    );
    assert_eq!(
        said("sh", "echo \"a\\\"b\\$c\\d\" $'x\\'y' it's\nlost'"),
        ["0: echo a\"b$c\\d x'y its\nlost"]
    );
    let text = "az --query \"[?name=='é'].id\"";
    let words = &commands(Shell::Posix, "sh", text)[0].words;
    assert_eq!(&text[words[2].range.clone()], "\"[?name=='é'].id\"");
    assert_eq!((words[2].quoted, words[1].quoted), (true, false));
}

#[test]
fn lines_go_on() {
    assert_eq!(said("sh", "az vm \\\n  list \\\r\n  --x\n"), ["0: az vm list --x"]);
    assert_eq!(said("sh", "az vm \\ # (1)!\n  list\n"), ["0: az vm list"]);
    assert_eq!(said("pwsh", "az vm `\n  list `\r\n  --x\n"), ["0: az vm list --x"]);
    assert_eq!(said("cmd", "az vm ^\n  list ^\r\n  --x\n"), ["0: az vm list --x"]);
    // A space behind the sign: the command ends there.
    assert_eq!(said("sh", "az vm \\ \n  --x\n"), ["0: az vm  ", "0: --x"]);
}

#[test]
fn operators_and_substitutions() {
    assert_eq!(
        said("bash", "a | b && c || d; e & f\ng"),
        ["0: a", "0: b", "0: c", "0: d", "0: e", "0: f", "0: g"]
    );
    assert_eq!(
        said("bash", "X=$(az account show --query \"id\" -o tsv) Y=2 az vm list --ids \"$X/$(b `c`)\" $Z"),
        [
            "0: [X] [Y] az vm list --ids ($X/$(b `c`)) ($Z)*",
            "1: az account show --query id -o tsv",
            "1: b (`c`)*",
            "2: c"
        ]
    );
    assert_eq!(
        said("bash", "(a; b) > f\n((1 + 2))\necho $((1 + $(c)))"),
        ["0: a", "0: b", "0: > f", "0: echo ($((1 + $(c))))*", "1: c"]
    );
    assert_eq!(said("bash", "X=(a $(b) c)\nX+=(d)\nf() { g; }\n"), ["0: [X]", "1: b", "0: [X]", "0: g"]);
    assert_eq!(
        said("bash", "a \"${X:-$(b)}\" ${Y} {1..3} {a,b}c"),
        ["0: a (${X:-$(b)}) (${Y})* ({1..3})* ({a,b}c)*", "1: b"]
    );
}

#[test]
fn places_of_inner_commands() {
    let text = "id=\"x$(az ad  sp list)\" && sudo -u me az login";
    let all = commands(Shell::Posix, "sh", text);
    let places: Vec<&str> = all.iter().map(|command| &text[command.range.clone()]).collect();
    assert_eq!(places, ["id=\"x$(az ad  sp list)\"", "az ad  sp list", "sudo -u me az login"]);
    assert_eq!(all[2].program(), Some("az"));
}

#[test]
fn compound_commands() {
    assert_eq!(
        said(
            "bash",
            "if ! az group exists -n x; then\n  az a\nelif [[ $x < y && $z ]]; then b; else c; fi > log"
        ),
        ["0: az group exists -n x", "0: az a", "0: [[ ($x)* y ($z)* ]]", "0: b", "0: c", "0: > log"]
    );
    assert_eq!(
        said(
            "bash",
            "for i in $(az vm list) b; do az vm show; done\nwhile read x; do a; done < f\ntime a; env -i X=1 b; xargs c"
        ),
        ["1: az vm list", "0: az vm show", "0: read x", "0: a", "0: a", "0: b", "0: xargs c"]
    );
    assert_eq!(
        said("bash", "case $x in\n  a|b) c;;\n  (d) e; f ;;\n  *) g\nesac\nh"),
        ["0: c", "0: e", "0: f", "0: g", "0: h"]
    );
    assert_eq!(said("bash", "command -v az && exec sudo az login"), ["0: command -v az", "0: az login"]);
}

#[test]
fn placeholders_have_no_known_value() {
    assert_eq!(
        said(
            "bash",
            "az a -n <name> -g {rg} --x=<my resource group> \"a <b>\" '{{c}}' {} '{\"a\": 1}' {\"a\":1}"
        ),
        ["0: az a -n (<name>) -g ({rg}) (--x=<my resource group>) (a <b>) ({{c}}) ({}) {\"a\": 1} {a:1}"]
    );
    let word = &commands(Shell::Posix, "sh", "az --x=<y>")[0].words[1];
    assert_eq!(word.known(), "--x=");
    assert_eq!(said("powershell", "az a <name> {rg} '<x>'"), ["0: az a (<name>) ({rg}) (<x>)"]);
    assert_eq!(said("cmd", "az a <name> %RG% \"%A% b\" %%i"), ["0: az a (<name>) (%RG%)* (%A% b) (%%i)*"]);
}

#[test]
fn files_that_are_written() {
    assert_eq!(
        said(
            "bash",
            "cat > a.json <<EOF\n{ \"x\": \"$(az b)\" }\nEOF\nc <<'X' >> d 2>&1\naz no $(no)\nX\ne >/dev/null 2> <log> | tee -a f"
        ),
        ["0: cat > a.json", "1: az b", "0: c > d", "0: e > (<log>)", "0: tee -a f > f"]
    );
    assert_eq!(said("bash", "a < in.txt\nb <(az c) <<< \"x\""), ["0: a", "0: b (<(az c))", "1: az c"]);
    assert_eq!(said("powershell", "az a 2>$null > b.txt"), ["0: az a > b.txt"]);
    assert_eq!(said("cmd", "az a > b.txt 2>nul"), ["0: az a > b.txt"]);
    // Nothing ends it: what follows is its text.
    assert_eq!(said("bash", "cat <<EOF\naz x"), ["0: cat"]);
}

#[test]
fn powershell() {
    assert_eq!(
        said(
            "powershell",
            "$id = (az a show | ConvertFrom-Json).id # c\n[string]$x=$(az b)\n$y = \"lit\"\n\
             foreach ($n in $x) { az c -n $n.name \"a$($n.id)`\"\" 'it''s' }\nif ($x -eq 1) {\n  az d\n} else { az e }\n\
             az f | ForEach-Object { az g $_ }\n<# az no\n#> & az h; $x | % {az i}\n$x.Run()"
        ),
        [
            "0: [id]",
            "1: az a show",
            "1: ConvertFrom-Json",
            "0: [x]",
            "1: az b",
            "0: [y]",
            "1: az c -n ($n.name) (a$($n.id)\") it's",
            "1: az d",
            "1: az e",
            "0: az f",
            "0: ForEach-Object ({ az g $_ })",
            "1: az g ($_)",
            "0: az h",
            "0: % ({az i})",
            "1: az i"
        ]
    );
    assert_eq!(said("azurecli", "$x = az a `\n --b $env:C\n"), ["0: [x] az a --b ($env:C)"]);
    assert_eq!(
        said("pwsh", "$b = @\"\n{\"a\": \"$(az x)\"}\n\"@\naz y --b @{c=1}"),
        ["0: [b]", "1: az x", "0: az y --b (@{c=1})", "1: c=1"]
    );
}

#[test]
fn the_command_prompt() {
    assert_eq!(
        said(
            "azurecli",
            "REM az no\n:: no\n@echo off\nset X=a b\nset /a n=1 & az a \"{\\\"b\\\": 1}\" ^\n  --c ^& 'd'\n\
             for /f \"tokens=*\" %%i in ('az e --query \"[].id\"') do ( az f %%i )\nif exist x az g\n"
        ),
        [
            "0: echo off",
            "0: [X]",
            "0: [n]",
            "0: az a {\"b\": 1} --c & 'd'",
            "1: az e --query [].id",
            "0: az f (%%i)*",
            "0: az g"
        ]
    );
}

#[test]
fn sessions() {
    let text = "# Who\n$ az account show \\\n>   --query id\n\"1\"\n\nme@host:~$ ls -l\ntotal 0\n$ cat > f <<EOF\n$ az no\nEOF\n$ for x in a\n> do az b\n> done\n";
    assert_eq!(said("console", text), ["0: az account show --query id", "0: ls -l", "0: cat > f", "0: az b"]);
    let all = commands(Shell::Posix, "console", text);
    let answers: Vec<Option<&str>> =
        all.iter().map(|it| it.output.clone().map(|at| text[at].trim())).collect();
    assert_eq!(answers, [Some("\"1\""), Some("total 0"), None, None]);
    assert_eq!(said("console", "PS C:\\> az a `\n  --b\nName\n"), ["0: az a --b"]);
    assert_eq!(said("bash", "$ az a\naz out\n"), ["0: az a"]);
    assert_eq!(said("bash", "az a\n$ b\n"), ["0: az a", "0: $ b"]);
    assert_eq!(said("console", "az a\n"), ["0: az a"]);
    assert_eq!(said("console", "(venv) [me@h x]# az a\n# az b\n"), ["0: az a", "0: az b"]);
    assert_eq!(Shell::of("json", "{}"), None);
}

/// What every reading must hold, whatever the text.
fn holds(text: &str) {
    for shell in [Shell::Posix, Shell::PowerShell, Shell::Cmd] {
        for language in ["sh", "console"] {
            for command in commands(shell, language, text) {
                assert!(text.get(command.range.clone()).is_some(), "{shell:?} {text:?} {command:?}");
                for word in command.words.iter().chain(&command.writes) {
                    assert!(text.get(word.range.clone()).is_some(), "{shell:?} {text:?} {word:?}");
                    assert!(!word.range.is_empty(), "{shell:?} {text:?} {word:?}");
                    assert!(
                        word.unknown.is_none_or(|at| word.value.is_char_boundary(at)),
                        "{shell:?} {text:?} {word:?}"
                    );
                    assert!(
                        command.range.start <= word.range.start && word.range.end <= command.range.end,
                        "{shell:?} {text:?} {command:?}"
                    );
                }
                assert!(command.output.is_none_or(|at| text.get(at).is_some()));
            }
        }
    }
}

#[test]
fn texts_that_never_end() {
    for piece in
        ["$(", "(", "`", "\"$(", "${", "$((", "{", "<<E\n", "<(", "@(", "@\"\n", "case x in\n", "$ (\n", "'"]
    {
        holds(&piece.repeat(3000));
    }
}

/// Twice the text, twice the time: no sign makes the rest be read again and again.
#[test]
fn long_texts_are_read_once() {
    for piece in [
        "`",
        "` ",
        "{a",
        "<a",
        "$ a <<E\n",
        "%a",
        "\\\"",
        "[",
        "$x.y ",
        "a=(",
        "!a",
        "for /f %%i in ('a",
        "\"\\\"",
    ] {
        holds(&piece.repeat(20_000));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_never_fails(text in "[a-z '\"`$(){}<>|&;\\\\\n\r#=%!^@\\[\\]é😀-]{0,60}") {
        holds(&text);
    }

    #[test]
    fn reading_shell_like_text_never_fails(pieces in prop::collection::vec(prop::sample::select(vec![
        "az ", "$(", ")", "\"", "'", "`", "\\\n", "\n", "<<EOF", "EOF\n", "$ ", "> ", "if ", "then ", "fi", "case x in ",
        ";;", "esac", "{", "}", "<a>", "{a}", "$x", "${", "$((", "@\"\n", "\n\"@", "`\n", "^\n", "for /f %%i in ('", "') do (",
        "set X=", "%X%", "&", "|", ";", "#", " ", "é", "PS C:\\> ", "tee ", "sudo ", "[[ ", " ]]", "$x = ", "[a]$x=", "2>", "<#", "#>",
        "(1)!", "\r\n", "X=(", "f() "
    ]), 0..30)) {
        holds(&pieces.concat());
    }
}
