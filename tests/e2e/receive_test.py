"""A server that deploys what is pushed to it: post-receive, its worker and its log."""

import fcntl
import json
import os
import signal
import subprocess

import harness
from harness import FLOWS, FLOWSHIP, KEY, PROJECT
from hooks_harness import HooksTestCase


class Receive(HooksTestCase):
    def setUp(self):
        super().setUp()
        self.key_file = self.folder / "key"
        self.key_file.write_text(KEY + "\n")
        self.key_file.chmod(0o600)
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main"},
            "staging": {"projectId": "P2stagingproject", "branch": "next"}}})
        self.repository.commit("Configure")
        self.ids = self.repository.flow_ids()
        self.bare = self.folder / "bare.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        self.repository.git("remote", "add", "origin", self.remote_url(self.bare))
        self.install(cwd=self.bare)
        for name in ("production", "staging"):
            self.configure(f"flowship.{name}.keyFile", str(self.key_file))
            self.configure(f"flowship.{name}.baseUrl", self.sandbox.url)

    def configure(self, name, value):
        self.assert_ok(self.git("config", name, value, cwd=self.bare))

    def push(self, *arguments):
        """As over ssh: nothing of a deployment's variables is there."""
        return self.git("push", "origin", *arguments, **self.bare_environment())

    def bare_environment(self):
        return {"DESCOPE_PROJECT_ID": None, "DESCOPE_MANAGEMENT_KEY": None, "FLOWSHIP_BIN": FLOWSHIP}

    def start_push(self, *arguments):
        return subprocess.Popen(["git", "push", "origin", *arguments], cwd=self.path, text=True, start_new_session=True,
                                env=harness.environment(**self.bare_environment()), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def ledger(self, environment="production"):
        done = self.git("show", f"refs/flowship/{environment}:deployment.json", cwd=self.bare)
        return json.loads(done.out) if done.code == 0 else None

    def logs(self, environment="production"):
        return sorted((self.bare / "flowship" / environment).glob("*.log"))

    def deployed_target(self, environment="production"):
        """The commit that was deployed; nothing while a deployment is under way."""
        record = self.ledger(environment)
        return record["target"] if record and record["phase"] == "result" else None

    def change(self, flow_id, text):
        self.note(flow_id, text)
        return self.repository.commit(f"Change {flow_id}")


class PostReceive(Receive):
    def test_deploys_the_environment_of_the_branch_and_shows_it(self):
        done = self.assert_ok(self.push("main"))
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.assertIn("remote: flowship: deploying production", done.err)
        self.assertNotIn("staging", done.err)
        self.assertIn("mfa", done.err)
        self.assertEqual(self.deployed_target(), self.repository.git("rev-parse", "main"))
        self.assertIsNone(self.ledger("staging"))
        [log] = self.logs()
        self.assertIn("mfa", log.read_text())
        self.assertNotIn(KEY, log.read_text() + done.err)
        self.sandbox.forget_requests()
        self.change("mfa", "new")
        self.assert_ok(self.push("main"))
        self.assertEqual(self.sandbox.imports(), ["mfa"])

    def test_several_branches_deploy_several_environments(self):
        self.repository.git("branch", "next")
        self.repository.git("branch", "other")
        self.assert_ok(self.push("main", "next", "other"))
        self.assertEqual(len(self.sandbox.imports()), 2 * len(self.ids))
        self.assertIsNotNone(self.deployed_target())
        self.assertIsNotNone(self.deployed_target("staging"))

    def test_a_deleted_branch_and_a_tag_deploy_nothing(self):
        self.assert_ok(self.push("main:refs/heads/next"))
        self.sandbox.forget_requests()
        self.repository.git("tag", "main")
        done = self.assert_ok(self.push(":refs/heads/next", "refs/tags/main"))
        self.assertIn("next was deleted; nothing is deployed", done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_the_servers_key_comes_before_that_of_who_pushes(self):
        done = self.git("push", "origin", "main", DESCOPE_MANAGEMENT_KEY="Kof-somebody-else",
                        DESCOPE_BASE_URL="http://127.0.0.1:1")
        self.assert_ok(done)
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_a_failure_is_shown_and_the_next_push_goes_on(self):
        self.sandbox.faults(fail="422:1")
        done = self.assert_ok(self.push("main"))
        self.assertIn("ended with status 4", done.err)
        self.assertIn(str(self.logs()[0].name), done.err)
        self.change("mfa", "new")
        self.assert_ok(self.push("main"))
        self.assertEqual(sorted(self.sandbox.held()), self.ids)

    def test_a_missing_key_is_told(self):
        self.key_file.unlink()
        self.assertIn("ended with status 7", self.assert_ok(self.push("main")).err)
        self.assertEqual(self.sandbox.requests(), [])
        self.assert_ok(self.git("config", "--unset", "flowship.production.keyFile", cwd=self.bare))
        self.change("mfa", "new")
        done = self.assert_ok(self.push("main"))
        self.assertIn("git config flowship.production.keyFile FILE", done.err.replace("\nremote: ", " "))

    def test_a_branch_without_its_environment_is_told(self):
        self.configure("flowship.staging.branch", "dev")
        self.repository.write("flowship.json", {"environments": {"production": {"projectId": PROJECT}}})
        self.repository.commit("Forget staging")
        done = self.assert_ok(self.push("main:refs/heads/dev"))
        self.assertIn("branch dev deploys staging, but its flowship.json has no such environment", done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_broken_flows_send_nothing(self):
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)
        self.break_syntax(f"{FLOWS}/mfa/contents.json")
        self.repository.commit("Break")
        done = self.assert_ok(self.push("main"))
        self.assertIn(f"{FLOWS}/mfa/contents.json:", done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_old_logs_go(self):
        folder = self.bare / "flowship/production"
        folder.mkdir(parents=True)
        for number in range(30):
            (folder / f"2020-01-{number + 1:02}T00:00:00Z.log").write_text("old\n")
        self.assert_ok(self.push("main"))
        self.assertEqual(len(self.logs()), 20)
        self.assertIn("mfa", self.logs()[-1].read_text())

    def test_uninstalling_forgets_the_program_that_installing_set(self):
        self.assertEqual(self.git("config", "flowship.bin", cwd=self.bare).out.strip(), FLOWSHIP)
        self.assertIn("removed flowship.bin", self.run_flowship("hook", "uninstall", cwd=self.bare).out)
        self.assertEqual(self.git("config", "flowship.bin", cwd=self.bare).out, "")
        self.configure("flowship.bin", "/opt/flowship")
        self.install(cwd=self.bare)
        self.assertNotIn("flowship.bin", self.run_flowship("hook", "uninstall", cwd=self.bare).out)

    def test_a_chained_hook_runs_first_and_stops_nothing(self):
        self.run_flowship("hook", "uninstall", cwd=self.bare)
        hook = self.bare / "hooks/post-receive"
        hook.write_text('#!/bin/sh\nsed "s/^/got: /" >&2\nexit 1\n')
        hook.chmod(0o755)
        self.install("--chain", cwd=self.bare)
        self.assertIn("got: ", self.assert_ok(self.push("main")).err)
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)


class Trust(Receive):
    """Who may push some branch must not gain the environments, the ledgers or the refs of others."""

    def claim(self, branch, **environment):
        """A branch whose own flowship.json says that it deploys production."""
        self.repository.git("checkout", "--quiet", "-b", branch, "main")
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": branch, **environment}}})
        return self.repository.commit("Claim production")

    def test_a_branch_does_not_choose_itself(self):
        self.claim("feature/x")
        done = self.assert_ok(self.push("feature/x"))
        self.assertIn("branch feature/x does not deploy production, though its own flowship.json says so", done.err)
        self.assert_ok(self.push("main"))
        self.sandbox.forget_requests()
        self.note("mfa", "evil")
        self.repository.commit("Go on")
        self.assertIn("main does", self.assert_ok(self.push("feature/x")).err)
        self.assertEqual(self.sandbox.requests(), [])
        self.assertEqual(self.deployed_target(), self.repository.git("rev-parse", "main"))

    def test_a_worker_asks_again(self):
        self.assert_ok(self.push("main"))
        self.sandbox.forget_requests()
        self.claim("feature/x")
        self.assert_ok(self.push("feature/x"))
        done = self.run_flowship("hook", "deploy", "--repo", str(self.bare), "production", "feature/x")
        self.assertIn("no longer deployed to production", done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_nor_while_the_default_branch_is_broken(self):
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)
        self.repository.write("flowship.json", "{")
        self.repository.commit("Break")
        self.push("main")
        self.repository.git("revert", "--no-edit", "HEAD")
        self.claim("feature/x")
        done = self.assert_ok(self.push("feature/x"))
        self.assertIn("the default branch", done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_the_servers_configuration_chooses_the_branch(self):
        self.configure("flowship.production.branch", "release")
        self.assertIn("release does", self.assert_ok(self.push("main")).err)
        self.assertEqual(self.sandbox.requests(), [])
        self.assert_ok(self.push("main:refs/heads/release"))
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_a_branch_gains_no_other_environments_project(self):
        self.assert_ok(self.push("main"))
        self.repository.git("checkout", "--quiet", "-b", "next")
        self.assert_ok(self.push("next"))
        self.sandbox.forget_requests()
        for ref in ("staging", "elsewhere"):
            self.repository.write("flowship.json", {"environments": {"staging": {
                "projectId": PROJECT, "branch": "next", "onDrift": "overwrite", "ledger": {"ref": f"refs/flowship/{ref}"}}}})
            self.note("mfa", "evil")
            self.repository.commit("Take production's project")
            self.assertIn("is that of `production`", self.assert_ok(self.push("next")).err)
        self.repository.write("flowship.json", {"environments": {"staging": {
            "projectId": "P2stagingproject", "branch": "next", "ledger": {"ref": "refs/flowship/elsewhere"}}}})
        self.repository.commit("Begin another ledger")
        self.assertIn("has no entries, but refs/flowship/staging has", self.assert_ok(self.push("next")).err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_branch_does_not_block_another_environment(self):
        """Whose ledger is not there yet."""
        self.run_flowship("hook", "uninstall", "post-receive", cwd=self.bare)
        self.assert_ok(self.push("main"))
        self.install("post-receive", cwd=self.bare)
        self.repository.git("checkout", "--quiet", "-b", "next")
        for ref in ("refs/flowship/production", "refs/flowship/production/x", "refs/flowship/third/x"):
            with self.subTest(ref):
                self.configure("flowship.third.keyFile", str(self.key_file))
                self.repository.write("flowship.json", {"environments": {"staging": {
                    "projectId": "P2stagingproject", "branch": "next", "ledger": {"ref": ref}}}})
                self.repository.commit("Take a ledger")
                self.assertIn("is not free: the ledger of `", self.assert_ok(self.push("next")).err.replace("\nremote: ", " "))
                self.assertEqual(self.sandbox.requests(), [])
        self.repository.git("checkout", "--quiet", "main")
        tip = self.change("mfa", "new")
        self.assert_ok(self.push("main"))
        self.assertEqual(self.deployed_target(), tip)

    def test_names_from_the_repository_are_no_options(self):
        with open(self.bare / "config", "a") as file:
            file.write('[flowship "production"]\n\tbranch = --help\n')
        self.git("push", "origin", "main:refs/heads/--help", **self.bare_environment())
        self.assertEqual(self.deployed_target(), self.repository.git("rev-parse", "main"))
        self.repository.write("flowship.json", {"environments": {"--help": {"projectId": PROJECT, "branch": "main"}}})
        self.repository.commit("Name it so")
        self.assert_refused(self.push("main"), "flowship.json:", "doesn't begin with `-`")

    def test_a_ledger_stays_in_the_repository(self):
        other = self.folder / "other.git"
        self.repository.git("init", "--quiet", "--bare", str(other))
        self.repository.git("push", "--quiet", str(other), "main~1:refs/heads/flowship/secret")
        self.assert_ok(self.git("remote", "add", "mirror", f"file://{other}", cwd=self.bare))
        before = self.repository.git("ls-remote", str(other))
        self.repository.write("flowship.json", {"environments": {"production": {
            "projectId": PROJECT, "branch": "main",
            "ledger": {"remote": "mirror", "ref": "refs/heads/flowship/secret"}}}})
        tip = self.repository.commit("Send the ledger away")
        self.assert_ok(self.push("main"))
        self.assertEqual(self.repository.git("ls-remote", str(other)), before)
        self.assertEqual(json.loads(self.git("show", "refs/heads/flowship/secret:deployment.json", cwd=self.bare).out)
                         ["target"], tip)

    def test_a_ref_that_is_no_ledger_is_not_moved(self):
        self.assert_ok(self.push("main:refs/heads/flowship/notes"))
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)
        for ref, part in (("refs/heads/flowship/notes", "ledger"), ("refs/heads/main", "`ledger.ref`")):
            self.repository.write("flowship.json", {"environments": {"production": {
                "projectId": PROJECT, "branch": "main", "ledger": {"ref": ref}}}})
            tip = self.repository.commit("Take a branch")
            notes = self.git("rev-parse", "flowship/notes", cwd=self.bare).out
            self.assertIn(part, self.assert_ok(self.push("main")).err)
            self.assertEqual(self.git("rev-parse", "flowship/notes", cwd=self.bare).out, notes)
            self.assertEqual(self.git("rev-parse", "main", cwd=self.bare).out.strip(), tip)
        self.assertEqual(self.sandbox.requests("/import"), [])

    def test_the_key_of_the_servers_environment_reaches_the_worker(self):
        """Without a key file: the server's own environment has the key."""
        self.assert_ok(self.git("config", "--unset", "flowship.production.keyFile", cwd=self.bare))
        for name in ("SERVERS_KEY", "DESCOPE_MANAGEMENT_KEY"):
            with self.subTest(name):
                self.repository.write("flowship.json", {"environments": {"production": {
                    "projectId": PROJECT, "branch": "main", "managementKeyEnv": "SERVERS_KEY"}}})
                tip = self.change("mfa", name)
                self.assert_ok(self.git("push", "origin", "main", **{**self.bare_environment(), name: KEY}))
                self.assertEqual(self.deployed_target(), tip)

    def test_who_pushes_chooses_neither_project_nor_address(self):
        """ssh's AcceptEnv may let both through."""
        self.assert_ok(self.git("config", "--unset", "flowship.production.baseUrl", cwd=self.bare))
        pushers = {**self.bare_environment(), "DESCOPE_PROJECT_ID": "P2otherproject", "DESCOPE_BASE_URL": self.sandbox.url}
        self.repository.write("flowship.json", {"environments": {"production": {"branch": "main"}}})
        self.repository.commit("Leave the project out")
        done = self.assert_ok(self.git("push", "origin", "main", **pushers))
        self.assertIn("no project id for environment `production`", done.err)
        self.assertIn("git config flowship.production.projectId P", done.err)
        self.assertEqual(self.sandbox.requests(), [])
        self.configure("flowship.production.projectId", "K2notaproject")
        self.change("mfa", "one")
        self.assertIn("is not a project id", self.assert_ok(self.git("push", "origin", "main", **pushers)).err)
        # Nobody listens there, but it is the operator's address that is asked.
        self.configure("flowship.production.projectId", PROJECT)
        self.configure("flowship.production.baseUrl", "http://127.0.0.1:1")
        self.change("mfa", "two")
        self.assertIn("127.0.0.1:1", self.assert_ok(self.git("push", "origin", "main", **pushers)).err)
        self.assertEqual(self.sandbox.requests(), [])
        self.configure("flowship.production.baseUrl", self.sandbox.url)
        self.change("mfa", "three")
        self.assert_ok(self.git("push", "origin", "main", **pushers))
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.assertEqual(self.ledger()["projectId"], PROJECT)

    def test_the_servers_project_comes_before_the_pushed_one(self):
        self.configure("flowship.production.projectId", PROJECT)
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": "P2otherproject", "branch": "main"}}})
        self.repository.commit("Choose a project")
        self.assert_ok(self.push("main"))
        self.assertEqual(self.ledger()["projectId"], PROJECT)

    def test_the_servers_program_comes_before_the_pushers(self):
        trap = self.folder / "trap"
        trap.mkdir()
        (trap / "flowship").write_text(f"#!/bin/sh\ntouch {trap}/caught\n")
        (trap / "flowship").chmod(0o755)
        # hook install has set flowship.bin.
        self.assert_ok(self.git("push", "origin", "main", FLOWSHIP_BIN=str(trap / "flowship"),
                                PATH=f"{trap}:{os.environ['PATH']}"))
        self.assertFalse((trap / "caught").exists())
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)


class SlowReceive(Receive):
    sandbox_options = ("--latency", "100")

    def waiting(self, count):
        return sum("waiting" in log.read_text() for log in self.logs()) == count

    def test_two_pushes_at_once_take_turns_and_the_newest_state_wins(self):
        (self.bare / "flowship").mkdir()
        with open(self.bare / "flowship/production.lock", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            pushes = [self.start_push("main")]
            self.wait_until(lambda: self.waiting(1))
            tip = self.change("mfa", "newest")
            pushes.append(self.start_push("main"))
            self.wait_until(lambda: self.waiting(2))
            self.assertEqual(self.sandbox.requests(), [])
        outputs = [process.communicate(timeout=harness.PATIENCE)[1] for process in pushes]
        self.assertEqual([process.returncode for process in pushes], [0, 0], outputs)
        for output in outputs:
            self.assertIn("waiting for the deployment of another push", output)
            self.assertNotIn("ended with status", output)
        self.assertEqual(self.deployed_target(), tip)
        self.assertEqual(set(self.sandbox.versions().values()), {1}, "nothing is sent twice")
        self.assertIn("newest", json.dumps(self.sandbox.held()["mfa"]["screens"]))

    def test_waits_for_a_deployment_that_somebody_else_has_started(self):
        self.assert_ok(self.push("main:refs/heads/elsewhere"))
        manual = self.start("deploy", "--env", "production", "--rev", "elsewhere", "--concurrency", "1", cwd=self.bare)
        self.wait_until(lambda: len(self.sandbox.imports()) >= 1)
        manual.send_signal(signal.SIGSTOP)
        tip = self.change("mfa", "new")
        push = self.start_push("main")
        try:
            self.wait_until(lambda: self.waiting(1))
        finally:
            manual.send_signal(signal.SIGCONT)
        error = push.communicate(timeout=harness.PATIENCE)[1]
        manual.communicate(timeout=harness.PATIENCE)
        self.assertEqual((manual.returncode, push.returncode), (0, 0), error)
        self.assertIn(f"process {manual.pid}", error)
        self.assertEqual(self.deployed_target(), tip)

    def test_goes_on_when_the_client_is_killed(self):
        push = self.start_push("main")
        self.wait_until(lambda: len(self.sandbox.imports()) >= 1)
        os.killpg(push.pid, signal.SIGKILL)
        push.communicate()
        self.wait_until(lambda: self.deployed_target() is not None)
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.wait_until(lambda: "step-up" in self.logs()[0].read_text())

    def test_in_the_background_the_client_may_go_at_once(self):
        self.configure("receive.flowship.background", "true")
        (self.bare / "flowship").mkdir()
        with open(self.bare / "flowship/production.lock", "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            done = self.assert_ok(self.push("main"))
            self.assertIn("in the background; the log is", done.err)
            self.assertIsNone(self.deployed_target())
        self.wait_until(lambda: self.deployed_target() is not None)
        self.wait_until(lambda: "step-up" in self.logs()[0].read_text())


if __name__ == "__main__":
    harness.main()
