"""What a server demands of pushed flows, whatever the flowship.json that is pushed says: `flowship.policy`."""

import json

import harness
from harness import FLOWS, PROJECT
from receive_test import Receive

# A rule whose default severity is warning, so that only the policy makes it an error.
RULE = "insecure-url"


class PolicyTestCase(Receive):
    def setUp(self):
        super().setUp()
        self.policy = self.folder / "policy.json"
        self.assert_ok(self.push("main"))
        self.sandbox.forget_requests()

    def demand(self, policy):
        self.policy.write_text(policy if isinstance(policy, str) else json.dumps(policy))
        self.configure("flowship.policy", str(self.policy))

    def config(self, **members):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main"}}, **members})

    def sin(self, flow_id="mfa", folder=FLOWS):
        """Makes a flow send people to an address without TLS; returns the file."""
        path = f"{folder}/{flow_id}/contents.json"
        contents = json.loads((self.path / path).read_text())
        task = next(iter(contents["tasks"].values()))
        task.setdefault("arguments", {})["redirectUrl"] = {"type": "inline", "value": "http://evil.example/"}
        self.repository.write(path, contents)
        return path

    def commit(self):
        """What is pushed next; perhaps what was refused before."""
        self.repository.git("add", "--all")
        self.repository.git("commit", "--quiet", "--allow-empty", "--message", "Change")

    def refused(self, *parts):
        self.commit()
        return self.assert_refused(self.push("main"), *parts)

    def accepted(self):
        self.commit()
        return self.assert_ok(self.push("main"))


class Policy(PolicyTestCase):
    def test_the_stricter_severity_counts(self):
        self.sin()
        self.demand({"rules": {RULE: "error"}})
        self.config(rules={RULE: "off"})
        self.refused(f"{FLOWS}/mfa/contents.json", RULE)
        self.demand({"rules": {RULE: "note"}})
        self.config(rules={RULE: "error"})
        self.refused(f"{FLOWS}/mfa/contents.json", RULE)
        self.config()
        self.accepted()

    def test_only_its_own_entries_excuse_what_it_demands(self):
        entry = {"rule": RULE, "path": FLOWS, "reason": "because I say so"}
        self.sin()
        self.demand({"rules": {RULE: "error"}})
        self.config(ignore=[entry])
        self.refused(f"{FLOWS}/mfa/contents.json", RULE)
        self.demand({"rules": {RULE: "error"}, "ignore": [entry]})
        self.accepted()

    def test_what_it_does_not_name_is_up_to_flowship_json(self):
        self.sin()
        self.demand({"rules": {"management-key": "error"}})
        self.config(rules={RULE: "error"}, ignore=[{"rule": RULE, "flowId": "mfa", "reason": "retired"}])
        self.accepted()

    def test_what_either_has_as_a_source_is_checked(self):
        self.repository.write("elsewhere/readme.txt", "no flows\n")
        for policy in ({"rules": {RULE: "error"}}, {"sources": [FLOWS], "rules": {RULE: "error"}},
                       {"sources": ["."], "rules": {RULE: "error"}}):
            with self.subTest(policy):
                self.demand(policy)
                self.sin()
                self.config(sources=["elsewhere"])
                self.refused(f"{FLOWS}/mfa/contents.json", RULE)
        self.demand({"sources": [FLOWS]})
        self.accepted()
        # By every rule, not only those that it names.
        self.break_syntax(f"{FLOWS}/mfa/contents.json")
        self.refused(f"{FLOWS}/mfa/contents.json:")

    def test_a_new_branch_is_checked_as_well(self):
        self.sin()
        self.demand({"sources": [FLOWS], "rules": {RULE: "error"}})
        self.config(sources=["elsewhere"], rules={RULE: "off"})
        self.repository.commit("Change")
        self.assert_refused(self.push("main:refs/heads/feature"), f"{FLOWS}/mfa/contents.json", RULE)

    def test_a_policy_that_cannot_be_read_refuses_every_push(self):
        self.note("mfa", "harmless")
        cases = {"a broken file": ("{", "policy.json:1:2"),
                 "no JSON": ("{\"rules\": }", "policy.json:1:11"),
                 "an unknown member": ('{"rulez": {}}', "did you mean `rules`?"),
                 "an unknown rule": ('{"rules": {"insecure-ulr": "error"}}', "did you mean `insecure-url`?"),
                 "an entry without a reason": ('{"ignore": [{"rule": "insecure-url", "path": "x"}]}', "`reason`"),
                 "policies that are no list": ('{"policies": {}}', "`policies` must be a list"),
                 "another file's members": ('{"environments": {}}', "unknown member `environments`")}
        self.repository.commit("Change")
        for case, (text, part) in cases.items():
            with self.subTest(case):
                self.demand(text)
                done = self.assert_refused(self.push("main"), "the server's policy for flows can't be applied", part)
                self.assertEqual(done.err.count("can't be applied"), 1, done)
        self.policy.unlink()
        self.assert_refused(self.push("main"), "there is no file", "policy.json")
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_relative_path_lies_in_the_repository(self):
        (self.bare / "flows-policy.json").write_text(json.dumps({"rules": {RULE: "error"}}))
        self.configure("flowship.policy", "flows-policy.json")
        self.sin()
        self.refused(RULE)


class PostReceiveAlone(PolicyTestCase):
    """Without pre-receive, what the policy refuses is pushed, but not deployed."""

    def setUp(self):
        super().setUp()
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)

    def not_deployed(self, *parts):
        done = self.accepted()
        for part in parts:
            self.assertIn(part, done.err)
        self.assertEqual(self.sandbox.requests("/import"), [])

    def test_the_stricter_severity_counts(self):
        self.sin()
        self.demand({"rules": {RULE: "error"}})
        self.config(rules={RULE: "off"}, ignore=[{"rule": RULE, "path": FLOWS, "reason": "because"}])
        self.not_deployed(RULE, "ended with status 3")

    def test_what_it_has_as_a_source_is_checked(self):
        self.demand({"sources": ["elsewhere"], "rules": {RULE: "error"}})
        self.config(sources=[FLOWS])
        (self.path / "elsewhere").mkdir()
        (self.path / FLOWS / "mfa").rename(self.path / "elsewhere/mfa")
        self.note("step-up", "new")
        self.sin("mfa", "elsewhere")
        self.not_deployed("elsewhere/mfa/contents.json", RULE)

    def test_a_policy_that_cannot_be_read_deploys_nothing(self):
        self.note("mfa", "harmless")
        self.demand("{")
        self.not_deployed("the server's policy for flows can't be applied")


if __name__ == "__main__":
    harness.main()
