#!/usr/bin/env python3
"""The modules of src/ include from, and link to, modules on lower layers only; libgit2 and Poco Net have a module each."""
import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

MOST_LINES = 400
MOST_SOURCES = 16

LAYERS = {
    "base": 0,
    "json": 1, "git": 1, "net": 1,
    "flow": 2, "api": 2,
    "check": 3, "sandbox": 3,
    "deploy": 4,
    "report": 5,
    "daemon": 6,
    "cli": 7,
}

# What only one module may see: the start of a header's name, or a library in its CMakeLists.txt.
MODULE_OF_LIBRARY = {"git2": "git", "PkgConfig::LIBGIT2": "git", "Poco/Net/": "net", "Poco::Net": "net"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
LINK = re.compile(r"\b(?:flowship|Poco|PkgConfig)::\w+")
COMMENT = re.compile(r"#.*")


def own_library_fault(module, name):
    for start, owner in MODULE_OF_LIBRARY.items():
        if name.startswith(start) and module != owner:
            return f"that is for {owner}/ alone"
    return None


def layer_fault(module, other):
    if other not in LAYERS:
        return f'"{other}" is not a module'
    if other != module and LAYERS[other] >= LAYERS[module]:
        return f"{module}/ (layer {LAYERS[module]}) may not depend on {other}/ (layer {LAYERS[other]})"
    return None


def include_faults(module, text, linked):
    for bracket, name in INCLUDE.findall(text):
        if bracket == "<":
            fault = own_library_fault(module, name)
        else:
            # A name without its module ("retry.hpp", "../json/document.hpp") would hide a dependency.
            other = name.split("/")[0] if "/" in name else ""
            fault = layer_fault(module, other)
            if not fault and other not in linked:
                fault = f"{module}/CMakeLists.txt does not link to flowship::{other}"
        if fault:
            yield f"includes {name}: {fault}"


def links_of(cmake):
    return set(LINK.findall(COMMENT.sub("", cmake)))


def modules_within_reach(module, links):
    reached, waiting = set(), [module]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += [name.split("::")[1] for name in links.get(each, ()) if name.startswith("flowship::")]
    return reached


def faults(source):
    """Every dependency below the folder `source` that the layers forbid, as "file: what is wrong"."""
    modules = sorted(folder for folder in source.iterdir() if folder.is_dir())
    links = {folder.name: links_of((folder / "CMakeLists.txt").read_text()) for folder in modules}
    for folder in modules:
        module = folder.name
        if module not in LAYERS:
            yield f"{module}/: no layer is listed for this module"
            continue
        for name in sorted(links[module]):
            other = name.split("::")[1]
            fault = layer_fault(module, other) if name.startswith("flowship::") else own_library_fault(module, name)
            if fault:
                yield f"{module}/CMakeLists.txt: links to {name}: {fault}"
        linked = modules_within_reach(module, links)
        for file in sorted(folder.rglob("*.[ch]pp")):
            for fault in include_faults(module, file.read_text(), linked):
                yield f"{file.relative_to(source)}: {fault}"


class Modules(unittest.TestCase):
    def test_lean_on_lower_layers_only(self):
        found = list(faults(ROOT / "src"))
        if found:
            self.fail("\n" + "\n".join(found))


class Sizes(unittest.TestCase):
    def test_files_can_be_read_in_a_sitting(self):
        long = {str(file.relative_to(ROOT)): lines for file in sorted((ROOT / "src").rglob("*.[ch]pp"))
                if (lines := file.read_text().count("\n")) > MOST_LINES}
        self.assertEqual({}, long)

    def test_folders_can_be_taken_in_at_a_glance(self):
        large = {str(folder.relative_to(ROOT)): files for folder in sorted((ROOT / "src").rglob("*"))
                 if folder.is_dir() and (files := len(list(folder.glob("*.cpp")))) > MOST_SOURCES}
        self.assertEqual({}, large)


class Check(unittest.TestCase):
    """The check itself, on made-up modules that break one rule each."""

    def faults_of(self, modules):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder)
            for module, (links, code) in modules.items():
                (source / module).mkdir()
                (source / module / "CMakeLists.txt").write_text(f"flowship_module({module} SOURCES a.cpp LINKS {links})\n")
                (source / module / "a.cpp").write_text(code)
            return list(faults(source))

    def assert_one_fault(self, module, links, code, expected):
        found = self.faults_of({"base": ("", ""), "json": ("", ""), module: (links, code)})
        self.assertEqual([expected], found)

    def test_lets_modules_lean_on_lower_layers(self):
        self.assertEqual([], self.faults_of({
            "base": ("", '#include "base/a.hpp"\n#include <string>\n'),
            "git": ("flowship::base PkgConfig::LIBGIT2", "#include <git2/oid.h>\n"),
            "net": ("flowship::base Poco::NetSSL", "#include <Poco/Net/Socket.h>\n"),
            "deploy": ("flowship::git", '#include "base/a.hpp"\n#include "git/a.hpp"\n#include <Poco/JSON/Object.h>\n'),
        }))

    def test_sees_an_include_from_above(self):
        self.assert_one_fault("git", "flowship::base", '  #  include "cli/a.hpp"\n',
                              "git/a.cpp: includes cli/a.hpp: git/ (layer 1) may not depend on cli/ (layer 7)")

    def test_sees_an_include_from_the_same_layer(self):
        self.assert_one_fault("git", "", '#include "json/a.hpp"\n',
                              "git/a.cpp: includes json/a.hpp: git/ (layer 1) may not depend on json/ (layer 1)")

    def test_sees_an_include_that_hides_its_module(self):
        self.assert_one_fault("flow", "", '#include "../json/a.hpp"\n',
                              'flow/a.cpp: includes ../json/a.hpp: ".." is not a module')
        self.assert_one_fault("flow", "", '#include "a.hpp"\n', 'flow/a.cpp: includes a.hpp: "" is not a module')

    def test_sees_a_link_to_above(self):
        self.assert_one_fault("git", "flowship::json", "",
                              "git/CMakeLists.txt: links to flowship::json: "
                              "git/ (layer 1) may not depend on json/ (layer 1)")

    def test_sees_an_include_without_its_link(self):
        self.assert_one_fault("flow", "flowship::base", '#include "json/a.hpp"\n',
                              "flow/a.cpp: includes json/a.hpp: flow/CMakeLists.txt does not link to flowship::json")

    def test_sees_a_library_outside_its_module(self):
        self.assert_one_fault("deploy", "", "#include <git2.h>\n",
                              "deploy/a.cpp: includes git2.h: that is for git/ alone")
        self.assert_one_fault("api", "", "#include <Poco/Net/HTTPRequest.h>\n",
                              "api/a.cpp: includes Poco/Net/HTTPRequest.h: that is for net/ alone")
        self.assert_one_fault("flow", "Poco::NetSSL", "",
                              "flow/CMakeLists.txt: links to Poco::NetSSL: that is for net/ alone")

    def test_sees_a_module_without_a_layer(self):
        self.assert_one_fault("util", "", "", "util/: no layer is listed for this module")


if __name__ == "__main__":
    unittest.main()
