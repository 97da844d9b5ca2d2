"""Deployments that break off, or meet each other: what each of them must leave behind, one case at a time.

fault_matrix.py and random_histories.py look for what nobody has thought of; here stands what once went wrong.
"""

import datetime
import itertools
import json
import shutil
import signal
import tempfile
import unittest

from world import REF, World, hook


class Interruption(unittest.TestCase):
    shared = False

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="flowship-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.world = World(folder, machines=2 if self.shared else 1, shared=self.shared)
        self.addCleanup(self.world.close)
        self.sandbox = self.world.sandbox

    def deploy(self, *options, code=0, **how):
        ended = self.world.run("deploy", *options, **how)
        self.assertEqual(ended.code, code, ended)
        return ended

    def unlock(self, *options, code=0):
        ended = self.world.run("unlock", *options)
        self.assertEqual(ended.code, code, ended)
        return ended

    def deploy_and_lose_the_answer(self, *options):
        """The import arrives, its answer does not, and nobody says what became of it."""
        self.sandbox.faults(latency=100, dropAfter="1@import")
        self.sandbox.forget_requests()
        process = self.world.start("deploy", *options)
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        self.sandbox.faults(fail="422@export")
        ended = self.world.end(process)
        self.sandbox.faults()
        return ended

    def kill_once_it_was_applied(self, *options):
        self.sandbox.faults(hangAfter="1@import")
        self.sandbox.forget_requests()
        process = self.world.start("deploy", *options)
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        process.kill()
        self.world.end(process)
        self.sandbox.faults()

    def kept(self, folder, flow_id):
        return json.loads(self.world.ledger_git("show", f"{REF}:{folder}/{flow_id}.json"))["metadata"]["name"]

    def assert_the_ledger_says_what_a_stop_leaves_unknown(self):
        self.world.write({"a": "one", "b": "one"})
        self.deploy()
        for fault, sent_again in (("hangAfter", ["b"]), ("hang", ["a", "b"])):
            with self.subTest(fault):
                self.world.write({"a": fault, "b": fault})
                ended = self.cut_off_in_the_import(**{fault: "1@import"})
                self.assertEqual(ended.outcomes(), {"a": "failed", "b": "skipped"}, ended)
                self.assertIn("unknown: `a`", ended.json["error"]["message"])
                flows = {flow["flowId"]: flow for flow in self.world.recorded_flows()}
                self.assertEqual((flows["a"]["unknown"], flows["b"]["outcome"]), (True, "skipped"))
                self.assertEqual(set(self.world.unsettled()), {"a"})
                for command in ("plan", "status"):
                    said = self.world.run(command)
                    self.assertIn("`a` is unknown", said.err + str(said.json.get("warnings", "")), command)
                past = self.world.run("history").json["deployments"][0]
                self.assertEqual((past["unfinished"], past["flows"][0]["outcome"]), (True, "failed"))
                self.sandbox.faults()
                self.sandbox.forget_requests()
                self.assertIn("did not know what became of `a`", self.deploy().err)
                self.assertEqual(sorted(self.sandbox.imports()), sent_again)
                self.assertEqual((self.world.unsettled(), self.world.planned()), ({}, {}))

    def cut_off_in_the_import(self, **fault):
        """A deployment that is stopped while the service does not answer, and keeps its lease."""
        self.sandbox.faults(**fault)
        self.sandbox.forget_requests()
        process = self.world.start("deploy", "--grace", "300ms", "--concurrency", "1")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        process.terminate()
        ended = self.world.end(process)
        self.assertEqual(ended.code, 143, ended)
        self.assertIn("in flight", ended.json["error"]["message"])
        self.assertEqual(self.world.record()["phase"], "intent")
        return ended


