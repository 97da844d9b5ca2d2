#!/usr/bin/env python3
"""Prints a release's bill of materials, an SPDX 2.3 document in JSON: flowship, and each library linked into it.

  packaging/sbom.py VERSION LIBRARIES TARBALL     LIBRARIES is the file share/doc/libraries of packaging/libraries.sh

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


def document(version, libraries, tarball):
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    created = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    ours = package("flowship", version, licenseDeclared="MIT", packageFileName=tarball.name,
                   primaryPackagePurpose="APPLICATION",
                   checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    linked = [library(*line.split()) for line in sorted(set(libraries.read_text().splitlines()))]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": tarball.name.removesuffix(".tar.gz"),
        "documentNamespace": f"https://spdx.org/spdxdocs/flowship-{version}-{digest}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": [f"Tool: flowship-packaging-sbom-{version}"]},
        "documentDescribes": [ours["SPDXID"]],
        "packages": [ours, *linked],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": ours["SPDXID"]},
            *({"spdxElementId": ours["SPDXID"], "relationshipType": "STATIC_LINK", "relatedSpdxElement": each["SPDXID"]}
              for each in linked)]}


def main():
    version, libraries, tarball = sys.argv[1:]
    print(json.dumps(document(version, pathlib.Path(libraries), pathlib.Path(tarball)), indent=2))


if __name__ == "__main__":
    main()
