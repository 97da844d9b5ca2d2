"""`flowship init`: from a repository of flows to one that deploys them."""

import json
import os

import harness
from harness import EXAMPLES, FLOWS, PROJECT, TestCase
from terminal_test import Terminal

WORKFLOWS = EXAMPLES / "github"
HOOKS = EXAMPLES.parent / "hooks"


class Init(TestCase):
    def init(self, *arguments, **options):
        return self.json_of("init", "--yes", *arguments, **options)

    def outcomes(self, result):
        return {file["path"]: file["outcome"] for file in result["files"]}

    def everything(self):
        return {str(path.relative_to(self.repository.path)): path.read_bytes()
                for path in self.repository.path.rglob("*") if path.is_file() and path.name != "index"}


class WithoutQuestions(Init):
    def test_finds_the_flows_and_writes_what_deploys_them(self):
        self.repository.add_examples()
        result = self.init()
        self.assertEqual((result["ok"], result["flows"], result["sources"], result["environments"], result["host"]),
                         (True, len(self.repository.flow_ids()), [FLOWS], ["production"], None))
        config = self.repository.read("flowship.json")
        self.assertIn("/docs/schemas/flowship.schema.json", config.pop("$schema"))
        policy, = config.pop("policies")
        self.assertEqual((policy["name"], policy["factors"], policy["flows"]), ("sign-in", 1, ["mfa", "sign-up-or-in", "step-up"]))
        self.assertIn({"factor": "totp"}, policy["require"])
        self.assertEqual(config, {
            "sources": [FLOWS], "environments": {"production": {"projectId": PROJECT, "branch": "main"}}})
        self.assertEqual(self.outcomes(result), {"flowship.json": "written", ".gitattributes": "written",
                                                 ".git/hooks/pre-commit": "written",
                                                 ".git/hooks/pre-push": "written"})
        for name in ("pre-commit", "pre-push"):
            hook = self.repository.path / ".git/hooks" / name
            self.assertEqual(hook.read_bytes(), (HOOKS / name).read_bytes())
            self.assertTrue(os.access(hook, os.X_OK))
        self.assertEqual([each for each in self.json_of("validate")["findings"] if each["rule"] == "policy"], [])
        self.repository.git("add", "flowship.json")
        self.repository.git("commit", "--quiet", "--message", "Init")
        self.assertEqual(len(self.deploy()["flows"]), len(self.repository.flow_ids()))

    def test_says_what_to_do_next_and_doing_it_sets_somebody_up(self):
        self.sandbox.edit({"flowId": "one", "metadata": {"name": "One"}, "contents": {"startTask": "0", "tasks": {
            "0": {"id": "0", "next": {"rules": []}}}}, "screens": []})
        done = self.run_flowship("init", "--yes", DESCOPE_PROJECT_ID=None)
        self.assertIn("No flows yet", done.out)
        self.assertEqual(self.repository.read("flowship.json")["environments"], {"production": {"branch": "main"}})
        for step in ("DESCOPE_PROJECT_ID", "DESCOPE_MANAGEMENT_KEY", "flowship pull", "flowship plan", "flowship deploy"):
            self.assertIn(step, done.out)
        self.run_flowship("pull")
        self.repository.git("add", "--all")
        self.repository.git("commit", "--quiet", "--message", "Begin")
        self.assertEqual([flow["outcome"] for flow in self.deploy()["flows"]], ["unchanged"])
        self.assertEqual(self.json_of("plan")["changes"], [])
        self.assertEqual(self.sandbox.imports(), [])

    def test_changes_nothing_that_is_there(self):
        self.repository.add_examples()
        self.repository.write("flowship.json", {"environments": {"mine": {}}})
        self.repository.write(".github/workflows/deploy.yml", "mine\n")
        self.repository.git("remote", "add", "origin", "git@github.com:a/b.git")
        hook = self.repository.path / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\n")
        before = self.everything()
        result = self.init()
        outcomes = self.outcomes(result)
        self.assertEqual((outcomes["flowship.json"], outcomes[".git/hooks/pre-commit"], outcomes[".git/hooks/pre-push"]),
                         ("kept", "kept", "written"))
        self.assertEqual(result["environments"], ["mine"])
        self.assertIn("--chain", next(file["hint"] for file in result["files"] if "pre-commit" in file["path"]))
        after = self.everything()
        # For the hooks git's configuration has more, and else nothing of it changes.
        self.assertEqual(after.pop(".git/config")[:len(before[".git/config"])], before.pop(".git/config"))
        self.assertEqual({path: after[path] for path in before}, before)
        self.assertEqual(set(self.outcomes(self.init()).values()), {"kept"})
        again = self.everything()
        again.pop(".git/config")
        self.assertEqual(again, after)

    def test_run_again_it_says_again_what_is_still_to_do(self):
        self.repository.add_examples()
        self.repository.git("remote", "add", "origin", "git@github.com:a/b.git")
        first = self.init()
        self.assertEqual(self.init()["next"], first["next"])
        steps = [step["purpose"] for step in first["next"]]
        self.assertTrue(any("your-organisation/flowship" in step for step in steps), steps)
        # Who has adapted the workflows is not told to do it again.
        for workflow in (self.repository.path / ".github/workflows").iterdir():
            workflow.write_text(workflow.read_text().replace("your-organisation/", "ada/"))
        workflow.rename(self.folder / "elsewhere.yml")
        workflow.symlink_to(self.folder / "elsewhere.yml")
        steps = [step["purpose"] for step in self.init()["next"]]
        self.assertFalse(any("your-organisation/flowship" in step for step in steps), steps)

    def test_a_link_in_a_place_is_left_alone(self):
        outside = self.folder / "outside.json"
        (self.repository.path / "flowship.json").symlink_to(outside)
        self.run_flowship("init", "--yes", code=1)
        self.assertFalse(outside.exists())

    def test_tells_the_host_by_the_remote_and_shares_the_ledger_through_it(self):
        for address, host in (("https://github.example.com/a/b", "github"), ("git@gitlab.com:a/b.git", "gitlab"),
                              ("https://git.example/a/b", "other")):
            with self.subTest(host=host):
                self.repository.git("config", "remote.origin.url", address)
                result = self.init()
                self.assertEqual(result["host"], host)
                self.assertEqual(self.repository.read("flowship.json")["environments"]["production"]["ledger"],
                                 {"remote": "origin"})
                self.repository.git("clean", "--quiet", "--force", "-d", "-x")

    def test_writes_the_workflows_of_the_host_as_the_examples_are(self):
        if not WORKFLOWS.is_dir():
            self.skipTest("there are no examples of workflows")
        self.repository.git("remote", "add", "origin", "https://github.com/a/b")
        result = self.init()
        for example in WORKFLOWS.glob("*.yml"):
            path = f".github/workflows/{example.name}"
            self.assertEqual(self.outcomes(result)[path], "written")
            self.assertEqual((self.repository.path / path).read_bytes(), example.read_bytes())
        self.assertIn("DESCOPE_MANAGEMENT_KEY", json.dumps(result["next"]))

    def test_flows_in_several_places_are_all_sources_and_nothing_else_becomes_a_flow(self):
        self.repository.add_examples()
        ids = self.repository.flow_ids()
        self.run_flowship("convert", f"{FLOWS}/{ids[0]}", "other/deep/one.json")
        self.repository.remove(f"{FLOWS}/{ids[0]}")
        self.assertEqual(self.init()["sources"], [FLOWS, "other/deep"])
        self.assertEqual(self.json_of("validate")["flows"], len(ids))
        self.repository.remove("flowship.json")
        self.run_flowship("convert", "other/deep/one.json", "--layout", "console", "at-the-root.json")
        self.repository.remove("other")
        self.assertEqual(self.init()["sources"], [])

    def test_an_environment_that_is_deployed_keeps_its_name(self):
        self.repository.add_examples()
        self.deploy()
        self.assertEqual(self.init()["environments"], ["default"])
        self.repository.git("add", "flowship.json")
        self.repository.git("commit", "--quiet", "--message", "Init")
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_works_from_a_folder_below_and_refuses_what_has_no_place(self):
        below = self.repository.path / "below"
        below.mkdir()
        self.init(cwd=below)
        self.assertTrue((self.repository.path / "flowship.json").exists())
        self.repository.git("init", "--quiet", "--bare", str(self.folder / "bare"))
        self.run_flowship("init", "--yes", "--repo", str(self.folder / "bare"), code=64)
        self.run_flowship("init", "--yes", "--config", "x.json", code=64)
        self.run_flowship("init", "--yes", "too-much", code=64)
        self.assertIn("git init", self.run_flowship("init", "--yes", cwd=self.folder, code=1).err)

    def test_a_flowship_json_that_is_broken_is_told(self):
        self.repository.write("flowship.json", "{")
        self.assertIn("flowship.json:1:2", self.run_flowship("init", "--yes", code=3).err)
        self.assertFalse((self.repository.path / ".git/hooks/pre-commit").exists())


