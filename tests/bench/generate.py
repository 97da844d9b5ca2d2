#!/usr/bin/env python3
"""Makes a git repository of N flows in snapshot layout, with a second commit that changes one screen.

The repository is the same, commit ids included, for the same number and seed. Nothing is written but git's objects,
unless --checkout is given: 10,000 flows are 75,000 files and 350 MB.
"""
import argparse
import contextlib
import json
import subprocess

import flows

ROOT = "ProjectSnapshot"


def repository_files(count, seed):
    for index in range(count):
        for name, text in flows.files(index, seed).items():
            yield f"{ROOT}/flows/{flows.flow_id(index)}/{name}", text
    yield f"{ROOT}/flows/flows.json", json.dumps({"flows": sorted(map(flows.flow_id, range(count)))}, indent=2) + "\n"
    yield f"{ROOT}/snapshot.json", '{"version": 5}\n'


def changed_files(count, seed, changes=1):
    """One screen of each flow that a commit changes: of one alone for the second commit."""
    name = "screen-" + flows.screen_names(1)[0] + ".json"
    for index in range(count // (changes + 1), count, count // (changes + 1))[:changes]:
        yield f"{ROOT}/flows/{flows.flow_id(index)}/{name}", flows.files(index, seed, greeting="Ahoy 🚢")[name]


def write_commit(stream, number, message, files, branch="main", parent=None):
    def data(text):
        raw = text.encode()
        stream.write(b"data %d\n%s\n" % (len(raw), raw))

    stream.write(b"commit refs/heads/%s\ncommitter Bench <bench@example.com> %d +0000\n"
                 % (branch.encode(), 1700000000 + number))
    data(message)
    if parent:
        stream.write(b"from %s\n" % parent.encode())
    for path, text in files:
        stream.write(b"M 100644 inline %s\n" % path.encode())
        data(text)


@contextlib.contextmanager
def fast_import(folder):
    # Deltas between made-up files cost time and prove nothing.
    importer = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet", "--depth=0", "--force"],
                                stdin=subprocess.PIPE)
    with importer.stdin as stream:
        yield stream
        stream.write(b"done\n")
    if importer.wait() != 0:
        raise SystemExit(f"git fast-import failed in {folder}")


def add_branch(folder, count, changes, seed=0):
    """A branch beside the second commit, on which so many flows have one changed screen each; its name."""
    branch = f"changes-{changes}"
    with fast_import(folder) as stream:
        write_commit(stream, 1, f"Change {changes} screens", changed_files(count, seed, changes), branch, "main~1")
    return branch


def generate(folder, count, seed=0, checkout=False):
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    with fast_import(folder) as stream:
        write_commit(stream, 0, f"Add {count} flows", repository_files(count, seed))
        write_commit(stream, 1, "Change one screen", changed_files(count, seed))
    if checkout:
        subprocess.run(["git", "-C", folder, "reset", "--quiet", "--hard", "main"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", help="where the repository is made; not there yet, or empty")
    parser.add_argument("--flows", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--checkout", action="store_true", help="write the working tree as well")
    options = parser.parse_args()
    generate(options.folder, options.flows, options.seed, options.checkout)


if __name__ == "__main__":
    main()
