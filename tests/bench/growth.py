#!/usr/bin/env python3
"""Doubles the input of each stage and shows how much longer it takes: a table, and an error where it is more than twice
as long.

  tests/bench/growth.py --flowship PATH [--size N] [--runs N]

Counts the CPU time of the program's process, the least of several runs, at sizes N and 4N. The time of the smallest input
is taken off both, so that starting the program counts for neither.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

# 4 times the input may take that many times as long: twice for each doubling, and what a busy machine adds. Quadratic
# time would be 16 times as long.
MOST = 8
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
VARIABLES = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null",
             "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
             "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
             **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}}


def task(number, count, version="", target=None):
    return {"id": f"t{number}", "name": f"Task {number}{version}", "type": "screen", "screenId": f"s{number % 50}",
            "view": {"x": 400 * (number % 20), "y": 150 * number},
            "next": {"rules": [{"interactionId": "go", "taskId": target or f"t{(number + 1) % count}"},
                               {"interactionId": f"other{version}", "taskId": f"t{number * 7 % count}"}]}}


def flow(tasks, screens=None, **members):
    return {"flowId": "big", "metadata": {"name": "big", "description": "", "componentsVersion": "1"},
            "contents": {"startTask": "t0", "tasks": tasks}, "screens": screens if screens is not None else [], **members}


def screen(number, nodes=(), interactions=("go", "other")):
    return {"screenId": f"s{number}", "interactions": [{"id": name, "type": "submit"} for name in interactions],
            "contents": {"ROOT": {"type": {"resolvedName": "Container"}, "props": {}, "nodes": [n for n, _ in nodes]},
                         **dict(nodes)}}


def chain(count, version=""):
    """Tasks that lead from one to the next."""
    return flow({f"t{number}": task(number, count, version) for number in range(count)},
                [screen(number) for number in range(min(50, count))])


def sessions(count, version=""):
    """Several ways to each session, with factors on the way; the other version leaves one out."""
    tasks = {f"t{number}": task(number, count, target=f"t{number + 1}") for number in range(count)}
    for number in range(0, count, 5):
        action = "password-sign-in" if version and number == 0 else ("verify-code-otp-email", "webauthn-finish")[number % 2]
        tasks[f"t{number}"].update(type="automated", action=action)
        del tasks[f"t{number}"]["screenId"]
    tasks[f"t{count}"] = {"id": f"t{count}", "name": "End", "type": "automated", "action": "logged-in"}
    return flow(tasks, [screen(number) for number in range(min(50, count))])


def broken(count, **_):
    """Every rule leads to a task that does not exist."""
    return flow({f"t{number}": task(number, count, target=f"nowhere{number}") for number in range(count)})


def duplicates(count):
    """Screens that come twice each."""
    return flow({"t0": task(0, 1)}, [screen(number % (count // 2)) for number in range(count)])


def nodes(count, version=""):
    """One screen of many nodes."""
    return flow({"t0": task(0, 1)}, [screen(0, [
        (f"n{number}", {"type": {"resolvedName": "Text"}, "props": {"children": f"Text {number}{version}"}, "nodes": [],
                        "parent": "ROOT"}) for number in range(count)])])


def interactions(count, version=""):
    """One screen with many interactions, a rule for each."""
    names = [f"i{number}" for number in range(count)]
    one = task(0, 1)
    one["next"]["rules"] = [{"interactionId": name, "taskId": f"t{version and 1}"} for name in names]
    return flow({"t0": one, "t1": task(1, 1), "t": one}, [screen(0, interactions=names)])


def conditions(count, version=""):
    """One condition task with many conditions."""
    one = {"id": "t0", "name": "Decide", "type": "condition", "conditions": [
        {"interactionId": f"i{number}", "name": f"Case {number}", "atomicConditions": [
            {"target": {"value": "user.level"}, "operator": "equal", "predicate": {"value": f"{number}{version}"}}]}
        for number in range(count)],
        "next": {"rules": [{"interactionId": f"i{number}", "taskId": "t1"} for number in range(count)]}}
    return flow({"t0": one, "t1": task(1, 1)})


def secrets(count):
    """A text with many things that look like secrets."""
    one = {"id": "t0", "name": "Call", "type": "automated", "action": "connector",
           "arguments": {"body": {"type": "inline", "value": "-----BEGIN PRIVATE KEY " * count + "eyJ.eyJ=?a&" * count},
                         "password": {"type": "inline", "value": [f"x{number}" for number in range(count)]}}}
    return flow({"t0": one})


def keys(count):
    """An object with many members, and a long array."""
    return flow({"t0": task(0, 1)}, unknown={f"k{number}": number for number in range(count)},
                list=[[number, "é"] for number in range(count)])


class Case:
    """A stage, what it reads, and the command that runs it; `{old}` and `{new}` are the two versions."""

    def __init__(self, stage, what, make, *command, minified=False, code=(0,), many=1):
        self.stage, self.what, self.make, self.command = stage, what, make, command
        # How many of them count as one: what is fast is measured with more.
        self.minified, self.codes, self.many = minified, code, many

    def write(self, folder, count):
        """A repository with two commits: the second has the other version of the flow."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        compared = self.command[0] in ("diff", "plan")
        for version in ("", "x") if compared else ("",):
            made = self.make(count * self.many, **({"version": version} if compared else {}))
            text = json.dumps(made, ensure_ascii=False, **({"separators": (",", ":")} if self.minified else {"indent": 1}))
            (folder / "big.json").write_text(text)
            (folder / "policies.json").write_text(json.dumps(POLICIES))
            git(folder, "add", "big.json")
            git(folder, "commit", "--quiet", "--message", f"version {version}")

    def seconds(self, flowship, folder):
        """The CPU time of one run."""
        out = folder.with_suffix(".out")
        command = [flowship, *(word.replace("OUT", str(out)) for word in self.command)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = subprocess.run(command, cwd=folder, env=VARIABLES, **QUIET).returncode
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code not in self.codes:
            raise SystemExit(f"{' '.join(command)} in {folder} ended with {code}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


BROKEN = (0, 3)
POLICIES = {"policies": [{"name": "code", "require": [{"factor": "otp-*"}]}, {"name": "two", "factors": 2},
                         {"name": "scripts", "forbid": [{"task": "No such *"}]}]}
COMPARE = ("diff", "HEAD~1", "HEAD")
CASES = [
    Case("reader", "members and elements", keys, "validate", "--format", "json", code=BROKEN, many=50),
    Case("rules", "tasks", chain, "validate", "--format", "json", code=BROKEN, many=3),
    Case("rules", "findings", broken, "validate", "--format", "json", code=BROKEN),
    Case("rules", "screens with one id", duplicates, "validate", "--format", "json", code=BROKEN),
    Case("rules", "nodes of a screen", nodes, "validate", "--format", "json", code=BROKEN, many=10),
    Case("rules", "interactions of a screen", interactions, "validate", "--format", "json", code=BROKEN, many=10),
    Case("rules", "secrets in a text", secrets, "validate", "--format", "json", code=BROKEN, many=20),
    Case("excerpts", "findings on one line, text", broken, "validate", minified=True, code=BROKEN),
    Case("excerpts", "findings on one line, GitHub", broken, "validate", "--format", "github", minified=True, code=BROKEN),
    Case("reports", "findings, SARIF", broken, "validate", "--format", "sarif", code=BROKEN),
    Case("reports", "findings, JUnit", broken, "validate", "--format", "junit", code=BROKEN),
    Case("comparison", "tasks", chain, *COMPARE, "--format", "json"),
    Case("comparison", "nodes of a screen", nodes, *COMPARE, "--format", "json"),
    Case("comparison", "rules of a task", interactions, *COMPARE, "--format", "json"),
    Case("comparison", "conditions of a task", conditions, *COMPARE, "--format", "json"),
    Case("guarantees", "paths", sessions, "paths", "big", "--format", "json"),
    Case("guarantees", "paths as text", sessions, "paths", "big"),
    Case("guarantees", "policies", sessions, "validate", "--config", "policies.json", "--format", "json", code=BROKEN),
    Case("guarantees", "what a change loses", sessions, *COMPARE, "--format", "json"),
    Case("drawings", "SVG", chain, "render", "big", "--format", "svg", many=3),
    Case("drawings", "Graphviz", chain, "render", "big", "--format", "dot"),
    Case("drawings", "Mermaid", chain, "render", "big", "--format", "mermaid"),
    Case("drawings", "SVG of interactions", interactions, "render", "big", "--format", "svg"),
    Case("drawings", "page of a change", chain, *COMPARE, "--format", "html", "--out", "OUT"),
    Case("drawings", "comment on a change", chain, *COMPARE, "--format", "markdown"),
    Case("layouts", "convert to a snapshot", chain, "convert", "big.json", "new/big", "--layout", "snapshot", "--force"),
]


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, env=VARIABLES, check=True, **QUIET)


def growth(case, options, folder):
    """The seconds at N and at 4N, without what the program takes for nothing, and how many times as long the second is."""
    least = {}
    sizes = (2, options.size, 4 * options.size)
    for count in sizes:
        case.write(folder / str(count), count)
    for _ in range(options.runs):
        for count in sizes:
            took = case.seconds(options.flowship, folder / str(count))
            least[count] = min(took, least.get(count, took))
    nothing, small, large = (least[count] for count in sizes)
    # Below the clock's resolution there is nothing to compare.
    return small - nothing, large - nothing, (large - nothing) / max(small - nothing, 0.004)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flowship", required=True)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="cases whose stage or input has this text")
    options = parser.parse_args()
    options.flowship = os.path.abspath(options.flowship)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="flowship-growth-"))
    worse = 0
    print(f"| stage | input | n = {options.size:,} | 4n = {4 * options.size:,} | per doubling |\n| --- | --- | ---: | ---: | ---: |")
    try:
        for case in CASES:
            if options.only not in f"{case.stage} {case.what}":
                continue
            for attempt in range(3):
                small, large, times = growth(case, options, folder)
                if times <= MOST:
                    break
            worse += times > MOST
            print(f"| {case.stage} | {case.what} | {small * 1000:.0f} ms | {large * 1000:.0f} ms | × {max(times, 0) ** 0.5:.1f} |"
                  + (" <-- more than twice" if times > MOST else ""), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(f"{worse} of {len(CASES)} take more than twice as long for twice the input" if worse else 0)


if __name__ == "__main__":
    main()
