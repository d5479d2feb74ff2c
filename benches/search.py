#!/usr/bin/env python3
"""Search beside Pagefind: the same sites, the same queries; how often the right page is among the first three, what building costs,
what a first query loads.

Usage: `search.py [PAGES…]`. Takes the corpora of ../shared/corpora that tests/corpora has settings for, and sites of PAGES generated
pages (1000 unless given, none for 0). It installs nothing: `pip install 'pagefind[bin]'` brings Pagefind, without which
Waypost is measured alone. Build times of Waypost's search are those of a build with it less those of one without.
"""
import collections
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
SHARED = PROJECT.parent / "shared"
RUNS = int(os.environ.get("RUNS", "3"))


def measure(command, folder):
    """Runs a command and returns its CPU seconds, wall seconds and peak memory in MB."""
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    stderr = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command} failed:\n{stderr.decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024


def node(script, site, given=None, *more):
    command = ["node", str(script), str(site), *more]
    return json.loads(subprocess.run(command, input=given, check=True, capture_output=True, text=True).stdout)


def pagefind():
    """How Pagefind is called here, if it is."""
    if shutil.which("pagefind"):
        return ["pagefind"]
    return [sys.executable, "-m", "pagefind"] if importlib.util.find_spec("pagefind") else None


def sites(folder, counts):
    """The sites to build, by name."""
    for corpus in sorted((SHARED / "corpora").glob("*")) if SHARED.exists() else []:
        settings = PROJECT / "tests" / "corpora" / f"{corpus.name}.toml"
        if settings.exists():
            shutil.copytree(corpus, folder / corpus.name, copy_function=shutil.copyfile)
            for made in [folder / corpus.name, *(folder / corpus.name).rglob("*")]:
                made.chmod(0o755 if made.is_dir() else 0o644)
            shutil.copyfile(settings, folder / corpus.name / "book.toml")
            yield corpus.name
    for count in counts:
        subprocess.run([sys.executable, HERE / "corpus.py", str(count), folder / f"made-{count}"], check=True, stdout=subprocess.DEVNULL)
        shutil.move(folder / f"made-{count}" / "waypost", folder / f"{count}-pages")
        yield f"{count}-pages"


def build(waypost, site, out):
    """What a build costs with search and without, and the site with it."""
    book = site / "book.toml"
    text = book.read_text()
    taken = {"with": [], "without": []}
    for _ in range(RUNS):
        for name, more in (("without", "\n[search]\nenabled = false\n"), ("with", "")):
            book.write_text(text + more)
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(site / ".waypost", ignore_errors=True)
            taken[name].append(measure([waypost, "build", "--quiet", "--out", out], site))
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in taken.items()}


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    counts = [int(count) for count in sys.argv[1:] or ["1000"] if int(count)]
    waypost = os.environ.get("WAYPOST")
    if waypost is None:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=PROJECT, check=True)
        waypost = str(PROJECT / "target" / "release" / "waypost")
    rival = pagefind()
    if rival is None:
        print("pagefind is not installed (`pip install 'pagefind[bin]'`): measuring Waypost alone")
    hits = {name: collections.defaultdict(lambda: [0, 0]) for name in ("waypost", "pagefind")}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in sites(folder, counts):
            site, out = folder / name, folder / f"{name}-out"
            cost = build(waypost, site, out)
            pieces = [file.stat().st_size for file in (out / "assets/search").rglob("*.js")]
            pages = sum(1 for _ in (out / "assets/search/pieces").glob("p*.js"))
            extra = [cost["with"][i] - cost["without"][i] for i in range(2)]
            print(f"\n{name}: {pages} entries, index {sum(pieces) / 1e6:.2f} MB in {len(pieces)} files, largest {max(pieces)} B")
            print(f"  build    waypost   search alone {extra[0]:6.2f} CPU s; whole build {cost['with'][0]:.2f} CPU s, {cost['with'][1]:.2f} s, {cost['with'][2]:.0f} MB (without search {cost['without'][0]:.2f} CPU s, {cost['without'][2]:.0f} MB)")
            queries = node(PROJECT / "tests/support/queries.cjs", out)
            ours = node(PROJECT / "tests/support/search.cjs", out, json.dumps([[query["text"], {"limit": 9}] for query in queries]))
            found = {"waypost": []}
            for answer in ours:
                seen = []
                for result in answer["answer"]["results"]:
                    page = result["url"].split("#")[0].split("?")[0].strip("/")
                    if page not in seen:
                        seen.append(page)
                found["waypost"].append((seen, answer["bytes"], answer["compressed"]))
            if rival:
                runs = [measure([*rival, "--site", str(out), "--root-selector", "main"], folder) for _ in range(RUNS)]
                cpu, wall, memory = (statistics.median(column) for column in zip(*runs))
                print(f"  build    pagefind  search alone {cpu:6.2f} CPU s, {wall:.2f} s, {memory:.0f} MB; {cpu / max(extra[0], 0.001):.1f} times the CPU time")
                theirs = node(HERE / "pagefind.cjs", out, json.dumps([query["text"] for query in queries]))
                page_of = lambda url: url.strip("/").removesuffix(".html").removesuffix("/index").strip("/")
                found["pagefind"] = [([page_of(page) for page in answer["pages"]], answer["bytes"], answer["compressed"]) for answer in theirs]
            for engine, answers in found.items():
                per = collections.defaultdict(lambda: [0, 0])
                for query, (seen, *_) in zip(queries, answers):
                    right = any(page in seen[:3] for page in (address.strip("/") for address in query["right"]))
                    for table in (per, hits[engine]):
                        table[query["kind"]][0] += right
                        table[query["kind"]][1] += 1
                said = ", ".join(f"{kind} {100 * good / all:.1f} % of {all}" for kind, (good, all) in per.items())
                print(f"  accuracy {engine:9} {said}")
                for what, index in (("bytes", 1), ("gzip", 2)):
                    values = [answer[index] for answer in answers if answer[index] is not None]
                    print(f"  {what:8} {engine:9} a first query: median {statistics.median(values) / 1000:.0f} KB, 95 % below {percentile(values, .95) / 1000:.0f} KB, most {max(values) / 1000:.0f} KB")
    for engine, table in hits.items():
        if table:
            said = ", ".join(f"{kind} {100 * good / all:.1f} %" for kind, (good, all) in table.items())
            good, all = (sum(column) for column in zip(*table.values()))
            print(f"\n{engine:9} right page among the first three: {100 * good / all:.1f} % of {all} ({said})")


main()
