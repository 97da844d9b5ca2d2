#!/usr/bin/env python3
"""Measures flowship beside the tools that do the nearest thing, in one run on the same repositories.

sections (all of them when none is named):
  start     a bare start, beside git --version
  plan      10,000 flows and one change, beside git diff --name-only, before and after git gc
  validate  1,000 flows, beside jq empty and python3 -m json.tool
  deploy    200 flows to a sandbox that takes 50 ms for each request, 8 at a time, beside what that alone takes
  memory    the most that commands hold with 10,000 flows, all of them new, all as deployed, and one changed
  cost      requests of status and deploy with 10,000 flows, of which 0, 1 and 100 changed, and lists with and without tags
  hook      pre-commit with one screen of 1,000 flows staged, beside git diff --cached --name-only
  daemon    from a push to the flow on the sandbox, and answers to webhooks, beside adnanh/webhook with a script
  repositories  the daemon with 100 and 1,000 repositories at rest, the rate budget with 40 environments, the ledger's growth,
            and memory again, as one table
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import flows
import generate
from daemon import Comparison
from measure import measure, peak_of, seconds_of, show_ratio
from repositories import Repositories, row
from sandbox import Sandbox

LEDGER = "refs/flowship/default"
JSON_TOOL = """
import json.tool, sys
for path in sys.argv[1:]:
    sys.argv = ["json.tool", path, "/dev/null"]
    json.tool.main()
"""


POLICIES = {"policies": [
    {"name": "passes", "require": [{"factor": "*"}, {"action": "*"}, {"task": "*"}]},
    {"name": "scripts", "forbid": [{"action": "scriptlet*"}, {"connector": "x*"}]},
    {"name": "factors", "factors": 1, "severity": "note"}]}


def environment():
    """Nothing of the user's own: no git configuration, no credentials, no proxy."""
    keep = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {**keep, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "DESCOPE_PROJECT_ID": "P2" + "a" * 25, "DESCOPE_MANAGEMENT_KEY": "K2" + "b" * 30}


