"""What the tests of the daemon share: a bare repository that is pushed to, flowshipd.json, and `flowship serve`."""

import functools
import http.server
import json
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import harness
from harness import FLOWS, FLOWSHIP, KEY, PATIENCE, PROJECT

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
STAGING = "P2stagingproject"
SECRET = "e2e-webhook-" + "secret" * 4


def on_host(name):
    """What makes a command run as if on a machine of that name."""
    return ["unshare", "--uts", "sh", "-c", f'hostname {name}; exec "$@"', "-"] if name else []


@functools.cache
def can_name_hosts():
    done = subprocess.run([*on_host("other"), "hostname"], capture_output=True, text=True)
    return done.stdout.strip() == "other"


class Served:
    """A running `flowship serve`; what it logs is kept."""

    def __init__(self, config, *options, host=None, **variables):
        self.process = subprocess.Popen(
            [*on_host(host), FLOWSHIP, "serve", "--config", str(config), "--log-format", "json", *options], text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=harness.environment(DESCOPE_PROJECT_ID=None, DESCOPE_MANAGEMENT_KEY=None, **variables))
        self.lines = []
        self.url = None
        self.known = threading.Condition()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        with self.known:
            self.known.wait_for(lambda: self.url or not self.reader.is_alive(), PATIENCE)
        if not self.url:
            self.process.wait(PATIENCE)

    def read(self):
        for line in self.process.stderr:
            with self.known:
                self.lines.append(line)
                if listening := re.search(r'listening.*?(https?://[^\s",]+)', line):
                    self.url = listening[1]
                self.known.notify_all()
        with self.known:
            self.known.notify_all()

    def log(self, message=None, **fields):
        """The lines with that message and those fields."""
        entries = [json.loads(line) for line in list(self.lines) if line.startswith("{")]
        return [entry for entry in entries if message in (None, entry["message"])
                and all(entry.get(name) == value for name, value in fields.items())]

    def ended(self, **fields):
        return self.log("job finished", **fields)

    def text(self):
        return "".join(self.lines)

    def ask(self, path, method="GET", body=None, token=None, headers=None):
        """Status, headers and text of an answer."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with OPENER.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def status(self, path):
        return self.ask(path)[0]

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """Ends it; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stderr.close()
        return code


class DaemonTestCase(harness.TestCase):
    """A repository with the example flows that is pushed to a bare one, and what a daemon needs to deploy it."""

    environments = {"production": {"projectId": PROJECT, "branch": "main"}}
    poll = "200ms"

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.repository.write("flowship.json", {"environments": self.environments})
        self.repository.commit("Configure")
        self.ids = self.repository.flow_ids()
        self.bare = self.folder / "login-flows.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        self.repository.git("remote", "add", "origin", f"file://{self.bare}")
        self.key_file = self.secret_file("key", KEY)
        self.secret = self.secret_file("webhook-secret", SECRET)
        self.data = self.folder / "data"
        self.config_file = self.folder / "flowshipd.json"
        self.configure()

    def secret_file(self, name, text):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    def config(self, **members):
        """The operator's file for this test's repository; `members` replace its own."""
        environment = {"managementKeyFile": str(self.key_file), "baseUrl": self.sandbox.url}
        return {"listen": "127.0.0.1:0", "data": str(self.data),
                "repositories": {"login-flows": {
                    "url": str(self.bare), "poll": self.poll, "webhookSecretFile": str(self.secret),
                    "environments": {name: environment for name in self.environments}}}, **members}

    def configure(self, config=None, **members):
        self.config_file.write_text(json.dumps(config or self.config(**members), indent=2))

    def serve(self, *options, **variables):
        served = Served(self.config_file, *options, **variables)
        self.addCleanup(served.end, signal.SIGKILL)
        self.addCleanup(lambda: self.assertNotIn(KEY, served.text()))
        self.assertIsNotNone(served.url, served.text())
        return served

    def receiver(self, status=lambda number: 200):
        """The address of a receiver of notifications, and the list of what it hears, (path, document). It answers the
        first by `status(1)`."""
        heard = []

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                heard.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(status(len(heard)))
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}", heard

    def push(self, *refs, force=False):
        self.repository.git("push", "--quiet", *(["--force"] if force else []), "origin", *(refs or ["main"]))

    def change(self, flow_id, text):
        """Changes one screen; returns the new commit."""
        file = sorted((self.repository.path / FLOWS / flow_id).glob("screen-*.json"))[0]
        document = json.loads(file.read_text())
        document["contents"]["ROOT"]["props"]["note"] = text
        file.write_text(json.dumps(document, indent=2) + "\n")
        return self.repository.commit(f"Change {flow_id} to {text}")

    def head(self):
        return self.repository.git("rev-parse", "HEAD")

    def mirror(self):
        return self.data / "mirrors" / "login-flows.git"

    def ledger(self, environment="production", file="deployment.json"):
        # Not in its folder, which is away for a moment while the mirror is made again.
        done = subprocess.run(["git", f"--git-dir={self.mirror()}", "show", f"refs/flowship/{environment}:{file}"],
                              env=harness.environment(), text=True, capture_output=True)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def wait_for_log(self, served, message, **fields):
        """The lines of the log with that message and those fields, once there are some: a status or an answer can be
        there before the line that tells of it."""
        self.wait_until(lambda: served.log(message, **fields))
        return served.log(message, **fields)

    def deployed(self, environment="production"):
        """The commit that is deployed with all its flows; nothing while a deployment is under way or has failed."""
        record = self.mirror().exists() and self.ledger(environment)
        if not record or record["phase"] != "result":
            return None
        # Nothing where the mirror is made again meanwhile.
        content = self.ledger(environment, "flows.json")
        done = content and all(flow.get("outcome") == "deployed" for flow in content["flows"])
        return record["target"] if done else None

    def wait_for_deployment(self, commit=None, environment="production"):
        commit = commit or self.head()
        self.wait_until(lambda: self.deployed(environment) == commit)
