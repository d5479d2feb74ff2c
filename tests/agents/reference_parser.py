"""Parses llms.txt files with the reference parser (PyPI `llms-txt`) and prints what it understood, one JSON object a file.

Paths come one a line on the standard input; what the parser cannot take at all is printed as `{"error": ...}`.
"""

import json
import sys

from llms_txt import parse_llms_file

for path in sys.stdin.read().splitlines():
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        parsed = parse_llms_file(text)
        sections = {
            name: [[link.get("title"), link.get("url"), link.get("desc") or ""] for link in links]
            for name, links in parsed.sections.items()
        }
        print(json.dumps({"title": parsed.title, "summary": parsed.summary, "info": parsed.info, "sections": sections}))
    except Exception as error:  # the reference parser fails with whatever it stumbled on
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
