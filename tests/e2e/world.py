"""A world for the tests that break things: one service, one ledger, one or two machines, and what must always hold.

The flows are small exported files `<flowId>.json`; a flow's text is the name in its metadata.
"""

import json
import os
import pathlib
import subprocess
import threading
import time

import harness

REF = "refs/flowship/default"


def flow_of(flow_id, text):
    """A whole flow, as an exported file has it."""
    return {
        "flowId": flow_id,
        "metadata": {"name": text},
        "contents": {"startTask": "start", "tasks": {
            "start": {"id": "start", "name": "Start", "next": {"rules": [{"interactionId": "", "taskId": "end"}]}},
            "end": {"id": "end", "name": "End", "type": "automated", "action": "loggedIn", "next": {}}}},
    }


class Ended:
    """A command that has ended: its exit code, its JSON document, what it said."""

    def __init__(self, code, out, err):
        assert harness.KEY not in out + err, "the key was shown"
        self.code, self.err = code, err
        self.json = json.loads(out) if out else {}

    def outcomes(self):
        return {flow["flowId"]: flow["outcome"] for flow in self.json.get("flows", [])}

    def __str__(self):
        return f"exit {self.code}\n{json.dumps(self.json, indent=1)}\n{self.err}"


class World:
    def __init__(self, folder, machines=1, shared=False):
        self.folder = pathlib.Path(folder)
        self.sandbox = harness.Sandbox()
        self.origin = self.folder / "origin.git"
        self.machines = [harness.Repository(self.folder / f"machine-{number}") for number in range(machines)]
        self.author = self.machines[0]
        self.shared = shared
        if shared:
            self.author.git("init", "--quiet", "--bare", str(self.origin))
            for machine in self.machines:
                machine.git("remote", "add", "origin", f"file://{self.origin}")
            self.author.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin"}}}})

    def close(self):
        self.sandbox.stop()

    # What people do.

    def write(self, flows):
        """Makes `flows` (id to text, None removes) the next commit, on every machine."""
        for flow_id, text in flows.items():
            if text is None:
                self.author.remove(f"{flow_id}.json")
            else:
                self.author.write(f"{flow_id}.json", flow_of(flow_id, text))
        self.author.git("add", "--all")
        self.author.git("commit", "--quiet", "--allow-empty", "--message", "Change flows")
        for machine in self.machines[1:]:
            machine.git("fetch", "--quiet", str(self.author.path), "main")
            machine.git("reset", "--quiet", "--hard", "FETCH_HEAD")

    def start(self, *arguments, machine=0, preexec=None, restore_signals=True):
        return subprocess.Popen(
            [harness.FLOWSHIP, *arguments, "--format", "json"], cwd=self.machines[machine].path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=preexec, restore_signals=restore_signals,
            env=harness.environment(DESCOPE_BASE_URL=self.sandbox.url))

    def end(self, process):
        out, err = process.communicate(timeout=harness.PATIENCE)
        return Ended(process.returncode, out, err)

    def run(self, *arguments, **how):
        return self.end(self.start(*arguments, **how))

    # What there is.

    def ledger_git(self, *arguments):
        """git where the ledger is that counts."""
        where = self.origin if self.shared else self.author.path
        done = subprocess.run(["git", *arguments], cwd=where, env=harness.environment(), text=True, capture_output=True,
                              timeout=harness.PATIENCE)
        return done.stdout.strip() if done.returncode == 0 else None

    def record(self):
        """The newest record; None before the first."""
        return self.in_ledger("deployment.json")

    def recorded_flows(self):
        """What the newest record says of its flows."""
        return self.in_ledger("flows.json")["flows"]

    def unsettled(self):
        """The flows of which `deployed/` does not say what the service holds."""
        return self.in_ledger("unsettled.json") or {}

    def in_ledger(self, path):
        text = self.ledger_git("show", f"{REF}:{path}")
        return json.loads(text) if text else None

    def deployed(self, record=REF):
        """What the ledger says is deployed: flow id to text."""
        names = (self.ledger_git("ls-tree", "--name-only", f"{record}:deployed") or "").split()
        flows = [json.loads(self.ledger_git("show", f"{record}:deployed/{name}")) for name in names]
        return {flow["flowId"]: flow["metadata"]["name"] for flow in flows}

    def held(self):
        """What the service holds: flow id to text."""
        return {flow_id: flow["metadata"]["name"] for flow_id, flow in self.sandbox.held().items()}

    def planned(self, machine=0):
        """What `plan` would do: flow id to action."""
        return {change["flowId"]: change["action"] for change in self.run("plan", machine=machine).json["changes"]}

    def states(self, machine=0):
        return {flow["flowId"]: flow["state"] for flow in self.run("status", machine=machine).json["flows"]}

    def in_question(self):
        """The flows of which the ledger says itself that it does not know."""
        record = self.record()
        if record is None:
            return set()
        open_flows = [flow for flow in self.recorded_flows() if record["phase"] == "intent" or flow.get("unknown")]
        return {flow["flowId"] for flow in open_flows} | set(self.unsettled())

    def wait_for(self, condition, what):
        pause = threading.Event()
        end = time.monotonic() + harness.PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}")
            pause.wait(0.01)

    def quiet(self, before=frozenset()):
        """Waits until what a killed process has left behind, a request or a push, has ended; `before` is what
        `connections` said before it began."""
        def pushes():
            return [path for path in pathlib.Path("/proc").glob("[0-9]*/cmdline") if self.is_push(path)]
        self.wait_for(lambda: not pushes(), "the end of a push")
        self.wait_for(lambda: self.connections() <= before, "the end of a request")

    def connections(self):
        """To the sandbox: one whose other end was killed is there until its request has been answered."""
        port, open_states = f":{int(self.sandbox.url.rsplit(':', 1)[1]):04X}", ("01", "08")
        sockets = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return {socket[2] for socket in sockets if socket[1].endswith(port) and socket[3] in open_states}

    def is_push(self, cmdline):
        try:
            words = cmdline.read_bytes()
        except OSError:
            return False
        return b"push" in words and any(str(machine.path).encode() in words for machine in self.machines)

    # What must hold.

    def lies(self):
        """Where the ledger says of a flow what is not so, though it does not say that it does not know."""
        deployed, held, unknown = self.deployed(), self.held(), self.in_question()
        return [f"the ledger says that {flow_id} is {deployed.get(flow_id)}, and the service holds {held.get(flow_id)}"
                for flow_id in sorted({*deployed, *held} - unknown) if deployed.get(flow_id) != held.get(flow_id)]


def hook(repository, name, script):
    """Gives a bare repository a hook."""
    path = pathlib.Path(repository) / "hooks" / name
    path.write_text("#!/bin/sh\n" + script + "\n")
    os.chmod(path, 0o755)
    return path