class Bench:
    def __init__(self, flowship, folder, runs, repositories):
        self.flowship, self.folder, self.runs = str(flowship.resolve()), folder, runs
        self.repositories_at_rest = repositories
        self.env = environment()

    def repository(self, count):
        """With a working tree up to 1,000 flows. One that an earlier run left in the folder is taken again."""
        place = self.folder / f"flows-{count}"
        if not (place / ".git/refs/heads/main").exists():
            print(f"  (making {place.name})", file=sys.stderr)
            generate.generate(str(place), count, checkout=count <= 1000)
        return place

    def deploy(self, repository, sandbox, revision, *options):
        """The seconds that a deployment of everything takes, as after the ledger was lost."""
        subprocess.run(["git", "-C", repository, "update-ref", "-d", LEDGER], env=self.env, check=True)
        command = [self.flowship, "deploy", "--repo", repository, "--rev", revision, "--concurrency", "8", "--quiet",
                   "--allow-older", *options]
        return seconds_of(command, {**self.env, "DESCOPE_BASE_URL": sandbox.url})

    def deployed_repository(self, count):
        """Everything was deployed, and then the second commit, which changes one screen: an everyday ledger."""
        repository = self.repository(count)
        with Sandbox(self.flowship, self.env) as sandbox:
            print(f"  (deploying {count} flows)", file=sys.stderr)
            self.deploy(repository, sandbox, "main~1")
            seconds_of([self.flowship, "deploy", "--repo", repository, "--rev", "main", "--quiet"],
                       {**self.env, "DESCOPE_BASE_URL": sandbox.url})
        return repository

    def start(self):
        measured = measure({"git --version": ["git", "--version"], "flowship version": [self.flowship, "version"]},
                           self.runs * 3, self.env)
        git, own = measured.values()
        show_ratio("bare start / git --version", own.ratio_to(git), "at most 2.5")

    def plan(self):
        repositories = {f"{count} flows": self.deployed_repository(count) for count in (1000, 10000)}
        repositories["10000 flows after git gc"] = self.packed(repositories["10000 flows"])
        commands = {}
        for name, repository in repositories.items():
            plan = [self.flowship, "plan", "--repo", repository, "--rev", "main~1", "--format", "json"]
            self.assert_one_change(plan)
            git_diff = ["git", "-C", repository, "diff", "--name-only", "main", "main~1"]
            commands[f"git diff --name-only, {name}"] = git_diff
            commands[f"flowship plan, {name}"] = plan
        measured = measure(commands, self.runs, self.env)
        for name in repositories:
            ratio = measured[f"flowship plan, {name}"].ratio_to(measured[f"git diff --name-only, {name}"])
            show_ratio(f"plan / git diff, {name}", ratio, "at most 1.3, below 64 MiB" if "10000" in name else None)
        growth = measured["flowship plan, 10000 flows"].ratio_to(measured["flowship plan, 1000 flows"])
        show_ratio("plan, 10,000 flows / 1,000 flows", growth, "grows with the change")

    def packed(self, repository):
        """A copy in which git has packed the ledger as well."""
        place = repository.with_name(repository.name + "-packed")
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(repository, place, symlinks=True)
        print(f"  (git gc in {place.name})", file=sys.stderr)
        subprocess.run(["git", "-C", place, "gc", "--quiet"], env=self.env, check=True)
        return place

    def assert_one_change(self, plan):
        answer = subprocess.run(plan, env=self.env, check=True, stdout=subprocess.PIPE).stdout
        if len(json.loads(answer)["changes"]) != 1:
            raise SystemExit(f"one change was expected of {plan}, and not {answer.decode()}")

    def validate(self):
        repository = self.repository(1000)
        files = [str(each) for each in sorted((repository / generate.ROOT).rglob("*.json"))]
        with_policies = repository.parent / "policies.json"
        with_policies.write_text(json.dumps(POLICIES))
        measured = measure({
            "flowship validate": [self.flowship, "validate", "--repo", repository],
            "flowship validate, three policies": [self.flowship, "validate", "--repo", repository,
                                                  "--config", with_policies],
            "jq empty": ["jq", "empty", *files],
            # One process for all files, which json.tool alone can't: starting it for each would take minutes.
            "python3 -m json.tool": ["python3", "-c", JSON_TOOL, *files],
        }, max(3, self.runs // 10), self.env)
        own = measured["flowship validate"]
        show_ratio("jq empty / validate", measured["jq empty"].ratio_to(own), "at least 5")
        show_ratio("json.tool / validate", measured["python3 -m json.tool"].ratio_to(own))
        show_ratio("validate with three policies / without",
                   measured["flowship validate, three policies"].ratio_to(own), "at most 1.15")

    def deployment(self):
        count, latency, at_once = 200, 0.050, 8
        repository = self.repository(count)
        took = []
        for _ in range(max(3, self.runs // 10)):
            with Sandbox(self.flowship, self.env, "--latency", "50") as sandbox:
                took.append(self.deploy(repository, sandbox, "main"))
                requests = sandbox.requests()
        ideal = math.ceil(requests.total() / at_once) * latency
        print("    requests: " + ", ".join(f"{number} {path}" for path, number in sorted(requests.items())))
        print(f"    best {min(took):.3f} s of {len(took)} runs; {at_once} requests at a time, of 50 ms: {ideal:.3f} s")
        show_ratio("deploy / ideal of its requests", min(took) / ideal, "at most 1.15")

    def memory(self):
        for what, peak in self.peaks():
            print(f"  {what:24} {peak:8.1f} MiB   (aim: below 400)")

    def peaks(self):
        """What commands hold with 10,000 flows: MiB."""
        repository = self.repository(10000)
        subprocess.run(["git", "-C", repository, "update-ref", "-d", LEDGER], env=self.env, check=True)
        with Sandbox(self.flowship, self.env) as sandbox:
            env = {**self.env, "DESCOPE_BASE_URL": sandbox.url}
            at_once = ("--concurrency", "8")
            for what, command in {
                "plan, all new": ("plan", "--rev", "main~1"),
                "deploy, all new": ("deploy", "--rev", "main~1", *at_once),
                "status": ("status", "--rev", "main~1"),
                "status --refresh": ("status", "--rev", "main~1", "--refresh", *at_once),
                "deploy, one changed": ("deploy", "--rev", "main", *at_once),
                "deploy --refresh": ("deploy", "--rev", "main", "--refresh", *at_once),
            }.items():
                yield what, peak_of([self.flowship, *command, "--repo", repository, "--quiet"], env)

    def cost(self):
        count = 10000
        repository = self.repository(count)
        branches = {changes: generate.add_branch(str(repository), count, changes) for changes in (1, 100)}
        for lists in ("full", "old"):
            with Sandbox(self.flowship, self.env, "--list-format", lists) as sandbox:
                print(f"  (deploying {count} flows, lists {'with' if lists == 'full' else 'without'} tags)",
                      file=sys.stderr)
                self.deploy(repository, sandbox, "main~1")
                self.cost_of(repository, sandbox, "status", [["status", "--rev", "main~1"]])
                self.cost_of(repository, sandbox, "deploy, 0 changed", [["deploy", "--rev", "main~1"]])
                for changes, branch in branches.items():
                    # To the branch and back again by turns: the same flows change every time.
                    both = [["deploy", "--allow-older", "--rev", revision] for revision in (branch, "main~1")]
                    self.cost_of(repository, sandbox, f"deploy, {changes} changed", both)

    def cost_of(self, repository, sandbox, what, commands):
        env = {**self.env, "DESCOPE_BASE_URL": sandbox.url}
        took = []
        sandbox.forget_requests()
        for _ in range(max(3, self.runs // 10)):
            for command in commands:
                took.append(seconds_of([self.flowship, *command, "--repo", repository, "--concurrency", "8", "--quiet"],
                                       env))
        each = ", ".join(f"{number / len(took):g} {path}" for path, number in sorted(sandbox.requests().items()))
        print(f"  {what:20} median {statistics.median(took) * 1000:8.2f} ms; requests: {each}")

    def hook(self):
        repository = self.repository(1000)
        path, text = next(generate.changed_files(1000, seed=0))
        (repository / path).write_text(text.replace("Ahoy", "Hello"))
        git = ["git", "-C", repository]
        subprocess.run([*git, "add", path], env=self.env, check=True)
        measured = measure({
            "git diff --cached --name-only": [*git, "diff", "--cached", "--name-only"],
            "flowship version (a bare start)": [self.flowship, "version"],
            "flowship hook pre-commit": [self.flowship, "hook", "pre-commit", "--repo", repository],
        }, self.runs, self.env)
        subprocess.run([*git, "reset", "--quiet", "--hard", "main"], env=self.env, check=True)
        git_diff, start, hook = (each.median for each in measured.values())
        show_ratio("(hook - bare start) / git diff --cached", (hook - start) / git_diff, "at most 3")

    def daemon(self):
        if shutil.which("webhook") is None:
            print("  left out: adnanh/webhook is not installed; it is in the package webhook")
            return
        with tempfile.TemporaryDirectory() as folder:
            Comparison(self.flowship, self.env, pathlib.Path(folder)).run(self.runs)

    def repositories(self):
        with tempfile.TemporaryDirectory() as folder:
            Repositories(self.flowship, self.env, pathlib.Path(folder)).run(self.repositories_at_rest)
        for what, peak in self.peaks():
            row(f"10,000 flows: {what}", f"{peak:.0f} MiB", "400 MiB")


SECTIONS = {"start": Bench.start, "plan": Bench.plan, "validate": Bench.validate, "deploy": Bench.deployment,
            "memory": Bench.memory, "cost": Bench.cost, "hook": Bench.hook, "daemon": Bench.daemon,
            "repositories": Bench.repositories}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", metavar="SECTION", nargs="*")
    parser.add_argument("--flowship", type=pathlib.Path, required=True, metavar="PATH", help="from a release build")
    parser.add_argument("--folder", type=pathlib.Path, metavar="DIR", help="keeps the repositories for another run")
    parser.add_argument("--runs", type=int, default=30, metavar="N", help="of short commands; long ones run a tenth")
    parser.add_argument("--repositories", type=int, nargs="+", default=[100, 1000], metavar="N", help="at rest")
    options = parser.parse_args()
    for name in options.sections:
        if name not in SECTIONS:
            parser.error(f"{name} is no section; there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options.flowship, options.folder or pathlib.Path(scratch), options.runs,
                      options.repositories)
        for name in options.sections or SECTIONS:
            print(f"== {name}", flush=True)
            SECTIONS[name](bench)


if __name__ == "__main__":
    main()
