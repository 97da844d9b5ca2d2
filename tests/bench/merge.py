#!/usr/bin/env python3
"""Merges generated pairs of edits of the example flows with `flowship merge` and, beside it, with git's own line merge.

Every pair is one to three edits of a flow on either side, half of them close to those of the other side. What is right is known without any merging: edits of different places are both carried
out, one after the other; edits of one place, or of a thing that the other removed, are a conflict. The pairs are the same
for the same seed; --pair N shows one of them again.
"""
import argparse
import collections
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


class Edit:
    """One change: the places that it touches, the tasks that it begins to refer to, and those that it removes."""

    def __init__(self, kind, change, touches, refers=(), removes=()):
        self.kind, self.change = kind, change
        self.touches, self.refers, self.removes = set(touches), set(refers), set(removes)

    def applied(self, flow):
        edited = copy.deepcopy(flow)
        self.change(edited)
        return edited

    def conflicts_with(self, other, base):
        """Unless both do the same, or let a rule lead to the same task."""
        def differ(a, b):
            if a[:len(b)] != b[:len(a)]:
                return False
            # Two new tasks are not one, even under the same id.
            is_same_rule = (targets(mine, a) is not None and targets(mine, a) == targets(theirs, a)
                            and not self.kind == other.kind == "add a task")
            return a != b or not (a[0] == "roles" or is_same_rule)
        mine, theirs = self.applied(base), other.applied(base)
        if mine == theirs:
            return False
        return (any(differ(a, b) for a in self.touches for b in other.touches)
                or bool(self.refers & other.removes) or bool(other.refers & self.removes))


def tasks_of(flow):
    return flow["contents"]["tasks"]


def rules_of(task):
    return task.get("next", {}).get("rules", [])


def rule_place(task_id, rule):
    return ("tasks", task_id, "rules", rule.get("interactionId", ""))


def targets(flow, place):
    """Where the rules at a place lead; None where it is not of rules."""
    if place[2:3] != ("rules",) or place[1] not in tasks_of(flow):
        return None
    return [rule["taskId"] for rule in rules_of(tasks_of(flow)[place[1]]) if rule.get("interactionId", "") == place[3]]


def next_id(flow):
    return str(max(int(key.split(".")[0]) for key in tasks_of(flow) if key.split(".")[0].isdigit()) + 1)


def a_rule(flow, pick):
    """A task and one of its rules, whose interaction no other rule of the task is for."""
    found = [(key, index) for key, task in tasks_of(flow).items() for index, rule in enumerate(rules_of(task))
             if [other.get("interactionId") for other in rules_of(task)].count(rule.get("interactionId")) == 1
             and not rule["taskId"].endswith(".end")]
    return pick.choice(found)


def rename_task(flow, pick):
    key, name = pick.choice([key for key in tasks_of(flow) if key != "start"]), f"Task {pick.randrange(10 ** 6)}"
    return Edit("rename a task", lambda flow: tasks_of(flow)[key].update(name=name), [("tasks", key, "name")])


def move_task(flow, pick):
    key, x = pick.choice([key for key, task in tasks_of(flow).items() if "view" in task]), pick.randrange(5000)
    return Edit("move a task", lambda flow: tasks_of(flow)[key]["view"].update(x=x), [("tasks", key, "view")])


def set_argument(flow, pick):
    key = pick.choice([key for key, task in tasks_of(flow).items() if task.get("type") == "automated"])
    name, value = f"argument{pick.randrange(3)}", f"value {pick.randrange(10 ** 6)}"

    def change(flow):
        tasks_of(flow)[key].setdefault("arguments", {})[name] = {"type": "inline", "value": value}
    return Edit("set an argument", change, [("tasks", key, "arguments", name)])


