#!/usr/bin/env python3
"""Prints a release's bill of materials, an SPDX 2.3 document in JSON: flowship, each library linked into it, the other
files of the release with the same program, and the Debian packages of the container image.

  packaging/sbom.py VERSION LIBRARIES IMAGE TARBALL FILE…

LIBRARIES is the file share/doc/libraries of packaging/libraries.sh, IMAGE what packaging/image.py prints.

The same input and SOURCE_DATE_EPOCH give the same bytes.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys
import urllib.parse

# As declared upstream, by SPDX's list of licenses; what each file says is in share/doc/flowship/licenses.
LICENSES = {"gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1", "http-parser": "MIT",
            "libgit2": "GPL-2.0-only WITH GCC-exception-2.0", "openssl": "Apache-2.0", "pcre3": "BSD-3-Clause",
            "poco": "BSL-1.0", "zlib": "Zlib"}


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, **members):
    return {"SPDXID": identifier(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION", **members}


def library(name, version):
    """A library by its Debian source package."""
    locator = f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch=source"
    return package(name, version, licenseDeclared=LICENSES.get(name, "NOASSERTION"), supplier="Organization: Debian",
                   externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": locator}])


def installed(name, version, architecture):
    """A Debian package of the image."""
    locator = f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?arch={architecture}"
    return package(f"image-{name}", version, supplier="Organization: Debian",
                   externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": locator}])


def packed(version, file, digest):
    """A file of the release."""
    return package(file.name, version, licenseDeclared="MIT", packageFileName=file.name,
                   primaryPackagePurpose="CONTAINER" if file.name.endswith("-oci.tar") else "APPLICATION",
                   checksums=[{"algorithm": "SHA256", "checksumValue": digest}])


def relation(left, kind, right):
    return {"spdxElementId": left["SPDXID"], "relationshipType": kind, "relatedSpdxElement": right["SPDXID"]}


def digest_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def document(version, libraries, image, tarball, others):
    digest = digest_of(tarball)
    created = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    ours = package("flowship", version, licenseDeclared="MIT", packageFileName=tarball.name,
                   primaryPackagePurpose="APPLICATION",
                   checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    linked = [library(*line.split()) for line in sorted(set(libraries.read_text().splitlines()))]
    files = [packed(version, file, digest_of(file)) for file in others]
    contained = [installed(*line.split()) for line in sorted(set(image.read_text().splitlines()))]
    images = [file for file in files if file["primaryPackagePurpose"] == "CONTAINER"]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": tarball.name.removesuffix(".tar.gz"),
        "documentNamespace": f"https://spdx.org/spdxdocs/flowship-{version}-{digest}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": [f"Tool: flowship-packaging-sbom-{version}"]},
        "documentDescribes": [each["SPDXID"] for each in (ours, *files)],
        "packages": [ours, *linked, *files, *contained],
        "relationships": [
            *(relation({"SPDXID": "SPDXRef-DOCUMENT"}, "DESCRIBES", each) for each in (ours, *files)),
            *(relation(ours, "STATIC_LINK", each) for each in linked),
            *(relation(each, "CONTAINS", ours) for each in files),
            *(relation(each, "CONTAINS", part) for each in images for part in contained)]}


def main():
    version, *files = sys.argv[1:]
    libraries, image, tarball, *others = map(pathlib.Path, files)
    print(json.dumps(document(version, libraries, image, tarball, others), indent=2))


if __name__ == "__main__":
    main()