class Alone(Interruption):
    def test_an_import_with_a_lost_answer_is_not_taken_for_an_edit_once_the_source_has_moved_on(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.world.write({"a": "two"})
        self.assertEqual(self.deploy_and_lose_the_answer().outcomes(), {"a": "failed"})
        self.assertEqual(self.world.states(), {"a": "pending"})
        self.world.write({"a": "three"})
        self.assertIn("the live state of `a` is unknown", self.world.run("plan").json["warnings"][0])
        self.deploy()
        self.assertEqual(self.world.held(), {"a": "three"})
        self.assertEqual(self.world.record()["unsettled"], 0)

    def test_what_was_replaced_survives_a_death_in_between(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.sandbox.edit({**self.sandbox.held()["a"], "metadata": {"name": "of a colleague"}})
        self.world.write({"a": "two"})
        self.kill_once_it_was_applied("--on-drift", "overwrite")
        self.assertEqual(self.kept("before", "a"), "of a colleague")
        self.assertIn("took over an interrupted deployment of", self.deploy().err)
        self.assertEqual(self.kept("before", "a"), "of a colleague")
        self.assertEqual(self.kept("after", "a"), "two")
        self.assertEqual(self.sandbox.versions(), {"a": 3})

    def test_history_tells_no_outcome_of_what_is_not_known_yet(self):
        self.world.write({"a": "one"})
        self.kill_once_it_was_applied()
        [past] = self.world.run("history").json["deployments"]
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in past["flows"]], [("a", None)])
        self.assertTrue(past["unfinished"])
        self.deploy()
        [past] = self.world.run("history").json["deployments"]
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in past["flows"]], [("a", "deployed")])

    def test_an_edit_that_an_atomic_deployment_puts_back_is_still_an_edit(self):
        self.world.write({"a": "one", "b": "one"})
        self.deploy()
        self.sandbox.edit({**self.sandbox.held()["a"], "metadata": {"name": "of a colleague"}})
        self.world.write({"a": "two", "b": "two"})
        self.sandbox.faults(latency=150)
        self.sandbox.forget_requests()
        process = self.world.start("deploy", "--atomic", "--on-drift", "overwrite", "--concurrency", "1")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import of a")
        self.sandbox.faults(fail="422:1@import")
        self.assertEqual(self.world.end(process).outcomes(), {"a": "restored", "b": "failed"})
        self.assertEqual(self.world.states(), {"a": "drifted", "b": "pending"})
        self.deploy(code=5)

    def test_a_stopped_atomic_deployment_still_puts_back(self):
        self.world.write({"a": "one", "b": "one"})
        self.deploy()
        held = self.world.held()
        self.world.write({flow_id: "two" for flow_id in ("a", "a-new", "b")})
        for stop, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(stop=stop):
                self.sandbox.faults(latency=150)
                self.sandbox.forget_requests()
                process = self.world.start("deploy", "--atomic", "--concurrency", "1")
                self.world.wait_for(lambda: len(self.sandbox.requests("/import")) == 2, "the second import")
                process.send_signal(stop)
                ended = self.world.end(process)
                self.assertEqual((ended.code, ended.outcomes()),
                                 (code, {"a": "restored", "a-new": "restored", "b": "skipped"}), ended)
                self.sandbox.faults()
                self.assertEqual(self.world.held(), held)
                self.assertEqual(self.world.states(), {"a": "pending", "a-new": "pending", "b": "pending"})
        self.deploy()

    def test_what_an_atomic_deployment_does_not_know_it_puts_back_as_well(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.world.write({"a": "two"})
        self.assertEqual(self.deploy_and_lose_the_answer("--atomic").outcomes(), {"a": "restored"})
        self.assertEqual(self.world.held(), {"a": "one"})

    def test_nothing_is_sent_where_what_is_there_is_uncertain_and_nobody_can_say(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.world.write({"a": "two"})
        self.kill_once_it_was_applied()
        self.sandbox.edit({**self.sandbox.held()["a"], "metadata": {"name": "of a colleague"}})
        self.deploy(code=5)
        self.sandbox.forget_requests()
        self.sandbox.faults(fail="422@export")
        ended = self.deploy(code=1)
        self.assertEqual(self.sandbox.requests("/import"), [], ended)

    def test_a_deletion_with_a_lost_answer_is_sent_once(self):
        self.world.write({"a": "one", "b": "one"})
        self.deploy()
        self.world.write({"b": None})
        self.sandbox.faults(dropAfter="1@delete")
        self.assertEqual(self.deploy("--prune").outcomes(), {"b": "deleted"})
        self.assertEqual(len(self.sandbox.requests("/delete")), 1)

    def test_a_stop_ends_the_questions(self):
        for step in ("list", "export"):
            with self.subTest(step=step):
                self.world.write({flow_id: f"before {step}" for flow_id in "abc"})
                self.deploy()
                self.world.write({flow_id: f"after {step}" for flow_id in "abc"})
                record = self.world.record()
                self.sandbox.faults(fail=f"429@{step}", retryAfter=60)
                self.sandbox.forget_requests()
                process = self.world.start("deploy", "--concurrency", "1")
                self.world.wait_for(lambda: self.sandbox.requests(f"/{step}"), "a question")
                process.terminate()
                self.assertEqual(self.world.end(process).code, 143)
                self.assertEqual(len(self.sandbox.requests(f"/{step}")), 1)
                self.assertEqual(self.world.record(), record)
                self.sandbox.faults()
                self.deploy()

    def test_a_stop_while_a_429_is_waited_out_sends_nothing_and_is_recorded(self):
        self.world.write({"a": "one", "b": "one"})
        self.sandbox.faults(fail="429@import", retryAfter=60)
        process = self.world.start("deploy", "--concurrency", "1")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "an import")
        process.terminate()
        ended = self.world.end(process)
        self.assertEqual((ended.code, ended.outcomes()), (143, {"a": "failed", "b": "skipped"}))
        self.assertEqual((self.world.record()["phase"], self.world.in_question()), ("result", set()))
        self.sandbox.faults()
        self.deploy()
        self.assertEqual(self.sandbox.versions(), {"a": 1, "b": 1})

    def test_an_import_that_can_not_be_read_back_is_not_deployed_until_it_was_seen(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(fail="422@export")
        ended = self.deploy(code=1)
        self.assertEqual(ended.outcomes(), {"a": "failed"})
        self.assertIn("could not be read back", ended.err)
        self.sandbox.faults()
        self.deploy()
        self.assertEqual(self.world.states(), {"a": "in-sync"})
        self.assertEqual(len(self.sandbox.imports()), 1)
        self.assertEqual(self.deploy().json["record"], None)

    def test_of_two_at_once_one_says_who_holds_the_environment_since_when(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(hang="1@import")
        first = self.world.start("deploy")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        requests = self.sandbox.requests()
        message = self.deploy("--lock-wait", "0s", code=6).json["error"]["message"]
        self.assertIn(f"(process {first.pid}), since {self.world.record()['started']}", message)
        self.assertEqual(self.sandbox.requests(), requests)
        first.kill()
        self.world.end(first)

    def test_an_intent_of_another_host_holds_until_the_ledger_has_stood_still(self):
        for age in (datetime.timedelta(days=-1), datetime.timedelta(days=1)):
            with self.subTest(age=age):
                self.world.write({"a": f"begun {age} ago"})
                self.kill_once_it_was_applied()
                self.pretend(host="elsewhere", age=age)
                self.assertIn("elsewhere", self.deploy("--lock-wait", "0s", code=6).json["error"]["message"])
                taken = self.deploy("--lock-timeout", "3s")
                self.assertIn("took over an interrupted deployment of elsewhere", taken.err)
                self.assertEqual(self.world.planned(), {})

    def test_a_second_command_need_not_wait_from_zero(self):
        self.world.write({"a": "one"})
        self.kill_once_it_was_applied()
        self.pretend(host="elsewhere", age=datetime.timedelta())
        again = ("--lock-wait", "0s", "--lock-timeout", "1s")
        self.deploy(*again, code=6)
        self.world.wait_for(lambda: self.world.run("deploy", *again).code == 0, "the end of the lease")
        self.pretend_nothing_is_left()

    def test_a_rollback_goes_back_before_what_was_killed(self):
        for text in ("one", "two"):
            self.world.write({"a": text})
            self.deploy()
        self.world.write({"a": "three"})
        self.kill_once_it_was_applied()
        ended = self.world.run("rollback")
        self.assertEqual((ended.code, ended.outcomes()), (0, {"a": "deployed"}), ended)
        self.assertEqual(self.world.held(), {"a": "two"})

    def test_signals_at_once_are_one_request_to_stop(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(latency=150)
        process = self.world.start("deploy")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        # In the order of their numbers, as they are taken where both wait.
        for stop in (signal.SIGINT, signal.SIGTERM):
            process.send_signal(stop)
        ended = self.world.end(process)
        self.assertEqual((ended.code, ended.outcomes()), (130, {"a": "deployed"}), ended)

    def test_an_interrupted_wait_is_one_document(self):
        self.world.write({"a": "one"})
        self.kill_once_it_was_applied()
        self.pretend(host="elsewhere", age=datetime.timedelta())
        for stop, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(stop=stop):
                process = self.world.start("deploy")
                self.assertIn("flowship: waiting:", process.stderr.readline())
                process.send_signal(stop)
                ended = self.world.end(process)
                self.assertEqual((ended.code, ended.json["ok"]), (code, False), ended)
                self.assertIn("waiting", ended.json["error"]["message"])

    def test_an_interrupted_look_at_the_service_is_one_document(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.sandbox.edit({**self.sandbox.held()["a"], "metadata": {"name": "by hand"}})
        for command, step in itertools.product((["status"], ["plan", "--check-drift"]), ("list", "export")):
            with self.subTest(command=command, step=step):
                self.sandbox.faults(fail=f"429@{step}", retryAfter=60)
                self.sandbox.forget_requests()
                process = self.world.start(*command)
                self.world.wait_for(lambda: self.sandbox.requests(f"/{step}"), "a question")
                process.send_signal(signal.SIGINT)
                ended = self.world.end(process)
                self.assertEqual((ended.code, ended.json["ok"]), (130, False), ended)

    def test_a_request_that_outlasts_the_grace_leaves_the_lease(self):
        self.world.write({"a": "one"})
        self.cut_off_in_the_import(hangAfter="1@import")
        self.sandbox.faults()
        self.assertIn("took over", self.deploy().err)
        self.pretend_nothing_is_left()

    def test_what_a_request_that_outlasts_the_grace_leaves_unknown_is_in_the_ledger(self):
        self.assert_the_ledger_says_what_a_stop_leaves_unknown()

    def test_a_request_within_the_grace_releases_the_lease(self):
        self.world.write({"a": "one", "b": "one"})
        self.sandbox.faults(latency=300)
        process = self.world.start("deploy", "--concurrency", "1")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        process.terminate()
        ended = self.world.end(process)
        self.assertEqual((ended.code, ended.outcomes()), (143, {"a": "deployed", "b": "skipped"}), ended)
        self.assertEqual(self.world.record()["phase"], "result")

    def test_unlock_needs_yes_unless_the_holder_is_known_to_be_gone(self):
        self.world.write({"a": "one"})
        self.kill_once_it_was_applied()
        self.pretend(host="elsewhere", age=datetime.timedelta(days=1))
        held = self.unlock(code=6).json["error"]
        self.assertIn("another machine", held["message"])
        self.assertIn("--yes", held["hint"])
        self.assertEqual(self.world.record()["phase"], "intent")
        self.unlock("--yes")
        self.assertEqual(self.world.record()["phase"], "result")
        self.deploy()
        self.pretend_nothing_is_left()

    def test_a_held_environment_is_waited_for(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(latency=1000)
        first = self.world.start("deploy")
        self.world.wait_for(lambda: self.sandbox.requests("/import"), "the import")
        second = self.deploy()
        self.assertIn(f"(process {first.pid})", second.err)
        self.assertEqual(second.err.count("flowship: waiting:"), 1)
        self.assertEqual(self.world.end(first).code, 0)
        self.pretend_nothing_is_left()

    def pretend(self, host, age):
        """Rewrites the intent as if another host had begun it so long ago."""
        record = self.world.record()
        record["holder"]["host"] = host
        record["started"] = (datetime.datetime.now(datetime.timezone.utc) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
        git = self.world.author.git
        blob = git("hash-object", "-w", "--stdin", input=json.dumps(record))
        entries = [line for line in git("ls-tree", REF).splitlines() if not line.endswith("\tdeployment.json")]
        tree = git("mktree", input="\n".join([*entries, f"100644 blob {blob}\tdeployment.json"]) + "\n")
        before = git("rev-list", "--max-count=1", "--skip=1", REF)
        git("update-ref", REF, git("commit-tree", tree, "-m", "Begin", *(("-p", before) if before else ())))

    def pretend_nothing_is_left(self):
        self.assertEqual(self.sandbox.versions(), {"a": 1})
        self.assertEqual(self.world.planned(), {})


class Shared(Interruption):
    shared = True

    def test_what_a_request_that_outlasts_the_grace_leaves_unknown_is_in_the_ledger(self):
        self.assert_the_ledger_says_what_a_stop_leaves_unknown()

    def test_a_fetch_of_another_command_does_not_lose_an_intent(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.world.write({"a": "two"})
        waiting = hook(self.world.origin, "pre-receive",
                       'touch "$GIT_DIR/waits"; while [ -e "$GIT_DIR/waits" ]; do sleep 0.02; done')
        process = self.world.start("deploy")
        self.world.wait_for((self.world.origin / "waits").exists, "the push of the intent")
        self.assertEqual(self.world.planned(), {"a": "update"})
        waiting.unlink()
        (self.world.origin / "waits").unlink()
        ended = self.world.end(process)
        self.assertEqual((ended.code, ended.outcomes()), (0, {"a": "deployed"}), ended)
        self.assertEqual(self.world.record()["phase"], "result")

    def test_a_first_push_that_is_refused_leaves_nothing_behind(self):
        self.world.write({"a": "one"})
        refusing = hook(self.world.origin, "pre-receive", "echo not today >&2; exit 1")
        self.assertIn("not today", self.deploy(code=1).json["error"]["message"])
        self.assertEqual(self.sandbox.requests("/import"), [])
        self.assertEqual(self.world.author.git("for-each-ref", REF), "")
        self.assertEqual(self.world.run("plan").json["warnings"], [])
        refusing.unlink()
        self.assertNotIn("took over", self.deploy().err)

    def test_what_was_sent_and_could_not_be_recorded_is_told_flow_by_flow(self):
        self.world.write({"a": "one"})
        refusing = hook(self.world.origin, "pre-receive",
                        'if [ -e "$GIT_DIR/begun" ]; then echo not today >&2; exit 1; fi; : >"$GIT_DIR/begun"')
        ended = self.deploy("--share-wait", "0s", code=1)
        self.assertEqual(ended.outcomes(), {"a": "deployed"})
        self.assertFalse(ended.json["ok"])
        self.assertIsNone(ended.json["record"])
        self.assertIn("the ledger does not have it", ended.json["error"]["message"])
        self.assertIn("not today", ended.err)
        refusing.unlink()
        # Another machine completes the record: the process is gone, and the service is asked.
        self.sandbox.forget_requests()
        self.assertIn("took over", self.deploy(machine=1).err)
        self.assertEqual(self.sandbox.requests("/import"), [])
        self.assertEqual(self.world.deployed(), {"a": "one"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
