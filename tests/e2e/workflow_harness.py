"""What the tests of the action, the workflows and the pipeline share: a repository on a host, and a runner."""

import io
import json
import os
import pathlib
import subprocess
import tarfile

import harness
from fake_github import FakeGitHub
from harness import FLOWS, FLOWSHIP, KEY, PATIENCE, PROJECT

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNER = pathlib.Path(__file__).with_name("runner.mjs")
# Put together here, so that no text in the repository looks like a token.
TOKEN = "ghs_" + "e2eToken" * 4
STAGING = "P2examplestaging"


class Ran(dict):
    """What the runner tells of a job or an action; see runner.mjs."""

    def __getattr__(self, name):
        return self[name]

    def commands_of(self, name):
        return [command["value"] for command in self["commands"] if command["name"] == name]


def released_archive():
    """The name and the bytes of a release's tarball for this machine, with a script in the program's place."""
    name = f"flowship-0.1.0-linux-{os.uname().machine}"
    script = f'#!/bin/sh\nexec "{harness.FLOWSHIP}" "$@"\n'.encode()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo(f"{name}/bin/flowship")
        entry.size, entry.mode = len(script), 0o755
        tar.addfile(entry, io.BytesIO(script))
    return f"{name}.tar.gz", archive.getvalue()


class HostCase(harness.TestCase):
    """`repository` is a clone that people work in, `host` the bare repository that jobs check out."""

    def setUp(self):
        super().setUp()
        self.host = self.folder / "host.git"
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.host)], check=True,
                       env=harness.environment())
        self.repository.git("remote", "add", "origin", f"file://{self.host}")
        self.repository.write("flowship.json", {"environments": {
            "staging": {"projectId": STAGING, "ledger": {"remote": "origin"}},
            "production": {"projectId": PROJECT, "ledger": {"remote": "origin"}}}})
        self.repository.add_examples()
        self.push("main")
        self.runs = 0

    def push(self, branch):
        self.repository.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def edit(self, flow_id, text):
        """A harmless change of a flow's first screen."""
        file = sorted((self.repository.path / FLOWS / flow_id).glob("screen-*.json"))[0]
        document = json.loads(file.read_text())
        document["contents"]["ROOT"]["props"]["note"] = text
        file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return self.repository.commit(f"Change {flow_id}")

    def edit_in_the_console(self, flow_id):
        flow = dict(self.sandbox.held()[flow_id])
        flow["metadata"] = {**flow["metadata"], "name": "edited in the console"}
        self.sandbox.edit(flow)


class WorkflowCase(HostCase):
    """With GitHub's API on loopback, and an emulation of its runner."""

    # What the workflow uses the action by.
    action_ref = "v0.1.0"

    def setUp(self):
        harness.npm_program("action-validator")  # any: the libraries are beside it
        self.node = harness.program("node", "nodejs")
        super().setUp()
        self.github = FakeGitHub(TOKEN)
        self.addCleanup(self.github.stop)

    def github_context(self, branch, pull_request):
        event = {"pull_request": {"number": 7}} if pull_request else {}
        return {"ref_name": branch, "base_ref": "main" if pull_request else "", "token": TOKEN, "event": event,
                "repository": "ada/login-flows", "action_repository": "ada/flowship", "action_ref": self.action_ref,
                "server_url": self.github.url, "run_id": "1"}

    def run_request(self, branch="main", pull_request=False, variables=None, **request):
        """Runs on a fresh runner: a work folder without a clone, unless the request names one."""
        self.runs += 1
        place = self.folder / f"runner-{self.runs}"
        (place / "temporary").mkdir(parents=True)
        (place / "workspace").mkdir()
        environment = harness.environment(
            FLOWSHIP_BIN=FLOWSHIP, DESCOPE_PROJECT_ID=None, DESCOPE_MANAGEMENT_KEY=None,
            DESCOPE_BASE_URL=self.sandbox.url, RUNNER_TEMP=str(place / "temporary"), GITHUB_API_URL=self.github.url,
            GITHUB_SERVER_URL=self.github.url, GITHUB_REPOSITORY="ada/login-flows", NO_PROXY="127.0.0.1")
        environment.update(variables or {})
        request = {"github": self.github_context(branch, pull_request), "secrets": {"DESCOPE_MANAGEMENT_KEY": KEY},
                   "environment": {name: value for name, value in environment.items() if value is not None},
                   "workspace": str(place / "workspace"), "temporary": str(place / "temporary"), "caches": str(self.folder / "caches"),
                   "actions": {"your-organisation/flowship": str(ROOT)}, "remote": f"file://{self.host}", **request}
        file = place / "request.json"
        file.write_text(json.dumps(request))
        done = subprocess.run([self.node, str(RUNNER), os.environ["FLOWSHIP_TEST_TOOLS"], str(file)], text=True,
                              capture_output=True, timeout=2 * PATIENCE, env=harness.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        ran = Ran(json.loads(done.stdout))
        self.assertNotIn(KEY, done.stdout.replace(f'"value":"{KEY}"', ""))
        self.assertNotIn(TOKEN, done.stdout)
        return ran

    def run_workflow(self, name, job, conclusion="success", **options):
        """Runs a job of a workflow in examples/github, from the clone of depth 1 that its checkout makes."""
        ran = self.run_request(workflow=str(ROOT / "examples/github" / name), job=job, **options)
        self.assertEqual(ran.conclusion, conclusion, ran.log)
        return ran

    def run_action(self, code=0, workspace=None, pull_request=False, variables=None, **inputs):
        """Runs the action in the clone that people work in."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        ran = self.run_request(action=str(ROOT), workspace=str(workspace or self.repository.path), **{"with": given},
                               pull_request=pull_request, variables=variables)
        self.assertEqual(ran.code, code, ran.log)
        return ran
