"""The action, its steps run as a runner takes them."""

import hashlib
import json
import os
import re
import shutil
import signal

import harness
from authority import Authority
from fake_github import FakeGitHub
from harness import FLOWS, KEY, PROJECT
from workflow_harness import ROOT, STAGING, TOKEN, WorkflowCase, released_archive

OUTPUTS = {"changed", "flows", "record", "plan-file", "exit-code"}


class Action(WorkflowCase):
    def assert_told(self, done, **outputs):
        told = {name.replace("_", "-"): value for name, value in outputs.items()}
        self.assertEqual({name: done.outputs[name] for name in told}, told)

    def test_outputs_tell_what_was_done(self):
        done = self.run_action(command="plan", environment="production")
        self.assertEqual(done.outputs.keys(), OUTPUTS)
        self.assert_told(done, changed="true", exit_code="2", record="")
        flows = json.loads(done.outputs["flows"])
        self.assertEqual([flow["flowId"] for flow in flows], self.repository.flow_ids())
        saved = done.outputs["plan-file"]
        self.run_flowship("deploy", "--env", "production", "--plan", saved)

        done = self.run_action(command="plan", environment="production")
        self.assert_told(done, changed="false", exit_code="0", flows="[]")
        self.edit("mfa", "x")
        done = self.run_action(command="deploy", environment="production", management_key=KEY)
        self.assert_told(done, changed="true", exit_code="0", plan_file="")
        self.assertEqual(done.outputs["record"], self.repository.git("rev-parse", "refs/flowship/production"))
        self.assertEqual([flow["outcome"] for flow in json.loads(done.outputs["flows"])], ["deployed"])
        done = self.run_action(command="status", environment="production", management_key=KEY)
        self.assert_told(done, changed="false", exit_code="0")
        self.assertIn("mfa", done.summary)
        done = self.run_action(command="validate")
        self.assert_told(done, changed="false", exit_code="0", flows="[]", record="", plan_file="")

    def test_the_exit_code_is_the_programs(self):
        self.sandbox.faults(fail="422:1")
        done = self.run_action(code=4, command="deploy", environment="production", management_key=KEY)
        self.assert_told(done, changed="true", exit_code="4")
        done = self.run_action(code=7, command="deploy", environment="production")
        self.assert_told(done, changed="false", exit_code="7", flows="[]", record="")
        self.assertIn("no management key", done.summary)

    def test_the_key_is_hidden_first_and_in_no_argument(self):
        spy, seen = self.folder / "spy", self.folder / "arguments"
        spy.write_text('#!/bin/sh\ntr "\\0" "\\n" </proc/$PPID/cmdline >>"$SEEN"\n'
                       'printf "%s\\n" "$@" >>"$SEEN"\nexec "$REAL" "$@"\n')
        spy.chmod(0o755)
        done = self.run_action(command="deploy", environment="production", management_key=KEY, variables={
            "FLOWSHIP_BIN": str(spy), "REAL": harness.FLOWSHIP, "SEEN": str(seen)})
        self.assertEqual(done.commands[0], {"name": "add-mask", "properties": "", "value": KEY})
        self.assertIn("deploy", seen.read_text())
        self.assertNotIn(KEY, seen.read_text())

    def test_a_key_of_several_lines_is_hidden_whole(self):
        done = self.run_action(code=7, command="deploy", environment="production",
                               management_key=f"{KEY}\n{KEY[::-1]}%0A")
        self.assertEqual(done.commands_of("add-mask"), [KEY, f"{KEY[::-1]}%250A"])

    def test_booleans_are_strict(self):
        for name in ("prune", "comment"):
            for value in ("", "True", "yes", "1", " true", "false\n"):
                done = self.run_action(code=64, command="plan", environment="production", **{name: value})
                self.assertEqual(done.outputs["exit-code"], "64")
                self.assertIn(f"input {name} must be true or false", done.commands_of("error")[0])

    def test_prune_and_drift_reach_the_deployment(self):
        self.run_action(command="deploy", environment="production", management_key=KEY)
        self.repository.remove(f"{FLOWS}/add-passkey")
        self.repository.commit("Remove a flow")
        self.run_action(command="deploy", environment="production", management_key=KEY)
        self.assertIn("add-passkey", self.sandbox.held())
        self.run_action(command="deploy", environment="production", management_key=KEY, prune="true")
        self.assertNotIn("add-passkey", self.sandbox.held())
        self.edit_in_the_console("mfa")
        self.edit("mfa", "x")
        self.run_action(code=5, command="deploy", environment="production", management_key=KEY)
        self.run_action(command="deploy", environment="production", management_key=KEY, on_drift="overwrite")

    def test_a_held_environment_is_waited_for_and_unlocked(self):
        self.sandbox.faults(latency=1_500)
        other = self.folder / "other"
        self.repository.git("clone", "--quiet", f"file://{self.host}", str(other))
        holder = self.start("deploy", "--env", "production", cwd=other)
        self.wait_until(lambda: self.repository.git("ls-remote", "origin", "refs/flowship/production"))
        holder.send_signal(signal.SIGSTOP)
        self.sandbox.faults()
        try:
            done = self.run_action(code=6, command="deploy", environment="production", management_key=KEY, lock_wait="0s")
            self.assert_told(done, exit_code="6", flows="[]")
            done = self.run_action(command="unlock", environment="production")
            self.assert_told(done, exit_code="0", changed="false")
            self.assertIn("Released", done.log)
            self.assertIn("it was held by", done.summary)
        finally:
            holder.kill()
            holder.communicate()
        done = self.run_action(code=64, command="deploy", environment="production", management_key=KEY, lock_wait="soon")
        self.assertIn("lock-wait", done.summary)

    def test_another_project_than_the_configuration_has_is_refused(self):
        done = self.run_action(code=64, command="deploy", environment="production", project_id=STAGING,
                               management_key=KEY)
        self.assertIn(PROJECT, done.commands_of("error")[0])
        self.assertEqual(self.sandbox.requests(), [])

    def test_the_repository_may_lie_in_a_folder_and_need_no_configuration(self):
        self.repository.remove("flowship.json")
        self.repository.commit("Configure nothing")
        self.run_action(command="deploy", workspace=self.folder, working_directory="repository", project_id="P2other",
                        management_key=KEY, base_url=self.sandbox.url, variables={"DESCOPE_BASE_URL": ""})
        self.assertEqual(set(self.sandbox.ask("/_sandbox/flows")), {"P2other"})

    def test_another_configuration_can_be_named(self):
        (self.folder / "other.json").write_text(json.dumps({"environments": {"qa": {"projectId": "P2qa"}}}))
        self.run_action(command="deploy", environment="qa", config="../other.json", management_key=KEY)
        self.assertEqual(set(self.sandbox.ask("/_sandbox/flows")), {"P2qa"})


