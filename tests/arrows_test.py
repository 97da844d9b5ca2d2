#!/usr/bin/env python3
"""The rooms of src/ include from, and link to, rooms on lower floors only; libgit2 and Poco Net have a room each."""
import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

FLOORS = {
    "base": 0,
    "json": 1, "git": 1, "net": 1,
    "flow": 2, "api": 2, "sandbox": 2,
    "check": 3,
    "deploy": 4,
    "report": 5,
    "daemon": 6,
    "cli": 7,
}

# What only one room may see: the start of a header's name, or a library in its CMakeLists.txt.
ROOM_OF_LIBRARY = {"git2": "git", "PkgConfig::LIBGIT2": "git", "Poco/Net/": "net", "Poco::Net": "net"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
LINK = re.compile(r"\b(?:flowship|Poco|PkgConfig)::\w+")
COMMENT = re.compile(r"#.*")


def own_library_fault(room, name):
    for start, owner in ROOM_OF_LIBRARY.items():
        if name.startswith(start) and room != owner:
            return f"that is for {owner}/ alone"
    return None


def arrow_fault(room, other):
    if other not in FLOORS:
        return f'"{other}" is no room'
    if other != room and FLOORS[other] >= FLOORS[room]:
        return f"{room}/ (floor {FLOORS[room]}) may not lean on {other}/ (floor {FLOORS[other]})"
    return None


def include_faults(room, text, linked):
    for bracket, name in INCLUDE.findall(text):
        if bracket == "<":
            fault = own_library_fault(room, name)
        else:
            # A name without its room ("retry.hpp", "../json/document.hpp") would hide an arrow.
            other = name.split("/")[0] if "/" in name else ""
            fault = arrow_fault(room, other)
            if not fault and other not in linked:
                fault = f"{room}/CMakeLists.txt does not link to flowship::{other}"
        if fault:
            yield f"includes {name}: {fault}"


def links_of(cmake):
    return set(LINK.findall(COMMENT.sub("", cmake)))


def rooms_within_reach(room, links):
    reached, waiting = set(), [room]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += [name.split("::")[1] for name in links.get(each, ()) if name.startswith("flowship::")]
    return reached


def faults(source):
    """Every arrow below the folder `source` that the floors forbid, as "file: what is wrong"."""
    rooms = sorted(folder for folder in source.iterdir() if folder.is_dir())
    links = {folder.name: links_of((folder / "CMakeLists.txt").read_text()) for folder in rooms}
    for folder in rooms:
        room = folder.name
        if room not in FLOORS:
            yield f"{room}/: no floor is given for this room"
            continue
        for name in sorted(links[room]):
            other = name.split("::")[1]
            fault = arrow_fault(room, other) if name.startswith("flowship::") else own_library_fault(room, name)
            if fault:
                yield f"{room}/CMakeLists.txt: links to {name}: {fault}"
        linked = rooms_within_reach(room, links)
        for file in sorted(folder.rglob("*.[ch]pp")):
            for fault in include_faults(room, file.read_text(), linked):
                yield f"{file.relative_to(source)}: {fault}"


class Rooms(unittest.TestCase):
    def test_lean_on_lower_floors_only(self):
        found = list(faults(ROOT / "src"))
        if found:
            self.fail("\n" + "\n".join(found))


class Check(unittest.TestCase):
    """The check itself, on made-up rooms that break one rule each."""

    def faults_of(self, rooms):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder)
            for room, (links, code) in rooms.items():
                (source / room).mkdir()
                (source / room / "CMakeLists.txt").write_text(f"flowship_room({room} SOURCES a.cpp LINKS {links})\n")
                (source / room / "a.cpp").write_text(code)
            return list(faults(source))

    def assert_one_fault(self, room, links, code, expected):
        found = self.faults_of({"base": ("", ""), "json": ("", ""), room: (links, code)})
        self.assertEqual([expected], found)

    def test_lets_rooms_lean_on_lower_floors(self):
        self.assertEqual([], self.faults_of({
            "base": ("", '#include "base/a.hpp"\n#include <string>\n'),
            "git": ("flowship::base PkgConfig::LIBGIT2", "#include <git2/oid.h>\n"),
            "net": ("flowship::base Poco::NetSSL", "#include <Poco/Net/Socket.h>\n"),
            "deploy": ("flowship::git", '#include "base/a.hpp"\n#include "git/a.hpp"\n#include <Poco/JSON/Object.h>\n'),
        }))

    def test_sees_an_include_from_above(self):
        self.assert_one_fault("git", "flowship::base", '  #  include "cli/a.hpp"\n',
                              "git/a.cpp: includes cli/a.hpp: git/ (floor 1) may not lean on cli/ (floor 7)")

    def test_sees_an_include_from_the_same_floor(self):
        self.assert_one_fault("git", "", '#include "json/a.hpp"\n',
                              "git/a.cpp: includes json/a.hpp: git/ (floor 1) may not lean on json/ (floor 1)")

    def test_sees_an_include_that_hides_its_room(self):
        self.assert_one_fault("flow", "", '#include "../json/a.hpp"\n',
                              'flow/a.cpp: includes ../json/a.hpp: ".." is no room')
        self.assert_one_fault("flow", "", '#include "a.hpp"\n', 'flow/a.cpp: includes a.hpp: "" is no room')

    def test_sees_a_link_to_above(self):
        self.assert_one_fault("git", "flowship::json", "",
                              "git/CMakeLists.txt: links to flowship::json: "
                              "git/ (floor 1) may not lean on json/ (floor 1)")

    def test_sees_an_include_without_its_link(self):
        self.assert_one_fault("flow", "flowship::base", '#include "json/a.hpp"\n',
                              "flow/a.cpp: includes json/a.hpp: flow/CMakeLists.txt does not link to flowship::json")

    def test_sees_a_library_outside_its_room(self):
        self.assert_one_fault("deploy", "", "#include <git2.h>\n",
                              "deploy/a.cpp: includes git2.h: that is for git/ alone")
        self.assert_one_fault("api", "", "#include <Poco/Net/HTTPRequest.h>\n",
                              "api/a.cpp: includes Poco/Net/HTTPRequest.h: that is for net/ alone")
        self.assert_one_fault("flow", "Poco::NetSSL", "",
                              "flow/CMakeLists.txt: links to Poco::NetSSL: that is for net/ alone")

    def test_sees_a_room_without_a_floor(self):
        self.assert_one_fault("util", "", "", "util/: no floor is given for this room")


if __name__ == "__main__":
    unittest.main()
