"""A daemon of many repositories: what it takes at rest, how soon a push is imported where the rate is limited, and how the
ledger grows. Prints one table.
"""
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request

import generate
from sandbox import Sandbox

PATIENCE = 1800
AT_REST = 120
LIMIT = "100/60s"
ENVIRONMENTS = 40
PUSHES = 5
DEPLOYMENTS = 50
ENTRIES = 10_000
LEDGER = "refs/flowship/production"


def wait_until(condition, what, pause=0.5):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come")
        time.sleep(pause)


def row(what, figure, aim):
    print(f"| {what} | {figure} | {aim} |", flush=True)


class Daemon:
    """`flowship serve` with that configuration, while the `with` lasts."""

    def __init__(self, flowship, env, folder, config):
        self.flowship, self.env, self.folder = flowship, env, folder
        self.data = folder / "data"
        self.write({**config, "listen": "127.0.0.1:0", "data": str(self.data)})

    def write(self, config):
        self.config = config
        (self.folder / "flowshipd.json").write_text(json.dumps(config))

    def __enter__(self):
        self.process = subprocess.Popen([self.flowship, "serve", "--config", self.folder / "flowshipd.json"], env=self.env,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until((self.data / "address").exists, "the daemon", 0.02)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def is_live(self):
        """Whether everything is deployed, on all pages."""
        address = (self.data / "address").read_text().strip().rstrip("/")
        page, pages = 1, 1
        while page <= pages:
            with urllib.request.urlopen(f"{address}/api/status?page={page}") as answer:
                status = json.load(answer)
            if any(one["state"] != "live" for one in status["environments"]):
                return False
            page, pages = page + 1, status["pages"]
        return True

    def cpu(self):
        """Seconds so far: of the daemon, and of it with the processes that it has waited for."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        user, system, of_children, system_of_children = (int(each) / os.sysconf("SC_CLK_TCK") for each in fields[11:15])
        return user + system, user + system + of_children + system_of_children

    def held(self):
        """MiB, and threads."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        return int(values["VmRSS"].split()[0]) / 1024, int(values["Threads"])


class Repositories:
    def __init__(self, flowship, env, folder):
        self.flowship, self.env, self.folder = flowship, env, folder
        self.key = folder / "key"
        self.key.write_text(env["DESCOPE_MANAGEMENT_KEY"] + "\n")
        self.key.chmod(0o600)

    def run(self, counts):
        print("| what | figure | aim |\n| --- | --- | --- |")
        for count in counts:
            self.at_rest(count)
        self.rate_budget()
        self.growth()

    def git(self, *arguments, **options):
        return subprocess.run(["git", *arguments], env=self.env, check=True, stdout=subprocess.PIPE, **options).stdout

    def source(self, name, environments):
        """A clone with two flows, its bare repository, and a folder for a daemon."""
        folder = self.folder / name
        folder.mkdir()
        source, bare = folder / "source", folder / "bare.git"
        generate.generate(str(source), 2, checkout=True)
        (source / "flowship.json").write_text(json.dumps({"environments": environments}))
        self.commit(source, "Configure")
        self.git("clone", "--quiet", "--bare", str(source), str(bare))
        self.git("-C", str(source), "remote", "add", "origin", str(bare))
        return folder, source, bare

    def commit(self, source, message):
        self.git("-C", str(source), "add", "--all")
        self.git("-C", str(source), "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "commit", "--quiet",
                 "--message", message)

    def change(self, source, text):
        """The next commit changes one flow."""
        screen = sorted((source / generate.ROOT / "flows").glob("*/screen-*.json"))[0]
        document = json.loads(screen.read_text())
        document["contents"]["ROOT"]["props"]["note"] = text
        screen.write_text(json.dumps(document))
        self.commit(source, text)

    def environment(self, sandbox):
        return {"managementKeyFile": str(self.key), "baseUrl": sandbox.url}

    def at_rest(self, count):
        folder, _, bare = self.source(f"rest-{count}", {"production": {"projectId": "P2" + "a" * 25, "branch": "main"}})
        with Sandbox(self.flowship, self.env) as sandbox:
            repository = {"url": str(bare), "environments": {"production": self.environment(sandbox)}}
            config = {"repositories": {f"flows-{number}": repository for number in range(count)}}
            with Daemon(self.flowship, self.env, folder, config) as daemon:
                wait_until(daemon.is_live, "the deployment of everything", 2)
                # The first polls after the start come in bursts.
                time.sleep(60)
                began, before = time.monotonic(), daemon.cpu()
                most = daemon.held()
                while time.monotonic() < began + AT_REST:
                    time.sleep(1)
                    most = tuple(map(max, most, daemon.held()))
                took = time.monotonic() - began
                own, all_of_it = ((after - earlier) / took * 100 for after, earlier in zip(daemon.cpu(), before))
        of = f"{count:,} repositories at rest"
        row(f"{of}: CPU of the daemon", f"{own:.1f} %", "5 %")
        row(f"{of}: with its git processes", f"{all_of_it:.1f} %", "15 %")
        row(f"{of}: memory", f"{most[0]:.0f} MiB", "150 MiB")
        row(f"{of}: threads", most[1], "64")

    def rate_budget(self):
        """Drift checks would take more than the rate; only the first environment's branch is pushed to."""
        environments = {f"e{number}": {"projectId": f"P2number{number}", "branch": "main" if number == 0 else "others"}
                        for number in range(ENVIRONMENTS)}
        folder, source, bare = self.source("budget", environments)
        self.git("-C", str(source), "push", "--quiet", "origin", "main:others")
        with Sandbox(self.flowship, self.env) as sandbox:
            repository = {"url": str(bare), "poll": "1s",
                          "environments": {name: self.environment(sandbox) for name in environments}}
            with Daemon(self.flowship, self.env, folder, {"repositories": {"flows": repository}}) as daemon:
                wait_until(daemon.is_live, "the deployment of everything")
                sandbox.forget_requests()
                self.limit(sandbox)
                daemon.write({**daemon.config, "driftCheck": "10s", "rateLimit": LIMIT})
                daemon.process.send_signal(signal.SIGHUP)
                wait_until(lambda: sandbox.requests().total() >= 50, "the drift checks")
                took = [self.seconds_to_import(sandbox, source, number) for number in range(PUSHES)]
        row(f"{ENVIRONMENTS} environments at {LIMIT}: a push is imported after, at most", f"{max(took):.1f} s", "10 s")

    def limit(self, sandbox):
        body = json.dumps({"rateLimit": LIMIT}).encode()
        urllib.request.urlopen(urllib.request.Request(sandbox.url + "/_sandbox/faults", body, method="PUT")).close()

    def seconds_to_import(self, sandbox, source, number):
        self.change(source, f"push {number}")
        before, began = sandbox.imported(), time.monotonic()
        self.git("-C", str(source), "push", "--quiet", "origin", "main")
        wait_until(lambda: sandbox.imported() > before, "the import", 0.05)
        took = time.monotonic() - began
        time.sleep(5)
        return took

    def growth(self):
        """Of a shared ledger: what each deployment of one changed flow adds, and what a new clone fetches."""
        _, source, bare = self.source("growth", {"production": {"ledger": {"remote": "origin"}}})
        with Sandbox(self.flowship, self.env) as sandbox:
            env = {**self.env, "DESCOPE_BASE_URL": sandbox.url}
            deploy = [self.flowship, "deploy", "--env", "production", "--repo", source, "--quiet"]
            subprocess.run(deploy, env=env, check=True)
            before = self.packed_size(bare)
            for number in range(DEPLOYMENTS):
                self.change(source, f"deployment {number}")
                subprocess.run(deploy, env=env, check=True)
            each = (self.packed_size(bare) - before) / DEPLOYMENTS
            row("ledger: a deployment of one flow adds, packed", f"{each / 1024:.1f} KiB", "")
            self.git("-C", str(source), "push", "--quiet", "origin", "main")
            self.append(bare)
            clone = bare.with_name("clone")
            self.git("clone", "--quiet", "--branch=main", f"file://{bare}", str(clone))
            empty = self.size(clone)
            subprocess.run([self.flowship, "status", "--env", "production", "--repo", clone, "--quiet"], env=env,
                           check=True, stdout=subprocess.DEVNULL)
        row(f"ledger: a new clone fetches of {ENTRIES:,} deployments", f"{(self.size(clone) - empty) / 1024:.0f} KiB",
            "2 MiB")

    def packed_size(self, bare):
        self.git("-C", str(bare), "repack", "-adq")
        return sum(pack.stat().st_size for pack in (bare / "objects" / "pack").glob("*.pack"))

    @staticmethod
    def size(clone):
        return sum(file.stat().st_size for file in (clone / ".git").rglob("*") if file.is_file())

    def append(self, bare):
        """Results like the newest one, as if so many deployments had been."""
        record = json.loads(self.git("-C", str(bare), "show", f"{LEDGER}:deployment.json"))
        with generate.fast_import(str(bare)) as stream:
            for number in range(ENTRIES):
                text = json.dumps({**record, "subject": f"Deployment {number}"}).encode()
                stream.write(b"commit %s\ncommitter Bench <bench@example.com> %d +0000\ndata 7\nDeploy\n\n"
                             % (LEDGER.encode(), 1700000000 + number))
                if number == 0:
                    stream.write(b"from %s^0\n" % LEDGER.encode())
                stream.write(b"M 100644 inline deployment.json\ndata %d\n%s\n" % (len(text), text))
