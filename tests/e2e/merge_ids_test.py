"""New tasks under one id on both sides, and a metadata.json that names them: git merges each file by itself, and takes
one that only one side changed as it is. Every shared interaction must still name its own task."""

import json

import harness
from merge_test import CONTENTS, MFA, Driver, new_task, redirect

METADATA = f"{MFA}/metadata.json"
UNTOLD = "it can't be told which of the two metadata.json names"


class NewIds(Driver):
    ending = "\n"

    def setUp(self):
        super().setUp()
        for path in (CONTENTS, METADATA):
            self.edit(path, lambda document: None)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Base")

    def edit(self, path, change):
        document = self.repository.read(path)
        change(document)
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (self.repository.path / path).write_bytes(text.replace("\n", self.ending).encode())

    def add_task(self, name, label=None, description=None):
        """A new task 8, a shared interaction of it, another change of metadata.json."""
        def change(contents):
            contents["tasks"]["8"] = new_task("8", name)
            redirect(contents, "4" if name == "Ours" else "7", "8")
        self.edit(CONTENTS, change)
        if label:
            self.edit(METADATA, lambda metadata: metadata.setdefault("sharedInteractions", []).append(
                {"id": "8.done", "type": "success", "label": label}))
        if description:
            self.edit(METADATA, lambda metadata: metadata.update(description=description))

    def prepare(self, ours, theirs, before_theirs=False):
        """The branch `main` with one task 8, and `side` with another."""
        self.git("checkout", "--quiet", "-B", "side", "main")
        if before_theirs:
            self.repository.write("notes.txt", "one\n")
            self.repository.commit("Before")
        self.add_task("Theirs", **theirs)
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        self.add_task("Ours", **ours)
        self.repository.commit("Ours")

    def expect_merged(self):
        self.assertEqual(self.unmerged(), [])
        tasks = self.repository.read(CONTENTS)["tasks"]
        self.assertEqual({tasks["8"]["name"], tasks["9"]["name"]}, {"Ours", "Theirs"})
        names = {name: task for task in ("8", "9") for name in [tasks[task]["name"]]}
        self.assertEqual(tasks["4"]["next"]["rules"][0]["taskId"], names["Ours"])
        self.assertEqual(tasks["7"]["next"]["rules"][0]["taskId"], names["Theirs"])
        shared = self.repository.read(METADATA).get("sharedInteractions", [])
        for interaction in shared:
            if interaction["id"].endswith(".done"):
                self.assertEqual(interaction["id"], names[interaction["label"]] + ".done")
        for path in (CONTENTS, METADATA):
            data = (self.repository.path / path).read_bytes()
            self.assertEqual(data.count(b"\r\n"), data.count(b"\n") if self.ending == "\r\n" else 0)
        return [interaction["label"] for interaction in shared if interaction["id"].endswith(".done")]


SIDES = {
    "nobody": ({}, {}),
    "theirs alone": ({}, {"label": "Theirs"}),
    "ours alone": ({"label": "Ours"}, {}),
    "both": ({"label": "Ours"}, {"label": "Theirs"}),
    "theirs, and ours changed it elsewhere": ({"description": "Ours"}, {"label": "Theirs"}),
    "ours, and theirs changed it elsewhere": ({"label": "Ours"}, {"description": "Theirs"}),
}


