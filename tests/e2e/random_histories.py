#!/usr/bin/env python3
"""Random histories of a repository, its service and its ledger, checked step by step against a small model.

    tests/e2e/random_histories.py --flowship build/release/flowship [--seed N | --first N --count N] [--steps N]

A history is made of edits, deletions, edits and deletions in the console, deployments (with pruning, all policies on
drift, faults of the service, lost, false and late answers, faults of the ledger's remote, kills, two at once), and rollbacks, on one machine or on two that share a ledger.
After every step the service, the ledger, `plan` and `status` must be what the model says. A history that fails prints its
seed, and `--seed` plays it again: the same steps, faults and moments of kills, as far as a machine repeats itself.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--flowship", default=os.environ.get("FLOWSHIP"), help="the program")
arguments.add_argument("--seed", type=int, help="play this one history, step by step")
arguments.add_argument("--first", type=int, default=1, help="the first seed")
arguments.add_argument("--count", type=int, default=40, help="so many histories")
arguments.add_argument("--steps", type=int, default=12, help="steps of a history")
arguments.add_argument("--seconds", type=int, help="begin no further history after so long")
arguments.add_argument("--jobs", type=int, default=4, help="histories at a time")
if __name__ == "__main__":
    chosen = arguments.parse_args()
    os.environ["FLOWSHIP"] = str(pathlib.Path(chosen.flowship).resolve())

from world import REF, World, flow_of, hook  # noqa: E402 (the program is named first)

FLOWS = ["alpha", "beta", "gamma", "delta"]
HASTE = ("--request-timeout", "500ms", "--git-timeout", "5s", "--read-back-wait", "400ms", "--share-wait", "5s")


class Model:
    """What is where: flow id to text, everywhere."""

    def __init__(self):
        self.source = {}
        self.service = {}
        self.deployed = {}  # what the ledger says
        self.left = {}  # what the service held when the ledger last looked
        self.found = {}  # what the service held when it was to be sent
        self.asked = {}  # sent, and whether it arrived is not known: the text, None for a deletion
        self.unsure = set()  # settled without an answer: the service held neither the old nor the new
        self.versions = {}

    def changes(self, wanted=None):
        wanted = self.source if wanted is None else wanted
        return {flow_id for flow_id in {*wanted, *self.deployed}
                if wanted.get(flow_id) != self.deployed.get(flow_id)
                or (flow_id in self.unsure and flow_id in self.deployed)}

    def plan(self):
        """Without --prune, so that nothing is deleted."""
        return {flow_id: "update" if flow_id in self.deployed else "create"
                for flow_id in self.changes() if flow_id in self.source}

    def states(self):
        states = {flow_id: "in-sync" for flow_id in self.deployed}
        states.update({flow_id: self.state(flow_id) for flow_id in {*self.deployed, *self.source}})
        states.update({flow_id: "pending" for flow_id, text in self.asked.items()
                       if text is not None and self.service.get(flow_id) == text})
        # Of a flow that neither the repository nor the service has any more there is nothing left to say.
        states = {flow_id: state for flow_id, state in states.items()
                  if flow_id in self.source or flow_id in self.service}
        return {**{flow_id: "unmanaged" for flow_id in self.service}, **states}

    def state(self, flow_id):
        held, wanted = self.service.get(flow_id), self.source.get(flow_id)
        if self.asked.get(flow_id) is not None:
            wanted = self.asked[flow_id]
        if held == wanted and (wanted is None or flow_id in self.changes() or self.asked.get(flow_id) is not None):
            return "pending"
        if flow_id not in self.deployed:
            return "pending" if held is None else "unmanaged"
        if held is None:
            return "missing"
        if held != self.left[flow_id]:
            return "drifted"
        is_pending = (flow_id in self.changes() and flow_id in self.source) or self.asked.get(flow_id) is not None
        return "pending" if is_pending else "in-sync"

    def is_drift(self, flow_id, wanted):
        held = self.service.get(flow_id)
        return held not in (wanted.get(flow_id), self.left.get(flow_id) if flow_id in self.deployed else None)

    def save(self, flow_id, text):
        if text is None:
            self.service.pop(flow_id, None)
            self.versions.pop(flow_id, None)
        else:
            self.service[flow_id] = text
            self.versions[flow_id] = self.versions.get(flow_id, 0) + 1

    def record(self, flow_id, text):
        self.unsure.discard(flow_id)
        for kept in (self.deployed, self.left):
            kept.pop(flow_id, None)
            if text is not None:
                kept[flow_id] = text

    def settle(self):
        """What a deployment does first: it asks what became of everything that is not known."""
        for flow_id, text in self.asked.items():
            held = self.service.get(flow_id)
            if held == text:
                self.record(flow_id, text)
            elif held == self.found.get(flow_id):
                self.unsure.discard(flow_id)
            else:
                self.unsure.add(flow_id)
        self.asked = {}

    def deploy(self, policy, prune, wanted=None):
        """Carries out a deployment that meets no fault: its exit code, and what it sends."""
        wanted = self.source if wanted is None else wanted
        self.settle()
        changes = self.changes(wanted)
        drifted = {flow_id for flow_id in changes if flow_id in wanted and self.is_drift(flow_id, wanted)}
        if policy == "fail" and drifted:
            return 5, []
        steps = changes - drifted if policy == "skip" else set(changes)
        if policy == "overwrite":
            steps |= {flow_id for flow_id in self.deployed if flow_id in wanted and self.is_drift(flow_id, wanted)}
        sent = []
        for flow_id in sorted(steps):
            is_kept = flow_id not in wanted and (not prune or self.is_drift(flow_id, wanted))
            if is_kept and flow_id in self.service:
                continue
            if self.service.get(flow_id) != wanted.get(flow_id):
                self.save(flow_id, wanted.get(flow_id))
                sent.append(flow_id)
            self.record(flow_id, wanted.get(flow_id))
        return (5 if drifted and policy == "skip" else 0), sent


class History:
    def __init__(self, seed, folder, tell):
        self.dice = random.Random(seed)
        self.tell = tell
        self.shared = self.dice.random() < 0.5
        self.world = World(folder, machines=2 if self.shared else 1, shared=self.shared)
        self.model = Model()
        self.texts = 0

    def run(self, steps):
        try:
            self.edit()
            for _ in range(steps):
                step = self.dice.choices(
                    [self.edit, self.edit_in_console, self.deploy, self.deploy_with_faults, self.kill, self.two_at_once,
                     self.roll_back], [4, 2, 4, 4, 3, 1, 1])[0]
                step()
                self.compare()
            # Whatever happened, in the end everything can be deployed.
            self.deploy("overwrite")
            self.compare()
            assert self.world.held() == self.model.service
            assert self.world.ledger_git("fsck", "--strict", "--no-dangling") == ""
        finally:
            self.world.close()

    # Steps.

    def new_text(self):
        self.texts += 1
        return f"text {self.texts}"

    def edit(self):
        changes = {}
        for flow_id in self.dice.sample(FLOWS, self.dice.randint(1, 3)):
            if flow_id in self.model.source and self.dice.random() < 0.3:
                changes[flow_id] = None
            elif flow_id in self.model.deployed and self.dice.random() < 0.2:
                changes[flow_id] = self.model.deployed[flow_id]
            else:
                changes[flow_id] = self.new_text()
        self.tell(f"edit {changes}")
        self.world.write(changes)
        self.model.source.update(changes)
        self.model.source = {flow_id: text for flow_id, text in self.model.source.items() if text is not None}

    def edit_in_console(self):
        flow_id = self.dice.choice(FLOWS)
        if flow_id in self.model.service and self.dice.random() < 0.3:
            self.tell(f"console deletes {flow_id}")
            self.world.sandbox.ask(f"/_sandbox/flows/P2exampleproject/{flow_id}", "DELETE")
            self.model.save(flow_id, None)
            return
        text = self.model.source.get(flow_id) if self.dice.random() < 0.2 else None
        text = text or f"console {self.new_text()}"
        self.tell(f"console edits {flow_id}: {text}")
        self.world.sandbox.edit(flow_of(flow_id, text))
        self.model.save(flow_id, text)

    def options(self, policy=None):
        policy = policy or self.dice.choice(["fail", "fail", "skip", "overwrite"])
        prune = self.dice.random() < 0.6
        options = ["--on-drift", policy, *(["--prune"] if prune else []), *HASTE,
                   "--concurrency", str(self.dice.choice([1, 4]))]
        return policy, prune, options

    def machine(self):
        return self.dice.randrange(len(self.world.machines))

    def sent(self):
        return sorted(entry["flowId"] for entry in self.world.sandbox.requests()
                      if entry["path"].endswith(("/import", "/delete")))

    def deploy(self, policy=None):
        policy, prune, options = self.options(policy)
        machine = self.machine()
        self.tell(f"deploy {policy} {'prune ' if prune else ''}on {machine}")
        self.world.sandbox.forget_requests()
        ended = self.world.run("deploy", *options, machine=machine)
        code, sent = self.model.deploy(policy, prune)
        assert (ended.code, self.sent()) == (code, sorted(sent)), f"not {code}, {sent} but {self.sent()}, {ended}"

    def roll_back(self):
        if self.model.asked:
            return
        log = (self.world.ledger_git("log", "--format=%H", REF) or "").split()
        results = [commit for commit in log
                   if json.loads(self.world.ledger_git("show", f"{commit}:deployment.json"))["phase"] == "result"]
        policy, prune, options = self.options()
        self.tell(f"roll back {policy} {'prune' if prune else ''}")
        self.world.sandbox.forget_requests()
        ended = self.world.run("rollback", *options, machine=self.machine())
        if len(results) < 2:
            assert ended.code == 64, ended
            return
        code, sent = self.model.deploy(policy, prune, self.world.deployed(results[1]))
        assert (ended.code, self.sent()) == (code, sorted(sent)), f"not {code}, {sent} but {self.sent()}, {ended}"

    def two_at_once(self):
        policy, prune, options = self.options()
        self.tell(f"two deploy at once {policy} {'prune' if prune else ''}")
        self.world.sandbox.forget_requests()
        both = [self.world.start("deploy", *options, machine=number % len(self.world.machines)) for number in range(2)]
        ended = [self.world.end(process) for process in both]
        code, sent = self.model.deploy(policy, prune)
        codes = {one.code for one in ended}
        assert code in codes and codes <= {code, 0, 6, 5}, f"not {code}: {[str(one) for one in ended]}"
        assert self.sent() == sorted(sent), f"{sent} is not {self.sent()}"

    def deploy_with_faults(self):
        policy, prune, options = self.options()
        faults = {}
        for _ in range(self.dice.randint(1, 2)):
            step = self.dice.choice(["import", "import", "export", "list", "delete"])
            kind, value = self.dice.choice([
                ("fail", f"500:1@{step}"), ("fail", f"422:{self.dice.randint(1, 3)}@{step}"), ("fail", f"401:1@{step}"),
                ("fail", f"429:1@{step}"), ("drop", f"1@{step}"), ("dropAfter", f"{self.dice.randint(1, 2)}@{step}"),
                ("hang", f"1@{step}"), ("hangAfter", f"1@{step}"), ("lie", "1@import"), ("lie", "1@delete")])
            faults.setdefault(kind, []).append(value)
        if self.dice.random() < 0.3:
            # An answer is lost, and then nobody says what became of the request.
            faults = {"dropAfter": ["2@import"], "latency": 100}
        late = self.dice.choice([None, None, None, 1, 100])
        if late:
            # The service goes on answering with what it held before the import.
            faults = {"latency": 100}
        refused = self.shared and self.dice.random() < 0.4
        script = self.dice.choice(["exit 1", "kill -9 $PPID"])
        when = self.dice.choice([1, 2])
        self.tell(f"deploy {policy} {'prune ' if prune else ''}with {faults}{f', push {when}: {script}' if refused else ''}")
        if refused:
            (self.world.origin / "pushes").unlink(missing_ok=True)
            pre_receive = hook(self.world.origin, "pre-receive",
                               f'echo >>"$GIT_DIR/pushes"; [ "$(wc -l <"$GIT_DIR/pushes")" -ne {when} ] || {script}')
        head = self.head()
        self.world.sandbox.forget_requests()
        self.world.sandbox.faults(**faults)
        process = self.world.start("deploy", *options, machine=self.machine())
        if "latency" in faults:
            self.world.wait_for(lambda: self.world.sandbox.requests("/import") or process.poll() is not None, "an import")
            self.world.sandbox.faults(**({"stale": late} if late else {"dropAfter": ["2@import"], "fail": "422@export"}))
        ended = self.world.end(process)
        self.world.sandbox.faults()
        if refused:
            pre_receive.unlink()
        self.look_after(head, policy, prune, process.pid, ended)

    def kill(self):
        policy, prune, options = self.options()
        number = self.dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        after, latency = self.dice.random() * 0.25, self.dice.choice([0, 10, 30])
        self.tell(f"deploy {policy} {'prune ' if prune else ''}and signal {number.name} after {after:.3f} s")
        head, before = self.head(), self.world.connections()
        self.world.sandbox.faults(latency=latency)
        self.world.sandbox.forget_requests()
        process = self.world.start("deploy", *options, machine=self.machine())
        time.sleep(after)
        process.send_signal(number)
        ended = self.world.end(process)
        self.world.quiet(before)
        self.world.sandbox.faults()
        self.look_after(head, policy, prune, process.pid, ended)

    # What must hold.

    def head(self):
        return self.world.ledger_git("rev-parse", REF)

    def look_after(self, head, policy, prune, pid, ended):
        """After a deployment that may have stopped anywhere: takes over what it did, and checks that it may be so."""
        model = self.model
        record, held, deployed = self.world.record(), self.world.held(), self.world.deployed()
        if self.head() == head:
            assert held == model.service, f"something was sent without an intent\n{ended}"
            return
        asked = model.asked
        model.settle()
        # Else the run shared the result that an earlier one had kept, and was stopped.
        is_own = record["holder"]["pid"] == pid
        may = {flow_id for flow_id in model.changes()
               if flow_id in model.source or prune or flow_id not in model.service}
        if policy == "overwrite":
            may |= {flow_id for flow_id in model.deployed
                    if flow_id in model.source and model.is_drift(flow_id, model.source)}
        question = {flow["flowId"]: (model.source if is_own else asked).get(flow["flowId"])
                    for flow in self.world.recorded_flows()
                    if record["phase"] == "intent" or flow.get("unknown")}
        done = {flow["flowId"] for flow in self.world.recorded_flows()
                if is_own and (record["phase"], record["kind"]) == ("result", "deploy")
                and flow["outcome"] in ("deployed", "deleted", "unchanged")}
        model.found = dict(model.service)
        for flow_id in {*held, *model.service}:
            old, new, now = model.service.get(flow_id), model.source.get(flow_id), held.get(flow_id)
            if now == old:
                continue
            assert flow_id in may and now == new, f"{flow_id}: {old} became {now}\n{ended}"
            assert flow_id in question or deployed.get(flow_id) == new, f"{flow_id} was sent, not recorded\n{ended}"
            model.save(flow_id, now)
        for flow_id in may - question.keys():
            new = model.source.get(flow_id)
            if flow_id in done:
                assert deployed.get(flow_id) == new, f"{flow_id} was carried out, not recorded\n{ended}"
                assert held.get(flow_id) == new, f"{flow_id} was recorded, not sent\n{ended}"
                model.record(flow_id, new)
        if is_own and (record["phase"], record["kind"]) == ("result", "deploy") and not prune:
            # Flows that were gone from both; with --prune they are among the recorded.
            for flow_id in may - question.keys() - model.source.keys() - held.keys():
                model.record(flow_id, None)
        model.asked = question
        if record["phase"] == "result":
            model.unsure |= question.keys()

    def compare(self):
        world, model = self.world, self.model
        assert world.held() == model.service, f"the service holds {world.held()}, not {model.service}"
        assert world.sandbox.versions() == model.versions, f"versions {world.sandbox.versions()}, not {model.versions}"
        assert world.deployed() == model.deployed, f"the ledger says {world.deployed()}, not {model.deployed}"
        record = world.record()
        assert (record or {"total": 0})["total"] == len(model.deployed), record
        machine = self.machine()
        assert world.planned(machine) == model.plan(), f"plan {world.planned(machine)}, not {model.plan()}"
        assert world.states(machine) == model.states(), f"status {world.states(machine)}, not {model.states()}"


def play(seed, steps, tell):
    """Nothing, or what went wrong."""
    folder = tempfile.mkdtemp(prefix="flowship-history-")
    try:
        History(seed, folder, tell).run(steps)
        return None
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play_quietly(job):
    seed, steps, deadline = job
    if deadline and time.monotonic() > deadline:
        return seed, [], "left out"
    told = []
    return seed, told, play(seed, steps, told.append)


def main():
    if chosen.seed is not None:
        failed = play(chosen.seed, chosen.steps, print)
        print(failed or f"seed {chosen.seed} holds")
        return 1 if failed else 0
    deadline = time.monotonic() + chosen.seconds if chosen.seconds else None
    jobs = [(seed, chosen.steps, deadline) for seed in range(chosen.first, chosen.first + chosen.count)]
    played = failures = 0
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        for seed, told, failed in pool.map(play_quietly, jobs):
            if failed == "left out":
                continue
            played += 1
            if failed:
                failures += 1
                print(f"seed {seed} fails; play it again with --seed {seed} --steps {chosen.steps}:")
                print("".join(f"  {line}\n" for line in told) + failed, flush=True)
    print(f"{played - failures} of {played} histories hold (seeds {chosen.first} to {chosen.first + played - 1})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
