#!/usr/bin/env python3
"""Days of pushes compressed into minutes: a push every 100 ms to a daemon whose service fails now and then.

    tests/e2e/soak.py --flowship build/release/flowship [--seconds 300] [--seed 1] [--daemons 2 --kill-every 20]

Each push changes a flow or two and is told to the daemon by a signed webhook. Meanwhile the sandbox answers with 500
and 429, drops connections before and after a request was carried out, and in a run of some minutes lets one hang now
and then, until the daemon gives it up after a minute. It must hold that

- /healthz answers all along, and every webhook is taken;
- memory (VmRSS), descriptors and threads of the daemon stay level: the median of the last fifth of the time is at most
  the second fifth's plus 10 % and 4 MiB, 6 descriptors and 4 threads;
- in the end everything is deployed, and the ledger, the service and the last commit hold the same flows.

With --daemons, several of them with one configuration share the ledger, and with --kill-every one after the other is
killed with SIGKILL and started again so often. Instead of the levels it must then hold that no version of a flow was
imported twice.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import signal
import statistics
import sys
import threading
import time
import unittest
import urllib.error

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--flowship", default=os.environ.get("FLOWSHIP"), help="the program")
arguments.add_argument("--seconds", type=float, default=300, help="how long it is pushed to")
arguments.add_argument("--every", type=float, metavar="SECONDS", help="from one push to the next: 0.1, or 1 with --daemons")
arguments.add_argument("--daemons", type=int, default=1, help="how many daemons share the ledger")
arguments.add_argument("--kill-every", type=float, default=20, metavar="SECONDS", help="from one kill to the next, with --daemons")
arguments.add_argument("--seed", type=int, default=1, help="which flows and faults; times are the machine's")
if __name__ == "__main__":
    chosen = arguments.parse_args()
    chosen.every = chosen.every or (0.1 if chosen.daemons == 1 else 1)
    os.environ["FLOWSHIP"] = str(pathlib.Path(chosen.flowship).resolve())

import harness  # noqa: E402 (the program is named first)
import daemons_test  # noqa: E402
from daemon_harness import DaemonTestCase  # noqa: E402
from harness import FLOWS, PATIENCE  # noqa: E402
from webhook_harness import plain_github, push_of  # noqa: E402

FAULTS = ({"fail": "500:2"}, {"fail": "503:6"}, {"fail": "429:1", "retryAfter": 1}, {"drop": 2}, {"dropAfter": 1},
          {"fail": "422:1"})
HANGS = ({"hang": 1}, {"hangAfter": 1})
# A request that hangs takes 60 s: so often there is one, and none that would outlast the pushes.
HANG_EVERY = 80
HANG_LASTS = 65
LATENCY = 20


class Level(collections.namedtuple("Level", "memory descriptors threads")):
    """What a process holds: MiB, and numbers of open descriptors and threads."""

    @classmethod
    def of(cls, pid):
        process = pathlib.Path("/proc", str(pid))
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return cls(int(status["VmRSS"].split()[0]) / 1024, len(os.listdir(process / "fd")), int(status["Threads"]))

    @classmethod
    def median(cls, levels):
        return cls(*(statistics.median(each) for each in zip(*levels)))

    def most(self):
        """The most that it may have become in the end."""
        return Level(self.memory * 1.1 + 4, self.descriptors + 6, self.threads + 4)

    def __str__(self):
        return f"{self.memory:.1f} MiB, {self.descriptors:g} descriptors, {self.threads:g} threads"


class Every:
    """Does something again and again as long as the block goes on; what it raised is raised at the end."""

    def __init__(self, seconds, act):
        self.seconds, self.act, self.over, self.error = seconds, act, threading.Event(), None
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            while not self.over.wait(self.seconds):
                self.act()
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def __enter__(self):
        self.thread.start()

    def __exit__(self, kind, *_):
        self.over.set()
        self.thread.join(PATIENCE)
        if self.error and kind is None:
            raise self.error


def flows_of(read, paths):
    """Flow id to the texts that its graph and screens are, from files in snapshot layout."""
    flows = collections.defaultdict(list)
    for path in paths:
        flow_id, _, name = path.partition("/")
        if name == "contents.json" or name.startswith("screen-"):
            document = json.loads(read(path))
            flows[flow_id].append(plain(document["contents"] if name.startswith("screen-") else document))
    return {flow_id: sorted(texts) for flow_id, texts in flows.items()}


def plain(value):
    return json.dumps(value, sort_keys=True)


class Soak(DaemonTestCase):
    sandbox_options = ("--latency", str(LATENCY))
    poll = "30s"

    def runTest(self):
        self.set_up()
        # AddressSanitizer keeps up to 256 MiB of what was freed: with little of it, the level shows what the daemon holds.
        options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8:thread_local_quarantine_size_kb=64"
        self.served = self.serve(ASAN_OPTIONS=options)
        self.wait_for_deployment()
        self.begin = time.monotonic()
        self.next_hang = self.begin + HANG_EVERY / 2
        with Every(0.25, self.look), Every(1.5, self.break_something):
            pushes = self.push_for(chosen.seconds)
        self.push_the_last()
        self.report(pushes + 1)
        self.assert_level()
        self.assert_all_agree()
        self.assertEqual(self.served.end(), 0)

    # What happens.

    def set_up(self):
        # Two threads choose, each by its own.
        self.rng, self.fault_rng = random.Random(chosen.seed), random.Random(chosen.seed + 1)
        self.faults, self.levels = collections.Counter(), []
        self.push()

    def push_the_last(self):
        self.sandbox.faults(latency=LATENCY)
        self.push_one("the last")
        self.wait_for_deployment()

    def push_for(self, seconds):
        pushes, pause = 0, threading.Event()
        while (now := time.monotonic()) < self.begin + seconds:
            pushes += 1
            self.push_one(f"push {pushes}")
            # A push that is late is not made up for: what counts is the time between two.
            pause.wait(max(0, now + chosen.every - time.monotonic()))
        return pushes

    def push_one(self, text):
        for flow_id in self.rng.sample(self.ids, self.rng.choice((1, 1, 2))):
            self.change(flow_id, text)
        self.push()
        self.tell()

    def tell(self):
        status, _, answer = self.served.ask("/webhook/login-flows", "POST", **self.delivery())
        self.assertEqual(status, 202, answer)

    def delivery(self):
        headers, body = plain_github(push_of(self.head()))
        return {"headers": headers, "body": body}

    def break_something(self):
        now = time.monotonic()
        hangs = self.next_hang <= now < self.begin + chosen.seconds - HANG_LASTS
        fault = self.fault_rng.choice(HANGS if hangs else FAULTS)
        if hangs:
            self.next_hang = now + HANG_EVERY
        self.faults[" ".join(f"{name} {value}" for name, value in fault.items())] += 1
        self.sandbox.faults(latency=LATENCY, **fault)

    def look(self):
        self.assertEqual(self.served.status("/healthz"), 200)
        self.levels.append(Level.of(self.served.process.pid))

    # What must hold.

    def fifth(self, number):
        size = len(self.levels) // 5
        return Level.median(self.levels[(number - 1) * size:number * size])

    def report(self, pushes):
        outcomes = collections.Counter(entry["outcome"] for entry in self.served.ended())
        print(f"{pushes} pushes in {chosen.seconds:g} s, seed {chosen.seed}")
        print("jobs: " + ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())))
        print("faults: " + ", ".join(f"{number} times {fault}" for fault, number in sorted(self.faults.items())))
        print("\n".join(f"{name} fifth: {self.fifth(number)}" for number, name in
                        enumerate(("first", "second", "third", "fourth", "last"), 1)), flush=True)

    def assert_level(self):
        early, late = self.fifth(2), self.fifth(5)
        for name, most, value in zip(Level._fields, early.most(), late):
            self.assertLessEqual(value, most, f"{name} grew: {early}, then {late}")

    def assert_all_agree(self):
        wanted = flows_of(lambda path: (self.repository.path / FLOWS / path).read_text(),
                          [str(file.relative_to(self.repository.path / FLOWS))
                           for file in (self.repository.path / FLOWS).glob("*/*.json")])
        recorded = "refs/flowship/production:deployed"
        names = self.repository.git("--git-dir", str(self.mirror()), "ls-tree", "-r", "--name-only",
                                    recorded).splitlines()
        ledger = flows_of(lambda path: self.repository.git("--git-dir", str(self.mirror()), "show",
                                                           f"{recorded}/{self.folder_of(names)}{path}"),
                          [name.removeprefix(self.folder_of(names)) for name in names])
        service = {flow_id: sorted(plain(part) for part in
                                   (flow["contents"], *(screen["contents"] for screen in flow["screens"])))
                   for flow_id, flow in self.sandbox.held().items()}
        self.assertEqual(sorted(wanted), self.ids)
        for who, flows in (("the ledger", ledger), ("the service", service)):
            self.assertEqual(sorted(flows), self.ids, who)
            self.assertEqual([flow_id for flow_id in self.ids if flows[flow_id] != wanted[flow_id]], [],
                             f"{who} holds these otherwise than the last commit")

    @staticmethod
    def folder_of(names):
        return FLOWS + "/" if names[0].startswith(FLOWS) else ""


class SeveralDaemons(Soak, daemons_test.Daemons):
    poll = "2s"

    def runTest(self):
        self.set_up()
        self.all = {name: self.daemon(name) for name in map(str, range(chosen.daemons))}
        self.kills, self.outcomes = 0, collections.Counter()
        self.wait_for_deployment()
        self.begin = time.monotonic()
        with Every(chosen.kill_every, self.kill_one), Every(1.5, self.break_something):
            pushes = self.push_for(chosen.seconds)
        self.push_the_last()
        self.wait_until(lambda: all(self.environment(one)["state"] == "live" for one in self.all.values()))
        print(f"{pushes + 1} pushes in {chosen.seconds:g} s, {self.kills} kills of {chosen.daemons} daemons, seed {chosen.seed}")
        for served in self.all.values():
            self.count(served)
            self.assertEqual(served.end(), 0)
        print("jobs: " + ", ".join(f"{number} {outcome}" for outcome, number in sorted(self.outcomes.items())))
        self.assert_nothing_was_sent_twice()
        self.assert_all_agree()

    def kill_one(self):
        name = str(self.kills % chosen.daemons)
        self.kills += 1
        self.count(self.all[name])
        self.all[name].end(signal.SIGKILL)
        self.all[name] = self.daemon(name)

    def count(self, served):
        self.outcomes.update(entry["outcome"] for entry in served.ended())

    def tell(self):
        for served in list(self.all.values()):
            try:
                status, _, answer = served.ask("/webhook/login-flows", "POST", **self.delivery())
                self.assertEqual(status, 202, answer)
            except (urllib.error.URLError, OSError):
                # It is being killed: its next fetch finds the push.
                self.assertGreater(chosen.daemons, 1)

    def break_something(self):
        # All but requests that are dropped before they are carried out: what has no answer was taken.
        fault = self.fault_rng.choice([fault for fault in FAULTS if "drop" not in fault])
        self.sandbox.faults(latency=LATENCY, **fault)

    def assert_nothing_was_sent_twice(self):
        taken = [entry for entry in self.sandbox.requests("/flow/import") if entry["status"] in (200, None)]
        self.assertTrue(all(entry["body"] for entry in taken), "the sandbox has forgotten what was sent")
        sent = collections.Counter((entry["flowId"], plain(json.loads(entry["body"])["flow"])) for entry in taken)
        print(f"{len(taken)} imports")
        self.assertEqual([flow_id for (flow_id, _), times in sent.items() if times > 1], [])


def main():
    result = unittest.TextTestRunner().run(SeveralDaemons() if chosen.daemons > 1 else Soak())
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
