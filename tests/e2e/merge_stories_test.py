"""Two people, or git and the console, edit one flow: nobody's work is lost."""

import harness
from harness import FLOWS, Repository, TestCase
from merge_test import new_task, redirect

MFA = f"{FLOWS}/mfa"
CONTENTS = f"{MFA}/contents.json"
METADATA = f"{MFA}/metadata.json"


class Stories(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.deploy()
        self.sandbox.forget_requests()

    def edit(self, change, path=CONTENTS, repository=None):
        repository = repository or self.repository
        document = repository.read(path)
        change(document)
        repository.write(path, document)

    def edit_in_console(self, change, flow_id="mfa"):
        flow = self.sandbox.held()[flow_id]
        change(flow)
        self.sandbox.edit(flow)

    def states(self, **options):
        return {flow["state"] for flow in self.json_of("status", **options)["flows"]}

    def test_a_colleagues_commit_and_a_console_edit(self):
        self.edit(lambda contents: contents["tasks"]["4"].update(name="By a colleague"))
        self.repository.commit("Rename")
        self.edit_in_console(lambda flow: flow["metadata"].update(name="In the console"))
        self.deploy(code=5)
        for take in (("pull",), ("deploy", "--on-drift", "adopt")):
            self.repository.git("checkout", "--quiet", ".")
            self.run_flowship(*take, code=0 if take == ("pull",) else 5)
            self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{METADATA}")
        self.repository.commit("Take over the console edit")
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in self.deploy()["flows"]], [("mfa", "deployed")])
        held = self.sandbox.held()["mfa"]
        self.assertEqual((held["metadata"]["name"], held["contents"]["tasks"]["4"]["name"]),
                         ("In the console", "By a colleague"))
        self.assertEqual(self.states(), {"in-sync"})

    def test_a_pull_that_is_not_committed_and_a_second_machine(self):
        origin = self.folder / "origin.git"
        self.repository.git("clone", "--quiet", "--bare", ".", str(origin))
        self.repository.git("remote", "add", "origin", str(origin))
        self.repository.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin"}}}})
        self.repository.write(".gitattributes", "*.json merge=flowship\n")
        self.repository.commit("Share the ledger")
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        self.deploy()
        self.repository.git("push", "--quiet", "--set-upstream", "origin", "main")
        second = Repository(self.folder / "second")
        second.git("remote", "add", "origin", str(origin))
        second.git("pull", "--quiet", "--set-upstream", "origin", "main")
        self.run_flowship("hook", "install", cwd=second.path)

        self.edit_in_console(lambda flow: flow["contents"]["tasks"]["4"].update(name="In the console"))
        self.run_flowship("pull")
        # Nobody commits that; elsewhere, the same task is changed and deployed.
        self.edit(lambda contents: redirect(contents, "4", "2"), repository=second)
        second.commit("Elsewhere")
        self.run_flowship("deploy", "--any-branch", cwd=second.path, code=5)
        self.assertEqual(self.sandbox.held()["mfa"]["contents"]["tasks"]["4"]["name"], "In the console")
        # In the end both arrive, merged by git.
        self.repository.commit("Take over the console edit")
        self.repository.git("push", "--quiet")
        second.git("pull", "--quiet", "--no-rebase", "--no-edit")
        self.run_flowship("deploy", "--any-branch", cwd=second.path)
        task = self.sandbox.held()["mfa"]["contents"]["tasks"]["4"]
        self.assertEqual((task["name"], task["next"]["rules"][0]["taskId"]), ("In the console", "2"))
        self.assertEqual(self.states(cwd=second.path), {"in-sync"})

    def test_two_branches_with_a_new_task_each(self):
        self.run_flowship("hook", "install")
        self.repository.write(".gitattributes", "*.json merge=flowship\n")
        self.repository.commit("Merge flows")
        for branch, name, before in (("side", "Theirs", "7"), ("main", "Ours", "4")):
            self.repository.git("checkout", "--quiet", "-B", branch, *(("main",) if branch == "side" else ()))

            def change(contents):
                contents["tasks"]["8"] = new_task("8", name)
                redirect(contents, before, "8")
            self.edit(change)
            self.repository.commit(name)
            self.repository.git("checkout", "--quiet", "main")
        self.repository.git("merge", "--quiet", "--no-edit", "side")
        self.assertEqual([flow["outcome"] for flow in self.deploy()["flows"]], ["deployed"])
        tasks = self.sandbox.held()["mfa"]["contents"]["tasks"]
        self.assertEqual((tasks["8"]["name"], tasks["9"]["name"], tasks["4"]["next"]["rules"][0]["taskId"],
                          tasks["7"]["next"]["rules"][0]["taskId"]), ("Ours", "Theirs", "8", "9"))

    def test_a_new_task_here_and_one_in_the_console(self):
        self.edit(lambda contents: (contents["tasks"].update({"8": new_task("8", "Ours")}), redirect(contents, "4", "8")))
        self.repository.commit("A new task")
        self.edit_in_console(lambda flow: (flow["contents"]["tasks"].update({"8": new_task("8", "Theirs")}),
                                           redirect(flow["contents"], "7", "8")))
        self.run_flowship("pull")
        self.repository.commit("Take over the console edit")
        self.assertEqual([flow["outcome"] for flow in self.deploy()["flows"]], ["deployed"])
        tasks = self.sandbox.held()["mfa"]["contents"]["tasks"]
        self.assertEqual((tasks["8"]["name"], tasks["9"]["name"]), ("Theirs", "Ours"))

    def test_a_pull_request_with_console_edits_before_and_after_another_deployment(self):
        for other_first in (True, False):
            with self.subTest(other_first=other_first):
                name = f"In the console {other_first}"
                self.edit_in_console(lambda flow, name=name: flow["metadata"].update(name=name))
                self.repository.git("checkout", "--quiet", "-B", "pull")
                self.run_flowship("pull")
                self.repository.commit("Console edits")
                self.repository.git("checkout", "--quiet", "main")
                self.edit(lambda metadata: metadata.update(description=f"Other {other_first}"),
                          path=f"{FLOWS}/step-up/metadata.json")
                self.repository.commit("Another flow")
                if other_first:
                    self.deploy()
                self.repository.git("merge", "--quiet", "--no-edit", "pull")
                self.deploy()
                held = self.sandbox.held()
                self.assertEqual((held["mfa"]["metadata"]["name"], held["step-up"]["metadata"]["description"]),
                                 (name, f"Other {other_first}"))
                self.assertNotIn("mfa", self.sandbox.imports())
                self.assertEqual(self.states(), {"in-sync"})


if __name__ == "__main__":
    harness.main()
