#!/usr/bin/env python3
"""Writes the same made-up documentation for Waypost and for Hugo: usage `corpus.py PAGES FOLDER`.

Sections three deep, about twenty pages a folder, a median page of 6 KB with a table, three code blocks and four
links; the same words for the same seed. FOLDER/waypost and FOLDER/hugo then hold one site each.
"""
import random
import sys
from pathlib import Path

NOUNS = "gateway subnet route peering endpoint zone record tunnel policy role key vault cluster deployment".split()
VERBS = "create inspect attach rotate remove list approve restore".split()
KINDS = "private public shared regional temporary dedicated primary".split()
TOPICS = ["Before you begin", "Create the resource", "Check the result", "Change the settings", "Clean up", "Limits"]

HUGO = """baseURL = "https://docs.example.org/"
title = "Handbook"
disableKinds = ["taxonomy", "term", "rss"]
[markup.highlight]
noClasses = false
[outputs]
home = ["html", "json"]
"""

LAYOUTS = {
    "baseof.html": """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><nav>{{ partial "side.html" . }}</nav><main>{{ block "main" . }}{{ end }}</main></body></html>""",
    "page.html": """{{ define "main" }}<p>{{ range .Ancestors.Reverse }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> / {{ end }}</p>
<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}""",
    "section.html": """{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}<ul>{{ range .Pages }}<li><a
href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}""",
    "home.html": """{{ define "main" }}<h1>{{ .Title }}</h1>{{ end }}""",
    "home.json": """[{{ range $i, $p := site.RegularPages }}{{ if $i }},{{ end }}{{ dict "title" $p.Title "url"
$p.RelPermalink "text" $p.Plain | jsonify }}{{ end }}]""",
    "_partials/side.html": """<ul>{{ range .Site.Home.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end
}}</ul><ul>{{ with .CurrentSection }}{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end
}}{{ end }}</ul>""",
}


def code(r):
    noun, verb, number = r.choice(NOUNS), r.choice(VERBS), r.randrange(1000)
    return r.choice([
        f"```bash\naz network {noun} {verb} \\\n  --resource-group rg-{number} \\\n  --name {noun}-{number} \\\n"
        f"  --query \"properties.{noun}[?size > `{number}`].id\" -o tsv\necho \"done: $?\"\n```\n",
        f"```json\n{{\n  \"name\": \"{noun}-{number}\",\n  \"enabled\": true,\n  \"limits\": [1, 2, {number}]\n}}\n```\n",
        f"```python\ndef {verb}_{noun}(client, name=\"{noun}-{number}\"):\n    for item in client.list():\n"
        f"        if item.name == name and item.size > {number}:\n            return client.{verb}(item.id)\n```\n",
        f"```yaml\n{noun}:\n  name: {noun}-{number}\n  replicas: {number % 9}\n  tags: [docs, {verb}]\n```\n",
    ])


def sentence(r):
    return (f"To {r.choice(VERBS)} the {r.choice(KINDS)} {r.choice(NOUNS)}, first {r.choice(VERBS)} its {r.choice(NOUNS)}; "
            f"a *{r.choice(KINDS)}* {r.choice(NOUNS)} keeps `{r.choice(NOUNS)}_{r.randrange(99)}` for **each** one.")


def body(r, number, links):
    parts = []
    for topic in TOPICS:
        parts.append(f"## {topic}\n")
        for _ in range(2):
            parts.append(" ".join(sentence(r) for _ in range(4)) + "\n")
        if r.random() < 0.6:
            parts.append(code(r))
    parts.insert(4, "| Name | Kind | Default |\n| --- | --- | ---: |\n" + "".join(
        f"| `{r.choice(NOUNS)}_{i}` | {r.choice(KINDS)} | {r.randrange(500)} |\n" for i in range(6)))
    parts.append("See " + ", ".join(links) + ".\n")
    return f"Page {number}. " + "\n".join(parts)


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    pages = []
    for number in range(count):
        leaf = number // 20
        pages.append((number, f"part-{leaf // 25}/group-{leaf // 5}/topic-{leaf}", f"page-{number}"))
    for tool in ("waypost", "hugo"):
        root = folder / tool
        r = random.Random(7)
        for number, path, name in pages:
            targets = [pages[r.randrange(count)] for _ in range(4)]
            up = "../" * 3
            if tool == "waypost":
                links = [f"[{t[2]}]({up}{t[1]}/{t[2]}.md)" for t in targets]
            else:
                links = [f"[{t[2]}](/{t[1]}/{t[2]}/)" for t in targets]
            file = root / "content" / path / f"{name}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            title, about = f"{r.choice(VERBS)} a {r.choice(KINDS)} {r.choice(NOUNS)} {number}", sentence(r)
            file.write_text(f"---\ntitle: \"{title}\"\ndescription: \"{about}\"\n---\n\n{body(r, number, links)}")
            if tool == "hugo":
                for parent in list(file.parents)[: file.parts.__len__() - (root / 'content').parts.__len__() - 1]:
                    index = parent / "_index.md"
                    if not index.exists():
                        index.write_text(f"---\ntitle: {parent.name}\n---\n")
    (folder / "waypost" / "book.toml").write_text(
        '[book]\ntitle = "Handbook"\nsrc = "content"\n[site]\norigin = "https://docs.example.org"\n')
    (folder / "hugo" / "hugo.toml").write_text(HUGO)
    for name, text in LAYOUTS.items():
        file = folder / "hugo" / "layouts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


main()
