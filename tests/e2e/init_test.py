"""`flowship init`: from a repository of flows to one that deploys them."""

import json
import os
import re

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

    def test_with_several_environments_the_next_steps_name_one(self):
        self.repository.add_examples()
        self.repository.write("flowship.json", {"environments": {
            "live": {"projectId": "P2live", "branch": "stable"}, "qa": {"projectId": PROJECT, "branch": "main"}}})
        commands = [step["command"] for step in self.init()["next"]]
        self.assertIn("flowship deploy --env qa", commands)
        self.repository.commit()
        for command in commands:
            if command and command.startswith("flowship "):
                self.run_flowship(*command.split()[1:])

    def test_several_environments_need_a_project_each(self):
        self.repository.write("flowship.json", {"environments": {"live": {}, "qa": {}}})
        done = self.run_flowship("init", "--yes", DESCOPE_PROJECT_ID=None)
        self.assertNotIn("export DESCOPE_PROJECT_ID", done.out)
        self.assertIn("projectId of each environment", done.out)

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

    def written_workflows(self, address="https://github.com/a/b", **options):
        """The workflows that init writes, by name, of which nothing is as only the examples have it."""
        self.repository.git("config", "remote.origin.url", address)
        outcomes = self.outcomes(self.init(**options))
        texts = {path.rpartition("/")[2]: (self.repository.path / path).read_text()
                 for path in outcomes if path.endswith(".yml")}
        for name, text in texts.items():
            self.assertEqual(outcomes.get(f".github/workflows/{name}", outcomes.get(name)), "written")
            for word in ("develop", "staging", "0123456789abcdef"):
                self.assertNotIn(word, text, name)
        return texts

    def loaded(self, text):
        """A workflow as a reader of YAML has it, where there is one."""
        try:
            import yaml
        except ImportError:
            self.skipTest("no YAML")
        return yaml.safe_load(text)

    def test_workflows_name_the_branch_and_environment_that_init_proposes(self):
        self.repository.git("branch", "--move", "trunk")
        texts = self.written_workflows()
        self.assertEqual(set(texts), {example.name for example in WORKFLOWS.glob("*.yml")})
        version = self.json_of("version")["version"]
        for name, text in texts.items():
            self.assertNotRegex(text, r"\bmain\b", name)
            self.assertIn(f"uses: your-organisation/flowship@v{version}\n", text)
            self.assertNotRegex(text, r"your-organisation/flowship@(?!v" + re.escape(version) + r"\n)")
        self.assertIn("branches: [trunk]\n", texts["deploy.yml"])
        self.assertIn("if: github.ref_name == 'trunk'\n", texts["deploy.yml"])
        self.assertIn("branches: [trunk]\n", texts["pull-request.yml"])
        self.assertIn("environment: production\n", texts["deploy.yml"])
        self.assertIn("ref: trunk\n", texts["drift.yml"])
        self.assertIn("BASE: trunk\n", texts["pull.yml"])

    def test_workflows_deploy_the_environments_of_the_configuration_from_their_branches(self):
        self.repository.write("flowship.json", {"environments": {
            "live": {"branch": "trunk"}, "qa": {"branch": "it's/#1"}, "idle": {}}})
        texts = self.written_workflows()
        deploy = self.loaded(texts["deploy.yml"])
        self.assertEqual(deploy[True]["push"]["branches"], ["trunk", "it's/#1"])
        job = deploy["jobs"]["deploy"]
        self.assertEqual(job["if"], "github.ref_name == 'trunk' || github.ref_name == 'it''s/#1'")
        self.assertEqual(job["environment"], "${{ github.ref_name == 'trunk' && 'live' || 'qa' }}")
        self.assertEqual(job["steps"][-1]["with"]["environment"], job["environment"])
        plan = self.loaded(texts["pull-request.yml"])["jobs"]["plan"]["steps"][-1]["with"]
        self.assertEqual(plan["environment"], "${{ github.base_ref == 'trunk' && 'live' || 'qa' }}")
        for name in ("drift", "pull"):
            job = self.loaded(texts[f"{name}.yml"])["jobs"][name]
            self.assertEqual(job["strategy"]["matrix"]["include"], [{"environment": "live", "branch": "trunk"},
                                                                    {"environment": "qa", "branch": "it's/#1"}])
            self.assertEqual(job["environment"], "${{ matrix.environment }}")
            self.assertEqual(job["steps"][0]["with"]["ref"], "${{ matrix.branch }}")
        for text in texts.values():
            self.assertNotIn("production", text)
            self.assertNotIn("idle", text)

    def test_environments_of_one_branch_get_a_job_each(self):
        self.repository.write("flowship.json", {"environments": {"eu": {"branch": "main"}, "us": {"branch": "main"}}})
        texts = self.written_workflows()
        for name, job in (("deploy", "deploy"), ("pull-request", "plan")):
            loaded = self.loaded(texts[f"{name}.yml"])["jobs"][job]
            self.assertEqual(loaded["strategy"]["matrix"]["environment"], """${{ fromJSON('["eu","us"]') }}""")
            self.assertEqual(loaded["steps"][-1]["with"]["environment"], "${{ matrix.environment }}")

    def test_the_pipeline_of_gitlab_follows_the_configuration_too(self):
        self.repository.write("flowship.json", {"environments": {"live": {"branch": "trunk"}, "qa": {"branch": "it's/#1"}}})
        [text] = self.written_workflows("git@gitlab.com:a/b.git").values()
        self.assertIn(f"FLOWSHIP_VERSION: {self.json_of('version')['version']}\n", text)
        self.assertNotRegex(text, r"\bmain\b|production")
        request = '$CI_PIPELINE_SOURCE == "merge_request_event"'
        self.assertEqual(self.loaded(text)["workflow"]["rules"], [
            {"if": f'{request} && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "trunk"', "variables": {"ENVIRONMENT": "live"}},
            {"if": request, "variables": {"ENVIRONMENT": "qa"}},
            {"if": '$CI_COMMIT_BRANCH == "trunk"', "variables": {"ENVIRONMENT": "live"}},
            {"if": '$CI_COMMIT_BRANCH == "it\'s/#1"', "variables": {"ENVIRONMENT": "qa"}}])
        self.repository.remove(".gitlab-ci.yml")
        self.repository.write("flowship.json", {"environments": {"eu": {"branch": "main"}, "us": {"branch": "main"}}})
        [text] = self.written_workflows("git@gitlab.com:a/b.git").values()
        for job in ("plan", "deploy", "drift", "pull"):
            self.assertEqual(self.loaded(text)[job]["parallel"], {"matrix": [{"ENVIRONMENT": ["eu", "us"]}]})
        self.repository.write("flowship.json", {"environments": {
            "eu": {"branch": "main"}, "qa": {"branch": "next"}, "us": {"branch": "main"}}})
        steps = [step["purpose"] for step in self.init()["next"]]
        self.assertEqual([step.split(",")[0] for step in steps if "jobs" in step], ["add jobs for the environment us"])

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
