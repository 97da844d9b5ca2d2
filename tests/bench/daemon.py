"""`flowship serve` beside adnanh/webhook, the program that people run a script with when a git host tells of a push.

Each has a bare repository that is pushed to, a mirror, and a sandbox of its own. The script does what the daemon does
for a push: it fetches, and calls `flowship deploy`. Both get the same deliveries, as GitHub signs them, by turns.
"""
import concurrent.futures
import hashlib
import hmac
import json
import os
import pathlib
import socket
import statistics
import subprocess
import time
import uuid

import flows
import generate
from measure import show_ratio
from sandbox import Sandbox

FLOWS = 100
SECRET = "bench-" + "secret" * 5
REPOSITORY = "login-flows"
LEDGER = "refs/flowship/production:deployment.json"
PATIENCE = 60
CLIENTS = 8
SCRIPT = """#!/bin/sh
cd {mirror} || exit
git fetch --quiet --prune origin '+refs/heads/*:refs/heads/*'
exec {flowship} deploy --env production --rev main --quiet
"""


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come")
        time.sleep(0.002)


def answers_at(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def delivery(path, commit, branch):
    """A request as GitHub sends it, about as long as a usual one."""
    author = {"name": "Ada Example", "email": "ada@example.com", "username": "ada"}
    commits = [{"id": f"{number:040x}", "message": "Change a flow", "author": author, "committer": author,
                "added": [], "removed": [], "modified": ["ProjectSnapshot/flows/sign-in/contents.json"]}
               for number in range(20)]
    body = json.dumps({"ref": f"refs/heads/{branch}", "before": "0" * 40, "after": commit, "commits": commits}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", "X-GitHub-Event: push",
            f"X-GitHub-Delivery: {uuid.uuid4()}", f"X-Hub-Signature-256: sha256={signature}",
            f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


class Client:
    """A connection that is kept; it knows just enough of HTTP, so that it is not the client that is measured."""

    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request):
        """The status, and how many seconds it took."""
        began = time.perf_counter()
        self.connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer or not self.is_whole(answer):
            piece = self.connection.recv(65536)
            if not piece:
                raise SystemExit("a connection was closed in the middle of an answer")
            answer += piece
        return int(answer.split(b" ", 2)[1]), time.perf_counter() - began

    @staticmethod
    def is_whole(answer):
        head, _, body = answer.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length:")]
        return len(body) >= int(lengths[0]) if lengths else True

    def close(self):
        self.connection.close()


class Deployed:
    """A bare repository, and what deploys it; `path`, `start` and `mirror` are each server's own."""

    name = path = ""
    process = None

    def __init__(self, flowship, env, folder, source, sandbox):
        self.flowship, self.env, self.folder, self.source, self.sandbox = flowship, env, folder, source, sandbox
        self.folder.mkdir()
        self.bare = self.folder / "bare.git"
        self.git("clone", "--quiet", "--bare", str(source), str(self.bare))
        self.port = None
        self.process = self.start()

    def git(self, *arguments):
        subprocess.run(["git", *arguments], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def write(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def start(self):
        raise NotImplementedError

    def mirror(self):
        raise NotImplementedError

    def tell(self, commit, branch="main"):
        client = Client(self.port)
        status, _ = client.send(delivery(self.path, commit, branch))
        client.close()
        if status not in (200, 202):
            raise SystemExit(f"{self.name} answered {status}")

    def seconds_to_deploy(self, commit):
        """From the start of the push to the flow on the sandbox."""
        before = self.sandbox.imported()
        began = time.perf_counter()
        self.git("-C", str(self.source), "push", "--quiet", str(self.bare), "main")
        self.tell(commit)
        wait_until(lambda: self.sandbox.imported() > before, f"{self.name}'s deployment")
        return time.perf_counter() - began

    def recorded(self):
        """The commit that the ledger says is deployed; nothing while a deployment is under way."""
        shown = subprocess.run(["git", "-C", self.mirror(), "show", LEDGER], env=self.env, check=True,
                               stdout=subprocess.PIPE).stdout
        record = json.loads(shown)
        return record["target"] if record["phase"] == "result" else None

    def settle(self):
        """Waits until no process is left that it has started: none may slow down what is measured next."""
        wait_until(lambda: not any(self.is_work(each) for each in pathlib.Path("/proc").glob("[0-9]*")),
                   "the end of what was started")

    def is_work(self, process):
        try:
            place = os.readlink(process / "cwd") + (process / "cmdline").read_text()
        except OSError:
            return False
        return str(self.folder) in place and process.name != str(self.process.pid)

    def answers(self, commit, branch, number):
        """Seconds in all, and of each answer."""
        requests = [[delivery(self.path, commit, branch) for _ in range(number // CLIENTS)] for _ in range(CLIENTS)]
        clients = [Client(self.port) for _ in range(CLIENTS)]
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            taken = list(pool.map(lambda pair: [pair[0].send(each) for each in pair[1]], zip(clients, requests)))
        seconds = time.perf_counter() - began
        for client in clients:
            client.close()
        answers = [answer for each in taken for answer in each]
        wrong = [status for status, _ in answers if status not in (200, 202)]
        if wrong:
            raise SystemExit(f"{self.name} answered {wrong[0]}")
        return seconds, [took for _, took in answers]

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


class Daemon(Deployed):
    name, path = "flowship serve", f"/webhook/{REPOSITORY}"

    def mirror(self):
        return self.folder / "data" / "mirrors" / f"{REPOSITORY}.git"

    def start(self):
        key = self.write("key", self.env["DESCOPE_MANAGEMENT_KEY"] + "\n")
        secret = self.write("secret", SECRET + "\n")
        data = self.folder / "data"
        config = self.write("flowshipd.json", json.dumps({
            "listen": "127.0.0.1:0", "data": str(data),
            "repositories": {REPOSITORY: {
                "url": str(self.bare), "poll": "0s", "webhookSecretFile": str(secret),
                "environments": {"production": {"managementKeyFile": str(key), "baseUrl": self.sandbox.url}}}}}))
        process = subprocess.Popen([self.flowship, "serve", "--config", str(config)], env=self.env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until((data / "address").exists, "the daemon")
        self.port = int((data / "address").read_text().strip().rstrip("/").rsplit(":", 1)[1])
        return process


class Script(Deployed):
    name, path = "adnanh/webhook and a script", f"/hooks/{REPOSITORY}"

    def mirror(self):
        return self.folder / "mirror.git"

    def start(self):
        self.git("clone", "--quiet", "--bare", str(self.bare), str(self.mirror()))
        script = self.write("deploy.sh", SCRIPT.format(mirror=self.mirror(), flowship=self.flowship), 0o700)
        signed = {"match": {"type": "payload-hmac-sha256", "secret": SECRET,
                            "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}}
        of_main = {"match": {"type": "value", "value": "refs/heads/main",
                             "parameter": {"source": "payload", "name": "ref"}}}
        hooks = self.write("hooks.json", json.dumps([{
            "id": REPOSITORY, "execute-command": str(script), "trigger-rule": {"and": [signed, of_main]}}]))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        process = subprocess.Popen(["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(self.port)],
                                   env={**self.env, "DESCOPE_BASE_URL": self.sandbox.url},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: answers_at(self.port), "adnanh/webhook")
        return process


class Comparison:
    def __init__(self, flowship, env, folder):
        self.flowship, self.env, self.folder = flowship, {**env, **self.author()}, folder
        self.source = folder / "source"
        self.commits = 0

    @staticmethod
    def author():
        return {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"))}

    def commit(self, path, text):
        (self.source / path).write_text(text)
        for command in (["add", path], ["commit", "--quiet", "--message", "Change"]):
            subprocess.run(["git", "-C", self.source, *command], env=self.env, check=True)
        self.commits += 1
        return subprocess.run(["git", "-C", self.source, "rev-parse", "HEAD"], env=self.env, check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()

    def change(self):
        """A commit that changes one screen."""
        name = "screen-" + flows.screen_names(1)[0] + ".json"
        return self.commit(f"{generate.ROOT}/flows/{flows.flow_id(0)}/{name}",
                           flows.files(0, greeting=f"Ahoy {self.commits}")[name])

    def run(self, runs):
        generate.generate(str(self.source), FLOWS, checkout=True)
        commit = self.commit("flowship.json", json.dumps({"environments": {
            "production": {"projectId": self.env["DESCOPE_PROJECT_ID"], "branch": "main"}}}))
        with Sandbox(self.flowship, self.env) as one, Sandbox(self.flowship, self.env) as other:
            servers = [Daemon(self.flowship, self.env, self.folder / "daemon", self.source, one),
                       Script(self.flowship, self.env, self.folder / "script", self.source, other)]
            try:
                for server in servers:
                    server.tell(commit)
                    wait_until(lambda at=server: at.sandbox.imported() >= FLOWS, "the first deployment")
                self.pushes(servers, runs)
                self.deliveries(servers, "another branch", "other", 1000, max(3, runs // 6))
                self.deliveries(servers, "the branch that is deployed", "main", 80, max(3, runs // 6))
            finally:
                for server in servers:
                    server.stop()

    def pushes(self, servers, runs):
        took = {server: [] for server in servers}
        for _ in range(runs):
            commit = self.change()
            for server in servers:
                took[server].append(server.seconds_to_deploy(commit))
                wait_until(lambda at=server: at.recorded() == commit, "the record")
                server.settle()
        print(f"  from a push to the flow on the sandbox, {runs} pushes each")
        medians = [statistics.median(took[server]) for server in servers]
        for server, median in zip(servers, medians):
            print(f"    {server.name:30} median {median * 1000:8.2f} ms   best {min(took[server]) * 1000:8.2f} ms")
        show_ratio("daemon / script, from push to flow", medians[0] / medians[1])

    def deliveries(self, servers, what, branch, number, rounds):
        commit = self.change() if branch == "main" else "1" * 40
        seconds, answers = ({server: [] for server in servers} for _ in range(2))
        for _ in range(rounds):
            for server in servers:
                took, each = server.answers(commit, branch, number)
                seconds[server].append(took)
                answers[server] += each
                server.settle()
        print(f"  deliveries for {what}: {rounds} rounds of {number} from {CLIENTS} connections")
        rates = [number / statistics.median(seconds[server]) for server in servers]
        tails = [statistics.quantiles(answers[server], n=100)[98] for server in servers]
        for server, rate, tail in zip(servers, rates, tails):
            print(f"    {server.name:30} {rate:8.0f} answers a second   99 % within {tail * 1000:8.2f} ms")
        show_ratio(f"daemon / script, answers a second, {what}", rates[0] / rates[1])
        show_ratio(f"daemon / script, 99th percentile, {what}", tails[0] / tails[1])
