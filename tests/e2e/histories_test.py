"""Histories that a widespread template gets wrong: it deploys the flows that `git show HEAD --name-only` names, in a
run for each push. Here each is played, and the workflow that users copy deploys it right, from clones of depth 1."""

import harness
from harness import FLOWS
from workflow_harness import WorkflowCase


class Histories(WorkflowCase):
    def setUp(self):
        super().setUp()
        self.run_workflow("deploy.yml", "deploy")
        self.sandbox.forget_requests()

    def named_by_the_template(self):
        names = self.repository.git("show", "HEAD", "--name-only", "--pretty=").splitlines()
        return {name.split("/")[2] for name in names if name.startswith(f"{FLOWS}/")}

    def deploy(self, conclusion="success"):
        """Pushes, runs the workflow, and gives the flows that were sent."""
        self.repository.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/main")
        self.run_workflow("deploy.yml", "deploy", conclusion=conclusion)
        sent = self.sandbox.imports()
        self.sandbox.forget_requests()
        self.assertEqual(len(sent), len(set(sent)), "sent twice")
        return set(sent)

    def assert_everything_is_deployed(self):
        """The service holds what the commit says, so a status by anybody tells of nothing pending or drifted."""
        self.run_flowship("status", "--env", "production", "--exit-code")

    def test_one_commit_is_what_the_template_can_do(self):
        self.edit("mfa", "one")
        self.assertEqual(self.named_by_the_template(), {"mfa"})
        self.assertEqual(self.deploy(), {"mfa"})
        self.assert_everything_is_deployed()

    def test_a_merge(self):
        self.repository.git("switch", "--quiet", "--create", "topic")
        self.edit("mfa", "on a branch")
        self.repository.git("switch", "--quiet", "main")
        self.edit("sign-in", "meanwhile")
        self.assertEqual(self.deploy(), {"sign-in"})
        self.repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "topic")
        self.assertEqual(self.named_by_the_template(), set())
        self.assertEqual(self.deploy(), {"mfa"})
        self.assert_everything_is_deployed()

    def test_a_push_of_several_commits(self):
        self.edit("mfa", "first")
        self.edit("sign-in", "second")
        self.repository.write("README.md", "third\n")
        self.repository.commit("Tell of it")
        self.assertEqual(self.named_by_the_template(), set())
        self.assertEqual(self.deploy(), {"mfa", "sign-in"})
        self.assert_everything_is_deployed()

    def test_a_run_that_failed(self):
        self.edit("mfa", "in vain")
        self.sandbox.faults(fail="422:1")
        self.assertEqual(self.deploy(conclusion="failure"), set())
        self.edit("sign-in", "next")
        self.assertEqual(self.named_by_the_template(), {"sign-in"})
        self.assertEqual(self.deploy(), {"mfa", "sign-in"})
        self.assert_everything_is_deployed()

    def test_a_run_that_was_left_out(self):
        self.edit("mfa", "its run was cancelled while it waited")
        self.push("main")
        self.edit("sign-in", "next")
        self.assertEqual(self.named_by_the_template(), {"sign-in"})
        self.assertEqual(self.deploy(), {"mfa", "sign-in"})
        self.assert_everything_is_deployed()

    def test_a_force_push_that_takes_a_commit_back(self):
        self.edit("mfa", "a mistake")
        self.assertEqual(self.deploy(), {"mfa"})
        self.repository.git("reset", "--quiet", "--hard", "HEAD~1")
        self.edit("sign-in", "instead")
        self.assertEqual(self.named_by_the_template(), {"sign-in"})
        self.assertEqual(self.deploy(), {"mfa", "sign-in"})
        self.assert_everything_is_deployed()

    def test_a_commit_that_changes_nothing_by_value(self):
        contents = self.repository.path / FLOWS / "mfa/contents.json"
        contents.write_text(contents.read_text().replace("\n", "\n\n", 1))
        self.repository.commit("Reformat")
        self.assertEqual(self.named_by_the_template(), {"mfa"})
        self.assertEqual(self.deploy(), set())
        self.assert_everything_is_deployed()


if __name__ == "__main__":
    harness.main()
