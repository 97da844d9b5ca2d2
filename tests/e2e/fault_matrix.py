#!/usr/bin/env python3
"""Every fault on every step of a deployment, as a table: what the service holds afterwards, what the ledger says, and
what the next run sends.

    tests/e2e/fault_matrix.py --flowship build/release/flowship [--only TEXT]

Each cell is a world of its own: a sandbox, a repository with `a`, `b` and `gone` deployed; then `a` and `b` change, `new`
is added and `gone` removed, and one deployment meets the fault. After that, and after the next run, it must hold that

- what the ledger says is what the service holds, or the ledger says itself that it does not know;
- a flow that is not recorded is planned, and none that is recorded;
- in the end everything is deployed and recorded, and no flow was saved more than once for it.
"""

import argparse
import concurrent.futures
import os
import pathlib
import resource
import shutil
import signal
import sys
import tempfile
import traceback

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--flowship", default=os.environ.get("FLOWSHIP"), help="the program")
arguments.add_argument("--only", default="", help="only the cells in whose name this occurs, as in 'import: kill'")
arguments.add_argument("--jobs", type=int, default=8, help="cells at a time (most of the time they wait)")
if __name__ == "__main__":
    chosen = arguments.parse_args()
    os.environ["FLOWSHIP"] = str(pathlib.Path(chosen.flowship).resolve())

from world import World, hook  # noqa: E402 (the program is named first)

OLD = {"a": "old", "b": "old", "gone": "old"}
WANTED = {"a": "wanted", "b": "wanted", "new": "wanted"}
DEPLOY = ("deploy", "--prune", "--request-timeout", "700ms", "--git-timeout", "1s", "--share-wait", "5s")


class Cell:
    """One fault on one step. `meet` breaks something, runs one deployment, and mends it."""

    def __init__(self, step, fault, meet, shared=False, codes=(0,)):
        self.step, self.fault, self.meet, self.shared, self.codes = step, fault, meet, shared, codes

    @property
    def name(self):
        return f"{self.step}: {self.fault}"

    def run(self):
        """What to show of it."""
        folder = tempfile.mkdtemp(prefix="flowship-fault-")
        world = World(folder, shared=self.shared)
        try:
            world.write(OLD)
            ended = world.run(*DEPLOY)
            assert ended.code == 0, ended
            world.write({**WANTED, "gone": None})
            ended = self.meet(world)
            world.sandbox.faults()
            assert ended.code in self.codes, f"exit {ended.code}, not one of {self.codes}\n{ended}"
            row = [self.step, self.fault, str(ended.code), held_text(world), ledger_text(world)]
            expect_truth(world)
            return row + [finish(world)]
        finally:
            world.close()
            shutil.rmtree(folder, ignore_errors=True)


def held_text(world):
    held = world.held()
    return " ".join(flow_id if held[flow_id] == "wanted" else f"({flow_id})" for flow_id in sorted(held))


def ledger_text(world):
    record = world.record()
    if record["phase"] == "intent":
        return "intent"
    words = {"failed": "✗", "deployed": "✓", "deleted": "✓", "unchanged": "✓", "skipped": "–", "drifted": "≠"}
    return " ".join(f"{flow['flowId']}{'?' if flow.get('unknown') else words[flow['outcome']]}"
                    for flow in world.recorded_flows())


def expect_truth(world):
    assert not world.lies(), world.lies()
    deployed = world.deployed()
    missing = {flow_id for flow_id in {*deployed, *WANTED} if deployed.get(flow_id) != WANTED.get(flow_id)}
    # Without --prune: what is to be deleted is left behind.
    assert set(world.planned()) == missing & WANTED.keys(), (world.planned(), missing)
    states = world.states()
    assert "drifted" not in states.values(), states


def finish(world):
    """The next run; what it sends."""
    world.sandbox.faults()
    world.sandbox.forget_requests()
    ended = world.run(*DEPLOY)
    assert ended.code == 0, ended
    sent = [f"{'–' if entry['path'].endswith('delete') else ''}{entry['flowId']}" for entry in world.sandbox.requests()
            if entry["path"].endswith(("/import", "/delete"))]
    assert world.held() == WANTED, world.held()
    assert world.deployed() == WANTED, world.deployed()
    assert world.record()["phase"] == "result" and not world.in_question(), world.record()
    assert world.record()["total"] == len(WANTED), world.record()
    assert world.planned() == {} and set(world.states().values()) == {"in-sync"}, world.states()
    assert world.sandbox.versions() == {"a": 2, "b": 2, "new": 1}, world.sandbox.versions()
    world.sandbox.forget_requests()
    ended = world.run(*DEPLOY)
    assert ended.code == 0 and not world.sandbox.requests("/import"), ended
    assert world.author.git("fsck", "--strict", "--no-dangling") == ""
    return " ".join(sorted(sent)) or "nothing"


# Faults of the service: they are played by the sandbox, at the endpoint that is the step.

def play(**faults):
    def meet(world, *options):
        world.sandbox.faults(**faults)
        return world.run(*DEPLOY, *options)
    return meet


