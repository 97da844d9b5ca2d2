#!/usr/bin/env python3
"""Two and three machines with one ledger, of which one is paused, killed or cut off at every step of a deployment, with
clocks that are an hour off; then random histories of that.

    tests/e2e/several_machines.py --flowship build/release/flowship [--seed N | --first N --count N] [--rounds N]

In each round one machine begins to deploy a commit and is struck at one step. The others deploy a newer commit meanwhile, and
have to take over; then the first one goes on. It may send at most the one request that was in flight, and after the next
deployment service, ledger and commit agree, as every machine sees it. A history that fails prints its seed, and `--seed`
plays it again.
"""

import argparse
import concurrent.futures
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
arguments.add_argument("--only", default="", help="only the cells in whose name this occurs, as in 'import before'")
arguments.add_argument("--seed", type=int, help="play this one history")
arguments.add_argument("--first", type=int, default=1, help="the first seed")
arguments.add_argument("--count", type=int, default=int(os.environ.get("FLOWSHIP_MACHINE_HISTORIES", "4")),
                       help="so many histories (default: FLOWSHIP_MACHINE_HISTORIES, else 4)")
arguments.add_argument("--rounds", type=int, default=3, help="rounds of a history")
arguments.add_argument("--seconds", type=int, help="begin no further history after so long")
arguments.add_argument("--jobs", type=int, default=4, help="histories at a time")
if __name__ == "__main__":
    chosen = arguments.parse_args()
    os.environ["FLOWSHIP"] = str(pathlib.Path(chosen.flowship).resolve())

from machines import Machines, is_alive  # noqa: E402 (the program is named first)

FLOWS = ("a", "b", "c")
DEPLOY = ("deploy", "--concurrency", "1", "--lock-timeout", "3s", "--lock-wait", "90s", "--connect-timeout", "1s",
          "--request-timeout", "20s", "--git-timeout", "20s", "--share-wait", "60s")
STEPS = [("list", "before"), ("export", "before"), ("import", "before"), ("import", "after"), ("push", "intent"),
         ("push", "renewal"), ("push", "result")]
FAULTS = ("pause", "kill", "cut")
CLOCKS = ("+1h", "-1h", None)
# Some steps come before the lease is held.
WITHOUT_LEASE = (("list", "before"), ("export", "before"), ("push", "intent"))


class Round:
    """One deployment that is struck, by the machine `loser`."""

    def __init__(self, world, loser, step, fault, arrives):
        self.world, self.loser, self.step, self.fault, self.arrives = world, loser, step, fault, arrives
        self.others = [number for number in range(len(world.machines)) if number != loser]

    def run(self, older, newer):
        world = self.world
        world.write(older)
        world.hold(self.loser, self.step)
        if self.step == ("push", "renewal"):
            # Long enough for one.
            world.gates[self.loser].hold("import", "before")
        process = world.begin(*DEPLOY, machine=self.loser)
        try:
            world.wait_for(lambda: world.has_reached(self.loser, self.step) or not is_alive(process), f"{self.step}")
            assert is_alive(process), world.finish(process)
            self.strike(process)
            world.write(newer)
            winners = [world.begin(*DEPLOY, machine=number) for number in self.others]
            for winner in winners:
                ended = world.finish(winner)
                assert ended.code == 0, f"the winner: {ended}"
            sent = world.imports(self.loser)
            self.go_on(process)
            ended = world.finish(process)
        finally:
            world.release(self.loser)
            if is_alive(process):
                process.kill()
                process.communicate()
        late = world.imports(self.loser) - sent
        assert late <= 1, f"the loser sent {late} requests more: {ended}"
        assert ended.code in ((-signal.SIGKILL,) if self.fault == "kill" else (0, 1, 4, 6)), ended
        return ended

    def strike(self, process):
        if self.fault == "pause":
            process.send_signal(signal.SIGSTOP)
        elif self.fault == "kill":
            process.kill()
            # Nobody would know of a request that arrives later than everything else.
            self.world.release(self.loser, arrives=self.arrives and self.step[0] == "push")
            self.world.quiet()
            self.world.mend(self.loser)
        else:
            self.world.cut(self.loser)
            self.world.release(self.loser, arrives=False)

    def go_on(self, process):
        if self.fault == "pause":
            self.world.release(self.loser)
            process.send_signal(signal.SIGCONT)
        elif self.fault == "cut":
            self.world.mend(self.loser)