def add_task(flow, pick):
    key, index = a_rule(flow, pick)
    rule = rules_of(tasks_of(flow)[key])[index]
    name, x = f"New {pick.randrange(10 ** 6)}", pick.randrange(5000)

    def change(flow):
        new, changed = next_id(flow), rules_of(tasks_of(flow)[key])[index]
        tasks_of(flow)[new] = {
            "action": "generate-audit-event", "id": new, "name": name,
            "next": {"rules": [{"interactionId": "success", "taskId": changed["taskId"]}]},
            "type": "automated", "view": {"x": x, "y": 12}}
        changed["taskId"] = new
    return Edit("add a task", change, [rule_place(key, rule)], refers=[rule["taskId"]])


def redirect(flow, pick):
    key, index = a_rule(flow, pick)
    rule = rules_of(tasks_of(flow)[key])[index]
    to = pick.choice([other for other in tasks_of(flow)
                      if other not in ("start", rule["taskId"], key) and not other.endswith(".end")])

    def change(flow):
        rules_of(tasks_of(flow)[key])[index]["taskId"] = to
    return Edit("redirect a rule", change, [rule_place(key, rule)], refers=[to])


def add_rule(flow, pick):
    key = pick.choice([key for key, task in tasks_of(flow).items() if rules_of(task)])
    to = pick.choice([other for other in tasks_of(flow) if other != "start" and not other.endswith(".end")])
    interaction = f"i{pick.randrange(10 ** 6)}"
    return Edit("add a rule", lambda flow: rules_of(tasks_of(flow)[key]).append({"interactionId": interaction, "taskId": to}),
                [("tasks", key, "rules", interaction)], refers=[to])


def remove_task(flow, pick):
    found = [key for key, task in tasks_of(flow).items()
             if key != "start" and rules_of(task) and f"{key}.end" not in tasks_of(flow) and not key.endswith(".end")
             and rules_of(task)[0]["taskId"] != key and flow["contents"]["startTask"] != key]
    key = pick.choice(found)
    to = rules_of(tasks_of(flow)[key])[0]["taskId"]
    places = [(other, rule) for other, task in tasks_of(flow).items() for rule in rules_of(task)
              if rule["taskId"] == key and other != key]

    def change(flow):
        del tasks_of(flow)[key]
        for task in tasks_of(flow).values():
            for rule in rules_of(task):
                if rule["taskId"] == key:
                    rule["taskId"] = to
    return Edit("remove a task", change, [("tasks", key), *(rule_place(other, rule) for other, rule in places)],
                refers=[to], removes=[key])


def a_screen(flow, pick):
    return pick.choice(range(len(flow["screens"])))


def edit_text(flow, pick):
    index = a_screen(flow, pick)
    screen = flow["screens"][index]
    node, text = pick.choice(list(screen["contents"])), f"Text {pick.randrange(10 ** 6)}"
    return Edit("edit a text", lambda flow: flow["screens"][index]["contents"][node].setdefault("props", {}).update(children=text),
                [("screens", screen["screenId"], node, "props", "children")])


def add_component(flow, pick):
    index = a_screen(flow, pick)
    screen = flow["screens"][index]
    parent = pick.choice([key for key, node in screen["contents"].items() if node.get("nodes") or key == "ROOT"])
    new, at = f"n{pick.randrange(10 ** 9)}", pick.randrange(len(screen["contents"][parent].get("nodes", [])) + 1)

    def change(flow):
        contents = flow["screens"][index]["contents"]
        contents[new] = {"custom": {}, "displayName": "Text", "hidden": False, "isCanvas": False, "linkedNodes": {}, "nodes": [],
                         "parent": parent, "props": {"children": new}, "type": {"resolvedName": "Text"}}
        contents[parent].setdefault("nodes", []).insert(at, new)
    return Edit("add a component", change, [("screens", screen["screenId"], new)])


def set_metadata(flow, pick):
    name, value = pick.choice(["name", "description"]), f"Metadata {pick.randrange(10 ** 6)}"
    return Edit("set metadata", lambda flow: flow["metadata"].update({name: value}), [("metadata", name)])


