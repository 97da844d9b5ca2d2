"""The pipeline for GitLab to copy: its jobs' scripts run as GitLab runs them, against a small GitLab on loopback."""

import hashlib
import json
import os
import re
import subprocess

import harness
from authority import Authority
from fake_host import FakeHost
from harness import FLOWS, FLOWSHIP, KEY, PATIENCE
from workflow_harness import ROOT, TOKEN, HostCase, released_archive

PIPELINE = ROOT / "examples/gitlab/.gitlab-ci.yml"


class FakeGitLab(FakeHost):
    """Notes of merge request 7 and issues of project 3, each a list of dictionaries."""

    def __init__(self, certificate=None):
        super().__init__(certificate)
        self.kept = {"merge_requests/7/notes": [], "issues": []}
        # A release's files, by path.
        self.files = {}

    def respond(self, method, path, query, headers, content):
        if path in self.files:
            return 200, self.files[path]
        if headers.get("PRIVATE-TOKEN") != TOKEN:
            return 401, {"message": "401 Unauthorized"}
        for place, kept in self.kept.items():
            if path == f"/projects/3/{place}" and method == "POST":
                kept.append({"id": len(kept) + 1, "iid": len(kept) + 1, **content})
                return 201, kept[-1]
            if path == f"/projects/3/{place}":
                size, page = int(query.get("per_page", ["20"])[0]), int(query.get("page", ["1"])[0])
                return 200, kept[(page - 1) * size:page * size]
            found = re.fullmatch(f"/projects/3/{place}/(\\d+)", path)
            if found and method == "PUT":
                kept[int(found.group(1)) - 1].update(content)
                return 200, kept[int(found.group(1)) - 1]
        return 404, {"message": "404 Not Found"}


