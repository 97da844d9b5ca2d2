"""Hooks in a repository that is worked in: how they are put there, and what a commit is told."""

import json
import os
import pathlib
import stat

import harness
from harness import FLOWS
from hooks_harness import HooksTestCase

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "hooks"
CONTENTS = f"{FLOWS}/mfa/contents.json"


def other_hook(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)


class Install(HooksTestCase):
    def hooks(self, folder=None):
        folder = folder or self.path / ".git/hooks"
        return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".sample"))

    def test_puts_the_scripts_where_git_looks_and_takes_them_away_again(self):
        self.install()
        self.assertEqual(self.hooks(), ["pre-commit", "pre-push"])
        for name in self.hooks():
            file = self.path / ".git/hooks" / name
            self.assertEqual(file.read_text(), (SCRIPTS / name).read_text())
            self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o755)
        self.assertIn("already installed", self.install())
        self.run_flowship("hook", "uninstall")
        self.assertEqual(self.hooks(), [])

    def test_a_bare_repository_gets_those_of_a_server(self):
        bare = self.folder / "bare.git"
        self.assert_ok(self.git("clone", "--quiet", "--bare", str(self.path), str(bare)))
        self.install(cwd=bare)
        self.assertEqual(self.hooks(bare / "hooks"), ["post-receive", "pre-receive"])

    def test_follows_core_hooks_path_and_linked_work_trees(self):
        linked = self.folder / "linked"
        self.repository.git("worktree", "add", "--quiet", str(linked))
        self.install("pre-commit", cwd=linked)
        self.assertEqual(self.hooks(), ["pre-commit"])
        self.break_syntax(CONTENTS, linked)
        self.assert_refused(self.git("commit", "-a", "-m", "Break", cwd=linked), CONTENTS + ":")
        self.run_flowship("hook", "uninstall", cwd=linked)
        self.repository.git("config", "core.hooksPath", "shared/hooks")
        (self.path / "sub").mkdir()
        self.install("pre-commit", cwd=self.path / "sub")
        self.assertEqual(self.hooks(self.path / "shared/hooks"), ["pre-commit"])
        self.break_syntax(CONTENTS)
        self.assert_refused(self.git("commit", "-a", "-m", "Break"), CONTENTS + ":")

    def test_never_overwrites_a_hook_of_somebody(self):
        mine = self.path / ".git/hooks/pre-push"
        other_hook(mine, "exit 0")
        before = mine.read_text()
        error = self.run_flowship("hook", "install", code=1).err
        self.assertIn("--chain", error)
        self.assertEqual(mine.read_text(), before)
        self.assertEqual(self.hooks(), ["pre-push"], "all or nothing")
        self.run_flowship("hook", "uninstall", "pre-push", code=1)
        self.run_flowship("hook", "uninstall")
        self.assertEqual(mine.read_text(), before)

    def test_unknown_names_are_usage_errors(self):
        self.assertIn("pre-commit", self.run_flowship("hook", "install", "pre-comit", code=64).err)
        self.run_flowship("hook", "pre-comit", code=64)
        self.run_flowship("hook", code=64)

    def test_a_chained_hook_runs_first_and_its_failure_counts(self):
        hook = self.path / ".git/hooks/pre-commit"
        other_hook(hook, 'echo "mine: $#" >&2\n[ ! -e .git/fail ] || exit 5')
        before = hook.read_text()
        self.install("pre-commit", "--chain")
        self.install("pre-commit", "--chain")
        self.note("mfa", "one")
        self.assertIn("mine: 0", self.assert_ok(self.git("commit", "-a", "-m", "Change")).err)
        (self.path / ".git/fail").touch()
        self.note("mfa", "two")
        self.assert_refused(self.git("commit", "-a", "-m", "Change"), "mine: 0")
        (self.path / ".git/fail").unlink()
        self.break_syntax(CONTENTS)
        self.assert_refused(self.git("commit", "-a", "-m", "Break"), "mine: 0", CONTENTS + ":")
        self.run_flowship("hook", "uninstall")
        self.assertEqual(hook.read_text(), before)
        self.assertTrue(os.access(hook, os.X_OK))
        self.assertEqual(self.hooks(), ["pre-commit"])

    def test_a_chained_push_hook_gets_arguments_and_input(self):
        bare = self.folder / "bare.git"
        self.repository.git("init", "--quiet", "--bare", str(bare))
        other_hook(self.path / ".git/hooks/pre-push", 'echo "mine: $1 $2" >&2\nsed "s/^/got: /" >&2')
        self.install("pre-push", "--chain")
        done = self.assert_ok(self.git("push", f"file://{bare}", "main:refs/heads/other"))
        self.assertIn(f"mine: file://{bare} file://{bare}", done.err)
        self.assertIn("got: refs/heads/main ", done.err)
        self.assert_ok(self.git("push", f"file://{bare}", "main:refs/heads/other"))
        other_hook(self.path / ".git/hooks/pre-push.before-flowship", "exec </dev/null\nexit 3")
        self.assert_refused(self.git("push", f"file://{bare}", "main:refs/heads/third"))

    def test_finds_the_program_by_variable_path_and_configuration(self):
        # Where it is not in PATH, installing the hook tells where it lies.
        self.assertIn("set flowship.bin", self.install("pre-commit"))
        self.assertNotIn("flowship.bin", self.install("pre-commit"))
        self.assert_ok(self.git("commit", "--allow-empty", "-m", "Nothing", FLOWSHIP_BIN=None))
        self.repository.git("config", "--unset", "flowship.bin")
        missing = self.git("commit", "--allow-empty", "-m", "Nothing", FLOWSHIP_BIN=None)
        self.assert_refused(missing, "git config flowship.bin")
        self.repository.git("config", "flowship.bin", harness.FLOWSHIP)
        self.assert_ok(self.git("commit", "--allow-empty", "-m", "Nothing", FLOWSHIP_BIN=None))
        self.repository.git("config", "--unset", "flowship.bin")
        path = os.path.dirname(harness.FLOWSHIP) + ":" + os.environ["PATH"]
        self.assert_ok(self.git("commit", "--allow-empty", "-m", "Nothing", FLOWSHIP_BIN=None, PATH=path))


