"""Several machines with one ledger: each with a host name, a clock and a way to the service and to the remote of its own,
which can be held at any step, cut, and mended."""

import contextlib
import http.client
import http.server
import pathlib
import subprocess
import threading

import harness
from daemon_harness import can_name_hosts, on_host
from world import Ended, World, hook

# Of the package faketime.
FAKETIME = next(map(str, pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


def wrong_clock(offset):
    """The environment of a process whose clock is off by that, as in "+1h". Not by the program `faketime`, which would be a
    process between the test and the one that it starts, and refuses to run where one that was killed had the same id."""
    return {"LD_PRELOAD": FAKETIME, "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1"} if offset else {}


def forget_wrong_clocks():
    """Removes what libfaketime leaves in memory of processes that are gone."""
    for file in pathlib.Path("/dev/shm").glob("*faketime_*_*"):
        if not pathlib.Path("/proc", file.name.rpartition("_")[2]).exists():
            with contextlib.suppress(OSError):
                file.unlink()


KINDS = ("list", "export", "import")
ENTRIES = ("intent", "renewal", "result")

# A push of the machine and of the kind of entry that `hold` names waits there until the file is gone; what it says in
# the end is whether the push arrives.
HOLDING = """
read old new ref
hold="$GIT_DIR/hold"
[ -e "$hold" ] || exit 0
kind=$(git show "$new:deployment.json" | sed -n 's/.*"phase": *"\\([a-z]*\\)".*/\\1/p' | head -n1)
[ "$kind" = intent ] && git show "$new:deployment.json" | grep -q '"renewals"' && kind=renewal
[ "$(cat "$hold" 2>/dev/null)" = "$MACHINE $kind" ] || exit 0
: >"$hold.reached"
while [ -e "$hold" ]; do sleep 0.02; done
[ ! -e "$hold.drop" ]
"""


class Gate:
    """A machine's way to the service."""

    def __init__(self, service):
        self.is_cut = False
        self.held = None
        self.counts = dict.fromkeys(KINDS, 0)
        self.reached, self.opened, self.landed = threading.Event(), threading.Event(), threading.Event()
        gate, address = self, service.split("://")[1]

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                kind = self.path.rsplit("/", 1)[1]
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if not gate.lets(kind, "before"):
                    return self.drop()
                gate.counts[kind] = gate.counts.get(kind, 0) + 1
                connection = http.client.HTTPConnection(address, timeout=harness.PATIENCE)
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                gate.landed.set()
                if not gate.lets(kind, "after"):
                    return self.drop()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "content-length", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def drop(self):
                self.close_connection = True
                gate.landed.set()

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # The machine was killed.

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def lets(self, kind, when):
        if self.held == (kind, when):
            self.held = None
            if when == "before":
                self.landed.clear()
            self.reached.set()
            self.opened.wait(harness.PATIENCE)
        return not self.is_cut

    def hold(self, kind, when):
        self.reached.clear()
        self.opened.clear()
        self.held = (kind, when)

    def close(self):
        self.opened.set()
        self.server.shutdown()
        self.server.server_close()


class Machines(World):
    def __init__(self, folder, clocks):
        super().__init__(folder, machines=len(clocks), shared=True)
        self.clocks = clocks if FAKETIME else [None] * len(clocks)
        self.gates = [Gate(self.sandbox.url) for _ in clocks]
        hook(self.origin, "pre-receive", HOLDING)
        self.hold_file = self.origin / "hold"
        for number, machine in enumerate(self.machines):
            self.mend_remote(number)
            machine.git("remote", "set-url", "origin", f"file://{self.way(number)}")

    def close(self):
        self.release_push()
        for gate in self.gates:
            gate.close()
        super().close()
        forget_wrong_clocks()

    def way(self, number):
        return self.folder / f"way-{number}.git"

    def mend_remote(self, number):
        if not self.way(number).is_symlink():
            self.way(number).symlink_to(self.origin)

    def begin(self, *arguments, machine):
        """Starts the program on a machine."""
        command = [harness.FLOWSHIP, *arguments, "--format", "json"]
        if can_name_hosts():
            command = [*on_host(f"machine-{machine}"), *command]
        return subprocess.Popen(
            command, cwd=self.machines[machine].path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=harness.environment(DESCOPE_BASE_URL=self.gates[machine].url, MACHINE=str(machine),
                                    **wrong_clock(self.clocks[machine])))

    def finish(self, process):
        out, err = process.communicate(timeout=harness.PATIENCE * 2)
        return Ended(process.returncode, out, err)

    # Steps: ("import", "before") is a request that the service does not have yet, ("import", "after") one whose answer
    # is on its way; ("push", "result") a push that the remote has not decided on.

    def hold(self, machine, step):
        if step[0] != "push":
            return self.gates[machine].hold(*step)
        for ending in ("reached", "drop"):
            (self.origin / f"hold.{ending}").unlink(missing_ok=True)
        self.hold_file.write_text(f"{machine} {step[1]}")

    def has_reached(self, machine, step):
        return (self.origin / "hold.reached").exists() if step[0] == "push" else self.gates[machine].reached.is_set()

    def cut(self, machine):
        self.gates[machine].is_cut = True
        self.way(machine).unlink(missing_ok=True)

    def release(self, machine, arrives=True):
        """What is held goes on, or is lost."""
        if not arrives:
            (self.origin / "hold.drop").touch()
            self.gates[machine].is_cut = True
        self.gates[machine].held = None
        self.gates[machine].opened.set()
        if self.gates[machine].reached.is_set():
            # Nobody would know of one that reached the service after everybody has looked.
            self.gates[machine].landed.wait(harness.PATIENCE)
        self.release_push()

    def release_push(self):
        self.hold_file.unlink(missing_ok=True)

    def mend(self, machine):
        self.gates[machine].is_cut = False
        self.mend_remote(machine)

    def imports(self, machine):
        """How many imports of a machine have reached the service."""
        return self.gates[machine].counts["import"]


def is_alive(process):
    return process.poll() is None