class Pipeline(HostCase):
    def setUp(self):
        harness.npm_program("yaml")
        node = harness.program("node", "nodejs")
        super().setUp()
        self.gitlab = FakeGitLab()
        self.addCleanup(self.gitlab.stop)
        reading = "console.log(JSON.stringify(require('yaml').parse(require('fs').readFileSync(0, 'utf8'))))"
        read = subprocess.run([node, "-e", reading], input=PIPELINE.read_text(), text=True, capture_output=True,
                              check=True, env=harness.environment(NODE_PATH=os.environ["FLOWSHIP_TEST_TOOLS"]))
        self.pipeline = json.loads(read.stdout)

    def run_job(self, name, code=0, branch="main", installed=True, **variables):
        """Runs a job in a clone of depth 1, as GitLab does; returns the clone's folder."""
        self.runs += 1
        clone = self.folder / f"clone-{self.runs}"
        subprocess.run(["git", "clone", "--quiet", "--depth=1", "--branch", branch, f"file://{self.host}", str(clone)],
                       check=True, env=harness.environment())
        tools = self.folder / f"tools-{self.runs}"
        tools.mkdir()
        if installed:
            (tools / "flowship").symlink_to(FLOWSHIP)
        job = self.pipeline[name]
        script = "\n".join(["set -eo pipefail", *self.pipeline[job["extends"]]["before_script"], *job["script"]])
        given = {"PATH": f"{tools}:{os.environ['PATH']}", "DESCOPE_PROJECT_ID": None, "DESCOPE_MANAGEMENT_KEY": None,
                 "DESCOPE_BASE_URL": self.sandbox.url, "CI_API_V4_URL": self.gitlab.url, "CI_PROJECT_ID": "3",
                 "CI_MERGE_REQUEST_IID": "7", "CI_COMMIT_BRANCH": branch, "ENVIRONMENT": "production",
                 "FLOWSHIP_TOKEN": TOKEN, "NO_PROXY": "127.0.0.1", **variables}
        done = subprocess.run(["bash", "-c", script], cwd=clone, env=harness.environment(**given), text=True,
                              capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return clone

    def deploy(self):
        self.run_job("deploy", DESCOPE_MANAGEMENT_KEY=KEY)

    def test_a_merge_request_has_one_note_and_merging_deploys_what_it_said(self):
        self.deploy()
        self.sandbox.forget_requests()
        self.repository.git("switch", "--quiet", "--create", "topic")
        self.edit("mfa", "first")
        self.push("topic")
        notes = self.gitlab.kept["merge_requests/7/notes"]
        notes += [{"id": number + 1, "body": "talk"} for number in range(120)]
        self.run_job("plan", branch="topic")
        self.edit("sign-in", "second")
        self.push("topic")
        self.run_job("plan", branch="topic")
        [note] = notes[120:]
        self.assertTrue(note["body"].startswith("<!-- flowship: production -->"))
        self.assertIn("sign-in", note["body"])
        self.assertIn("```mermaid", note["body"])
        self.push("main")
        self.deploy()
        self.assertEqual(sorted(self.sandbox.imports()), ["mfa", "sign-in"])

    def test_a_note_tells_why_a_plan_is_refused(self):
        contents = f"{FLOWS}/mfa/contents.json"
        self.repository.write(contents, self.repository.read(contents) | {"startTask": "nowhere"})
        self.repository.commit("Break")
        self.push("topic")
        self.run_job("plan", code=3, branch="topic")
        [note] = self.gitlab.kept["merge_requests/7/notes"]
        self.assertIn("start-task", note["body"].replace("&#45;", "-"))
        self.run_job("plan", code=3, branch="topic", FLOWSHIP_TOKEN="")

    def test_without_a_token_there_is_no_note(self):
        self.run_job("plan", FLOWSHIP_TOKEN="")
        self.assertEqual(self.gitlab.requests, [])

    def test_where_there_is_no_flowship_a_release_is_installed_if_its_sum_is_right(self):
        archive, content = released_archive()
        authority = Authority(self.folder / "ca")
        secure = FakeGitLab(authority.issue("releases", "IP:127.0.0.1"))
        self.addCleanup(secure.stop)
        right, wrong = hashlib.sha256(content).hexdigest(), "0" * 64
        for host, sums, pinned, code in ((secure, right, "", 0), (secure, right, right, 0), (secure, right, wrong, 1),
                                         (secure, wrong, "", 1), (secure, "", "", 1), (self.gitlab, right, "", 1)):
            host.files = {f"/v0.1.0/{archive}": content,
                          "/v0.1.0/SHA256SUMS": f"{sums}  {archive}\n".encode() if sums else b""}
            clone = self.run_job("validate", code=code, installed=False, FLOWSHIP_VERSION="0.1.0",
                                 FLOWSHIP_RELEASES=host.url, FLOWSHIP_SHA256=pinned,
                                 CURL_CA_BUNDLE=str(authority.certificate))
            self.assertEqual((clone / "gl-code-quality-report.json").exists(), code == 0)
        self.assertEqual(self.gitlab.requests, [], "plain http was asked")

    def test_findings_are_a_code_quality_report(self):
        clone = self.run_job("validate")
        self.assertEqual([issue for issue in self.report(clone) if issue["severity"] == "critical"], [])
        contents = f"{FLOWS}/mfa/contents.json"
        self.repository.write(contents, self.repository.read(contents) | {"startTask": "nowhere"})
        self.repository.commit("Break")
        self.push("main")
        [issue] = [issue for issue in self.report(self.run_job("validate", code=3)) if issue["severity"] == "critical"]
        self.assertEqual((issue["check_name"], issue["location"]["path"]), ("start-task", contents))

    def report(self, clone):
        issues = json.loads((clone / "gl-code-quality-report.json").read_text())
        for issue in issues:
            self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, issue.keys())
            self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
        fingerprints = [issue["fingerprint"] for issue in issues]
        self.assertEqual(len(fingerprints), len(set(fingerprints)))
        return issues

    def test_drift_becomes_one_issue(self):
        self.deploy()
        self.run_job("drift", DESCOPE_MANAGEMENT_KEY=KEY)
        issues = self.gitlab.kept["issues"]
        self.assertEqual(issues, [])
        self.edit_in_the_console("mfa")
        for _ in range(2):
            self.run_job("drift", DESCOPE_MANAGEMENT_KEY=KEY)
            [issue] = issues
            self.assertEqual(issue["description"], "- `mfa` is drifted")
        self.run_job("drift", code=7)


if __name__ == "__main__":
    harness.main()