class Commit(HooksTestCase):
    def setUp(self):
        super().setUp()
        self.install("pre-commit")

    def commit(self, *arguments, **options):
        return self.git("commit", "--quiet", "-m", "Change", *arguments, **options)

    def test_says_file_line_and_column_and_nothing_when_all_is_well(self):
        self.note("mfa", "fine")
        done = self.assert_ok(self.commit("-a"))
        self.assertEqual((done.out, done.err), ("", ""))
        self.break_syntax(CONTENTS)
        self.repository.git("add", "--all")
        self.assertRegex(self.assert_refused(self.commit()).err, rf"{CONTENTS}:\d+:\d+: error: ")

    def test_ends_with_the_code_of_validation_errors(self):
        self.run_flowship("hook", "pre-commit")
        self.break_syntax(CONTENTS)
        self.repository.git("add", "--all")
        self.run_flowship("hook", "pre-commit", code=3)
        self.repository.write("flowship.json", '{"sources": [}')
        self.repository.git("add", "--all")
        self.run_flowship("hook", "pre-commit", code=3)

    def test_tells_json_in_one_document(self):
        self.assertEqual(self.json_of("hook", "pre-commit")["findings"], [])
        self.break_syntax(CONTENTS)
        self.repository.git("add", "--all")
        broken = self.json_of("hook", "pre-commit", code=3)
        self.assertEqual((broken["ok"], [finding["path"] for finding in broken["findings"]]), (False, [CONTENTS]))
        self.repository.write("flowship.json", '{"sources": [}')
        self.repository.git("add", "--all")
        self.assertIn("flowship.json", self.json_of("hook", "pre-commit", code=3)["error"]["message"])

    def test_reports_go_to_files_too(self):
        file = self.folder / "result.json"
        for code, ok in ((0, True), (3, False)):
            self.run_flowship("hook", "pre-commit", "--report", f"json={file}", code=code)
            self.assertEqual(json.loads(file.read_text())["ok"], ok)
            self.break_syntax(CONTENTS)
            self.repository.git("add", "--all")
        self.repository.write("flowship.json", '{"sources": [}')
        self.repository.git("add", "--all")
        self.run_flowship("hook", "pre-commit", "--report", f"json={file}", code=3)
        self.assertIn("flowship.json", json.loads(file.read_text())["error"]["message"])

    def test_only_what_is_staged_counts(self):
        self.break_syntax(CONTENTS)
        staged = self.note("sign-in", "fine")
        self.repository.git("add", staged)
        self.assert_ok(self.commit())
        self.repository.git("add", "--all")
        self.repository.git("show", f"HEAD:{CONTENTS}")
        (self.path / CONTENTS).write_text(self.repository.git("show", f"HEAD:{CONTENTS}"))
        self.assert_refused(self.commit(), CONTENTS + ":")

    def test_git_commit_all_and_git_commit_path_are_seen(self):
        self.break_syntax(CONTENTS)
        self.assert_refused(self.commit("-a"), CONTENTS + ":")
        self.assert_refused(self.commit("--", CONTENTS), CONTENTS + ":")
        fine = self.note("sign-in", "fine")
        self.repository.git("add", "--all")
        self.assert_ok(self.commit("--", fine))
        self.assert_refused(self.commit(), CONTENTS + ":")

    def test_only_flows_that_the_commit_touches_are_judged(self):
        self.break_syntax(CONTENTS)
        self.assert_ok(self.commit("-a", "--no-verify"))
        self.note("sign-in", "fine")
        self.assert_ok(self.commit("-a"))
        self.note("mfa", "touched")
        self.assert_refused(self.commit("-a"), CONTENTS + ":")
        self.repository.git("checkout", "--quiet", ".")
        (self.path / "README.md").write_text("Flows\n")
        self.repository.git("add", "README.md")
        self.assert_ok(self.commit())
        self.assert_ok(self.commit("--amend"))

    def test_the_first_commit_is_checked(self):
        new = harness.Repository(self.folder / "new")
        self.install("pre-commit", cwd=new.path)
        new.write("ProjectSnapshot/flows/one/contents.json", '{"startTask": "0", "tasks": {}')
        new.write("ProjectSnapshot/flows/one/metadata.json", {})
        new.git("add", "--all")
        self.assert_refused(self.commit(cwd=new.path), "ProjectSnapshot/flows/one/contents.json:1:")

    def test_a_commit_that_only_deletes_a_screen_is_checked(self):
        screen = sorted((self.path / FLOWS / "mfa").glob("screen-*.json"))[0].relative_to(self.path)
        self.repository.git("rm", "--quiet", str(screen))
        self.assert_refused(self.commit(), f"{screen}:1:1: error: ")

    def test_a_deleted_file_of_a_flow_is_missed_and_a_deleted_flow_is_not(self):
        self.repository.git("rm", "--quiet", CONTENTS)
        self.assert_refused(self.commit(), CONTENTS + ":1:1: error: ")
        self.repository.git("rm", "--quiet", "-r", f"{FLOWS}/step-up")
        self.repository.git("reset", "--quiet", "--", CONTENTS)
        self.assert_ok(self.commit())

    def test_a_subflow_that_goes_away_is_missed_by_the_flow_that_uses_it(self):
        self.repository.git("rm", "--quiet", "-r", f"{FLOWS}/mfa")
        done = self.commit()
        self.assertIn(f"{FLOWS}/sign-in/contents.json:", done.err)
        self.assertIn("mfa", done.err)

    def test_a_shared_interaction_that_goes_away_is_missed_by_the_flow_that_uses_it(self):
        path = f"{FLOWS}/mfa/metadata.json"
        metadata = self.repository.read(path)
        self.assertTrue(metadata["sharedInteractions"])
        metadata["sharedInteractions"] = []
        self.repository.write(path, metadata)
        self.repository.write("flowship.json", {"rules": {"rule-interaction": "error"}})
        self.repository.git("add", "flowship.json")
        self.assert_ok(self.commit("--", "flowship.json"))
        self.assert_refused(self.commit("-a"), f"{FLOWS}/sign-in/contents.json:", "error: ")

    def test_what_was_wrong_with_a_user_before_does_not_count(self):
        sign_in = f"{FLOWS}/sign-in/contents.json"
        contents = self.repository.read(sign_in)
        contents["startTask"] = "nowhere"
        self.repository.write(sign_in, contents)
        self.assert_ok(self.commit("-a", "--no-verify"))
        self.repository.git("rm", "--quiet", "-r", f"{FLOWS}/mfa")
        done = self.assert_ok(self.commit())
        self.assertNotIn("nowhere", done.err)

    def test_an_id_that_another_flow_has_is_refused(self):
        other = "Other/flows/mfa"
        for file in (self.path / FLOWS / "mfa").iterdir():
            self.repository.write(f"{other}/{file.name}", file.read_text())
        self.repository.git("add", "--all")
        self.assert_refused(self.commit(), "mfa", "error: ")

    def test_a_broken_or_stricter_configuration_is_seen(self):
        self.repository.write("flowship.json", '{"sources": [}')
        self.repository.git("add", "--all")
        self.assert_refused(self.commit(), "flowship.json")
        self.repository.write("flowship.json", {"rules": {"syntax": "error"}})
        self.repository.git("add", "--all")
        self.assert_ok(self.commit())
        self.break_syntax(CONTENTS)
        self.assert_ok(self.commit("-a", "--no-verify"))
        self.repository.write("flowship.json", {"environments": {"test": {}}})
        self.assert_refused(self.commit("-a"), CONTENTS)

    def test_a_split_index_and_an_intent_to_add_are_read(self):
        self.repository.git("update-index", "--split-index")
        self.break_syntax(CONTENTS)
        self.assert_refused(self.commit("-a"), CONTENTS + ":")
        self.repository.git("reset", "--quiet", "--hard")
        self.repository.write(f"{FLOWS}/later/contents.json", "{")
        self.repository.git("add", "--intent-to-add", f"{FLOWS}/later/contents.json")
        self.repository.git("add", self.note("mfa", "fine"))
        self.assert_ok(self.commit())


if __name__ == "__main__":
    harness.main()