def expect_agreement(world, wanted, dice):
    """After the next deployment, by whichever machine, everybody agrees."""
    first = dice.randrange(len(world.machines))
    for machine in [first, *range(len(world.machines))]:
        before = len(world.sandbox.requests("/import"))
        ended = world.finish(world.begin(*DEPLOY, machine=machine))
        assert ended.code == 0, ended
        if machine != first:
            assert len(world.sandbox.requests("/import")) == before, f"sent again: {ended}"
        assert world.held() == wanted, f"the service holds {world.held()}: {ended}"
        assert world.deployed() == wanted, f"the ledger says {world.deployed()}: {ended}"
        assert world.in_question() == set(), world.in_question()
    for machine in range(len(world.machines)):
        assert world.planned(machine) == {}, world.planned(machine)
    assert world.ledger_git("fsck", "--strict", "--no-dangling") == ""


def history(seed, rounds, tell):
    dice = random.Random(seed)
    count = dice.choice([2, 2, 3])
    clocks = [dice.choice(CLOCKS) for _ in range(count)]
    play = [(dice.randrange(count), dice.choice(STEPS), dice.choice(FAULTS), dice.random() < 0.5) for _ in range(rounds)]
    play_rounds(clocks, play, dice, tell)


def play_rounds(clocks, play, dice, tell):
    folder = tempfile.mkdtemp(prefix="flowship-machines-")
    world = Machines(folder, clocks)
    try:
        wanted = {flow_id: "text 0" for flow_id in FLOWS}
        world.write(wanted)
        expect_agreement(world, wanted, dice)
        for number, (loser, step, fault, arrives) in enumerate(play):
            older = {flow_id: f"older {number}" for flow_id in dice.sample(FLOWS, dice.randint(1, 3))}
            newer = {flow_id: f"newer {number}" for flow_id in dice.sample(FLOWS, dice.randint(1, 3))}
            tell(f"machine {loser} of {clocks}, {step}: {fault}{' (arrives)' if arrives else ''}, {older}, then {newer}")
            wanted = {**wanted, **older, **newer}
            Round(world, loser, step, fault, arrives).run(older, newer)
            expect_agreement(world, wanted, dice)
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def cells():
    for count, clocks in ((2, CLOCKS[:2]), (3, CLOCKS)):
        for step in STEPS:
            for fault in FAULTS:
                yield f"{count} machines, {' '.join(step)}: {fault}", list(clocks), [(0, step, fault, True)]


def tried(job):
    """The name of a job, what it told, and what went wrong."""
    name, deadline, play = job
    if deadline and time.monotonic() > deadline:
        return name, [], "left out"
    told = []
    try:
        play(told.append)
        return name, told, None
    except Exception:  # pylint: disable=broad-except
        return name, told, traceback.format_exc()


def jobs():
    deadline = time.monotonic() + chosen.seconds if chosen.seconds else None
    if chosen.first == 1:
        for name, clocks, play in cells():
            if chosen.only in name:
                yield name, None, lambda tell, c=clocks, p=play: play_rounds(c, p, random.Random(1), tell)
    if not chosen.only:
        for seed in range(chosen.first, chosen.first + chosen.count):
            yield (f"seed {seed}; play it again with --seed {seed} --rounds {chosen.rounds}", deadline,
                   lambda tell, s=seed: history(s, chosen.rounds, tell))


def main():
    if chosen.seed is not None:
        history(chosen.seed, chosen.rounds, print)
        print(f"seed {chosen.seed} holds")
        return 0
    played = failures = 0
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        for name, told, failed in pool.map(tried, jobs()):
            if failed == "left out":
                continue
            played += 1
            if failed:
                failures += 1
                print(f"fails: {name}\n" + "".join(f"  {line}\n" for line in told) + failed, flush=True)
    print(f"{played - failures} of {played} hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