HOSTILE = ("it's \"quoted\" `touch X` $(touch X) ${IFS} ; touch X\n::set-output name=changed::X\n::error::X\n"
           "##[error]X\r::add-path::X %0A::warning::X -- --prune * EOF\n<<EOF --> ")


class HostileText(WorkflowCase):
    """Text of others in inputs, file names and flows: nothing of it runs, and the runner takes no command from it."""

    def assert_harmless(self, ran):
        self.assertFalse(list(self.folder.rglob("X")))
        self.assertEqual([command for command in ran.commands if command["value"] == "X"], [])
        self.assertLessEqual({command["name"] for command in ran.commands},
                             {"error", "warning", "notice", "stop-commands", "add-mask"})
        self.assertLessEqual(ran.outputs.keys(), OUTPUTS)
        self.assertRegex(ran.outputs["exit-code"], r"^\d+$")

    def test_inputs_do_no_harm(self):
        inputs = ("environment", "project_id", "management_key", "base_url", "config", "on_drift", "prune", "lock_wait",
                  "working_directory", "comment", "command")
        for name in inputs:
            given = {"command": "deploy", "environment": "production", "management_key": KEY, "comment": "true",
                     name: HOSTILE}
            ran = self.run_request(action=str(ROOT), workspace=str(self.repository.path), pull_request=True,
                                   **{"with": {key.replace("_", "-"): value for key, value in given.items()}})
            self.assertNotEqual(ran.code, 0, f"{name}: {ran.log}")
            self.assert_harmless(ran)
            self.assertEqual(self.sandbox.imports(), [], name)

    def test_a_hostile_version_installs_nothing(self):
        variables = {"FLOWSHIP_BIN": ""}
        ran = self.run_request(action=str(ROOT), workspace=str(self.repository.path), variables=variables,
                               **{"with": {"command": "plan", "version": HOSTILE}})
        self.assertEqual(ran.code, 64)
        self.assertFalse(list(self.folder.rglob("X")))
        self.assertEqual(self.github.requests, [])

    def test_flows_and_file_names_do_no_harm(self):
        contents = self.repository.read(f"{FLOWS}/mfa/contents.json")
        self.repository.write(f"{FLOWS}/mfa/contents.json", contents | {"startTask": HOSTILE})
        self.repository.write("::error::X/::set-output name=a::X.json", '{"flowId": "a", "startTask": ')
        self.repository.write("##[error]X```/c.json", '{"flowId": "c", "startTask": ')
        self.repository.commit(HOSTILE)
        for command in ("validate", "plan", "deploy"):
            ran = self.run_action(code=3, command=command, management_key=KEY, comment="true", pull_request=True,
                                  environment="production")
            self.assert_harmless(ran)
        # The text can't leave its block: every fence that opens one also closes it.
        [comment] = self.github.comments
        fences = re.findall("`{3,}", comment["body"])
        longest = max(fences, key=len, default="")
        self.assertEqual(fences.count(longest) % 2, 0)


