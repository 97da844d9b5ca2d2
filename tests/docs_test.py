#!/usr/bin/env python3
"""Links and paths in the documentation lead somewhere."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|tests|docs|hooks|examples|packaging)/[A-Za-z0-9_./-]*[A-Za-z0-9_/-])`")
TEST = re.compile(r"`(test_[a-z_0-9]+)`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def anchors(page):
    """The anchors that GitHub gives the headings of a page."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page.read_text())}


def pages():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
                            stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def faults(page):
    text = page.read_text()
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            yield f"{target}: no such file"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            yield f"{target}: no such heading"
    for path in PATH.findall(text):
        if not (ROOT / path).exists() and not (page.parent / path).exists():
            yield f"`{path}`: no such file"
    for line in text.splitlines():
        for name in TEST.findall(line):
            if not any(f"def {name}(" in (ROOT / path).read_text() for path in PATH.findall(line)):
                yield f"`{name}`: no such test in the file that the line names"


class Documentation(unittest.TestCase):
    def test_links_lead_somewhere(self):
        found = [f"{page.relative_to(ROOT)}: {fault}" for page in pages() for fault in faults(page)]
        self.assertEqual([], found)


if __name__ == "__main__":
    unittest.main()
