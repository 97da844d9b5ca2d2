"""A shared ledger that somebody with write access has rewritten, deleted or replaced, and refs that are no ledger."""

import json
import unittest

import harness
from harness import Repository, TestCase
from sources_test import small_flow

REF = "refs/flowship/default"
ACCEPT = "--accept-rewritten-ledger"


class Trust(TestCase):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.repository.git("remote", "add", "origin", f"file://{self.origin}")
        self.configure({"default": {"ledger": {"remote": "origin"}}})
        self.change("first")

    def configure(self, environments):
        self.repository.write("flowship.json", {"environments": environments})

    def change(self, name):
        self.repository.write("a.json", small_flow("a", metadata={"name": name}))
        self.repository.commit(f"Name it {name}")
        self.repository.git("push", "--quiet", "origin", "main")

    def clone(self, name, *options):
        clone = Repository(self.folder / name)
        clone.git("remote", "add", "origin", f"file://{self.origin}")
        clone.git("fetch", "--quiet", *options, "origin", "+refs/heads/main:refs/remotes/origin/main")
        clone.git("reset", "--quiet", "--hard", "refs/remotes/origin/main")
        return clone

    def at_origin(self, ref=REF):
        return self.repository.git("ls-remote", "origin", ref).split("\t")[0]

    def force(self, commit, ref=REF):
        self.repository.git("push", "--quiet", "--force", "origin", f"{commit}:{ref}")

    def forged(self, *parents, **changes):
        """A ledger entry that says what an attacker wants: an evil flow was deployed."""
        git = self.repository.git
        git("fetch", "--quiet", "origin", f"{REF}:refs/forger/seen")
        record = {**json.loads(git("show", "refs/forger/seen:deployment.json")), **changes}
        index = {"GIT_INDEX_FILE": str(self.folder / "forger.index")}

        def indexed(*arguments, **options):
            return harness.subprocess.run(["git", *arguments], cwd=self.repository.path, check=True, text=True,
                                          capture_output=True, env={**harness.environment(), **index},
                                          **options).stdout.strip()
        indexed("read-tree", "refs/forger/seen")
        for path, content in {"deployment.json": record,
                              "deployed/a.json": small_flow("a", metadata={"name": "evil"})}.items():
            blob = indexed("hash-object", "-w", "--stdin", input=json.dumps(content))
            indexed("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        options = [word for parent in parents for word in ("-p", parent)]
        return indexed("commit-tree", indexed("write-tree"), *options, "-m", "Deploy 1 flow")

    def expect_refused(self, *arguments, cwd=None, says, ref=REF):
        """Nothing is sent, and neither the ledger here nor the one at the remote moves."""
        where = cwd or self.repository.path
        local = self.tip(where, ref)
        remote = self.at_origin(ref)
        self.sandbox.forget_requests()
        error = self.json_of(*arguments, cwd=where, code=1)["error"]
        self.assertIn(says, error["message"])
        self.assertTrue(error["hint"])
        self.assertEqual(self.sandbox.requests(), [])
        self.assertEqual(self.tip(where, ref), local)
        self.assertEqual(self.at_origin(ref), remote)
        return error

    def tip(self, where, ref):
        return self.repository.git("-C", str(where), "for-each-ref", "--format=%(objectname)", ref)

    def deploy_twice(self):
        first = self.deploy()["record"]
        self.change("second")
        return first, self.deploy()["record"]

    def test_a_rewritten_ledger_is_refused_by_every_command_until_it_is_accepted(self):
        first, second = self.deploy_twice()
        forged = self.forged(self.forged())
        self.force(forged)
        self.change("third")
        for command in (["deploy"], ["rollback"], ["plan"], ["history"], ["unlock"]):
            error = self.expect_refused(*command, says="was rewritten")
            self.assertIn(second, error["hint"])
            self.assertIn(ACCEPT, error["hint"])
            self.assertIn(f"git log {forged}", error["hint"])
        self.assertEqual(self.sandbox.held()["a"]["metadata"]["name"], "second")
        # It is there to be looked at, but no fetch was forced.
        self.assertEqual(self.repository.git("cat-file", "-t", forged), "commit")
        tracking = "refs/flowship-remotes/origin/flowship/default"
        self.assertEqual(self.repository.git("rev-parse", tracking), second)
        self.deploy(ACCEPT)
        self.assertEqual(self.repository.git("rev-parse", tracking), self.at_origin())
        self.assertEqual(self.repository.git("merge-base", forged, self.at_origin()), forged)
        self.change("fourth")
        self.deploy()

    def test_a_merge_that_hides_a_forged_history_before_the_real_one_is_refused(self):
        _, second = self.deploy_twice()
        self.force(self.forged(self.forged(), second))
        self.expect_refused("rollback", says="was rewritten")

    def test_a_ledger_that_is_turned_back_is_refused(self):
        first, _ = self.deploy_twice()
        self.force(first)
        self.expect_refused("deploy", says="was rewritten")
        self.json_of("unlock", ACCEPT)
        self.assertEqual(self.tip(self.repository.path, REF), first)

    def test_what_the_user_fetched_by_force_is_not_what_was_seen(self):
        self.deploy_twice()
        self.force(self.forged())
        self.repository.git("config", "--add", "remote.origin.fetch", "+refs/flowship/*:refs/flowship/*")
        self.repository.git("fetch", "--quiet", "origin")
        self.expect_refused("rollback", says="was rewritten")

    def test_a_deleted_ledger_is_refused_until_that_is_accepted(self):
        _, second = self.deploy_twice()
        self.repository.git("push", "--quiet", "origin", f":{REF}")
        self.change("third")
        error = self.expect_refused("deploy", says="is gone")
        self.assertIn(f"git push origin {second}:{REF}", error["hint"])
        # The command of the hint puts it back.
        self.repository.git("push", "--quiet", "origin", f"{second}:{REF}")
        self.deploy()
        self.repository.git("push", "--quiet", "origin", f":{REF}")
        self.change("fourth")
        self.assertTrue(self.deploy(ACCEPT)["ok"])
        self.assertEqual(self.json_of("history", cwd=self.clone("other").path)["deployments"][0]["record"],
                         self.at_origin())

    def test_a_branch_that_is_no_ledger_is_never_moved(self):
        for place in ("remote", "local"):
            with self.subTest(place):
                ref = f"refs/heads/flowship/{place}"
                if place == "remote":
                    self.force("main", ref)
                else:
                    self.repository.git("update-ref", ref, "main")
                self.configure({"default": {"ledger": {"remote": "origin", "ref": ref}}})
                self.change(place)
                for options in ([], [ACCEPT]):
                    self.expect_refused("deploy", *options, says="is not a ledger of `default`", ref=ref)

    def test_a_branch_here_is_not_moved_to_the_ledger_of_the_remote(self):
        self.deploy()
        clone = self.clone("other")
        clone.git("update-ref", REF, "HEAD")
        for options in ([], [ACCEPT]):
            self.expect_refused("deploy", *options, cwd=clone.path, says="is not a ledger of `default`")

    def test_the_ledger_of_another_environment_is_refused(self):
        self.deploy()
        self.force(self.forged(self.at_origin(), environment="staging"))
        self.expect_refused("deploy", says="`staging`")
        self.expect_refused("deploy", cwd=self.clone("fresh").path, says="`staging`")

    def test_a_ref_that_leads_to_no_commit_is_refused_and_forgotten(self):
        self.deploy()
        good = self.at_origin()
        self.change("second")
        origin = ("-C", str(self.origin))
        blob = self.repository.git(*origin, "hash-object", "-w", "--stdin", input="not a ledger")
        for thing, object_id in (("blob", blob), ("tree", self.repository.git(*origin, "rev-parse", "main^{tree}"))):
            with self.subTest(thing):
                fresh = self.clone(f"fresh-{thing}")
                self.repository.git(*origin, "update-ref", REF, object_id)
                for clone in (self.repository, fresh):
                    for command in ("deploy", "status", "unlock"):
                        self.expect_refused(command, cwd=clone.path, says=f"has a {thing} there, not a commit")
                # The command of the hint puts it back.
                self.repository.git("push", "--quiet", "--force", "origin", REF)
                self.assertEqual(self.at_origin(), good)
                self.json_of("status", cwd=fresh.path)
                self.json_of("status")
        self.assertTrue(self.deploy()["ok"])

    def test_a_wrong_number_of_flows_does_no_harm(self):
        self.deploy()
        self.force(self.forged(self.at_origin(), total=0))
        for place in (self.repository.path, self.clone("fresh").path):
            for command in ("status", "plan", "history", "unlock"):
                self.json_of(command, cwd=place)
        self.change("second")
        self.assertTrue(self.deploy("--on-drift", "overwrite")["ok"])
        self.force(self.forged(self.at_origin(), total=-1))
        self.expect_refused("deploy", says="member `total`")

    def test_two_ledgers_without_a_common_history_are_not_mixed(self):
        self.configure({"default": {}})
        self.change("alone")
        self.deploy()
        alone = self.tip(self.repository.path, REF)
        other = self.clone("other")
        other.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin"}}}})
        other.commit()
        self.deploy(cwd=other.path)
        self.configure({"default": {"ledger": {"remote": "origin"}}})
        self.change("shared")
        self.assertIn(alone, self.expect_refused("deploy", says="was rewritten")["hint"])

    def test_a_local_ledger_can_be_shared_later(self):
        self.configure({"default": {}})
        self.change("alone")
        first = self.deploy()["record"]
        self.configure({"default": {"ledger": {"remote": "origin"}}})
        self.change("shared")
        self.assertEqual(self.deploy()["record"], self.at_origin())
        self.repository.git("merge-base", "--is-ancestor", first, self.at_origin())

    def test_a_shallow_clone_deploys_and_refuses_as_well(self):
        self.deploy()
        clone = self.clone("shallow", "--depth=1")
        clone.git("fetch", "--quiet", "--depth=1", "origin", f"{REF}:{REF}")
        self.change("second")
        self.deploy()
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main")
        clone.git("reset", "--quiet", "--hard", "FETCH_HEAD")
        self.assertTrue(self.deploy(cwd=clone.path)["ok"])
        # Its history of the ledger is cut off between what it has seen and what there is.
        self.change("third")
        self.deploy()
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main")
        clone.git("reset", "--quiet", "--hard", "FETCH_HEAD")
        clone.git("fetch", "--quiet", "--depth=1", "origin", f"+{REF}:{REF}")
        self.change("fourth")
        clone.git("fetch", "--quiet", "--depth=1", "origin", "main")
        clone.git("reset", "--quiet", "--hard", "FETCH_HEAD")
        self.assertTrue(self.deploy(cwd=clone.path)["ok"])
        self.assertEqual(clone.git("rev-list", "--count", "HEAD"), "1")
        self.force(self.forged())
        self.expect_refused("rollback", cwd=clone.path, says="was rewritten")

    def test_commands_at_the_same_time_do_not_get_into_each_others_fetch(self):
        self.deploy()
        clone = self.clone("other")
        for number in range(3):
            self.change(f"number {number}")
            readers = [self.start("history", cwd=clone.path) for _ in range(6)]
            self.deploy()
            for reader in readers:
                _, err = reader.communicate(timeout=harness.PATIENCE)
                self.assertEqual((reader.returncode, err), (0, ""))

    def rewrite_alone(self):
        """An environment whose ledger is in this repository alone, and what somebody made of it."""
        self.configure({"default": {}})
        self.change("second")
        first = self.deploy()["record"]
        self.change("third")
        second = self.deploy()["record"]
        tree = self.repository.git("rev-parse", f"{first}^{{tree}}")
        forged = self.repository.git("commit-tree", tree, "-m", "Deploy 1 flow")
        self.repository.git("update-ref", REF, forged)
        return second, forged

    def test_a_ledger_in_this_repository_alone_that_was_rewritten_is_refused_as_well(self):
        second, forged = self.rewrite_alone()
        for command in ("deploy", "plan", "history", "status", "unlock"):
            error = self.json_of(command, code=1)["error"]
            self.assertIn("in this repository was rewritten", error["message"])
            self.assertIn(second, error["hint"])
            self.assertIn(ACCEPT, error["hint"])
        self.assertEqual(self.tip(self.repository.path, REF), forged)
        self.assertEqual(self.sandbox.held()["a"]["metadata"]["name"], "third")
        self.deploy(ACCEPT, "--on-drift", "overwrite")
        self.change("fourth")
        self.deploy()

    def test_a_ledger_in_this_repository_alone_that_is_turned_back_is_refused(self):
        second, _ = self.rewrite_alone()
        self.repository.git("update-ref", REF, f"{second}~2")
        self.assertIn("was rewritten", self.json_of("rollback", code=1)["error"]["message"])
        self.repository.git("update-ref", REF, second)
        self.assertTrue(self.deploy()["ok"])

    def test_a_ledger_in_this_repository_alone_can_be_started_again(self):
        self.configure({"default": {}})
        self.change("second")
        self.deploy()
        self.repository.git("update-ref", "-d", REF)
        self.deploy()
        self.change("third")
        self.deploy()

    def test_promote_refuses_a_rewritten_source(self):
        shared = {"ledger": {"remote": "origin"}}
        self.configure({"default": shared, "production": {**shared, "projectId": "P2" + "y" * 25}})
        self.change("second")
        self.deploy("--env", "default")
        self.force(self.forged())
        self.expect_refused("promote", "--from", "default", "--to", "production", says="was rewritten")


if __name__ == "__main__":
    harness.main()