def refuse_in_the_middle(step):
    """The key is refused from the second request of the step on, or where there is but one, at that."""
    def meet(world):
        several = step in ("import", "export")
        world.sandbox.faults(**({"latency": 300} if several else {"fail": f"401@{step}"}))
        world.sandbox.forget_requests()
        process = world.start(*DEPLOY, "--concurrency", "1")
        if several:
            world.wait_for(lambda: world.sandbox.requests(f"/{step}"), "a request")
            world.sandbox.faults(fail=f"401@{step}")
        return world.end(process)
    return meet


def strike(number, **faults):
    """A signal while a request hangs."""
    def meet(world):
        world.sandbox.faults(**faults)
        world.sandbox.forget_requests()
        step = next(iter(faults.values())).split("@")[1]
        process = world.start(*DEPLOY, "--concurrency", "1", "--request-timeout", "60s" if number == signal.SIGKILL else "1s")
        world.wait_for(lambda: world.sandbox.requests(f"/{step}"), "a request")
        process.send_signal(number)
        ended = world.end(process)
        world.sandbox.faults()
        return ended
    return meet


# Faults of the ledger: the file of the ref's lock, and a disk that takes no more.

def ref_lock(world):
    return world.author.path / ".git" / "refs/flowship/default.lock"


def with_lock(until_intent=False, then=None):
    """The ref stays locked: from the beginning, or from the intent on. `then` is done to the process that waits."""
    def meet(world):
        lock = ref_lock(world)
        if until_intent:
            world.sandbox.faults(latency=300)
        else:
            lock.write_text("")
        process = world.start(*DEPLOY)
        if until_intent:
            world.wait_for(lambda: world.record()["phase"] == "intent", "the intent")
            lock.write_text("")
        if then is not None:
            then(world, process, lock)
        ended = world.end(process)
        lock.unlink(missing_ok=True)
        world.sandbox.faults()
        return ended
    return meet


def unlock(world, _process, lock):
    world.wait_for(lambda: any(request["path"].endswith("/export") for request in world.sandbox.requests()), "a start")
    lock.unlink()


def strike_waiting(number):
    """Once it has written its objects and waits for the lock."""
    def then(world, process, lock):
        before = count_objects(world)
        world.wait_for(lambda: count_objects(world) > before or process.poll() is not None, "the objects")
        process.send_signal(number)
        if number != signal.SIGKILL:
            lock.unlink()
    return then


def count_objects(world):
    return sum(1 for _ in (world.author.path / ".git/objects").glob("??/*"))


def full_disk(world):
    """No file may grow beyond a few bytes, as on a disk that is full."""
    return world.end(world.start(*DEPLOY, restore_signals=False,
                                 preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))))


# Faults of the push: hooks of the remote.

COMMITTED = 'cat >/dev/null; [ "$1" = committed ] || exit 0; '
# The hook of a push is told by a file which of them it strikes, so that the intent or the result can be chosen.
COUNTED = 'n=$(cat "$GIT_DIR/pushes" 2>/dev/null || echo 0); n=$((n+1)); echo $n >"$GIT_DIR/pushes"; [ $n -{test} {which} ] || exit 0; '


def with_hook(name, script, which=1, test="eq", then=None):
    """A hook of the remote does `script` at one push (1 the intent, 2 the result), or from one on."""
    def meet(world):
        begin = COMMITTED if name == "reference-transaction" else ""
        path = hook(world.origin, name, begin + COUNTED.format(test=test, which=which) + script)
        process = world.start(*DEPLOY)
        if then is not None:
            world.wait_for(lambda: (world.origin / "struck").exists(), "the hook")
            process.send_signal(then)
        ended = world.end(process)
        # git outlives a killed deployment, and its push may still arrive.
        world.quiet()
        path.unlink()
        return ended
    return meet


WAIT = ': >"$GIT_DIR/struck"; sleep 0.6'
NO_DEPLOYMENT, SOME, ALL = (1,), (1, 4), (0,)
STATUS = "a status is an answer of the service"
LOCAL = "nothing is asked over a network"


def service_cells(step):
    changes = step in ("import", "delete")
    always = (1,) if step in ("export", "list") else (4,)
    stopped = (143,)
    yield Cell(step, "500 once", play(fail=f"500:1@{step}"))
    yield Cell(step, "500 always", play(fail=f"500@{step}"), codes=always)
    yield Cell(step, "429 with Retry-After", play(fail=f"429:1@{step}", retryAfter=1))
    yield Cell(step, "429 without", play(fail=f"429:1@{step}"))
    yield Cell(step, "dropped before", play(drop=f"1@{step}"))
    yield Cell(step, "dropped after", play(dropAfter=f"1@{step}"))
    yield Cell(step, "hangs", play(hang=f"1@{step}"))
    yield Cell(step, "hangs, applied", play(hangAfter=f"1@{step}"))
    yield Cell(step, "401 in the middle", refuse_in_the_middle(step), codes=(7,))
    yield Cell(step, "kill -9", strike(signal.SIGKILL, hang=f"1@{step}"), codes=(-9,))
    yield Cell(step, "kill -9, applied", strike(signal.SIGKILL, hangAfter=f"1@{step}"), codes=(-9,))
    yield Cell(step, "SIGTERM", strike(signal.SIGTERM, hang=f"1@{step}"), codes=stopped)
    yield Cell(step, "SIGTERM, applied", strike(signal.SIGTERM, hangAfter=f"1@{step}"), codes=stopped)
    if changes:
        # No question about it is answered either.
        yield Cell(step, "dropped after, mute", mute(step), codes=(1, 4))


