"""A release's bill of materials is a valid SPDX 2.3 document, the same for the same input."""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
LIBRARIES = {"libgit2": "1.5.1+ds-1+deb12u1", "poco": "1.11.0-3", "openssl": "3.0.19-1~deb12u2", "zlib": "1:1.2.13.dfsg-1",
             "pcre3": "2:8.39-15", "http-parser": "2.9.4-5", "gcc-12": "12.2.0-14"}


def faults(document):
    """What SPDX 2.3 requires of a document and is not there; see its clauses 6, 7 and 11."""
    for name, pattern in (("spdxVersion", "SPDX-2[.]3"), ("dataLicense", "CC0-1[.]0"), ("SPDXID", "SPDXRef-DOCUMENT"),
                          ("name", ".+"), ("documentNamespace", "https://[^#]+")):
        if not re.fullmatch(pattern, document.get(name, "")):
            yield name
    info = document["creationInfo"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", info["created"]):
        yield "created"
    if not info["creators"] or not all(re.match("(Tool|Organization|Person): .", each) for each in info["creators"]):
        yield "creators"
    known = {"SPDXRef-DOCUMENT"}
    for package in document["packages"]:
        if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]) or package["SPDXID"] in known:
            yield f"id {package['SPDXID']}"
        known.add(package["SPDXID"])
        for name in ("name", "versionInfo", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText"):
            if not package.get(name):
                yield f"{name} of {package['SPDXID']}"
        if package["filesAnalyzed"] is not False:
            yield "analysed files need a verification code"
        for reference in package.get("externalRefs", []):
            if not re.fullmatch(r"pkg:deb/debian/[^@]+@[A-Za-z0-9.%~+_-]+[?]arch=(source|all|amd64)", reference["referenceLocator"]):
                yield reference["referenceLocator"]
    for relation in document["relationships"]:
        if not {relation["spdxElementId"], relation["relatedSpdxElement"]} <= known:
            yield f"relation {relation}"
    if not set(document["documentDescribes"]) <= known:
        yield "documentDescribes"


class BillOfMaterials(unittest.TestCase):
    def made(self):
        with tempfile.TemporaryDirectory(prefix="flowship-sbom-") as name:
            folder = pathlib.Path(name)
            (folder / "libraries").write_text("".join(f"{name} {version}\n" for name, version in LIBRARIES.items()))
            (folder / "image").write_text("git 1:2.39.5-0+deb12u3 amd64\nca-certificates 20250419~deb12u2 all\n")
            names = ("flowship-0.1.0-linux-x86_64.tar.gz", "flowship_0.1.0_amd64.deb", "flowship-0.1.0-npm.tgz",
                     "flowship-0.1.0-oci.tar")
            for name in names:
                (folder / name).write_text(name)
            return subprocess.run(
                [sys.executable, "-B", ROOT / "packaging/sbom.py", "0.1.0", folder / "libraries", folder / "image",
                 *(folder / name for name in names)], env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
                check=True, capture_output=True, text=True).stdout

    def test_is_valid_and_the_same_each_time(self):
        text = self.made()
        self.assertEqual(text, self.made())
        self.assertEqual(list(faults(json.loads(text))), [])

    def test_lists_flowship_and_each_library_with_its_version(self):
        document = json.loads(self.made())
        versions = {package["name"]: package["versionInfo"] for package in document["packages"]}
        self.assertLessEqual({"flowship": "0.1.0", **LIBRARIES}.items(), versions.items())
        linked = [each for each in document["relationships"] if each["relationshipType"] == "STATIC_LINK"]
        self.assertEqual(len(linked), len(LIBRARIES))
        [checksum] = document["packages"][0]["checksums"]
        self.assertEqual(checksum["checksumValue"], hashlib.sha256(b"flowship-0.1.0-linux-x86_64.tar.gz").hexdigest())

    def test_lists_the_other_files_and_what_the_image_contains(self):
        document = json.loads(self.made())
        names = {package["SPDXID"]: package["name"] for package in document["packages"]}
        described = {names[each] for each in document["documentDescribes"]}
        self.assertEqual(described, {"flowship", "flowship_0.1.0_amd64.deb", "flowship-0.1.0-npm.tgz",
                                     "flowship-0.1.0-oci.tar"})
        contained = {names[each["relatedSpdxElement"]] for each in document["relationships"]
                     if names.get(each["spdxElementId"]) == "flowship-0.1.0-oci.tar"}
        self.assertEqual(contained, {"flowship", "image-git", "image-ca-certificates"})

    def test_the_check_finds_what_is_wrong(self):
        document = json.loads(self.made())
        document["packages"][1]["SPDXID"] = "SPDXRef-a_b"
        document["creationInfo"]["created"] = "yesterday"
        self.assertGreaterEqual(len(list(faults(document))), 3)


if __name__ == "__main__":
    unittest.main()
