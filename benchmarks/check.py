"""Turn the JUnit report of `make check` into benchmarks/check.md.

usage: check.py REPORT.xml
"""

from __future__ import annotations

import datetime as dt
import platform
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from rawabit._version import __version__

HERE = Path(__file__).resolve().parent


def main() -> None:
    suite = ET.parse(sys.argv[1]).getroot()
    cases = sorted(suite.iter("testcase"), key=lambda case: (case.get("classname", ""), case.get("name", "")))
    lines = [
        "# Long trials",
        "",
        f"Version {__version__}, Python {platform.python_version()}, {dt.date.today().isoformat()}, by `make check`:",
        "10,000 generated bad inputs, 100 kills, a corpus of 5,000 articles, 1,000 orders of documents, 2,000",
        "hypothesis examples a property.",
        "",
    ]
    verdicts = [next((c.tag for c in case if c.tag in {"failure", "error", "skipped"}), "passed") for case in cases]
    failed = len(cases) - verdicts.count("passed")
    lines += [f"{len(cases)} trials, {failed} not passed. The longest, and all that did not pass:", ""]
    lines += ["| trial | result | seconds |", "| --- | --- | --- |"]
    longest = sorted(cases, key=lambda case: -float(case.get("time", 0)))[:25]
    for case, verdict in zip(cases, verdicts, strict=True):
        if verdict != "passed" or case in longest:
            lines.append(f"| {case.get('name')} | {verdict} | {float(case.get('time', 0)):.1f} |")
    (HERE / "check.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    sys.exit(1 if failed or not cases else 0)


if __name__ == "__main__":
    main()