def share_interaction(flow, pick):
    task = pick.choice(list(tasks_of(flow)))
    new = {"id": f"{task}.shared{pick.randrange(10 ** 6)}", "type": "success"}
    return Edit("share an interaction", lambda flow: flow["metadata"].setdefault("sharedInteractions", []).append(new),
                [("shared", new["id"])], refers=[task])


def add_role(flow, pick):
    role = f"Role {pick.randrange(20)}"

    def change(flow):
        roles = flow.setdefault("references", {}).setdefault("roles", [])
        if role not in roles:
            roles.append(role)
    return Edit("refer to a role", change, [("roles", role)])


KINDS = (rename_task, move_task, set_argument, add_task, redirect, add_rule, remove_task, edit_text, add_component,
         set_metadata, share_interaction, add_role)


def an_edit(flow, pick):
    while True:
        try:
            return pick.choice(KINDS)(flow, pick)
        except IndexError:
            continue  # This flow has no place for such an edit.


class Edits:
    """What one side does: edits that have nothing to do with each other."""

    def __init__(self, flow, pick, near=None):
        self.edits = []
        for _ in range(pick.randint(1, 3)):
            tries = [an_edit(flow, pick) for _ in range(12 if near and pick.random() < 0.5 else 1)]
            edit = max(tries, key=lambda edit: self.closeness(edit, near)) if len(tries) > 1 else tries[0]
            # Nor does one begin where another ends.
            if not any(edit.touches & other.touches or edit.conflicts_with(other, flow) for other in self.edits):
                self.edits.append(edit)

    @staticmethod
    def closeness(edit, near):
        """How much of a place it has in common with the other side, short of the whole place."""
        def common(a, b):
            return sum(1 for _ in os.path.commonprefix([a, b]))
        return max((common(a, b) for a in edit.touches for other in near.edits for b in other.touches), default=0)

    @property
    def kinds(self):
        return " and ".join(edit.kind for edit in self.edits)

    def applied(self, flow):
        for edit in self.edits:
            flow = edit.applied(flow)
        return flow

    def conflicts_with(self, other, base):
        return any(one.conflicts_with(another, base) for one in self.edits for another in other.edits)

    def without(self, other, base):
        """Without what the other side does as well."""
        rest = copy.copy(self)
        rest.edits = [edit for edit in self.edits if all(edit.applied(base) != same.applied(base) for same in other.edits)]
        return rest


def comparable(value, name=None):
    """Without the order of what has none."""
    if isinstance(value, dict):
        return {key: comparable(member, key) for key, member in value.items()}
    if isinstance(value, list):
        items = [comparable(item) for item in value]
        is_set = name in ("rules", "nodes", "sharedInteractions", "roles", "screens")
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if is_set else items
    return value


def with_names(flow):
    """With new tasks known by their names, whatever ids they got."""
    new = {key: task["name"] for key, task in tasks_of(flow).items() if task["name"].startswith("New ")}
    flow = copy.deepcopy(flow)
    for task in tasks_of(flow).values():
        task["id"] = new.get(task["id"], task["id"])
        for rule in rules_of(task):
            rule["taskId"] = new.get(rule["taskId"], rule["taskId"])
    flow["contents"]["tasks"] = {new.get(key, key): task for key, task in tasks_of(flow).items()}
    return flow


