"""The ledger in hard times: races, half failures, overrides that change, refs that are no ledger."""

import json
import os
import shutil

import harness
from harness import TestCase
from sources_test import small_flow


class LedgerCase(TestCase):
    def write(self, flow_id, name, **members):
        self.repository.write(f"{flow_id}.json", small_flow(flow_id, metadata={"name": name}, **members))

    def configure(self, **environment):
        self.repository.write("flowship.json", {"environments": {"default": environment}})
        return self.repository.commit("Configure")

    def changes(self):
        return {change["flowId"]: change["reason"] for change in self.json_of("plan")["changes"]}

    def deploy_without_an_answer(self):
        """The first import is carried out, its answer is lost, and nobody can be asked about it."""
        versions = sum(self.sandbox.versions().values())
        self.sandbox.faults(hangAfter="1@import")
        process = self.start("deploy", "--concurrency", "1", "--request-timeout", "1s", "--format", "json")
        self.wait_until(lambda: sum(self.sandbox.versions().values()) > versions)
        self.sandbox.faults(fail="422@export")
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertIn(process.returncode, (1, 4), out + err)
        self.sandbox.faults()
        return json.loads(out)

    def names(self):
        return {flow_id: flow["metadata"]["name"] for flow_id, flow in self.sandbox.held().items()}