def mute(step):
    """The answers are lost, and nothing can be asked any more."""
    def meet(world):
        world.sandbox.faults(latency=200, dropAfter=f"9@{step}")
        world.sandbox.forget_requests()
        process = world.start(*DEPLOY)
        world.wait_for(lambda: world.sandbox.requests(f"/{step}"), "a request")
        world.sandbox.faults(dropAfter=f"9@{step}", fail="500@export")
        return world.end(process)
    return meet


def ledger_cells():
    step = "ledger write"
    yield Cell(step, "500 once", with_lock(then=unlock))
    yield Cell(step, "500 always", with_lock(), codes=(1,))
    for fault in ("429 with Retry-After", "429 without"):
        yield (step, fault, STATUS)
    for fault in ("dropped before", "dropped after"):
        yield (step, fault, LOCAL)
    yield (step, "hangs", "a lock that stays is `500 always`")
    yield Cell(step, "401 in the middle", with_lock(until_intent=True), codes=(1,))
    yield Cell(step, "kill -9", with_lock(then=strike_waiting(signal.SIGKILL)), codes=(-9,))
    yield Cell(step, "kill -9, applied", with_lock(until_intent=True, then=strike_waiting(signal.SIGKILL)), codes=(-9,))
    yield Cell(step, "SIGTERM", with_lock(then=strike_waiting(signal.SIGTERM)), codes=(143,))
    yield Cell(step, "SIGTERM, applied", with_lock(until_intent=True, then=strike_waiting(signal.SIGTERM)), codes=(0, 143))
    yield Cell(step, "disk full", full_disk, codes=(1,))


def push_cells():
    step = "push"

    def cell(fault, *how, codes, **more):
        return Cell(step, fault, with_hook(*how, **more), shared=True, codes=codes)

    # A result is tried again, an intent is not: as long as there is none, nobody waits for anything.
    for which, name, once in ((1, "intent", (1,)), (2, "result", (0,))):
        code = (1,)
        yield cell(f"500 once ({name})", "pre-receive", "exit 1", which=which, codes=once)
        yield cell(f"500 always ({name})", "pre-receive", "exit 1", which=which, test="ge", codes=code)
        yield cell(f"dropped before ({name})", "pre-receive", "kill -9 $PPID", which=which, codes=once)
        yield cell(f"dropped after ({name})", "reference-transaction", "kill -9 $PPID", which=which, codes=(0,))
        yield cell(f"hangs ({name})", "pre-receive", "sleep 3; exit 1", which=which, codes=once)
        yield cell(f"hangs, applied ({name})", "reference-transaction", "sleep 3", which=which, codes=(0,))
        yield cell(f"401 in the middle ({name})", "pre-receive", "echo 401 >&2; exit 1", which=which, test="ge", codes=code)
        yield cell(f"kill -9 ({name})", "pre-receive", WAIT, which=which, then=signal.SIGKILL, codes=(-9,))
        yield cell(f"kill -9, applied ({name})", "reference-transaction", WAIT, which=which, then=signal.SIGKILL, codes=(-9,))
        yield cell(f"SIGTERM ({name})", "pre-receive", 'touch "$GIT_DIR/struck"; sleep 0.3', which=which,
                   then=signal.SIGTERM, codes=(0, 143))
    for fault in ("429 with Retry-After", "429 without"):
        yield (step, fault, "to git it is a refusal as any other: see 500")


def cells():
    for step in ("import", "export", "list", "delete"):
        yield from service_cells(step)
    yield from ledger_cells()
    yield from push_cells()


def outcome_of(cell):
    """A row, and what went wrong."""
    if not isinstance(cell, Cell):
        step, fault, why = cell
        return [step, fault, "", f"makes no sense: {why}", "", ""], None
    try:
        return cell.run(), None
    except Exception:  # pylint: disable=broad-except
        return [cell.step, cell.fault, "", "FAILED", "", ""], f"{cell.name}\n{traceback.format_exc()}"


def table(rows):
    head = ["step", "fault", "exit", "the service holds", "the ledger says", "the next run sends"]
    widths = [max(len(row[column]) for row in [head, *[row for row in rows if row[2]]]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def main():
    wanted = [cell for cell in cells() if chosen.only in (cell.name if isinstance(cell, Cell) else f"{cell[0]}: {cell[1]}")]
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        outcomes = list(pool.map(outcome_of, wanted))
    table([row for row, _ in outcomes])
    print("\n(x) is the old version; ✓ deployed, ✗ failed, – not begun, ? not known. An intent is settled by the next run.")
    failures = [why for _, why in outcomes if why]
    for why in failures:
        print("\n" + why, file=sys.stderr)
    print(f"{len(outcomes) - len(failures)} of {len(outcomes)} cells as they should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