class WithQuestions(Init):
    def ask(self, answers, *arguments):
        """Answers a question each time that one is asked."""
        terminal = Terminal(("init", *arguments), self.repository.path, {"DESCOPE_PROJECT_ID": PROJECT})
        for question, answer in answers:
            terminal.read_until(question)
            terminal.type(answer)
        return terminal.end(), terminal.text

    def test_needs_a_terminal_or_yes(self):
        done = self.run_flowship("init", code=64)
        self.assertIn("--yes", done.err)
        self.assertEqual(self.everything(), {path: text for path, text in self.everything().items() if ".git" in path})
        self.assertFalse(json.loads(self.run_flowship("init", "--format", "json", code=64).out)["ok"])

    def test_takes_the_answers(self):
        code, text = self.ask([(r"environment.*\[production\]:", b"two words\n"), (r"(consists|made) of letters.*\n.*environment.*:", b"live\n"),
                               (rf"project.*\[{PROJECT}\]:", b"P2another\n"), (r"branch.*\[main\]:", b"\n"),
                               (r"hooks.*\[Y/n\]", b"perhaps\n"), (r"\[Y/n\]", b"n\n")])
        self.assertEqual(code, 0, text)
        self.assertEqual(self.repository.read("flowship.json")["environments"],
                         {"live": {"projectId": "P2another", "branch": "main"}})
        self.assertFalse((self.repository.path / ".git/hooks/pre-push").exists())
        self.assertIn("Next steps", text)

    def test_nothing_is_done_where_the_answers_end(self):
        code, text = self.ask([(r"environment.*:", b"live\n"), (r"project.*:", b"\x04")])
        self.assertEqual(code, 1, text)
        self.assertIn("nothing was done", text)
        self.assertFalse((self.repository.path / "flowship.json").exists())


if __name__ == "__main__":
    harness.main()