class Hard(LedgerCase):
    def test_of_two_that_race_exactly_one_sends(self):
        for number in range(20):
            self.write("a", f"name {number}")
            self.write("b", f"name {number}")
            self.repository.commit()
            self.sandbox.forget_requests()
            racers = [self.start("deploy", "--format", "json") for _ in range(2)]
            answers = [json.loads(racer.communicate(timeout=harness.PATIENCE)[0]) for racer in racers]
            # The second either found the environment held, or came late and had nothing to do.
            self.assertEqual(sorted(self.sandbox.imports()), ["a", "b"], number)
            self.assertLessEqual({racer.returncode for racer in racers}, {0, 6})
            self.assertEqual(sum(1 for answer in answers if answer.get("flows")), 1)
            self.assertEqual(self.repository.ledger()["phase"], "result")

    def test_overrides_that_failed_in_part_and_are_taken_back(self):
        self.write("a", "a")
        self.write("b", "b")
        self.configure()
        self.deploy()
        both = {flow_id: {"/metadata/name": "other"} for flow_id in ("a", "b")}
        self.configure(set=both)
        self.sandbox.faults(fail="422:1")
        self.deploy("--concurrency", "1", code=4)
        self.assertEqual(self.changes(), {"a": "config"})
        self.configure()
        self.assertEqual(self.changes(), {"b": "config"})
        self.deploy()
        self.assertEqual(self.names(), {"a": "a", "b": "b"})
        self.assertEqual(self.changes(), {})
        self.configure(set=both)
        self.assertEqual(self.changes(), {"a": "config", "b": "config"})
        self.deploy()
        self.assertEqual(self.names(), {"a": "other", "b": "other"})
        self.assertEqual(self.changes(), {})

    def test_overrides_reach_the_flows_that_a_deployment_left_out(self):
        for flow_id in ("a", "b", "gone", "broken"):
            self.write(flow_id, flow_id)
        self.configure()
        self.deploy()
        broken = self.repository.path / "broken.json"
        text = broken.read_text()
        broken.write_text(text.replace(":", "", 1))
        self.repository.remove("gone.json")
        self.configure(set={flow_id: {"/metadata/name": "other"} for flow_id in ("a", "b", "gone", "broken")})
        self.deploy("a")
        broken.write_text(text)
        self.write("gone", "gone")
        self.repository.commit("Restore")
        self.assertEqual(self.changes(), {"b": "config", "gone": "config", "broken": "config"})
        self.deploy()
        self.assertEqual(set(self.names().values()), {"other"})

    def test_a_pointer_into_what_only_the_new_source_has_survives_a_failure_and_a_kill(self):
        self.write("a", "a")
        self.configure()
        self.deploy()
        self.write("a", "a", extra={"inner": 1})
        self.configure(set={"a": {"/extra/inner": 2}})
        self.sandbox.faults(fail="422:1")
        self.deploy(code=1)
        self.sandbox.faults(hang=1)
        process = self.start("deploy")
        self.wait_until(lambda: (self.repository.ledger() or {}).get("phase") == "intent")
        process.kill()
        process.communicate()
        self.sandbox.faults()
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(self.sandbox.held()["a"]["extra"], {"inner": 2})
        self.assertEqual(self.changes(), {})

    def test_a_creation_with_an_unknown_outcome_is_asked_about_first(self):
        self.write("a", "a")
        self.repository.commit()
        self.sandbox.faults(hang=1, failOnly="import")
        self.deploy("--request-timeout", "300ms")
        self.sandbox.faults()
        self.deploy()
        self.assertEqual(self.sandbox.versions(), {"a": 1})
        self.assertEqual(self.changes(), {})

    def test_an_outcome_that_can_not_be_asked_is_left_open_and_settled_later(self):
        self.write("a", "a")
        self.repository.commit()
        failed = self.deploy_without_an_answer()
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in failed["flows"]], [("a", "failed")])
        self.assertEqual(self.changes(), {"a": "added"})
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(self.sandbox.versions(), {"a": 1})
        self.assertEqual(self.changes(), {})

    def test_an_interrupted_deployment_of_a_commit_that_is_gone_is_settled(self):
        self.write("a", "a")
        first = self.repository.commit()
        self.deploy()
        self.write("a", "new")
        self.repository.commit()
        self.sandbox.faults(hang=1)
        process = self.start("deploy")
        self.wait_until(lambda: self.repository.ledger()["phase"] == "intent")
        process.kill()
        process.communicate()
        self.sandbox.faults()
        git = self.repository.git
        git("reset", "--quiet", "--hard", first)
        git("reflog", "expire", "--expire=now", "--all")
        git("gc", "--quiet", "--prune=now")
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(self.names(), {"a": "a"})
        self.assertEqual(self.changes(), {})
        git("fsck", "--strict")

    def test_history_says_what_was_deployed_and_by_whom(self):
        self.write("a", "one")
        self.repository.commit("Ask for a code")
        first = self.deploy()["record"]
        self.write("a", "two")
        self.repository.git("add", "--all")
        self.repository.git("commit", "--quiet", "--author", "Grace Example <grace@example.com>", "--message", "Ask twice")
        target = self.repository.git("rev-parse", "HEAD")
        self.repository.git("config", "user.name", "CI")
        self.repository.git("config", "user.email", "ci@example.com")
        self.deploy()
        self.json_of("rollback", first)
        [rollback, second, _] = self.json_of("history")["deployments"]
        self.assertEqual((rollback["kind"], rollback["subject"]), ("rollback", "Ask for a code"))
        self.assertEqual((rollback["from"], second["from"]), ({"environment": "default", "record": first}, None))
        self.assertEqual({name: second[name] for name in ("kind", "target", "subject", "author", "deployedBy")},
                         {"kind": "deploy", "target": target, "subject": "Ask twice",
                          "author": "Grace Example <grace@example.com>", "deployedBy": "CI <ci@example.com>"})
        self.assertEqual([flow["outcome"] for flow in second["flows"]], ["deployed"])
        text = self.run_flowship("history").out
        self.assertIn("just now", text)
        self.assertIn("rollback", text)
        self.assertIn("Ask twice, by Grace Example; deployed by CI", text)
        self.assertIn(f"from record {first[:8]} of default", text)

    def test_history_does_not_show_drift_as_success(self):
        self.write("a", "one")
        self.write("b", "one")
        self.repository.commit()
        self.deploy()
        flow = self.sandbox.held()["a"]
        flow["metadata"]["name"] = "edited"
        self.sandbox.edit(flow)
        self.write("a", "two")
        self.write("b", "two")
        self.repository.commit()
        self.deploy("--on-drift", "skip", code=5)
        outcomes = {flow["flowId"]: flow["outcome"] for flow in self.json_of("history")["deployments"][0]["flows"]}
        self.assertEqual(outcomes, {"a": "drifted", "b": "deployed"})
        self.assertIn("1 drifted", self.run_flowship("history").out)

    def test_a_ref_that_is_no_ledger_is_an_error_and_stays(self):
        self.write("a", "a")
        commit = self.repository.commit()
        git = self.repository.git
        for target in (commit, git("rev-parse", "HEAD^{tree}"), git("rev-parse", "HEAD:a.json")):
            git("update-ref", "refs/flowship/default", target)
            for command in ("deploy", "plan", "history"):
                error = self.json_of(command, code=1)["error"]
                self.assertIn("refs/flowship/default", error["message"])
            self.assertEqual(git("rev-parse", "refs/flowship/default"), target)
        self.assertEqual(self.sandbox.requests(), [])

    def test_records_that_nobody_should_write_are_errors(self):
        self.write("a", "a")
        self.repository.commit()
        self.deploy()
        git = self.repository.git
        good = self.repository.ledger()
        for change in ({"version": 99}, {"version": "1"}, {"kind": "other"}, {"phase": "other"}, {"started": 1}, {"total": 1.5},
                       {"overrides": {"connectors": {"x": 1}, "set": {}}}, {"overrides": {"connectors": {}, "set": {"a": 1}}},
                       {"overrides": {"connectors": {}, "set": {"a": {"/metadata/name": "no json"}}}},
                       {"unsettled": {"a": 1}}, {"unsettled": 1}, {"holder": {"pid": -1}}):
            with self.subTest(change=change):
                blob = git("hash-object", "-w", "--stdin", input=json.dumps({**good, **change}))
                tree = git("mktree", input=f"100644 blob {blob}\tdeployment.json\n")
                git("update-ref", "refs/flowship/default", git("commit-tree", tree, "-m", "Bad"))
                self.assertTrue(self.json_of("plan", code=1)["error"]["message"])

    def test_a_ledger_of_the_unreleased_first_version_is_refused_with_the_way_to_start_again(self):
        self.write("a", "a")
        self.repository.commit()
        self.deploy()
        git = self.repository.git
        blob = git("hash-object", "-w", "--stdin", input=json.dumps({**self.repository.ledger(), "version": 1, "flows": []}))
        tree = git("mktree", input=f"100644 blob {blob}\tdeployment.json\n")
        git("update-ref", "refs/flowship/default", git("commit-tree", tree, "-m", "Deploy"))
        for command in ("plan", "deploy", "status", "history"):
            error = self.json_of(command, code=1)["error"]
            self.assertIn("earlier, unreleased version of flowship", error["message"])
        command = error["hint"].split(": ")[-1]
        self.assertEqual(command, "git update-ref -d refs/flowship/default")
        git(*command.split()[1:])
        self.assertEqual([flow["flowId"] for flow in self.deploy()["flows"]], ["a"])

    def test_a_repository_that_can_not_be_written_sends_nothing(self):
        self.write("a", "a")
        self.repository.commit()
        self.repository.git("gc", "--quiet")
        objects = self.repository.path / ".git/objects"
        for number in range(256):
            # Where git would make a folder for new objects; this stops root as well, whom no permission does.
            (objects / f"{number:02x}").write_text("in the way")
        self.assertTrue(self.json_of("deploy", code=1)["error"]["message"])
        self.assertEqual(self.changes(), {"a": "added"})
        self.assertEqual(self.sandbox.requests("/flow/import"), [])

    def test_git_is_asked_once_who_appends(self):
        tools, seen = self.folder / "tools", self.folder / "seen"
        tools.mkdir()
        (tools / "git").write_text(f'#!/bin/sh\necho "$@" >>{seen}\nexec {shutil.which("git")} "$@"\n')
        (tools / "git").chmod(0o755)
        # Configuration from the environment is what git has to be asked for.
        self.write("a", "A")
        self.repository.commit()
        self.run_flowship("deploy", PATH=f"{tools}:{os.environ['PATH']}", GIT_CONFIG_COUNT="2",
                          GIT_CONFIG_KEY_0="user.name", GIT_CONFIG_VALUE_0="Ada",
                          GIT_CONFIG_KEY_1="user.email", GIT_CONFIG_VALUE_1="ada@example.com")
        self.assertEqual(seen.read_text().count("user.name"), 1)
        self.assertEqual(set(self.repository.git("log", "--format=%an <%ae>", "refs/flowship/default").splitlines()),
                         {"Ada <ada@example.com>"})

    def test_a_locked_ref_sends_nothing(self):
        self.write("a", "a")
        self.repository.commit()
        lock = self.repository.path / ".git/refs/flowship/default.lock"
        lock.parent.mkdir(parents=True)
        lock.write_text("")
        self.assertTrue(self.json_of("deploy", code=1)["error"]["message"])
        self.assertEqual(self.sandbox.requests("/flow/import"), [])


