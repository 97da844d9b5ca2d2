"""Hooks at a push: what is refused on both sides, and what must never be."""

import json
import subprocess

import harness
from harness import FLOWS
from hooks_harness import Done, HooksTestCase

CONTENTS = f"{FLOWS}/mfa/contents.json"


def files_of(folder):
    """Every file below a folder, with its bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


class PushCases:
    """What a push is told is the same on both sides."""

    def setUp(self):
        super().setUp()
        self.bare = self.folder / "bare.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        self.repository.git("remote", "add", "origin", self.remote_url(self.bare))
        self.install_hooks()
        self.assert_ok(self.push("main"))

    def push(self, *arguments):
        return self.git("push", "origin", *arguments)

    def broken_commit(self, path=CONTENTS):
        self.break_syntax(path)
        return self.repository.commit("Break")

    def hook_for(self, ref, tip, *options):
        """The hook as git would call it for a new branch."""
        none = "0" * 40
        name, line = ("pre-push", f"{ref} {tip} {ref} {none}") if self.on_client else ("pre-receive", f"{none} {tip} {ref}")
        return Done(subprocess.run([harness.FLOWSHIP, "hook", name, *options], cwd=self.path, text=True, capture_output=True,
                                   input=line + "\n", timeout=harness.PATIENCE, env=harness.environment()))

    def remote_refs(self):
        return self.git("for-each-ref", "--format=%(refname)", cwd=self.bare).out.split()

    def test_a_broken_flow_is_refused_with_branch_file_and_line(self):
        tip = self.broken_commit()
        done = self.assert_refused(self.push("main"), f"branch main ({tip[:8]})", "is refused")
        self.assertRegex(done.err, rf"{CONTENTS}:\d+:\d+: error: ")
        self.assertNotEqual(self.git("rev-parse", "main", cwd=self.bare).out.strip(), tip)

    def test_only_the_new_tip_counts(self):
        self.broken_commit()
        self.repository.git("revert", "--no-edit", "HEAD")
        self.assert_ok(self.push("main"))

    def test_only_flows_that_the_push_touches_count_and_all_of_a_new_branch(self):
        self.broken_commit()
        self.assert_ok(self.push("--no-verify", "main") if self.on_client else self.push_unchecked("main"))
        self.note("sign-in", "fine")
        self.repository.commit("Change")
        self.assert_ok(self.push("main"))
        self.assert_refused(self.push("main:refs/heads/new"), "branch new", CONTENTS + ":")
        self.assertNotIn("refs/heads/new", self.remote_refs())

    def test_ends_with_the_code_of_validation_errors(self):
        ends = {"broken": self.broken_commit()}
        self.repository.write("flowship.json", '{"sources": [}')
        ends["configuration"] = self.repository.commit("Configure")
        for name, tip in ends.items():
            with self.subTest(name):
                self.assertEqual(self.hook_for(f"refs/heads/{name}", tip).code, 3)
                told = self.hook_for(f"refs/heads/{name}", tip, "--format", "json")
                self.assertIs(json.loads(told.out)["ok"], False)
                self.assertIn(name, told.err)
        self.assertEqual(self.hook_for("refs/heads/odd", "1" * 40).code, 1)
        self.assertEqual(self.hook_for("refs/heads/fine", self.repository.git("rev-parse", "HEAD~2")).code, 0)

    def test_several_refs_are_all_told_of(self):
        self.repository.git("checkout", "--quiet", "-b", "one")
        self.broken_commit()
        self.repository.git("checkout", "--quiet", "-b", "two", "main")
        self.broken_commit(f"{FLOWS}/sign-in/contents.json")
        self.repository.git("branch", "fine", "main")
        done = self.assert_refused(self.push("one", "two", "fine"), "branch one", "branch two")
        self.assertNotIn("branch fine", done.err)
        self.assertEqual(self.remote_refs(), ["refs/heads/main"])

    def test_deletions_and_tags_are_never_refused(self):
        self.assert_ok(self.push("main:refs/heads/old"))
        self.broken_commit()
        self.repository.git("tag", "light")
        self.repository.git("tag", "-a", "annotated", "-m", "Tag")
        self.assert_ok(self.push("light", "annotated", ":refs/heads/old"))
        self.assertEqual(self.remote_refs(), ["refs/heads/main", "refs/tags/annotated", "refs/tags/light"])

    def test_a_forced_push_is_held_against_what_was_there(self):
        self.note("sign-in", "fine")
        self.repository.git("commit", "--quiet", "-a", "--amend", "-m", "Otherwise")
        self.assert_ok(self.push("--force", "main"))
        self.break_syntax(CONTENTS)
        self.repository.git("commit", "--quiet", "-a", "--amend", "-m", "Broken")
        self.assert_refused(self.push("--force", "main"), CONTENTS + ":")

    def test_warnings_are_shown_and_pass(self):
        self.repository.remove(f"{FLOWS}/mfa")
        self.repository.commit("Remove")
        done = self.assert_ok(self.push("main"))
        self.assertIn("warning: ", done.err)

    def test_a_broken_configuration_names_the_branch(self):
        self.repository.write("flowship.json", '{"sorces": []}')
        self.repository.commit("Configure")
        self.assert_refused(self.push("main"), "branch main", "flowship.json", "sources")


class PrePush(PushCases, HooksTestCase):
    on_client = True

    def install_hooks(self):
        self.install("pre-push")

    def test_a_branch_that_was_never_fetched_is_checked_whole(self):
        other = self.folder / "other"
        self.repository.git("clone", "--quiet", str(self.bare), str(other))
        self.note("sign-in", "other", other)
        self.assert_ok(self.git("commit", "--quiet", "-a", "-m", "Other", cwd=other))
        self.assert_ok(self.git("push", "origin", "main", cwd=other))
        self.note("mfa", "mine")
        self.repository.commit("Mine")
        self.assert_ok(self.push("--force", "main"))

    def test_nothing_to_push_is_fine(self):
        self.assertIn("up-to-date", self.assert_ok(self.push("main")).err)


class PreReceive(PushCases, HooksTestCase):
    on_client = False

    def install_hooks(self):
        self.install("pre-receive", cwd=self.bare)

    def push_unchecked(self, *arguments):
        hook = self.bare / "hooks/pre-receive"
        hook.chmod(0o644)
        done = self.push(*arguments)
        hook.chmod(0o755)
        return done

    def test_a_refused_push_leaves_nothing_behind(self):
        before = files_of(self.bare)
        self.broken_commit()
        self.assert_refused(self.push("main"))
        self.assertEqual(files_of(self.bare), before)
        self.assert_ok(self.git("fsck", "--strict", cwd=self.bare))

    def test_big_pushes_come_as_packs(self):
        self.assert_ok(self.git("config", "receive.unpackLimit", "1", cwd=self.bare))
        self.broken_commit()
        self.assert_refused(self.push("main"), CONTENTS + ":")
        self.repository.git("revert", "--no-edit", "HEAD")
        self.assert_ok(self.push("main"))

    def test_a_chained_hook_gets_the_same_input(self):
        self.run_flowship("hook", "uninstall", cwd=self.bare)
        hook = self.bare / "hooks/pre-receive"
        hook.write_text('#!/bin/sh\nsed "s/^/got: /" >&2\n')
        hook.chmod(0o755)
        self.install("--chain", "pre-receive", cwd=self.bare)
        self.note("sign-in", "fine")
        tip = self.repository.commit("Change")
        self.assertIn(f"{tip} refs/heads/main", self.assert_ok(self.push("main")).err)
        self.broken_commit()
        self.assert_refused(self.push("main"), CONTENTS + ":", "got: ")


if __name__ == "__main__":
    harness.main()
