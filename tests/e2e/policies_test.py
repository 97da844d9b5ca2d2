"""What must hold for every path to a session: `policies` of flowship.json and of a server."""

import json

import harness
from guarantees_test import flow, rule, sign_up, task
from harness import PROJECT, TestCase
from hooks_harness import git
from policy_test import PolicyTestCase


def screen(identifier, name, screen_id, *rules):
    return {"id": identifier, "name": name, "type": "screen", "screenId": screen_id, "next": {"rules": list(rules)}}


def subflow(identifier, flow_id, *rules):
    return {"id": identifier, "name": flow_id, "type": "flow", "arguments": {"flowId": {"value": flow_id}},
            "next": {"rules": list(rules)}}


CODE = {"name": "code", "require": [{"factor": "otp-*"}]}


class Policies(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("flows/sign-up.json", sign_up())
        self.repository.commit("Begin")

    def configure(self, *policies, **members):
        self.repository.write("flowship.json", {"policies": list(policies), **members})

    def found(self, code=3, *arguments):
        findings = self.json_of("validate", *arguments, code=code)["findings"]
        return [each for each in findings if each["rule"] == "policy"]

    def holds(self, policy):
        self.configure(policy)
        self.assertEqual([each for each in self.found(0) if each["severity"] != "note"], [])

    def is_violated(self, policy, *parts):
        self.configure(policy)
        found = self.found()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0]["message"])
        return found[0]

    def test_what_every_path_passes_is_required(self):
        self.holds(CODE)
        self.repository.write("flows/sign-up.json", json.dumps(sign_up(rule("3", "skip")), indent=1))
        found = self.is_violated(CODE, "`code`", "a session can be reached without factor `otp-*`",
                                 "loadUser (1) → End (3)")
        lines = (self.repository.path / "flows/sign-up.json").read_text().splitlines()
        place = lines[found["line"] - 1]
        self.assertEqual(place.strip(), '"taskId": "3"')
        self.assertEqual(place[found["column"] - 1:], '"3"', "the target of the rule that completes the path")
        self.assertIn("skip", lines[found["line"] - 2])
        self.assertEqual((found["path"], found["flowId"], found["severity"]), ("flows/sign-up.json", "sign-up", "error"))
        self.holds({"name": "either", "require": [{"factor": "totp"}, {"action": "loadUser"}]})

    def test_what_no_path_may_pass_is_forbidden(self):
        self.holds({"name": "no-scripts", "forbid": [{"action": "scriptlet*"}, {"task": "End of the world"}]})
        self.is_violated({"name": "no-load", "forbid": [{"action": "load*"}]}, "by way of action `load*`",
                         "loadUser (1) → Verify OTP (2) → End (3)")

    def test_factors_are_counted(self):
        self.holds({"name": "one", "factors": 1})
        self.is_violated({"name": "two", "factors": 2}, "with 1 factor instead of 2")

    def test_a_task_takes_the_place_of_a_session(self):
        self.repository.write("flows/sign-up.json", flow(
            "sign-up", task("1", "verify-code-otp-sms", rule("2")), task("2", "update-user-properties", rule("3")),
            task("3", "password-sign-up", rule("4")), task("4", "logged-in")))
        before = {"before": {"action": "update-*"}}
        self.holds({"name": "first", "require": [{"factor": "otp-sms"}], **before})
        self.holds({"name": "later", "forbid": [{"action": "password-*"}, {"action": "update-*"}], **before})
        self.is_violated({"name": "two", "factors": 2, **before}, "action `update-*` can be reached with 1 factor")
        self.is_violated({"name": "never", "require": [{"factor": "password"}], **before}, "1) → ")

    def test_each_selector_finds_its_tasks(self):
        inner = flow("inner", task("1", "loadUser"))
        outer = flow("outer", screen("1", "Welcome", "SC1", rule("2")), subflow("2", "inner", rule("3")),
                     task("3", "connector", rule("4"), arguments={"connectorId": {"value": "CI1"}}, name="Ask"),
                     task("4", "verify-totp-code", rule("5")), task("5", "logged-in"))
        outer["references"] = {"connectors": {"Risk": "CI1"}}
        self.repository.write("flows/inner.json", inner)
        self.repository.write("flows/outer.json", outer)
        selectors = [{"action": "loadUser"}, {"action": "verify-*"}, {"factor": "totp"}, {"task": "3"}, {"task": "As?"},
                     {"screen": "SC1"}, {"screen": "Welc*"}, {"connector": "Risk"}, {"connector": "CI1"},
                     {"subflow": "inn[e]r"}]
        for selector in selectors:
            with self.subTest(selector):
                self.holds({"name": "has", "flows": ["outer"], "require": [selector]})
                self.is_violated({"name": "has-not", "flows": ["outer"], "forbid": [selector]})

    def test_severity_and_ignore(self):
        policy = {"name": "two", "factors": 2}
        self.configure({**policy, "severity": "warning"})
        self.assertEqual([each["severity"] for each in self.found(0)], ["warning"])
        self.configure(policy, rules={"policy": "note"})
        self.assertEqual([each["severity"] for each in self.found(0)], ["note"])
        entry = {"rule": "policy", "policy": "two", "flowId": "sign-up", "reason": "invited people only"}
        self.configure(policy, ignore=[entry])
        self.assertEqual(self.found(0), [])
        self.configure(policy, {"name": "three", "factors": 3}, ignore=[entry])
        self.assertEqual(len(self.found(3)), 1)
        self.configure(policy, ignore=[{**entry, "policy": "tow"}])
        self.assertIn("did you mean `two`", self.run_flowship("validate", code=3).err)
        self.configure(policy, ignore=[{"rule": "policy", "flowId": "sign-up", "reason": "x"}])
        self.assertIn("needs the name of the `policy`", self.run_flowship("validate", code=3).err)

    def test_what_matches_nothing_is_told(self):
        self.configure({"name": "typo", "flows": ["sing-*"], "factors": 1},
                       {"name": "gone", "require": [{"factor": "otp-email"}, {"action": "verify-cod-*"}]})
        found = self.found(0)
        self.assertEqual([(each["severity"], each["path"], each["flowId"]) for each in found],
                         [("warning", "flowship.json", None), ("note", "flowship.json", None)], found)
        self.assertIn("`typo` matches no flow", found[0]["message"])
        self.assertIn("names action `verify-cod-*`, which no task matches", found[1]["message"])

    def test_a_policy_of_one_environment_matches_there(self):
        self.repository.write("other/sign-in.json", flow("sign-in", task("1", "logged-in")))
        environments = {"a": {"projectId": "P1", "sources": ["flows"]}, "b": {"projectId": "P2", "sources": ["other"]}}
        self.configure({"name": "in", "flows": ["sign-in"], "forbid": [{"action": "logged-in"}], "severity": "note"},
                       environments=environments)
        self.assertEqual([each["flowId"] for each in self.found(0)], ["sign-in"])
        self.configure({"name": "in", "flows": ["nowhere"], "factors": 1}, environments=environments)
        self.assertEqual(len(self.found(0)), 1)

    def test_mistakes_are_told_with_their_place(self):
        mistakes = {
            "did you mean `require`": {"name": "a", "requires": [{"factor": "totp"}]},
            "did you mean `factor`": {"name": "a", "require": [{"factr": "totp"}]},
            "one member": {"name": "a", "require": [{"factor": "totp", "action": "x"}]},
            "needs a `name`": {"factors": 1},
            "demands nothing": {"name": "a"},
            "at least one selector": {"name": "a", "require": []},
            "from 1 to 12": {"name": "a", "factors": 0},
            "did you mean `otp-sms`": {"name": "a", "require": [{"factor": "otp-sns"}]},
            "severity must be": {"name": "a", "factors": 1, "severity": "fatal"},
            "leave it out for all flows": {"name": "a", "factors": 1, "flows": []},
        }
        for message, policy in mistakes.items():
            with self.subTest(message):
                self.configure(policy)
                error = self.run_flowship("validate", code=3).err
                self.assertIn(message, error)
                self.assertRegex(error, r"flowship.json:\d+:\d+")
        self.configure(CODE, CODE)
        self.assertIn("two policies `code`", self.run_flowship("validate", code=3).err)

    def test_nothing_is_sent_that_violates_one(self):
        self.configure(CODE)
        self.repository.commit("Demand a code")
        self.deploy()
        self.repository.write("flows/sign-up.json", sign_up(rule("3", "skip")))
        self.repository.commit("Skip it")
        self.sandbox.forget_requests()
        self.assertIn("without factor `otp-*`", self.run_flowship("deploy", code=3).err)
        self.assertEqual(self.sandbox.imports(), [])

    def in_two_flows(self, *ways):
        self.repository.write("flows/verify.json", flow(
            "verify", task("1", "loadUser", rule("2"), *ways), task("2", "verify-code-otp-sms", rule("3")),
            task("3", "loadUser")))

    def begin_with_two_flows(self):
        self.in_two_flows()
        self.repository.write("flows/sign-in.json",
                              flow("sign-in", subflow("1", "verify", rule("2")), task("2", "logged-in")))
        self.configure(CODE)
        self.repository.commit("Run a flow for the code")

    def test_a_flow_that_runs_a_changed_one_is_judged(self):
        self.begin_with_two_flows()
        self.deploy()
        self.run_flowship("hook", "install")
        self.in_two_flows(rule("3", "skip"))
        self.repository.git("add", "--all")
        refused = git(self.repository.path, "commit", "--message", "Skip")
        self.assertNotEqual(refused.code, 0, refused)
        self.assertIn("sign-in.json", refused.err)
        self.repository.git("commit", "--quiet", "--no-verify", "--message", "Skip")
        self.assertIn("flows/sign-in.json", self.run_flowship("plan", code=3).out)
        self.deploy(code=3)

    def test_what_was_violated_before_does_not_stop_a_commit(self):
        self.begin_with_two_flows()
        self.in_two_flows(rule("3", "skip"))
        self.repository.commit("Skip")
        self.run_flowship("hook", "install")
        self.in_two_flows(rule("3", "skip"), rule("3", "later"))
        self.repository.git("add", "--all")
        accepted = git(self.repository.path, "commit", "--message", "Skip more")
        self.assertEqual(accepted.code, 0, accepted)


