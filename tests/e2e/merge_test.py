"""`flowship merge` as git's merge driver: in real merges, rebases, cherry-picks and stashes, in every layout."""

import json
import subprocess

import harness
from harness import FLOWS, TestCase, environment

MFA = f"{FLOWS}/mfa"
CONTENTS = f"{MFA}/contents.json"


def new_task(key, name, to="1"):
    return {"action": "generate-audit-event", "id": key, "name": name, "type": "automated",
            "next": {"rules": [{"interactionId": "success", "taskId": to}]}, "view": {"x": len(name), "y": 0}}


def redirect(contents, task, to):
    """Lets the first rule of a task lead elsewhere."""
    contents["tasks"][task]["next"]["rules"][0]["taskId"] = to


class Driver(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.run_flowship("hook", "install")
        # What is checked here is the merge, not the commit.
        self.run_flowship("hook", "uninstall", "pre-commit", "pre-push")
        self.repository.write(".gitattributes", "*.json merge=flowship\n")
        self.repository.commit("Merge flows by tasks and screens")

    def edit(self, path, change):
        """Changes a file as an editor does: two spaces, no other bytes."""
        document = self.repository.read(path)
        change(document)
        self.repository.write(path, document)

    def git(self, *arguments, code=0):
        done = subprocess.run(["git", *arguments], cwd=self.repository.path, env=environment(), text=True,
                              capture_output=True, timeout=harness.PATIENCE, check=False)
        self.assertEqual(done.returncode, code, f"git {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def branches(self, ours, theirs, path=CONTENTS):
        """A branch `side` with one change and `main` with another."""
        self.git("checkout", "--quiet", "-b", "side")
        self.edit(path, theirs)
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        self.edit(path, ours)
        self.repository.commit("Ours")

    def unmerged(self):
        return self.git("diff", "--name-only", "--diff-filter=U").split()


def rename_ours(contents):
    contents["tasks"]["4"]["name"] = "Ours"


def rename_theirs(contents):
    contents["tasks"]["4"]["name"] = "Theirs"


def change_next_line(contents):
    contents["tasks"]["4"]["next"]["rules"][0]["taskId"] = "2"
    contents["tasks"]["4"]["type"] = "automated"
    contents["tasks"]["4"]["action"] = "changed"


class InGit(Driver):
    def expect_both(self):
        task = self.repository.read(CONTENTS)["tasks"]["4"]
        self.assertEqual((task["name"], task["action"]), ("Ours", "changed"))
        self.assertEqual(self.unmerged(), [])

    def test_merge(self):
        self.branches(rename_ours, change_next_line)
        self.git("merge", "--quiet", "side")
        self.expect_both()

    def test_rebase(self):
        self.branches(change_next_line, rename_ours)
        self.git("rebase", "--quiet", "main", "side")
        self.expect_both()

    def test_cherry_pick(self):
        self.branches(rename_ours, change_next_line)
        self.git("cherry-pick", "side")
        self.expect_both()

    def test_stash_pop(self):
        self.edit(CONTENTS, rename_ours)
        self.git("stash", "--quiet")
        self.edit(CONTENTS, change_next_line)
        self.repository.commit("Theirs")
        self.git("stash", "pop", "--quiet")
        self.expect_both()

    def test_a_linked_work_tree(self):
        self.branches(rename_ours, change_next_line)
        linked = self.folder / "linked"
        self.git("worktree", "add", "--quiet", "--detach", str(linked), "main")
        subprocess.run(["git", "merge", "--quiet", "side"], cwd=linked, env=environment(), check=True, capture_output=True)
        task = json.loads((linked / CONTENTS).read_text())["tasks"]["4"]
        self.assertEqual((task["name"], task["action"]), ("Ours", "changed"))

    def test_without_the_driver_git_conflicts(self):
        self.run_flowship("hook", "uninstall")
        self.branches(lambda contents: rename_ours(contents), lambda contents: contents["tasks"]["4"].update(next={}))
        self.assertIn("CONFLICT", self.git("merge", "side", code=1))


class NewTasks(Driver):
    def test_two_branches_with_a_new_task_each(self):
        """The console gives both the same next id."""
        def ours(contents):
            contents["tasks"]["8"] = new_task("8", "Audit by ours")
            redirect(contents, "4", "8")

        def theirs(contents):
            contents["tasks"]["8"] = new_task("8", "Audit by theirs")
            redirect(contents, "7", "8")
        self.branches(ours, theirs)
        told = self.git("merge", "side")
        self.assertIn("task `Audit by theirs` (8) now has the id `9`", told)
        tasks = self.repository.read(CONTENTS)["tasks"]
        self.assertEqual((tasks["8"]["name"], tasks["9"]["name"], tasks["9"]["id"]),
                         ("Audit by ours", "Audit by theirs", "9"))
        self.assertEqual(tasks["4"]["next"]["rules"][0]["taskId"], "8")
        self.assertEqual(tasks["7"]["next"]["rules"][0]["taskId"], "9")
        self.assertEqual(self.json_of("validate")["findings"], [])

    def test_one_task_that_both_branches_have_is_one(self):
        def change(contents):
            contents["tasks"]["8"] = new_task("8", "Audit")
            redirect(contents, "4", "8")
        self.branches(lambda contents: (change(contents), redirect(contents, "7", "8")), change)
        self.git("merge", "--quiet", "side")
        self.assertEqual([key for key in self.repository.read(CONTENTS)["tasks"] if key not in "start2.end"],
                         ["0", "1", "3", "4", "5", "6", "7", "8"])

    def test_the_list_of_screens_agrees_with_the_files(self):
        def with_screen(name):
            def change():
                screen = self.repository.read(f"{MFA}/screen-enter-app-code.json")
                screen["screenId"] = f"SC-{name}"
                self.repository.write(f"{MFA}/screen-{name}.json", screen)
                self.edit(f"{MFA}/metadata.json", lambda metadata: metadata["screens"].append(name))
            return change
        self.git("checkout", "--quiet", "-b", "side")
        with_screen("theirs")()
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        with_screen("ours")()
        self.repository.commit("Ours")
        self.git("merge", "--quiet", "side")
        self.assertEqual(self.repository.read(f"{MFA}/metadata.json")["screens"],
                         ["enter-app-code", "enter-sms-code", "ours", "theirs"])
        self.assertNotIn("unlisted-screen", {finding["rule"] for finding in self.json_of("validate")["findings"]})


class Layouts(Driver):
    def expect_merged(self, path, task_of, ending="\n"):
        """Neighbouring lines change, which git alone can't merge; all other bytes stay."""
        def change(member, value):
            text = (self.repository.path / path).read_bytes().decode().replace("\r\n", "\n")
            document = json.loads(text)
            task_of(document)[member] = value
            (self.repository.path / path).write_bytes(
                (json.dumps(document, indent=2, ensure_ascii=False) + "\n").replace("\n", ending).encode())
        change("name", "Verify Code / TOTP")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Base")
        before = (self.repository.path / path).read_bytes()
        self.git("checkout", "--quiet", "-b", "side")
        change("id", "four")
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        change("name", "Ours")
        self.repository.commit("Ours")
        self.git("merge", "--quiet", "side")
        self.assertEqual((self.repository.path / path).read_bytes(),
                         before.replace(b'"Verify Code / TOTP"', b'"Ours"').replace(b'"id": "4"', b'"id": "four"'))

    def test_snapshot(self):
        self.expect_merged(CONTENTS, lambda document: document["tasks"]["4"])

    def test_carriage_returns(self):
        self.expect_merged(CONTENTS, lambda document: document["tasks"]["4"], "\r\n")

    def test_exported(self):
        self.run_flowship("convert", MFA, "mfa.json")
        self.expect_merged("mfa.json", lambda document: document["contents"]["tasks"]["4"])

    def test_console(self):
        self.run_flowship("convert", MFA, "mfa.json", "--layout", "console")
        self.expect_merged("mfa.json", lambda document: document["flow"]["dsl"]["tasks"]["4"])

    def test_one_line(self):
        self.git("checkout", "--quiet", "-b", "side")
        contents = self.repository.read(CONTENTS)
        for branch, change in (("main", lambda: None), ("side", lambda: change_next_line(contents)),
                               ("ours", lambda: rename_ours(contents))):
            contents = self.repository.read(CONTENTS) if branch == "main" else json.loads(base)
            change()
            (self.repository.path / CONTENTS).write_text(json.dumps(contents))
            if branch == "main":
                base = json.dumps(contents)
                self.repository.commit("Base")
                continue
            self.git("checkout", "--quiet", "-B", branch)
            self.repository.commit(branch)
            if branch == "side":
                self.git("reset", "--quiet", "--hard", "HEAD^")
                self.git("branch", "--force", "theirs", "HEAD@{1}")
        self.git("merge", "--quiet", "theirs")
        merged = json.loads(base)
        rename_ours(merged), change_next_line(merged)
        self.assertEqual((self.repository.path / CONTENTS).read_text(), json.dumps(merged))

    def test_a_branch_that_converted_the_file(self):
        self.run_flowship("convert", MFA, "mfa.json")
        self.repository.commit("Base")
        self.git("checkout", "--quiet", "-b", "side")
        self.edit("mfa.json", lambda document: rename_ours(document["contents"]))
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        self.run_flowship("convert", MFA, "mfa.json", "--layout", "console", "--force")
        self.repository.commit("Ours")
        self.git("merge", "--quiet", "side")
        self.assertEqual(self.repository.read("mfa.json")["flow"]["dsl"]["tasks"]["4"]["name"], "Ours")


class Conflicts(Driver):
    def test_markers_stand_around_the_smallest_member(self):
        def ours(contents):
            rename_ours(contents)
            contents["tasks"]["5"]["name"] = "Ours too"
        self.branches(ours, lambda contents: (rename_theirs(contents), redirect(contents, "4", "2")))
        told = self.git("merge", "side", code=1)
        self.assertIn("/tasks/4/name", told)
        for value in ('"Verify Code / TOTP"', '"Ours"', '"Theirs"'):
            self.assertIn(value, told)
        self.assertEqual(self.unmerged(), [CONTENTS])
        text = (self.repository.path / CONTENTS).read_text()
        self.assertIn('<<<<<<< ours\n      "name": "Ours",\n=======\n      "name": "Theirs",\n>>>>>>> theirs\n', text)
        self.assertEqual(text.count("<<<<<<<"), 1)
        # What both did besides is merged already.
        resolved = text.split("<<<<<<<")[0] + '      "name": "Both",\n' + text.split(">>>>>>> theirs\n")[1]
        (self.repository.path / CONTENTS).write_text(resolved)
        tasks = self.repository.read(CONTENTS)["tasks"]
        self.assertEqual((tasks["5"]["name"], tasks["4"]["next"]["rules"][0]["taskId"]), ("Ours too", "2"))
        self.git("commit", "--all", "--quiet", "--message", "Merge")

    def test_git_checkout_decides_as_always(self):
        self.branches(rename_ours, rename_theirs)
        self.git("merge", "side", code=1)
        self.git("checkout", "--theirs", CONTENTS)
        self.assertEqual(self.repository.read(CONTENTS)["tasks"]["4"]["name"], "Theirs")

    def test_a_task_that_one_side_removed_and_the_other_changed(self):
        def remove(contents):
            del contents["tasks"]["4"]
            redirect(contents, "3", "1")
        self.branches(rename_ours, remove)
        self.assertIn("task `Ours` (4): ours changed it, theirs removed it", self.git("merge", "side", code=1))
        text = (self.repository.path / CONTENTS).read_text()
        self.assertEqual((text.count("<<<<<<<"), text.count('"name": "Ours"')), (1, 1))

    def test_a_rule_that_leads_to_a_removed_task(self):
        def remove(contents):
            del contents["tasks"]["7"]
            redirect(contents, "6", "1")
        self.branches(lambda contents: redirect(contents, "4", "7"), remove)
        told = self.git("merge", "side", code=1)
        self.assertIn("/tasks/7", told)
        self.assertIn("/tasks/4/next/rules/0/taskId", told)

    def test_what_would_not_be_valid_is_a_conflict(self):
        """Each change is fine by itself: a rule for an interaction, and a screen that no longer has it."""
        self.run_flowship("convert", MFA, "mfa.json")
        self.edit("mfa.json", lambda flow: flow["screens"][0]["interactions"].append({"id": "later", "label": "Later"}))
        self.repository.commit("Base")
        self.branches(
            lambda flow: flow["contents"]["tasks"]["3"]["next"]["rules"].append({"interactionId": "later", "taskId": "1"}),
            lambda flow: flow["screens"][0]["interactions"].pop(), "mfa.json")
        self.assertIn("would not be valid", self.git("merge", "side", code=1))
        self.assertEqual(self.unmerged(), ["mfa.json"])

    def test_the_users_conflict_style_counts(self):
        self.git("config", "merge.conflictStyle", "diff3")
        self.branches(rename_ours, rename_theirs)
        self.git("merge", "side", code=1)
        self.assertIn('||||||| base\n      "name": "Verify Code / TOTP",\n=======',
                      (self.repository.path / CONTENTS).read_text())

    def test_secrets_are_masked(self):
        def with_secret(value):
            return lambda contents: contents["tasks"]["4"].update(arguments={"clientSecret": {"type": "inline", "value": value}})
        self.branches(with_secret("hunter2-ours"), with_secret("hunter2-theirs"))
        self.assertNotIn("hunter2", self.git("merge", "side", code=1))


class OtherFiles(Driver):
    def branches_of_texts(self, path, base, ours, theirs):
        for branch, text in (("main", base), ("side", theirs)):
            self.git("checkout", "--quiet", "-B", branch)
            self.repository.write(path, text)
            self.repository.commit(branch)
        self.git("checkout", "--quiet", "-B", "main", "side^")
        self.repository.write(path, ours)
        self.repository.commit("Ours")

    def test_what_is_no_flow_is_merged_line_by_line(self):
        for base, ours, theirs, code in (("[\n1,\n2,\n3\n]\n", "[\n0,\n2,\n3\n]\n", "[\n1,\n2,\n4\n]\n", 0),
                                         ("{\n1\n", "{\n2\n", "{\n3\n", 1)):
            with self.subTest(base=base):
                self.branches_of_texts("other.json", base, ours, theirs)
                self.git("merge", "--quiet", "side", code=code)
                files = {name: self.folder / name for name in ("base", "ours", "theirs")}
                for (name, file), text in zip(files.items(), (base, ours, theirs)):
                    file.write_text(text)
                plain = subprocess.run(["git", "merge-file", "-p", "-L", "ours", "-L", "base", "-L", "theirs", files["ours"],
                                        files["base"], files["theirs"]], capture_output=True, text=True, check=False)
                self.assertEqual((self.repository.path / "other.json").read_text(), plain.stdout)
                if code:
                    self.git("merge", "--abort")

    def test_a_flow_that_both_branches_added(self):
        self.run_flowship("convert", MFA, "mfa.json")
        flow = self.repository.read("mfa.json")
        self.repository.remove("mfa.json")
        rename_ours(flow["contents"])
        ours = json.dumps(flow, indent=2) + "\n"
        flow["metadata"]["description"] = "Theirs"
        self.git("checkout", "--quiet", "-b", "side")
        self.repository.write("mfa.json", flow)
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        self.repository.write("mfa.json", ours)
        self.repository.commit("Ours")
        self.git("merge", "side", code=1)
        text = (self.repository.path / "mfa.json").read_text()
        self.assertEqual(text.count("<<<<<<<"), 1)
        self.assertIn('    "description": "Theirs",\n>>>>>>> theirs', text)


class SetUp(TestCase):
    def test_install_says_what_is_needed_and_uninstall_takes_it_back(self):
        before = self.repository.git("config", "--list", "--local")
        self.assertIn("*.json merge=flowship", self.run_flowship("hook", "install").out)
        self.assertIn("flowship", self.repository.git("config", "merge.flowship.driver"))
        self.assertIn("already set merge.flowship.driver", self.run_flowship("hook", "install").out)
        self.assertIn("removed merge.flowship.driver", self.run_flowship("hook", "uninstall").out)
        self.assertEqual(self.repository.git("config", "--list", "--local"), before)

    def test_without_the_program_git_merges_line_by_line(self):
        self.repository.write(".gitattributes", "*.json merge=flowship\n")
        self.repository.write("mfa.json", '{\n  "name": "Base"\n}\n')
        self.repository.commit("Base")
        self.run_flowship("hook", "install", "pre-push")
        for setting in (["--unset", "flowship.bin"], ["flowship.bin", str(self.folder / "gone")]):
            self.repository.git("config", *setting)
            self.repository.git("checkout", "--quiet", "-B", "side", "main")
            self.repository.write("mfa.json", '{\n  "name": "Theirs"\n}\n')
            self.repository.commit("Theirs")
            self.repository.git("checkout", "--quiet", "-B", "here", "main")
            self.repository.write("mfa.json", '{\n  "name": "Ours"\n}\n')
            self.repository.commit("Ours")
            done = subprocess.run(["git", "merge", "side"], cwd=self.repository.path, env=harness.environment(), text=True,
                                  capture_output=True)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("flowship not found, merging line by line", done.stderr)
            self.assertEqual((self.repository.path / "mfa.json").read_text(),
                             '{\n<<<<<<< ours\n  "name": "Ours"\n=======\n  "name": "Theirs"\n>>>>>>> theirs\n}\n')
            self.repository.git("merge", "--abort")

    def test_a_bare_repository_merges_nothing(self):
        self.repository.git("init", "--quiet", "--bare", str(self.folder / "bare"))
        self.assertNotIn("merge.flowship", self.run_flowship("hook", "install", "--repo", str(self.folder / "bare")).out)

    def test_init_sets_it_up(self):
        self.repository.add_examples()
        self.run_flowship("init", "--yes")
        self.assertEqual((self.repository.path / ".gitattributes").read_text(), f"/{FLOWS}/**/*.json merge=flowship\n")
        for path, value in ((CONTENTS, "flowship"), ("package.json", "unspecified")):
            self.assertEqual(self.repository.git("check-attr", "merge", path), f"{path}: merge: {value}")
        self.assertTrue(self.repository.git("config", "merge.flowship.driver"))
        self.assertIn("kept", self.run_flowship("init", "--yes").out)

    def test_temporary_files_are_known_by_what_is_in_them(self):
        self.repository.add_examples()
        for name in ("contents.json", "metadata.json"):
            with self.subTest(file=name):
                base = self.repository.read(f"{FLOWS}/mfa/{name}")
                first = next(iter(base["tasks"].values())) if "tasks" in base else base
                for file, change in (("b", {}), ("o", {"name": "Ours"}), ("t", {"description": "Theirs"})):
                    kept = dict(first)
                    first.update(change)
                    self.repository.write(file, base)
                    first.clear()
                    first.update(kept)
                self.assertFalse(self.json_of("merge", "b", "o", "t")["byLines"])
        # Nothing in common, as git and people name it.
        for name, value in (("o", "Ours"), ("t", "Theirs")):
            self.repository.write(name, {"name": "F", value: True})
        self.assertFalse(self.json_of("merge", "/dev/null", "o", "t")["byLines"])
        self.assertEqual(self.repository.read("o"), {"name": "F", "Ours": True, "Theirs": True})
        for file, line in (("b", "1\n"), ("o", "2\n"), ("t", "3\n")):
            self.repository.write(file, line)
        self.assertIn("merged line by line, with conflicts", self.run_flowship("merge", "b", "o", "t", code=1).out)

    def test_json(self):
        for name, value in (("base", "A"), ("ours", "B"), ("theirs", "C")):
            self.repository.write(f"{name}.json", {"flowId": "f", "metadata": {"name": value}, "contents": {"tasks": {}}})
        result = self.json_of("merge", "base.json", "ours.json", "theirs.json", "--path", "flows/f.json", code=1)
        self.assertEqual(result, {
            "schemaVersion": 1, "ok": False, "path": "flows/f.json", "byLines": False, "newIds": [], "conflicts": [
                {"pointer": "/metadata/name", "message": "`metadata.name`: changed differently on both sides",
                 "base": '"A"', "ours": '"B"', "theirs": '"C"'}],
            "error": {"message": "merge conflicts in flows/f.json",
                      "hint": "resolve them, then run `git add flows/f.json`"}})
        self.assertIn("no such file", self.run_flowship("merge", "x", "ours.json", "theirs.json", code=64).err)


if __name__ == "__main__":
    harness.main()
