"""`flowship explain`: what each rule finds, why, and what to do about it."""

import pathlib

import harness
from harness import TestCase

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/rules.md"


class Explain(TestCase):
    def test_says_what_why_how_to_fix_and_how_to_ignore(self):
        out = self.run_flowship("explain", "no-end").out
        self.assertTrue(out.startswith("no-end (warning)\n  what:    No path from start to an end task.\n"), out)
        for part in ("why:", "example:", "fix:", '"ignore": [{"rule": "no-end"', '"rules": {"no-end": "off"}'):
            self.assertIn(part, out)

    def test_what_it_says_to_write_into_the_configuration_is_accepted(self):
        for rule in self.json_of("explain")["rules"]:
            for member in ("ignore", "off"):
                with self.subTest(rule=rule["rule"], member=member):
                    text = rule[member].replace("KEY", "factor:otp-email").replace("FLOW", "sign-up")
                    policies = '"policies": [{"name": "NAME", "factors": 1}], ' if rule["rule"] == "policy" else ""
                    self.repository.write("flowship.json", "{" + policies + text + "}\n")
                    self.json_of("validate")

    def test_needs_no_repository_and_explains_several_in_the_order_named(self):
        rules = self.json_of("explain", "task-id", "jwt", cwd="/")["rules"]
        self.assertEqual([rule["rule"] for rule in rules], ["task-id", "jwt"])

    def test_an_unknown_rule_gets_the_one_that_was_meant(self):
        error = self.json_of("explain", "unreachable-tsk", code=64)["error"]
        self.assertIn("unreachable-tsk", error["message"])
        self.assertIn("`unreachable-task`", error["hint"])
        self.assertIn("flowship help rules", self.json_of("explain", "zzzzzzzz", code=64)["error"]["hint"])

    def test_rules_are_completed(self):
        self.assertIn("no-end\t", self.run_flowship("__complete", "explain", "no-").out)

    def test_the_page_of_rules_is_the_programs(self):
        self.assertEqual(self.run_flowship("explain", "--format", "markdown").out, PAGE.read_text(),
                         "flowship explain --format markdown > docs/rules.md")


if __name__ == "__main__":
    harness.main()
