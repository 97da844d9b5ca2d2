"""Every new commit of a push is searched for secrets on the server: what the last one removes stays in the history."""

import json
import subprocess
import time

import harness
from harness import FLOWS, FLOWSHIP
from receive_test import Receive

# Put together here, so that no text in the repository looks like a token.
TOKEN = "ghp_" + "x7Kq2mVb9RtZ4wYc" * 2 + "aB3d"
PATH = f"{FLOWS}/mfa/contents.json"


class CommitSecrets(Receive):
    def setUp(self):
        super().setUp()
        self.run_flowship("hook", "uninstall", "post-receive", cwd=self.bare)
        self.assert_ok(self.push("main"))
        self.clean = (self.path / PATH).read_text()

    def leak(self, path=PATH, value=TOKEN):
        """Commits a secret; returns the commit and the line."""
        contents = json.loads((self.path / path).read_text())
        contents["note"] = value
        text = json.dumps(contents, indent=2)
        self.repository.write(path, text)
        line = next(number for number, line in enumerate(text.splitlines(), 1) if value in line)
        return self.repository.commit("Add it"), line

    def mend(self):
        self.repository.write(PATH, self.clean)
        return self.repository.commit("Remove it again")

    def refused(self, commit, line, *refs, path=PATH):
        done = self.assert_refused(self.push(*(refs or ("main",))), f"commit {commit}", f"{path}:{line}:", "provider-token")
        self.assertNotIn(TOKEN, done.err)
        return done

    def test_a_secret_that_the_next_commit_removes_is_refused(self):
        commit, line = self.leak()
        self.mend()
        self.refused(commit, line)
        self.assertIn("refs/heads/new", self.refused(commit, line, "main:refs/heads/new").err)
        self.repository.git("tag", "v1", "main")
        self.refused(commit, line, "v1")
        self.repository.git("tag", "-m", "annotated", "v2", "main")
        self.refused(commit, line, "v2")

    def test_the_tip_is_reported_once(self):
        commit, line = self.leak()
        done = self.assert_refused(self.push("main"), f"({commit[:8]})", f"{PATH}:{line}:")
        self.assertEqual(done.err.count(f"{PATH}:{line}:"), 1, done)

    def test_it_is_told_in_json(self):
        commit, line = self.leak()
        tip = self.mend()
        done = subprocess.run([FLOWSHIP, "hook", "pre-receive", "--format", "json"], cwd=self.path, text=True,
                              input=f"{'0' * 40} {tip} refs/heads/new\n", capture_output=True, timeout=harness.PATIENCE,
                              env=harness.environment(GIT_DIR=str(self.path / ".git")))
        # Here every commit belongs to a ref already, so nothing is new.
        self.assertEqual(done.returncode, 0, done.stderr)
        self.repository.git("update-ref", "-d", "refs/heads/main")
        self.repository.git("update-ref", "-d", "refs/remotes/origin/main")
        done = subprocess.run([FLOWSHIP, "hook", "pre-receive", "--format", "json"], cwd=self.path, text=True,
                              input=f"{'0' * 40} {tip} refs/heads/new\n", capture_output=True, timeout=harness.PATIENCE,
                              env=harness.environment(GIT_DIR=str(self.path / ".git")))
        self.assertEqual(done.returncode, 3, done.stderr)
        [finding] = [one for one in json.loads(done.stdout)["findings"] if one["severity"] == "error"]
        self.assertEqual((finding["rule"], finding["path"], finding["line"], finding["flowId"]),
                         ("provider-token", PATH, line, "mfa"))
        self.assertIn(commit[:8], finding["message"])

    def test_a_merged_branch_is_searched_and_what_the_server_has_is_not(self):
        self.repository.git("checkout", "--quiet", "-b", "side")
        commit, line = self.leak()
        self.mend()
        self.repository.git("checkout", "--quiet", "main")
        self.note("step-up", "meanwhile")
        self.repository.commit("Go on")
        self.repository.git("merge", "--quiet", "--no-edit", "side")
        self.refused(commit, line)
        # Somebody let it in once. A branch that merges it adds nothing.
        self.run_flowship("hook", "uninstall", "pre-receive", cwd=self.bare)
        self.assert_ok(self.push("side", "side~1:refs/heads/leaky"))
        self.install("pre-receive", cwd=self.bare)
        self.assert_ok(self.push("main"))
        self.repository.git("checkout", "--quiet", "-b", "late", "main~1")
        self.repository.git("merge", "--quiet", "--no-edit", "side~1")
        self.mend()
        self.assert_ok(self.push("late"))

    def test_a_replace_ref_hides_no_commit(self):
        git = self.repository.git
        commit, line = self.leak()
        tip = self.mend()
        without = git("commit-tree", "-p", f"{commit}~1", "-m", "Hide it", f"{tip}^{{tree}}")
        self.assert_ok(self.push(f"{without}:refs/replace/{tip}"))
        self.refused(commit, line)

    def entry_on(self, *parents, **files):
        """A ledger's entry of the environment `zz`, made by hand; with further files in its tree."""
        git = self.repository.git
        self.repository.write("entry/flowship.json", {"environments": {"zz": {"projectId": "P2zzproject"}}})
        self.run_flowship("deploy", "--yes", "--config", "entry/flowship.json", DESCOPE_PROJECT_ID=None)
        listing = git("ls-tree", "refs/flowship/zz")
        for name, text in files.items():
            listing += f"\n100644 blob {git('hash-object', '-w', '--stdin', input=text)}\t{name}"
        tree = git("mktree", input=listing + "\n")
        return git("commit-tree", tree, *[word for parent in parents for word in ("-p", parent)], "-m", "Deploy")

    def test_a_ledger_hides_no_commit(self):
        commit, line = self.leak()
        tip = self.mend()
        entry = self.entry_on(commit)
        last = self.repository.git("rev-parse", "refs/flowship/zz")
        merge = self.repository.git("commit-tree", "-p", last, "-p", commit, "-m", "Deploy", f"{last}^{{tree}}")
        self.assert_refused(self.push(f"{entry}:refs/flowship/zz"), "is not a ledger of `zz`", commit[:8], "not an entry")
        self.assert_refused(self.push(f"{merge}:refs/flowship/zz"), "is not a ledger of `zz`", "a merge")
        # Onto a branch that was none before.
        self.assert_ok(self.push(f"{commit}~1:refs/heads/flowship/notes"))
        self.assert_refused(self.push(f"{entry}:refs/heads/flowship/notes"), "is not a ledger of `zz`")
        # Somebody let it in once: what only a ledger leads to was never searched.
        self.assert_ok(self.git("fetch", "--quiet", f"file://{self.path}", f"{tip}:refs/flowship/zz", cwd=self.bare))
        self.refused(commit, line)

    def test_a_new_ledger_with_all_its_entries_is_accepted(self):
        self.entry_on()
        self.assert_ok(self.push("refs/flowship/zz:refs/flowship/zz"))

    def test_a_commit_that_is_an_entry_too_is_searched(self):
        flow = {"flowId": "other", "metadata": {"name": "Other"}, "contents": {"note": TOKEN}, "screens": []}
        entry = self.entry_on(**{"other.json": json.dumps(flow)})
        self.assert_ok(self.push(f"{entry}:refs/flowship/zz"))
        self.repository.git("merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "--strategy=ours", entry)
        self.assert_refused(self.push("main"), f"commit {entry}", "other.json:", "provider-token")

    def test_a_merge_can_add_one_itself(self):
        self.repository.git("checkout", "--quiet", "-b", "side")
        self.note("step-up", "meanwhile")
        self.repository.commit("Go on")
        self.repository.git("checkout", "--quiet", "main")
        self.note("sign-in", "here")
        self.repository.commit("Go on here")
        self.repository.git("merge", "--quiet", "--no-edit", "side")
        contents = json.loads(self.clean)
        contents["note"] = TOKEN
        self.repository.write(PATH, contents)
        self.repository.git("commit", "--quiet", "--all", "--amend", "--no-edit")
        commit = self.repository.git("rev-parse", "HEAD")
        self.mend()
        self.assert_refused(self.push("main"), f"commit {commit}", PATH)

    def test_a_file_that_was_broken_then_is_searched(self):
        self.repository.write(PATH, '{\n  "note": "' + TOKEN + '",\n')
        commit = self.repository.commit("Break")
        self.mend()
        self.refused(commit, 2)

    def test_other_layouts_and_moved_files_are_searched(self):
        flow = {"flowId": "other", "metadata": {"name": "Other"}, "contents": {"note": "x"}, "screens": []}
        self.repository.write("other.json", flow)
        self.repository.commit("Add a flow")
        commit, line = self.leak("other.json")
        self.repository.remove("other.json")
        self.repository.commit("Remove it")
        self.refused(commit, line, path="other.json")

    def test_a_key_in_flowship_json_is_found(self):
        key = "K2" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9n"
        config = json.loads((self.path / "flowship.json").read_text())
        self.repository.write("flowship.json", {**config, "ignore": [
            {"rule": "no-end", "path": "x", "reason": key}]})
        commit = self.repository.commit("Paste a key")
        self.repository.write("flowship.json", config)
        self.repository.commit("Remove it")
        done = self.assert_refused(self.push("main"), f"commit {commit}", "flowship.json:", "management-key")
        self.assertNotIn(key, done.err)

    def configure_flow(self, value, **members):
        config = json.loads((self.path / "flowship.json").read_text())
        config["environments"]["production"]["set"] = {"mfa": {"/metadata/description": value}}
        self.repository.write("flowship.json", {**config, **members})

    def test_a_secret_that_flowship_json_sets_is_found_in_every_commit(self):
        clean = (self.path / "flowship.json").read_text()
        self.configure_flow(TOKEN)
        commit = self.repository.commit("Set it")
        # At the tip it is reported once, as what would be sent.
        done = self.assert_refused(self.push("main"), "as sent to `production`", "provider-token")
        self.assertEqual(done.err.count("provider-token"), 1, done)
        self.repository.write("flowship.json", clean)
        self.repository.commit("Remove it")
        done = self.assert_refused(self.push("main"), f"commit {commit}", "flowship.json:", "provider-token")
        self.assertNotIn(TOKEN, done.err)
        # An entry for the flow excuses it there too.
        self.repository.write("flowship.json", {**json.loads(clean), "ignore": [
            {"rule": "provider-token", "flowId": "mfa", "reason": "an example"}]})
        self.repository.commit("Excuse it")
        self.assert_ok(self.push("main"))

    def test_a_secret_anywhere_in_flowship_json_is_found(self):
        clean = json.loads((self.path / "flowship.json").read_text())
        for text in (json.dumps({**clean, "ignore": [{"rule": "no-end", "path": "x", "reason": TOKEN}]}),
                     '{"note": "' + TOKEN + '", broken', json.dumps({"$schema": TOKEN})):
            with self.subTest(text):
                self.repository.write("flowship.json", text)
                commit = self.repository.commit("Leak")
                self.assert_refused(self.push("main"), f"({commit[:8]})" if "broken" in text else commit, "provider-token")
                self.repository.write("flowship.json", clean)
                self.repository.commit("Remove it")
                self.assert_refused(self.push("main"), f"commit {commit}", "provider-token")
                self.repository.git("reset", "--quiet", "--hard", "origin/main")

    def test_another_flowship_json_is_searched_too(self):
        self.repository.write("apps/staging.flowship.json", {"environments": {"x": {"set": {"mfa": {"/a": TOKEN}}}}})
        commit = self.repository.commit("Add it")
        self.assert_refused(self.push("main"), commit, "apps/staging.flowship.json:", "provider-token")

    def test_what_is_no_flow_and_what_is_ignored_is_not_refused(self):
        self.repository.write("package.json", {"token": TOKEN})
        self.repository.write("notes.txt", TOKEN)
        self.repository.commit("Not a flow")
        self.leak()
        config = json.loads((self.path / "flowship.json").read_text())
        entry = {"rule": "provider-token", "path": PATH, "reason": "an example"}
        self.repository.write("flowship.json", {**config, "ignore": [entry]})
        self.mend()
        self.assert_ok(self.push("main:refs/heads/ignored"))

    def test_only_the_policy_excuses_what_it_demands(self):
        policy = self.folder / "policy.json"
        self.configure("flowship.policy", str(policy))
        entry = {"rule": "provider-token", "path": PATH, "reason": "an example"}
        policy.write_text(json.dumps({"rules": {"provider-token": "error"}}))
        commit, line = self.leak()
        config = json.loads((self.path / "flowship.json").read_text())
        self.repository.write("flowship.json", {**config, "ignore": [entry], "sources": ["elsewhere"]})
        self.mend()
        self.refused(commit, line)
        policy.write_text(json.dumps({"rules": {"provider-token": "error"}, "ignore": [entry]}))
        self.assert_ok(self.push("main"))

    def test_ten_thousand_commits_take_a_moment(self):
        """Of which each changes a flow, and the first has a secret."""
        contents = json.loads(self.clean)
        stream = []
        for number in range(10_000):
            contents["note"] = TOKEN if number == 0 else f"change {number}"
            text = json.dumps(contents)
            stream.append(f"commit refs/heads/main\ncommitter A <a@example.com> {1_800_000_000 + number} +0000\n"
                          f"data 6\nChange\n" + ("from refs/heads/main^0\n" if number == 0 else "") +
                          f"M 100644 inline {PATH}\ndata {len(text)}\n{text}\n")
        self.repository.git("fast-import", "--quiet", input="".join(stream))
        first = self.repository.git("rev-parse", "main~9999")
        began = time.monotonic()
        self.assert_refused(self.push("main"), f"commit {first}", "provider-token")
        self.assertLess(time.monotonic() - began, harness.PATIENCE / 2)


if __name__ == "__main__":
    harness.main()