class OfAServer(PolicyTestCase):
    code = {**CODE, "flows": ["sign-up"]}

    def weaken(self, **members):
        self.repository.write("flows/sign-up.json", sign_up(rule("3", "skip")))
        self.config(**members)

    def test_a_pushed_file_can_not_loosen_it(self):
        self.demand({"policies": [self.code]})
        self.weaken(rules={"policy": "off"})
        self.refused("flows/sign-up.json", "`code`")
        self.weaken(policies=[self.code], ignore=[{"rule": "policy", "policy": "code", "flowId": "sign-up", "reason": "mine"}])
        self.refused("flows/sign-up.json", "`code`")
        self.demand({"policies": [self.code], "ignore": [
            {"rule": "policy", "policy": "code", "flowId": "*", "path": "flows", "reason": "x"}]})
        self.refused("flows/sign-up.json")
        self.demand({"policies": [{**self.code, "severity": "warning"}]})
        self.accepted()

    def test_a_weaker_copy_does_not_take_its_place(self):
        self.demand({"policies": [self.code]})
        for members in ({"policies": [{**self.code, "severity": "note"}]},
                        {"policies": [self.code], "rules": {"policy": "warning"}}):
            with self.subTest(members=members):
                self.weaken(**members)
                self.refused("flows/sign-up.json", "`code`")

    def test_its_own_exceptions_count(self):
        self.demand({"policies": [self.code], "ignore": [
            {"rule": "policy", "policy": "code", "path": "flows", "reason": "agreed"}]})
        self.weaken()
        self.accepted()

    def test_it_can_be_tightened(self):
        self.demand({"policies": [{"name": "any", "flows": ["nothing"], "factors": 1}]})
        self.weaken(policies=[self.code])
        self.refused("flows/sign-up.json", "`code`")

    def test_a_malformed_one_refuses_the_push(self):
        self.demand({"policies": [{"name": "a", "factor": 2}]})
        self.weaken()
        self.refused("did you mean `factors`")


if __name__ == "__main__":
    harness.main()
