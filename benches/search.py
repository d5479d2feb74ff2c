#!/usr/bin/env python3
"""Search beside Pagefind: the same pages, the same queries; what building costs, how often the right page is among the
first three, what a first query loads. One table.

Usage: `search.py [PAGES…]`. Takes the corpora of ../shared/corpora that tests/corpora has settings for, and sites of PAGES
generated pages (1000 unless given, none for 0). Where Pagefind is not installed, version 1.5.2 is fetched with pip into
target/pagefind, a virtual environment that nothing else uses; delete it to be rid of it. Needs Node.

CPU seconds are user and system. Waypost's are those of a build with search less those of one without, the median of
RUNS (5 unless set) interleaved pairs; Pagefind indexes the finished site in the same round. Peak memory is that of Waypost's whole
build, and of Pagefind alone.
"""
import collections
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
RUNS = int(os.environ.get("RUNS", "5"))
PAGEFIND = "pagefind[bin]==1.5.2"


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
    """How Pagefind is called here; it is installed where it is not."""
    if shutil.which("pagefind"):
        return ["pagefind"]
    home = PROJECT / "target" / "pagefind"
    python = home / "bin" / "python"
    if not python.exists():
        print(f"installing {PAGEFIND} into {home}")
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PAGEFIND], check=True)
    return [str(python), "-m", "pagefind"]


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


def build(waypost, rival, site, out):
    """What a build costs with search and without, and Pagefind on the same pages; leaves the site with both."""
    book = site / "book.toml"
    text = book.read_text()
    taken = {"with": [], "without": [], "pagefind": []}
    for _ in range(RUNS):
        for name, more in (("without", "\n[search]\nenabled = false\n"), ("with", "")):
            book.write_text(text + more)
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(site / ".waypost", ignore_errors=True)
            taken[name].append(measure([waypost, "build", "--quiet", "--out", out], site))
        taken["pagefind"].append(measure([*rival, "--site", str(out), "--root-selector", "main"], site))
    return taken


def median(rows, column):
    return statistics.median(row[column] for row in rows)


def spread(values):
    """Median, what 95 of 100 stay below, and the most, in KB."""
    values = sorted(value / 1000 for value in values if value is not None)
    return f"{statistics.median(values):4.0f} {values[min(len(values) - 1, int(len(values) * 0.95))]:4.0f} {values[-1]:4.0f}"


def page_of(url):
    return url.split("#")[0].split("?")[0].strip("/").removesuffix(".html").removesuffix("index").strip("/")


def main():
    counts = [int(count) for count in sys.argv[1:] or ["1000"] if int(count)]
    waypost = os.environ.get("WAYPOST")
    if waypost is None:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=PROJECT, check=True)
        waypost = str(PROJECT / "target" / "release" / "waypost")
    rival = pagefind()
    kinds = {name: collections.defaultdict(lambda: [0, 0]) for name in ("waypost", "pagefind")}
    print(f"{'':16}{'':10}{'build':>8}{'peak':>7}  {'among the':>15}  a first query, KB: median, 95 %, most")
    print(f"{'site':16}{'engine':10}{'CPU s':>8}{'MB':>7}  {'first three':>15}  {'raw':14}  {'gzip':14}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name in sites(folder, counts):
            site, out = folder / name, folder / f"{name}-out"
            taken = build(waypost, rival, site, out)
            queries = node(PROJECT / "tests/support/queries.cjs", out, None, os.environ.get("QUERIES", "40"))
            ours = node(PROJECT / "tests/support/search.cjs", out, json.dumps([[query["text"], {"limit": 9}] for query in queries]))
            for answer in ours:
                answer["pages"] = [result["url"] for result in answer["answer"]["results"]]
            theirs = node(HERE / "pagefind.cjs", out, json.dumps([query["text"] for query in queries]))
            both = zip(taken["with"], taken["without"])
            cost = {
                "waypost": (statistics.median(a[0] - b[0] for a, b in both), median(taken["with"], 2)),
                "pagefind": (median(taken["pagefind"], 0), median(taken["pagefind"], 2)),
            }
            for engine, answers in (("waypost", ours), ("pagefind", theirs)):
                good = 0
                for query, answer in zip(queries, answers):
                    # Several results of a page count as one.
                    pages = list(dict.fromkeys(map(page_of, answer["pages"])))
                    right = any(page in pages[:3] for page in map(page_of, query["right"]))
                    good += right
                    kinds[engine][query["kind"]][0] += right
                    kinds[engine][query["kind"]][1] += 1
                cpu, memory = cost[engine]
                share = f"{100 * good / len(queries):.1f} % of {len(queries)}"
                loaded = [spread([answer[what] for answer in answers]) for what in ("bytes", "compressed")]
                print(f"{name:16}{engine:10}{cpu:8.2f}{memory:7.0f}  {share:>15}  {loaded[0]}  {loaded[1]}", flush=True)
            whole = median(taken["without"], 0)
            print(f"{'':16}(Pagefind takes {cost['pagefind'][0] / max(cost['waypost'][0], 0.01):.0f} times the CPU time; search adds {100 * cost['waypost'][0] / whole:.0f} % to {whole:.2f} s)")
            shutil.rmtree(out)
    for engine, table in kinds.items():
        said = ", ".join(f"{kind} {100 * good / all:.1f} %" for kind, (good, all) in table.items())
        good, all = (sum(column) for column in zip(*table.values()))
        print(f"{engine}: {100 * good / all:.1f} % of {all} ({said})")


main()