class TakenFiles(LedgerCase):
    """A flow whose file another flow has taken stays deployed until something is done about it."""

    def setUp(self):
        super().setUp()
        self.write("a", "a")
        self.write("b", "b")
        self.repository.commit()
        self.deploy()

    def swap(self):
        for path, flow_id in (("a.json", "b"), ("b.json", "a")):
            self.repository.write(path, small_flow(flow_id, metadata={"name": "new"}))
        self.repository.commit("Swap")

    def planned(self):
        plan = self.json_of("plan")
        return {change["flowId"]: change["action"] for change in plan["changes"]}, plan["unchanged"]

    def test_two_flows_swap_their_files_and_one_fails(self):
        self.swap()
        self.sandbox.faults(fail="422:1")
        self.deploy("--concurrency", "1", code=4)
        self.assertEqual(self.planned(), ({"a": "update"}, 1))
        self.assertEqual({flow["flowId"]: flow["state"] for flow in self.json_of("status")["flows"]},
                         {"a": "pending", "b": "in-sync"})
        self.assertEqual(self.deploy()["flows"][0]["action"], "update")
        self.assertEqual(self.planned(), ({}, 2))
        self.assertEqual(self.repository.git("ls-tree", "--name-only", "refs/flowship/default:deployed").split(),
                         ["a.json", "b.json"])

    def test_two_flows_swap_their_files_and_of_one_it_is_not_known(self):
        self.swap()
        outcomes = {flow["flowId"]: flow["outcome"] for flow in self.deploy_without_an_answer()["flows"]}
        self.assertEqual(outcomes, {"a": "failed", "b": "failed"})
        self.deploy()
        self.assertEqual(self.planned(), ({}, 2))
        self.assertEqual(self.sandbox.versions(), {"a": 2, "b": 2})

    def test_a_flow_is_given_another_id_in_its_file(self):
        for sources in ([], ["a.json", "b.json", "flowship.json"]):
            with self.subTest(sources=sources):
                if sources:
                    self.repository.write("flowship.json", {"sources": sources})
                new = "newer" if sources else "new"
                old = "new" if sources else "a"
                self.repository.write("a.json", small_flow(new))
                self.repository.commit("Rename")
                self.assertEqual(self.planned(), ({new: "create"}, 1))
                self.deploy()
                self.assertEqual((self.planned(), self.json_of("plan")["leftBehind"]), (({}, 2), [old]))
                self.deploy("--prune")
                self.assertEqual(self.planned(), ({}, 2))
                self.assertEqual(sorted(self.sandbox.held()), sorted(["b", new]))

    def test_a_file_that_can_not_be_read_is_no_removal(self):
        (self.repository.path / "a.json").write_text("{")
        self.repository.commit("Break")
        self.assertEqual(self.json_of("plan", code=3)["changes"], [])

    def test_a_rollback_puts_both_back(self):
        self.repository.write("a.json", small_flow("new"))
        self.repository.commit("Rename")
        self.deploy()
        self.json_of("rollback", "--prune")
        self.assertEqual(sorted(self.sandbox.held()), ["a", "b"])
        self.assertEqual(self.repository.ledger()["total"], 2)


if __name__ == "__main__":
    harness.main()