class Operations:
    def expect_each(self, operation, **how):
        for named, (ours, theirs) in SIDES.items():
            with self.subTest(named=named):
                self.prepare(ours, theirs, **how)
                operation()
                self.assertEqual(sorted(self.expect_merged()),
                                 [side["label"] for side in (ours, theirs) if "label" in side])
                self.git("checkout", "--quiet", "--force", "-B", "main", "base")

    def setUp(self):
        super().setUp()
        self.git("branch", "base")

    def test_merge(self):
        self.expect_each(lambda: self.git("merge", "--quiet", "side"))

    def test_rebase(self):
        self.expect_each(lambda: self.git("rebase", "--quiet", "main", "side"), before_theirs=True)

    def test_rebase_by_patches(self):
        self.expect_each(lambda: self.git("rebase", "--quiet", "--apply", "main", "side"), before_theirs=True)

    def test_cherry_pick(self):
        self.expect_each(lambda: self.git("cherry-pick", "side"))

    def test_cherry_pick_of_several(self):
        self.expect_each(lambda: self.git("cherry-pick", "base..side"), before_theirs=True)

    def test_stash_pop(self):
        def pop():
            self.git("checkout", "--quiet", "base")
            self.git("restore", "--source", "side", ".")
            self.git("stash", "--quiet")
            # No branch has them any more.
            self.git("checkout", "--quiet", "main")
            self.git("branch", "--quiet", "-D", "side")
            self.git("stash", "pop", "--quiet")
        self.expect_each(pop)


class Lines(Operations, NewIds):
    pass


class CarriageReturns(Operations, NewIds):
    ending = "\r\n"


class Untold(NewIds):
    def expect_conflict(self, *command):
        told = self.git(*command, code=1)
        self.assertIn(UNTOLD, told)
        self.assertIn(CONTENTS, self.unmerged())
        text = (self.repository.path / CONTENTS).read_text()
        self.assertIn("<<<<<<<", text)
        for name in ('"Ours"', '"Theirs"'):
            self.assertIn(name, text)

    def test_both_sides_changed_metadata_alike(self):
        self.prepare({"label": "Done"}, {"label": "Done"})
        self.expect_conflict("merge", "side")

    def test_metadata_is_merged_line_by_line(self):
        self.repository.write(".gitattributes", "contents.json merge=flowship\n")
        self.repository.commit("Merge contents.json alone")
        self.prepare({"label": "Ours"}, {"label": "Theirs"})
        self.expect_conflict("merge", "side")

    def test_a_commit_that_no_branch_has(self):
        self.prepare({"label": "Ours"}, {"label": "Theirs"})
        picked = self.git("rev-parse", "side").strip()
        self.git("branch", "--quiet", "-D", "side")
        self.git("reflog", "expire", "--expire=now", "--all")
        told = self.git("cherry-pick", picked, code=1)
        self.assertIn(UNTOLD, told)
        self.assertIn("it can't be told whether a task got another id", told)
        self.assertEqual(self.unmerged(), [CONTENTS, METADATA])

    def test_a_file_without_git_is_merged_by_itself(self):
        """Who calls `flowship merge` on three files has no metadata.json in question."""
        self.prepare({"label": "Ours"}, {"label": "Theirs"})
        for name, revision in (("b", "side^"), ("o", "main"), ("t", "side")):
            (self.repository.path / name).write_text(self.repository.git("show", f"{revision}:{CONTENTS}") + "\n")
        result = self.json_of("merge", "b", "o", "t", "--path", CONTENTS)
        self.assertEqual([(new["from"], new["to"]) for new in result["newIds"]], [("8", "9")])