class Comments(WorkflowCase):
    MARK = "<!-- flowship: production -->"

    def plan(self, **options):
        return self.run_action(command="plan", comment="true", pull_request=True,
                               **{"environment": "production", **options})

    def test_each_environment_has_one_comment(self):
        self.plan()
        self.plan(environment="staging")
        self.plan()
        self.assertEqual([entry["body"].splitlines()[0] for entry in self.github.comments],
                         [self.MARK, "<!-- flowship: staging -->"])

    def test_the_comment_is_found_among_many_and_persons_keep_theirs(self):
        self.github.add(f"{self.MARK} quoted by a person", user_type="User")
        for number in range(230):
            self.github.add(f"comment {number}")
        own = self.github.add(f"{self.MARK}\nan earlier plan")
        self.plan()
        self.assertEqual(len(self.github.comments), 232)
        self.assertNotIn("an earlier plan", own["body"])

    def test_a_long_text_is_cut_and_says_so(self):
        for number in range(1500):
            self.repository.write(f"flows/long-{number}.json", json.dumps(
                {"flowId": f"flow-with-a-long-name-{number}", "metadata": {}, "contents": {}, "screens": []}))
        self.repository.commit("Add many")
        done = self.plan(code=3)
        [comment] = self.github.comments
        self.assertLessEqual(len(comment["body"]), 65536)
        self.assertGreater(len(comment["body"]), 60000)
        self.assertRegex(comment["body"], "This is cut|Truncated to")
        self.assertLess(len(done.summary.encode()), 1 << 20)
        self.assertGreater(len(done.summary.encode()), 2 * 65536)

    def test_a_long_text_in_any_language_arrives_whole(self):
        description = "é😀ш" * 500
        for number in range(100):
            self.repository.write(f"flows/text-{number}.json", json.dumps(
                {"flowId": f"text-{number}", "metadata": {"description": f"{number} {description}"}, "contents": {},
                 "screens": []}))
        self.repository.commit("Add many")
        self.plan(code=3)
        [comment] = self.github.comments
        self.assertLessEqual(len(comment["body"]), 65536)
        self.assertNotIn("\ufffd", comment["body"])

    def test_without_a_pull_request_or_when_not_wanted_nothing_is_asked(self):
        self.run_action(command="plan", environment="production", comment="true")
        self.run_action(command="plan", environment="production", pull_request=True)
        self.assertEqual(self.github.requests, [])

    def test_a_failed_command_is_told_as_well(self):
        self.repository.write("flowship.json", "{")
        self.repository.commit("Break")
        self.plan(code=3)
        self.assertIn("expected a key", self.github.comments[0]["body"])

    def test_a_token_that_may_only_read_is_a_warning_and_a_broken_host_a_failure(self):
        self.github.refuse = 403
        self.assertIn("may not comment", self.plan().commands_of("warning")[0])
        self.github.refuse = 422
        self.plan(code=1)


