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
        "10,000 generated bad inputs, 100 kills, 2,000 hypothesis examples a property.",
        "",
        "| trial | result | seconds |",
        "| --- | --- | --- |",
    ]
    failed = 0
    for case in cases:
        bad = [child.tag for child in case if child.tag in {"failure", "error", "skipped"}]
        failed += bool(bad)
        lines.append(f"| {case.get('name')} | {bad[0] if bad else 'passed'} | {float(case.get('time', 0)):.1f} |")
    (HERE / "check.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    sys.exit(1 if failed or not cases else 0)


if __name__ == "__main__":
    main()