class Later(NewIds):
    """A commit that was made before the merge names the task by its old id, which is another's now."""

    def prepare_more(self, change, ours=None, theirs=None):
        self.git("branch", "--force", "base")
        self.prepare(ours or {}, theirs or {}, before_theirs=True)
        self.git("checkout", "--quiet", "side")
        self.edit(CONTENTS, change)
        self.repository.commit("More")
        self.git("checkout", "--quiet", "main")

    def expect_each(self, change, names):
        """`names` are the tasks by their ids afterwards."""
        for commands in ((("rebase", "--quiet", "main", "side"),), (("cherry-pick", "base..side"),),
                         (("merge", "--quiet", "side^"), ("merge", "--quiet", "side")),
                         (("merge", "--quiet", "side^"), ("cherry-pick", "side"))):
            with self.subTest(commands=commands):
                self.prepare_more(change)
                for command in commands:
                    self.git(*command)
                self.expect_merged()
                tasks = self.repository.read(CONTENTS)["tasks"]
                self.assertEqual({key: tasks[key]["name"] for key in names}, names)
                self.assertEqual(tasks[tasks["2.end"]["next"]["rules"][0]["taskId"]]["name"], "Theirs")
                self.assertEqual(self.json_of("validate")["findings"], [])
                self.git("checkout", "--quiet", "--force", "-B", "main", "base")

    def test_a_rule_leads_to_the_task_that_was_meant(self):
        self.expect_each(lambda contents: redirect(contents, "2.end", "8"), {"8": "Ours", "9": "Theirs"})

    def test_a_task_under_the_id_that_the_other_got(self):
        def change(contents):
            redirect(contents, "2.end", "8")
            contents["tasks"]["9"] = new_task("9", "Another")
            redirect(contents, "8", "9")
        self.expect_each(change, {"8": "Ours", "9": "Theirs", "10": "Another"})

    def test_the_other_side_got_the_new_id(self):
        self.prepare({}, {})
        self.git("checkout", "--quiet", "side")
        self.git("merge", "--quiet", "main")
        self.git("checkout", "--quiet", "main")
        self.edit(CONTENTS, lambda contents: redirect(contents, "2.end", "8"))
        self.repository.commit("More")
        self.git("merge", "--quiet", "side")
        tasks = self.repository.read(CONTENTS)["tasks"]
        self.assertEqual([tasks[key]["name"] for key in ("8", "9")], ["Theirs", "Ours"])
        self.assertEqual(tasks["2.end"]["next"]["rules"][0]["taskId"], "9")

    def test_a_task_with_shared_interactions_is_a_conflict(self):
        self.prepare_more(lambda contents: redirect(contents, "2.end", "8"),
                          ours={"label": "Ours"}, theirs={"label": "Theirs"})
        self.git("merge", "--quiet", "side^")
        told = self.git("merge", "side", code=1)
        self.assertIn("Since the versions parted, the task `8` got another id", told)
        self.assertEqual(self.unmerged(), [CONTENTS])


class Removed(NewIds):
    def test_a_task_whose_shared_interactions_the_other_side_added(self):
        """Every rebased or picked step is looked up: git tells the driver of one file alone."""
        def remove(contents):
            del contents["tasks"]["7"]
            redirect(contents, "6", "1")

        def share(metadata):
            metadata.setdefault("sharedInteractions", []).append({"id": "7.done", "type": "success"})
        for command in (("merge", "side"), ("cherry-pick", "side"), ("rebase", "main", "side")):
            with self.subTest(command=command):
                self.git("checkout", "--quiet", "-B", "side")
                self.edit(CONTENTS, remove)
                self.repository.commit("Theirs")
                self.git("checkout", "--quiet", "main")
                self.edit(CONTENTS, lambda contents: contents["tasks"]["4"].update(name="Ours"))
                self.edit(METADATA, share)
                self.repository.commit("Ours")
                told = self.git(*command, code=1)
                self.assertIn("One side removed the task `7`, of which the other added shared interactions", told)
                self.assertEqual(self.unmerged(), [CONTENTS])
                self.git(command[0], "--abort")
                self.git("checkout", "--quiet", "-B", "main", "main^")


class WholeFlows(Driver):
    def test_the_side_without_shared_interactions_gets_the_new_id(self):
        """Other flows name them too, and no merge of this one could change those."""
        self.run_flowship("convert", MFA, "mfa.json")
        self.repository.commit("Base")

        def side(name, is_shared):
            def change(flow):
                flow["contents"]["tasks"]["8"] = new_task("8", name)
                redirect(flow["contents"], "4" if name == "Ours" else "7", "8")
                if is_shared:
                    flow["metadata"].setdefault("sharedInteractions", []).append({"id": "8.done", "label": name})
            return change
        self.branches(side("Ours", False), side("Theirs", True), "mfa.json")
        self.assertIn("task `Ours` (8) now has the id `9`", self.git("merge", "side"))
        self.assertEqual(self.repository.read("mfa.json")["contents"]["tasks"]["8"]["name"], "Theirs")


if __name__ == "__main__":
    harness.main()
