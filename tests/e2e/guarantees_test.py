"""Who can get a session: paths, what every path passes, and what a change does to it."""

import html
import json

import harness
from harness import TestCase


def rule(to, interaction="success"):
    return {"interactionId": interaction, "taskId": to}


def task(identifier, action, *rules, **more):
    return {"id": identifier, "name": more.pop("name", action), "type": "automated", "action": action,
            "next": {"rules": list(rules)}, **more}


def flow(flow_id, *tasks, **more):
    return {"flowId": flow_id, "metadata": {"name": flow_id, **more}, "screens": [], "references": {},
            "contents": {"startTask": "1", "tasks": {each["id"]: each for each in tasks}}}


def sign_up(*first):
    return flow("sign-up", task("1", "loadUser", rule("2"), *first),
                task("2", "verify-code-otp-email", rule("3"), name="Verify OTP"), task("3", "logged-in", name="End"))


class Guarantees(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("flows/sign-up.json", sign_up())
        self.repository.commit("Begin")

    def open_a_way(self):
        self.repository.write("flows/sign-up.json", sign_up(rule("3", "skip")))

    def test_paths_are_listed_with_their_factors(self):
        self.open_a_way()
        self.repository.commit("Skip the code")
        document = self.json_of("paths", "sign-up")
        self.assertEqual([[step["task"] for step in path["steps"]] for path in document["paths"]],
                         [["1", "3"], ["1", "2", "3"]])
        self.assertEqual([path["factors"] for path in document["paths"]], [[], ["otp-email"]])
        self.assertEqual([step["interaction"] for step in document["paths"][0]["steps"]], ["skip", None])
        self.assertEqual((document["more"], document["assurance"], document["guarantees"]), (False, 0, ["action:loadUser"]))
        self.assertTrue(self.json_of("paths", "sign-up", "--limit", "1")["more"])
        self.assertIn("Verify OTP (2)", self.run_flowship("paths", "sign-up").out)
        page = self.run_flowship("paths", "sign-up", "--format", "html").out
        self.assertEqual(page.count('type="checkbox"'), 2)
        self.assertIn("assurance: 0 factors", page)
        listed = self.run_flowship("paths", "sign-up", "--format", "markdown").out
        self.assertIn("- [ ] ", listed)
        self.assertEqual(["- assurance&#58; 0 factors", "- every path passes&#58; action&#58;loadUser"],
                         listed.splitlines()[-2:])
        for drawing, begin in (("mermaid", "flowchart"), ("svg", "<svg"), ("html", "<!DOCTYPE html>")):
            self.assertIn(begin, self.run_flowship("paths", "sign-up", "--format", drawing).out)
        self.run_flowship("paths", "sign-in", code=64)

    def losses(self, document):
        return [(each["flowId"], each["change"], each["key"], each["from"], each["to"],
                 [step["task"] for step in each["path"]]) for each in document["guarantees"]]

    def test_a_way_that_opens_is_told(self):
        self.deploy()
        self.open_a_way()
        expected = [("sign-up", "assurance", None, 1, 0, ["1", "3"]),
                    ("sign-up", "lost", "action:verify-code-otp-email", None, None, ["1", "3"]),
                    ("sign-up", "lost", "factor:otp-email", None, None, ["1", "3"])]
        self.assertEqual(self.losses(self.json_of("diff")), expected)
        self.assertIn("without verifying a one-time code by email (`Verify OTP`): loadUser (1) → End (3)\n"
                      "  ! 1 other guarantee is lost in `sign-up`", self.run_flowship("diff").out)
        self.assertIn("(also without action:verify-code-otp-email)", self.run_flowship("diff", "--verbose").out)
        for form in ("markdown", "html", "github"):
            out = html.unescape(self.run_flowship("diff", "--format", form).out)
            self.assertIn("`sign-up`: a session can now be reached with 0 instead of 1 factor", out)
            first = "<table" if form == "html" else "loadUser` now leads" if form == "github" else "<details>"
            self.assertLess(out.index("a session can now"), out.index(first), form)
            drawn = {"markdown": "linkStyle 1 stroke:#c2410c", "html": '<g class="arrow open added">'}
            self.assertIn(drawn.get(form, ""), out)
        self.repository.commit("Skip the code")
        plan = self.json_of("plan")
        self.assertEqual(self.losses(plan), expected)
        counted = "1 other guarantee is lost in `sign-up` (--verbose lists them)"
        listed = "(also without action:verify-code-otp-email)"
        for command in (("diff", "HEAD~1", "HEAD"), ("plan",)):
            for form in ("text", "markdown", "html", "github"):
                with self.subTest(command=command, form=form):
                    brief, full = (html.unescape(self.run_flowship(*command, "--format", form, *more).out)
                                   for more in ((), ("--verbose",)))
                    self.assertLess(brief.index("a session can now be reached with 0"), brief.index(counted))
                    self.assertNotIn("verify-code-otp-email)", brief.replace(counted, ""))
                    self.assertIn(listed, full)
                    self.assertNotIn(counted, full)
        self.assertEqual([(each["rule"], each["severity"]) for each in plan["findings"] if each["rule"] == "guarantee"],
                         [("guarantee", "warning")])
        self.assertIn("loadUser (1) → End (3)", self.run_flowship("plan").out)
        self.assertIn("warning: `sign-up`: a session can now be reached with 0", self.run_flowship("deploy").err)
        self.repository.write("flows/sign-up.json", sign_up())
        self.assertEqual([(change, key) for _, change, key, *_ in self.losses(self.json_of("diff"))],
                         [("assurance", None), ("gained", "action:verify-code-otp-email"),
                          ("gained", "factor:otp-email")])
        gained = ("`sign-up`: a session now takes 1 factor instead of 0, and can no longer be reached without "
                  "verifying a one-time code by email")
        counted = "1 other guarantee is gained in `sign-up` (--verbose lists them)"
        listed = " (nor without action:verify-code-otp-email)"
        for command in ("diff", "plan"):
            for form in ("text", "markdown", "html", "github"):
                with self.subTest(command=command, form=form):
                    out = html.unescape(self.run_flowship(command, "--format", form).out)
                    self.assertIn(gained, out)
                    self.assertIn(counted, out)
                    self.assertNotIn(listed, out)
                    out = html.unescape(self.run_flowship(command, "--verbose", "--format", form).out)
                    self.assertIn(gained + listed, out)
                    self.assertNotIn(counted, out)
            if command == "diff":
                self.repository.commit("Ask for the code again")
        self.assertNotIn(gained, self.run_flowship("plan", "--quiet").out)

    def test_a_flow_that_was_left_behind_is_not_compared(self):
        parent = flow("parent", {"id": "1", "type": "flow", "name": "Sign up", "next": {"rules": [rule("2")]},
                                 "arguments": {"flowId": {"value": "sign-up"}}}, task("2", "logged-in"))
        self.repository.write("flows/parent.json", parent)
        self.repository.commit("Add parent")
        self.deploy()
        self.repository.remove("flows/parent.json")
        self.open_a_way()
        self.repository.write("flowship.json", {"guarantees": "error"})
        self.repository.commit("Remove parent, skip the code")
        plan = self.json_of("plan", code=3)
        self.assertEqual({flow_id for flow_id, *_ in self.losses(plan)}, {"sign-up"})
        self.assertEqual({each["flowId"] for each in plan["findings"] if each["rule"] == "guarantee"}, {"sign-up"})

    def test_the_summary_counts_every_flow_with_a_finding(self):
        parent = flow("parent", {"id": "1", "type": "flow", "name": "Sign up", "next": {"rules": [rule("2")]},
                                 "arguments": {"flowId": {"value": "sign-up"}}}, task("2", "logged-in"))
        self.repository.write("flows/parent.json", parent)
        self.repository.commit("Add parent")
        self.deploy()
        self.open_a_way()
        self.repository.write("flowship.json", {"guarantees": "error"})
        self.repository.commit("Skip the code")
        done = self.run_flowship("deploy", code=3)
        self.assertIn(" in 2 flows", done.out + done.err)

    def test_as_an_error_nothing_is_sent(self):
        self.deploy()
        self.open_a_way()
        self.repository.write("flowship.json", {"guarantees": "error"})
        self.repository.commit("Skip the code")
        self.sandbox.forget_requests()
        self.json_of("plan", code=3)
        self.deploy(code=3)
        self.assertEqual(self.sandbox.imports(), [])
        ignored = [{"rule": "guarantee", "flowId": "sign-up", "key": key, "reason": "agreed"}
                   for key in ("factor:otp-email", "assurance", "action:verify-code-otp-email")]
        self.repository.write("flowship.json", {"guarantees": "error", "ignore": ignored})
        self.repository.commit("It is meant")
        self.assertEqual({each["ignored"] for each in self.json_of("plan")["guarantees"]}, {"agreed"})
        self.deploy()
        self.assertEqual(self.sandbox.imports(), ["sign-up"])
        self.repository.write("flowship.json", {"ignore": [{"rule": "guarantee", "flowId": "sign-up", "reason": "x"}]})
        self.assertIn("`key`", self.run_flowship("validate", code=3).err)

    def test_switched_off_the_list_is_empty(self):
        self.deploy()
        self.open_a_way()
        self.repository.write("flowship.json", {"guarantees": "off"})
        self.repository.commit("Skip the code")
        self.assertEqual(self.json_of("plan")["guarantees"], [])
        self.deploy()

    def test_a_flow_that_runs_a_changed_subflow_is_judged(self):
        inner = flow("mfa", task("1", "verify-totp-code", rule("2")), task("2", "loadUser"),
                     sharedInteractions=[{"id": "2.success"}])
        outer = flow("login", {"id": "1", "type": "flow", "name": "MFA", "arguments": {"flowId": {"value": "mfa"}},
                               "next": {"rules": [rule("2", "2.success")]}}, task("2", "logged-in"))
        self.repository.write("flows/mfa.json", inner)
        self.repository.write("flows/login.json", outer)
        self.repository.commit("Add flows")
        self.deploy()
        inner["contents"]["tasks"]["1"]["next"]["rules"] = [rule("2"), rule("2", "skip")]
        self.repository.write("flows/mfa.json", inner)
        self.assertEqual(self.json_of("diff")["guarantees"], [])
        inner["contents"]["startTask"] = "2"
        self.repository.write("flows/mfa.json", inner)
        found = self.losses(self.json_of("diff"))
        self.assertEqual({flow_id for flow_id, *_ in found}, {"login"})
        self.assertIn(("login", "lost", "factor:totp", None, None, ["1", "2", "2"]), found)

    def write_circles(self, flows):
        """Flows that all run each other; returns what makes one of them."""
        def run_all(index):
            return flow(f"f{index}", *(
                {"id": str(each + 1), "name": "run", "type": "flow", "arguments": {"flowId": {"value": f"f{each}"}},
                 "next": {"rules": [rule(str(each + 2))]}} for each in range(flows)), task(str(flows + 1), "logged-in"))

        for index in range(flows):
            self.repository.write(f"flows/f{index}.json", run_all(index))
        self.repository.commit("Go round in circles")
        return run_all

    def test_circles_that_only_a_witness_meets_are_told_too(self):
        self.write_circles(12)
        way_round = [task(f"d{index}", "a", rule("end" if index == 9 else f"d{index + 1}")) for index in range(10)]
        circles = {"id": "c", "name": "run", "type": "flow", "arguments": {"flowId": {"value": "f0"}},
                   "next": {"rules": [rule("end")]}}
        others = [task("b", "loadUser", rule("b1")), task("b1", "a", rule("b2")), task("b2", "a", rule("c")), circles,
                  *way_round]

        def main(*rules):
            return flow("main", task("1", "a", rule("2"), *rules), task("2", "scriptlet", rule("3")),
                        task("3", "loadUser", rule("end")), task("end", "logged-in"), *others)

        self.repository.write("flows/main.json", main())
        self.repository.commit("One way")
        # Around both keys there is a way; to get around one of them, the circles have to be looked at.
        self.repository.write("flows/main.json", main(rule("b", "circles"), rule("d0", "round")))
        document = self.json_of("diff")
        self.assertEqual(document["guarantees"], [])
        self.assertIn("the guarantees of `main` are not compared", document["findings"][0]["message"])

    def test_circles_with_too_many_paths_are_told_and_not_compared(self):
        run_all = self.write_circles(12)
        changed = run_all(0)
        changed["contents"]["tasks"]["1"]["next"]["rules"].append(rule("3", "skip"))
        self.repository.write("flows/f0.json", changed)
        told = "the guarantees of `f0` are not compared: flows that run each other in circles have too many paths"
        self.assertIn(told, self.run_flowship("diff").out)
        self.assertIn("file=flows/f0.json,line=1,col=1::" + told, self.run_flowship("diff", "--format", "github").out)
        self.assertIn(told, self.json_of("diff")["findings"][0]["message"])
        self.repository.write("flowship.json", {"guarantees": "error"})
        self.assertFalse(self.json_of("diff", code=3)["ok"])
        self.assertIn("calls that an error", self.run_flowship("diff", code=3).out)
        self.assertIn("too many paths", self.run_flowship("paths", "f0", code=1).err)
        self.repository.write("flowship.json", {"policies": [{"name": "any", "flows": ["f0"], "factors": 1}]})
        findings = self.json_of("validate", code=3)["findings"]
        self.assertIn("policy `any` can't be checked", [each["message"][:29] for each in findings])

    def test_a_flow_without_tasks_has_no_paths(self):
        for contents in ({}, {"startTask": "1"}, None, [], {"tasks": None}):
            with self.subTest(contents):
                self.repository.write("flows/sign-up.json", {**sign_up(), "contents": contents})
                self.repository.write("flowship.json", {"policies": [{"name": "any", "factors": 1}]})
                self.assertFalse(self.json_of("validate", code=3)["ok"])
                self.assertEqual(self.json_of("diff")["guarantees"], [])
                self.repository.git("add", "--all")
                self.assertEqual(self.json_of("diff", "--staged")["guarantees"], [])
                self.repository.commit("Break it")
                self.assertIsNone(self.json_of("paths", "sign-up")["assurance"])

    def test_what_changes_no_way_raises_nothing(self):
        self.deploy()
        changed = json.loads(json.dumps(sign_up()).replace('"2"', '"22"').replace("Verify OTP", "Check code"))
        changed["contents"]["tasks"]["22"]["view"] = {"x": 1, "y": 2}
        self.repository.write("flows/sign-up.json", changed)
        self.assertEqual(self.json_of("diff")["guarantees"], [])


if __name__ == "__main__":
    harness.main()
