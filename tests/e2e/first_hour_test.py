"""The traps of the first hour: each is told, with the way on, and nothing is lost."""
import re
import shutil
import signal
import subprocess
import unittest

import harness

PRODUCTION = {"environments": {"production": {"projectId": harness.PROJECT}}}


def command_in(text):
    """The words of the last command of flowship's in backticks, without the program."""
    return re.findall(r"`flowship ([^`]+)`", text)[-1].split()


class NotCommitted(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.repository.git("commit", "--quiet", "--allow-empty", "--message", "Begin")

    def test_no_flows_at_all_are_warned_of_and_not_called_deployed(self):
        for command in ("plan", "deploy"):
            done = self.run_flowship(command)
            self.assertIn("there are no flows at", done.out + done.err)
            self.assertIn("`flowship pull`", done.out + done.err)
        self.assertIn("Nothing to send: there are no flows.", self.run_flowship("plan").out)
        self.assertIn("Nothing to do: there are no flows.", self.run_flowship("deploy").out)
        self.assertIn("The service was not asked", self.run_flowship("plan", "--format", "markdown").out)

    def test_flows_that_are_not_committed_are_named_by_plan_and_deploy(self):
        shutil.copytree(harness.EXAMPLES / "flows", self.repository.path, dirs_exist_ok=True)
        for command in ("plan", "deploy"):
            warnings = self.json_of(command)["warnings"]
            self.assertTrue(any("uncommitted changes of flows are not deployed" in text for text in warnings), warnings)
        self.assertEqual([], self.sandbox.imports())
        self.assertEqual([], self.json_of("plan", "--worktree")["warnings"])

    def test_a_configuration_that_is_not_committed_does_not_count_and_is_told(self):
        self.repository.add_examples()
        self.repository.write("flowship.json", PRODUCTION)
        for command in ("plan", "deploy"):
            told = self.json_of(command)
            self.assertEqual("default", told["environment"])
            self.assertIn("flowship.json is not committed", told["warnings"][0])
            self.assertIn("`default`", told["warnings"][0])
        error = self.json_of("plan", "--env", "production", code=64)["error"]
        self.assertIn("flowship.json in the working tree has it", error["hint"])
        self.json_of("plan", "--env", "production", "--worktree")
        self.repository.commit("Configure production")
        self.assertEqual([], self.json_of("plan", "--env", "production")["warnings"])
        self.repository.write("flowship.json", {**PRODUCTION, "rules": {}})
        self.assertIn("uncommitted changes", self.json_of("plan")["warnings"][0])


class OtherRecords(harness.TestCase):
    """Of an environment that has none under the name or in the place that is configured now."""

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.flows = len(self.repository.flow_ids())

    def configure(self, configuration):
        self.repository.write("flowship.json", configuration)
        self.repository.commit("Configure")

    def configure_ledger(self, **ledger):
        self.configure({"environments": {"production": {"projectId": harness.PROJECT, "ledger": ledger}}})

    def test_the_unconfigured_environment_beside_a_configured_one_is_told(self):
        self.assertIn("`flowship deploy`", self.run_flowship("plan").out)
        self.deploy()
        self.configure(PRODUCTION)
        for command in ("plan", "deploy"):
            err = self.run_flowship(command).err
            self.assertEqual(1, err.count("does not go on from those to `default` (refs/flowship/default)"), err)
        self.assertEqual(self.flows, len(self.sandbox.imports()), "nothing is sent twice")
        self.assertNotIn("does not go on", self.run_flowship("plan").err, "there are records by now")

    def test_an_environment_called_default_beside_another_is_chosen_by_name(self):
        self.configure({"environments": {**PRODUCTION["environments"], "default": {"projectId": "P2another"}}})
        error = self.json_of("plan", code=64)["error"]
        self.assertIn("default, production", error["message"])
        self.assertIn("--env", error["hint"])
        self.assertEqual("default", self.json_of("plan", "--env", "default")["environment"])
        self.assertIn("`flowship deploy --env default`", self.run_flowship("plan", "--env", "default").out)

    def test_a_project_s_other_environment_is_no_trap(self):
        self.configure(PRODUCTION)
        self.deploy()
        self.configure({"environments": {**PRODUCTION["environments"], "staging": {"projectId": "P2another"}}})
        self.assertEqual("", self.run_flowship("plan", "--env", "staging").err)

    def share(self):
        self.repository.git("init", "--quiet", "--bare", str(self.folder / "origin.git"))
        self.repository.git("remote", "add", "origin", str(self.folder / "origin.git"))
        self.repository.git("push", "--quiet", "origin", "main")

    def at_origin(self, ref):
        return self.repository.git("ls-remote", "origin", ref).partition("\t")[0]

    def test_a_ledger_is_carried_over_to_its_remote_even_where_nothing_changed(self):
        self.configure(PRODUCTION)
        record = self.deploy()["record"]
        self.share()
        self.configure_ledger(remote="origin")
        self.deploy()
        self.repository.git("merge-base", "--is-ancestor", record, self.at_origin("refs/flowship/production"))
        self.assertEqual(self.flows, len(self.sandbox.imports()))
        shared = self.at_origin("refs/flowship/production")
        self.deploy()
        self.assertEqual(shared, self.at_origin("refs/flowship/production"), "once is enough")

    def test_a_ledger_of_others_at_the_remote_is_refused(self):
        self.configure(PRODUCTION)
        self.deploy()
        self.share()
        other = harness.Repository(self.folder / "other")
        other.git("pull", "--quiet", str(self.folder / "origin.git"), "main")
        self.deploy(cwd=other.path)
        other.git("push", "--quiet", str(self.folder / "origin.git"), "refs/flowship/production")
        theirs, ours = self.at_origin("refs/flowship/production"), self.repository.git("rev-parse", "refs/flowship/production")
        self.configure_ledger(remote="origin")
        error = self.deploy(code=1)["error"]
        self.assertIn("does not go on from", error["message"])
        self.assertEqual(theirs, self.at_origin("refs/flowship/production"))
        self.assertEqual(ours, self.repository.git("rev-parse", "refs/flowship/production"))

    def test_another_ref_for_the_ledger_is_refused_until_the_records_are_carried_over(self):
        self.configure(PRODUCTION)
        record = self.deploy()["record"]
        self.configure_ledger(ref="refs/heads/flowship/production")
        for command in ("plan", "deploy", "rollback"):
            error = self.json_of(command, code=1)["error"]
            self.assertIn("refs/flowship/production has deployments to `production`", error["message"])
        subprocess.run(error["hint"].partition(": ")[2], shell=True, cwd=self.repository.path,
                       env=harness.environment(), check=True)
        self.assertEqual(self.flows, self.json_of("plan")["unchanged"])
        self.assertEqual(record, self.json_of("history")["deployments"][0]["record"])


class Interrupted(harness.TestCase):
    """What is to be run again is the command that was interrupted."""

    sandbox_options = ("--latency", "100")

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.repository.write("flowship.json", {"environments": {
            "staging": {"projectId": harness.PROJECT}, "production": {"projectId": "P2another"}}})
        self.repository.commit("Configure two environments")

    def change_all(self):
        for flow_id in self.repository.flow_ids():
            path = f"{harness.FLOWS}/{flow_id}/metadata.json"
            self.repository.write(path, {**self.repository.read(path), "description": "changed"})
        self.repository.commit("Change all")

    def interrupt(self, *arguments):
        self.sandbox.forget_requests()
        process = self.start(*arguments, "--concurrency", "1")
        self.wait_until(lambda: len(self.sandbox.imports()) >= 1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual(130, process.returncode, err)
        return command_in(out.splitlines()[-1])

    def test_a_rollback_goes_on_to_the_same_record(self):
        first = self.deploy("--env", "staging")["record"]
        before = self.sandbox.held()
        self.change_all()
        self.deploy("--env", "staging")
        again = self.interrupt("rollback", "--env", "staging")
        self.assertEqual(["rollback", first[:8], "--env", "staging"], again)
        self.run_flowship(*again)
        self.assertEqual(before, self.sandbox.held())

    def test_an_undo_goes_on_with_the_same_deployment(self):
        self.deploy("--env", "staging")
        self.change_all()
        record = self.deploy("--env", "staging")["record"]
        again = self.interrupt("rollback", "--to-before", record, "--env", "staging")
        self.assertEqual(["rollback", "--to-before", record, "--env", "staging"], again)

    def test_a_promotion_is_promoted_again(self):
        self.deploy("--env", "staging")
        again = self.interrupt("promote", "--from", "staging", "--to", "production")
        self.assertEqual(["promote", "--from", "staging", "--env", "production"], again)
        self.run_flowship(*again)
        self.assertEqual("production", self.json_of("status", "--env", "production")["environment"])


class Warnings(harness.TestCase):
    def test_are_written_once_where_output_is_piped(self):
        self.repository.add_examples()
        self.deploy()
        shutil.rmtree(self.repository.path / harness.FLOWS / "mfa")
        warning = "uncommitted changes of flows are not deployed"
        for arguments in (("plan",), ("deploy",), ("plan", "--format", "github"), ("deploy", "--format", "github")):
            done = self.run_flowship(*arguments)
            self.assertEqual(1, (done.out + done.err).count(warning), f"{arguments}\n{done.out}\n{done.err}")


if __name__ == "__main__":
    harness.main()
