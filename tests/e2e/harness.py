"""What the end-to-end tests share: the real program, real git repositories and a real sandbox.

The program is named by FLOWSHIP; every repository and every file lives in a folder that a test takes away again.
"""

import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

FLOWSHIP = os.environ["FLOWSHIP"]
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
PROJECT = "P2exampleproject"
# Put together here, so that no text in the repository looks like a key.
KEY = "K2" + "e2eTestManagementKey" * 2
PATIENCE = 60
# What ctest shows as "Skipped", see CMakeLists.txt.
SKIPPED = 77


def environment(**extra):
    """The environment of every command: nothing of the user's, and what a deployment needs."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada Example",
        "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada Example",
        "GIT_COMMITTER_EMAIL": "ada@example.com",
        "GIT_TERMINAL_PROMPT": "0",
        "DESCOPE_PROJECT_ID": PROJECT,
        "DESCOPE_MANAGEMENT_KEY": KEY,
    }
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            variables[name] = os.environ[name]
    variables.update({name: value for name, value in extra.items() if value is not None})
    for name, value in extra.items():
        if value is None:
            variables.pop(name, None)
    return variables


class Process(subprocess.Popen):
    """A run of the program. Neither its arguments nor its output may hold the key."""

    def __init__(self, arguments, **options):
        assert not any(KEY in argument for argument in arguments), "the key is among the arguments"
        super().__init__(arguments, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def communicate(self, *arguments, **options):
        out, err = super().communicate(*arguments, **options)
        assert KEY not in out + err, "the key is in the output"
        return out, err


def kept_in(folder):
    """What runs have left below a folder: every object of its repositories, and every log."""
    for config in folder.rglob("config"):
        if not (config.parent / "objects").is_dir():
            continue
        yield subprocess.run(["git", "--git-dir", config.parent, "cat-file", "--batch-all-objects", "--batch"],
                             env=environment(), capture_output=True, timeout=PATIENCE, check=True).stdout
    for log in folder.rglob("*.log"):
        yield log.read_bytes()


class Sandbox:
    """A running `flowship sandbox`."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [FLOWSHIP, "sandbox", "--port", "0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
        self.url = None
        for line in self.process.stdout:
            if line.startswith("export DESCOPE_BASE_URL="):
                self.url = line.split("=", 1)[1].strip()
                break
        assert self.url, "the sandbox has not started"

    def ask(self, path, method="GET", body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        # The test's own questions: no proxy of the machine's, and any certificate will do.
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl._create_unverified_context()))
        with opener.open(request, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def requests(self, suffix=""):
        """The requests to the service so far whose path ends so."""
        return [entry for entry in self.ask("/_sandbox/requests") if entry["path"].endswith(suffix)]

    def imports(self):
        """The ids of the flows that imports were answered 200 for, in order."""
        return [entry["flowId"] for entry in self.requests("/flow/import") if entry["status"] == 200]

    def changing_requests(self):
        """The imports and deletions so far: what may change what the service holds."""
        return [entry for entry in self.requests() if entry["path"].endswith(("/flow/import", "/flow/delete"))]

    def asked(self):
        """What was asked of the service, in order, but for the license, which every process asks for once."""
        names = [entry["path"].rsplit("/", 1)[1] for entry in self.requests()]
        return [name for name in names if name != "license"]

    def delete(self, flow_id):
        """What somebody deletes in the console."""
        self.ask(f"/_sandbox/flows/{PROJECT}/{flow_id}", "DELETE")

    def forget_requests(self):
        self.ask("/_sandbox/requests", "DELETE")

    def faults(self, **faults):
        self.ask("/_sandbox/faults", "PUT", faults)

    def edit(self, flow):
        """What somebody does in the console."""
        self.ask(f"/_sandbox/flows/{PROJECT}/{flow['flowId']}", "PUT", flow)

    def held(self):
        """Flow id to the flow that the service holds."""
        return {entry["id"]: entry["flow"] for entry in self.ask("/_sandbox/flows").get(PROJECT, [])}

    def versions(self):
        """Flow id to the number of times that it was saved."""
        return {entry["id"]: entry["versions"] for entry in self.ask("/_sandbox/flows").get(PROJECT, [])}

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Repository:
    """A git repository of flows, with the program run in it."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder)
        self.path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments, **options):
        done = subprocess.run(["git", *arguments], cwd=self.path, env=environment(), text=True,
                              capture_output=True, timeout=PATIENCE, check=True, **options)
        return done.stdout.strip()

    def write(self, path, content):
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    def read(self, path):
        return json.loads((self.path / path).read_text())

    def remove(self, path):
        target = self.path / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    def commit(self, message="Change flows"):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def add_examples(self):
        shutil.copytree(EXAMPLES / "flows", self.path, dirs_exist_ok=True)
        return self.commit("Add the example flows")

    def flow_ids(self):
        return sorted(folder.name for folder in (self.path / FLOWS).iterdir() if folder.is_dir())

    def ledger(self, environment_name="default"):
        """deployment.json of the ledger's newest commit; None without a ledger."""
        try:
            return json.loads(self.git("show", f"refs/flowship/{environment_name}:deployment.json"))
        except subprocess.CalledProcessError:
            return None


FLOWS = "ProjectSnapshot/flows"


class TestCase(unittest.TestCase):
    """A test with a folder of its own, one repository and one sandbox."""

    sandbox_options = ()
    # Set by tests that put the key into a repository themselves.
    key_in_repository = False

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="flowship-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(self.expect_no_key_kept)
        self.repository = Repository(self.folder / "repository")
        self.sandbox = Sandbox(*self.sandbox_options)
        self.addCleanup(self.sandbox.stop)

    def start(self, *arguments, cwd=None, **variables):
        """Starts the program; the caller ends it."""
        variables.setdefault("DESCOPE_BASE_URL", self.sandbox.url)
        return Process([FLOWSHIP, *arguments], cwd=cwd or self.repository.path, env=environment(**variables))

    def expect_no_key_kept(self):
        if self.key_in_repository:
            return
        for kept in kept_in(self.folder):
            self.assertNotIn(KEY.encode(), kept)

    def run_flowship(self, *arguments, code=0, **options):
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, code, f"flowship {' '.join(arguments)}\n{out}\n{err}")
        process.out, process.err = out, err
        return process

    def json_of(self, *arguments, **options):
        return json.loads(self.run_flowship(*arguments, "--format", "json", **options).out)

    def deploy(self, *arguments, **options):
        return self.json_of("deploy", *arguments, **options)

    def wait_until(self, condition):
        """Waits for a condition, and fails when it never comes."""
        pause = threading.Event()
        for _ in range(PATIENCE * 100):
            if condition():
                return
            pause.wait(0.01)
        self.fail("what was waited for did not come")


def npm_program(name):
    """A program of a package in tests/tools; the test is skipped where these are not installed."""
    file = pathlib.Path(os.environ.get("FLOWSHIP_TEST_TOOLS", "/nonexistent")) / ".bin" / name
    if not file.exists() or shutil.which("node") is None:
        raise unittest.SkipTest(f"{name} is not installed; tests/tools/install.sh does it")
    return str(file)


def program(name, package):
    """A program of the distribution; the test is skipped where it is not installed."""
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if found is None:
        raise unittest.SkipTest(f"{name} is not installed; it is in the package {package}")
    return found


def main():
    """Runs a file's tests. Where one was left out and none failed, ctest is told that the case was skipped."""
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(1 if not result.wasSuccessful() else SKIPPED if result.skipped else 0)