def strictly(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("a name occurs twice")
    return dict(pairs)


class Merges:
    def __init__(self, flowship, folder):
        self.flowship, self.folder = flowship, pathlib.Path(folder)
        self.flows = []
        for number, source in enumerate(sorted(EXAMPLES.glob("flows/ProjectSnapshot/flows/*/"))):
            file = self.folder / f"flow{number}.json"
            subprocess.run([flowship, "convert", source, file, "--layout", "exported"], check=True, capture_output=True)
            self.flows.append(json.loads(file.read_text()))

    def pair(self, seed, number):
        pick = random.Random(f"{seed}-{number}")
        base = pick.choice(self.flows)
        ours = Edits(base, pick)
        return base, ours, Edits(base, pick, near=ours)

    def write(self, name, flow):
        file = self.folder / name
        file.write_text(json.dumps(flow, indent=2, ensure_ascii=False) + "\n")
        return file

    def judge(self, base, ours, theirs):
        """What is right, and what git and flowship do: `right`, `conflict` or `wrong`."""
        is_conflict = ours.conflicts_with(theirs, base)
        wanted = None if is_conflict else theirs.without(ours, base).applied(ours.applied(base))
        versions = [self.write(name, flow) for name, flow in (
            ("ours.json", ours.applied(base)), ("base.json", base), ("theirs.json", theirs.applied(base)))]
        by_lines = subprocess.run(["git", "merge-file", "-p", *versions], capture_output=True, text=True)
        lines = self.verdict(by_lines.returncode != 0, by_lines.stdout, is_conflict, wanted)
        by_identity = subprocess.run([self.flowship, "merge", versions[1], versions[0], versions[2], "--path", "flow.json"],
                                     capture_output=True, text=True)
        if by_identity.returncode not in (0, 1):
            raise SystemExit(f"flowship ended with {by_identity.returncode}: {by_identity.stdout}{by_identity.stderr}")
        text = versions[0].read_text()
        verdict = self.verdict(by_identity.returncode == 1, text, is_conflict, wanted)
        if by_identity.returncode == 0 and text != json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n":
            verdict = "wrong"
        return is_conflict, lines, verdict, by_identity.stdout

    @staticmethod
    def verdict(has_conflict, text, is_conflict, wanted):
        if has_conflict:
            return "right" if is_conflict else "conflict"
        try:
            merged = json.loads(text, object_pairs_hook=strictly)
        except ValueError:
            return "wrong"
        is_right = not is_conflict and comparable(with_names(merged)) == comparable(with_names(wanted))
        return "right" if is_right else "wrong"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flowship", default=os.environ.get("FLOWSHIP", "flowship"), metavar="PATH")
    parser.add_argument("--pairs", type=int, default=2000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--pair", type=int, metavar="N", help="only this pair, and what flowship says of it")
    options = parser.parse_args()
    counts = collections.Counter()
    odd = []
    with tempfile.TemporaryDirectory() as folder:
        merges = Merges(options.flowship, folder)
        for number in range(options.pairs) if options.pair is None else [options.pair]:
            base, ours, theirs = merges.pair(options.seed, number)
            is_conflict, lines, identity, said = merges.judge(base, ours, theirs)
            counts[is_conflict, "pairs", ""] += 1
            counts[is_conflict, "git", lines] += 1
            counts[is_conflict, "flowship", identity] += 1
            if identity != "right":
                odd.append(f"pair {number}: {base['flowId']}, {ours.kinds} / {theirs.kinds}: {identity}")
            if options.pair is not None:
                for side in (ours, theirs):
                    print(*(f"{edit.kind} {sorted(edit.touches)}" for edit in side.edits), sep="; ")
                print(said)
    print(f"{'':24}{'pairs':>8}{'':4}{'git: right':>11}{'conflict':>10}{'wrong':>8}{'':4}{'flowship: right':>15}"
          f"{'conflict':>10}{'wrong':>8}")
    for is_conflict, name in ((False, "different places"), (True, "the same place")):
        def count(of, verdict, of_conflict=is_conflict):
            return counts[of_conflict, of, verdict]
        print(f"{name:24}{count('pairs', ''):8}{'':4}{count('git', 'right'):11}{count('git', 'conflict'):10}"
              f"{count('git', 'wrong'):8}{'':4}{count('flowship', 'right'):15}{count('flowship', 'conflict'):10}"
              f"{count('flowship', 'wrong'):8}")
    for line in odd[:20]:
        print(line)
    wrong = counts[False, "flowship", "wrong"] + counts[True, "flowship", "wrong"]
    # A merged flow that the rules find fault with is a conflict, although the edits touch different places.
    too_careful = counts[False, "flowship", "conflict"] > counts[False, "pairs", ""] // 20
    sys.exit(1 if wrong or too_careful else 0)


if __name__ == "__main__":
    main()