class Installing(WorkflowCase):
    """Where flowship comes from, when it is not named."""

    def setUp(self):
        super().setUp()
        self.asset, self.archive = released_archive()
        self.digest = hashlib.sha256(self.archive).hexdigest()
        self.release = "/ada/flowship/releases/download/v0.1.0"
        self.authority = Authority(self.folder / "ca")
        self.releases = FakeGitHub(TOKEN, self.authority.issue("releases", "IP:127.0.0.1"))
        self.addCleanup(self.releases.stop)
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        # It says no to `attestation`, as one does that is too old.
        self.tool("gh", "exit 1")

    def tool(self, name, script):
        file = self.tools / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def use_gh(self, code=0):
        """One that knows attestations; what it is asked is in the file that this returns."""
        asked = self.folder / "asked"
        self.tool("gh", f'[ "$3" != --help ] || exit 0\necho "$GH_TOKEN $*" >>"{asked}"\nexit {code}')
        return asked

    def publish(self, content):
        self.releases.files = {f"{self.release}/{self.asset}": content,
                               f"{self.release}/SHA256SUMS": f"{self.digest}  {self.asset}\n".encode()}

    def validate(self, code=0, variables=None, **inputs):
        return self.run_action(code=code, command="validate", variables={
            "FLOWSHIP_BIN": "", "GITHUB_SERVER_URL": self.releases.url, "CURL_CA_BUNDLE": str(self.authority.certificate),
            "PATH": f"{self.tools}:{os.environ['PATH']}", **(variables or {})}, **inputs)

    def fake_build(self):
        self.tool("cmake", 'echo "cmake $*"\ncase $1 in --install)\n  mkdir -p "$RUNNER_TEMP/flowship/bin"\n'
                           f'  ln -s "{harness.FLOWSHIP}" "$RUNNER_TEMP/flowship/bin/flowship";;\nesac')
        self.tool("dpkg-query", "echo installed")

    def assert_built(self, done):
        self.assertIn(f"cmake -S {ROOT}", done.log.replace("/.github/action/../..", ""))

    def assert_nothing_installed(self, done, error):
        self.assertIn(error, done.commands_of("error")[0])
        outcomes = {step["name"]: step["outcome"] for step in done.steps}
        self.assertEqual((outcomes["Find or install flowship"], outcomes["Run flowship"]), ("failure", "skipped"))
        self.assertFalse(list(self.folder.rglob("bin/flowship")))

    def test_the_actions_own_release_is_installed_where_its_sum_is_right(self):
        self.publish(self.archive)
        done = self.validate()
        self.assertIn("flowship 0.1.0", done.log)
        self.assertIn("not verified: the attestation", done.log)
        self.assertEqual(len(self.releases.requests), 2)
        # Later steps find it.
        self.assertEqual(done.path, [str(self.folder / f"runner-{self.runs}/temporary/flowship/bin")])
        self.validate(version="0.1.0")

    def test_a_tag_that_moves_has_the_release_of_its_checkout(self):
        self.publish(self.archive)
        self.action_ref = "v0"
        self.assertIn("flowship 0.1.0", self.validate().log)
        self.assertIn(f"{self.release}/{self.asset}", [request[1] for request in self.releases.requests])

    def test_a_cached_release_is_verified_again(self):
        self.publish(self.archive)
        self.validate()
        requests = len(self.releases.requests)
        self.assertIn("taken from the cache", self.validate().log)
        self.assertEqual(len(self.releases.requests), requests)
        [asset] = (self.folder / "caches").rglob(self.asset)
        asset.write_bytes(self.archive[:-1] + b"x")
        for folder in self.folder.glob("runner-*"):
            shutil.rmtree(folder)
        self.assert_nothing_installed(self.validate(code=1), "SHA-256")

    def test_what_was_built_from_a_commit_is_cached_and_what_a_branch_has_is_not(self):
        self.fake_build()
        self.action_ref = "0123456789abcdef0123456789abcdef01234567"
        self.assert_built(self.validate())
        done = self.validate()
        self.assertIn("taken from the cache", done.log)
        self.assertNotIn("cmake -S", done.log)
        self.action_ref = "main"
        for _ in range(2):
            self.assert_built(self.validate())

    def test_another_sum_installs_nothing(self):
        self.publish(self.archive[:-1] + b"x")
        self.assert_nothing_installed(self.validate(code=1), "SHA-256")

    def test_a_pinned_sum_accepts_no_other(self):
        self.publish(self.archive)
        self.assert_nothing_installed(self.validate(code=1, sha256="0" * 64), "is not the input sha256")
        self.assert_nothing_installed(self.validate(code=64, sha256=self.digest.upper()), "64 digits")
        self.validate(sha256=self.digest)

    def test_where_gh_is_installed_the_attestation_decides(self):
        self.publish(self.archive)
        asked = self.use_gh()
        self.validate()
        token, *words = asked.read_text().split()
        self.assertEqual(token, TOKEN)
        self.assertEqual(words[:2], ["attestation", "verify"])
        self.assertTrue(words[2].endswith(self.asset))
        self.assertEqual(words[3:], ["--repo", "ada/flowship", "--signer-workflow",
                                     "ada/flowship/.github/workflows/release.yml"])
        self.use_gh(code=1)
        for folder in self.folder.glob("runner-*"):
            shutil.rmtree(folder)
        self.assert_nothing_installed(self.validate(code=1), "nothing attests")

    def test_plain_http_is_not_asked(self):
        self.fake_build()
        self.github.files = {f"{self.release}/{self.asset}": self.archive,
                             f"{self.release}/SHA256SUMS": f"{self.digest}  {self.asset}\n".encode()}
        done = self.validate(code=1, version="v0.1.0", variables={"GITHUB_SERVER_URL": self.github.url})
        self.assertIn("no release v0.1.0", done.commands_of("error")[0])
        self.assertEqual(self.github.requests, [])

    def test_a_commit_is_not_taken_for_a_release(self):
        self.publish(self.archive)
        self.fake_build()
        self.action_ref = "0123456789abcdef0123456789abcdef01234567"
        self.assert_built(self.validate())
        self.assertEqual(self.releases.requests, [])
        self.validate(version="v0.1.0")
        self.assertEqual(len(self.releases.requests), 2)
        self.assertIn("name the release", self.validate(code=64, sha256=self.digest).commands_of("error")[0])

    def test_a_release_that_is_not_there_is_an_error_when_it_was_asked_for(self):
        done = self.validate(code=1, version="v9.9.9")
        self.assertIn("no release v9.9.9", done.commands_of("error")[0])

    def test_without_a_release_it_is_built_from_the_actions_sources(self):
        self.fake_build()
        self.assert_built(self.validate())

    def test_one_in_the_path_is_taken_before_anything_is_asked(self):
        place = self.folder / "programs"
        place.mkdir()
        (place / "flowship").symlink_to(harness.FLOWSHIP)
        self.validate(variables={"PATH": f"{place}:{os.environ['PATH']}"})
        self.assertEqual(self.github.requests, [])


if __name__ == "__main__":
    harness.main()
