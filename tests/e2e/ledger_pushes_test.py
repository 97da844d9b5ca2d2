"""What pushes may do to ledgers on a git server with flowship's hooks: append entries, or nothing at all."""

import json

import harness
from harness import PROJECT
from receive_test import Receive

STAGING = "refs/flowship/staging"
PRODUCTION = "refs/flowship/production"


class Pushes(Receive):
    """Production is deployed by the server, staging by people whose ledger lies there."""

    def setUp(self):
        super().setUp()
        self.configure_environments()
        for name in ("keyFile", "baseUrl"):
            self.assert_ok(self.git("config", "--unset", f"flowship.staging.{name}", cwd=self.bare))
        self.assert_ok(self.push("main"))

    def configure_environments(self, ref=STAGING):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main"},
            "staging": {"projectId": "P2stagingproject", "ledger": {"remote": "origin", "ref": ref}}}})
        self.repository.commit("Share the ledger of staging")

    def at_server(self, ref):
        done = self.git("rev-parse", "--quiet", "--verify", ref, cwd=self.bare)
        return done.out.strip() or None

    def forged(self, start, *parents, **changes):
        """An entry like that at `start`, with other parents and another deployment.json."""
        git = self.repository.git
        record = {**json.loads(git("show", f"{start}:deployment.json")), **changes}
        blob = git("hash-object", "-w", "--stdin", input=json.dumps(record))
        lines = [line for line in git("ls-tree", start).splitlines() if not line.endswith("\tdeployment.json")]
        tree = git("mktree", input="\n".join([*lines, f"100644 blob {blob}\tdeployment.json"]) + "\n")
        return git("commit-tree", tree, *[word for parent in parents for word in ("-p", parent)], "-m", "Deploy 1 flow")

    def expect_refused(self, refspec, *parts, force=True):
        ref = refspec.split(":")[1]
        before = self.at_server(ref)
        self.assert_refused(self.push(*(["--force"] if force else []), refspec), *parts)
        self.assertEqual(self.at_server(ref), before)

    def test_clients_append_to_a_shared_ledger(self):
        for text in ("one", "two"):
            self.change("mfa", text)
            self.deploy("--env", "staging")
            self.assertEqual(self.at_server(STAGING), self.repository.git("rev-parse", STAGING))

    def test_a_shared_ledger_is_neither_rewritten_nor_deleted(self):
        self.deploy("--env", "staging")
        tip = self.at_server(STAGING)
        self.expect_refused(f"{self.forged(tip)}:{STAGING}", "can't be rewritten")
        self.expect_refused(f"{tip}~1:{STAGING}", "can't be rewritten")
        self.expect_refused(f"{self.forged(tip, tip, 'main')}:{STAGING}", "can't be rewritten", force=False)
        self.expect_refused(f":{STAGING}", "can't be deleted")
        self.change("mfa", "one")
        self.deploy("--env", "staging")

    def test_only_entries_of_the_environment_are_appended(self):
        self.deploy("--env", "staging")
        tip = self.at_server(STAGING)
        self.expect_refused(f"{self.forged(tip, tip, environment='other')}:{STAGING}", "is not an entry of the ledger of",
                            force=False)
        middle = self.forged(tip, tip, environment="other")
        self.expect_refused(f"{self.forged(tip, middle)}:{STAGING}", "can't be rewritten", force=False)
        self.expect_refused(f"main:{STAGING}", "is not an entry of the ledger of")
        self.expect_refused("main:refs/flowship/new", "is not an entry of the ledger of")

    def test_nobody_pushes_the_ledger_of_what_the_server_deploys(self):
        self.repository.git("fetch", "--quiet", "origin", f"{PRODUCTION}:refs/mine/ledger")
        tip = self.at_server(PRODUCTION)
        for refspec in (f"{self.forged(tip, tip)}:{PRODUCTION}", f":{PRODUCTION}", f"main:{PRODUCTION}",
                        f"{self.forged(tip)}:refs/flowship/elsewhere"):
            self.expect_refused(refspec, "this server deploys `production` itself")
        # Before its first deployment as well.
        self.assert_ok(self.git("update-ref", "-d", PRODUCTION, cwd=self.bare))
        self.expect_refused(f"{self.forged(tip)}:{PRODUCTION}", "this server deploys `production` itself")

    def forged_result(self):
        """An entry on top of the ledger that the server writes, made by somebody who can only read it."""
        self.repository.git("fetch", "--quiet", "origin", f"{PRODUCTION}:refs/mine/ledger")
        tip = self.at_server(PRODUCTION)
        return self.forged(tip, tip, subject="Forged")

    def test_nobody_pushes_what_flowship_keeps_for_itself(self):
        forged = self.forged_result()
        for ref in (f"refs/flowship-pending/flowship/production/{forged}",
                    "refs/flowship-pending", "refs/flowship-remotes/origin/flowship/production", "refs/flowship-new/x"):
            self.expect_refused(f"{forged}:{ref}", "can't be pushed")
            self.assert_ok(self.git("update-ref", ref, PRODUCTION, cwd=self.bare))
            self.expect_refused(f"{forged}:{ref}", "can't be pushed")
            self.expect_refused(f":{ref}", "can't be pushed")
            self.assert_ok(self.git("update-ref", "-d", ref, cwd=self.bare))

    def test_a_pushed_ref_is_no_result_of_the_server_even_without_pre_receive(self):
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)
        forged, tip = self.forged_result(), self.at_server(PRODUCTION)
        places = [f"refs/flowship-pending/flowship/production/{name}"
                  for name in (forged, self.repository.git("rev-parse", "main"), "xyz")]
        self.assert_ok(self.push(f"{forged}:{places[0]}", f"main:{places[1]}", f"main:{places[2]}"))
        self.change("mfa", "one")
        done = self.assert_ok(self.push("main"))
        for place in places:
            self.assertIn(f"ignored {place}", done.err.replace("\nremote: ", " "))
        self.assertEqual(self.deployed_target(), self.repository.git("rev-parse", "main"))
        history = self.git("rev-list", PRODUCTION, cwd=self.bare).out.split()
        self.assertIn(tip, history)
        self.assertNotIn(forged, history)

    def in_the_way(self, ledger):
        return [ledger.rsplit("/", 1)[0], f"{ledger}/x", f"{ledger}/x/y"]

    def test_nothing_is_pushed_that_stands_in_the_way_of_a_ledger(self):
        branch = "refs/heads/flowship/production"
        for ref in self.in_the_way(PRODUCTION):
            self.expect_refused(f"main:{ref}", "stands in the way of the ledger")
        self.assert_ok(self.git("update-ref", "-d", PRODUCTION, cwd=self.bare))
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"ref": branch}},
            "staging": {"projectId": "P2stagingproject", "branch": "next"}}})
        self.repository.commit("Keep the ledger as a branch")
        # Before its first entry.
        self.run_flowship("hook", "uninstall", "post-receive", cwd=self.bare)
        self.assert_ok(self.push("main"))
        for ref in self.in_the_way(branch) + ["refs/flowship", *self.in_the_way("refs/flowship/staging")]:
            self.expect_refused(f"main:{ref}", "stands in the way of the ledger")
        # What the server's settings alone name.
        self.configure("flowship.third.keyFile", str(self.key_file))
        self.expect_refused("main:refs/flowship/third/x", "stands in the way of the ledger refs/flowship/third")

    def test_what_stands_in_the_way_all_the_same_is_named_and_can_be_deleted(self):
        ledger = "refs/heads/flowship/production"
        self.assert_ok(self.git("update-ref", "-d", PRODUCTION, cwd=self.bare))
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "onDrift": "overwrite", "ledger": {"ref": ledger}}}})
        self.repository.commit("Keep the ledger as a branch")
        for name in ("flowship/production/x", "flowship"):
            self.assert_ok(self.git("update-ref", f"refs/heads/{name}", "main", cwd=self.bare))
            self.change("mfa", name)
            done = self.assert_ok(self.push("main"))
            self.assertIn(f"the branch `{name}` stands in its way", done.err)
            self.assert_ok(self.push(f":refs/heads/{name}"))
        self.change("mfa", "at last")
        self.assert_ok(self.push("main"))
        self.assertIsNotNone(self.at_server(ledger))

    def test_a_refused_ledger_refuses_the_branches_beside_it(self):
        self.deploy("--env", "staging")
        self.change("mfa", "one")
        before = self.at_server("main")
        self.assert_refused(self.push("main", f":{STAGING}"), "can't be deleted")
        self.assertEqual(self.at_server("main"), before)

    def test_a_ledger_may_be_a_branch_and_other_branches_are_branches(self):
        ref = "refs/heads/flowship/staging"
        self.configure_environments(ref)
        self.assert_ok(self.push("main", "main:refs/heads/flowship/notes"))
        self.deploy("--env", "staging")
        tip = self.at_server(ref)
        self.assertEqual(tip, self.repository.git("rev-parse", ref))
        self.expect_refused(f":{ref}", "can't be deleted")
        self.expect_refused(f"main:{ref}", "is not an entry of the ledger of")
        self.assert_ok(self.push(":refs/heads/flowship/notes"))


del Receive


if __name__ == "__main__":
    harness.main()
