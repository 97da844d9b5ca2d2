#!/usr/bin/env python3
"""Makes a container image: the program, the user's git, the ssh client and the CA certificates, from Debian's packages.

  packaging/image.py VERSION TREE FOLDER

writes FOLDER/flowship-VERSION-oci.tar, an OCI image layout that `docker load`, `podman load` and
`skopeo copy oci-archive:…` read, and prints the Debian packages that are in it. TREE has bin/flowship. No container
engine is needed, nor root: the files of the packages are copied, their scripts don't run.

The same tree, the same packages and the same SOURCE_DATE_EPOCH give the same bytes.
"""
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

WANTED = ("ca-certificates", "dash", "git", "openssh-client")
# What the packages above depend on for their scripts, or for commands that flowship does not run: accounts, manual
# pages, and the parts of git that are written in Perl.
LEFT_OUT = ("adduser", "debconf", "debianutils", "dpkg", "git-man", "install-info", "libacl1", "libaudit-common",
            "libaudit1", "libbz2-1.0", "libcap-ng0", "libcrypt1", "libdb5.3", "libdebconfclient0", "liberror-perl",
            "libgdbm-compat4", "libgdbm6", "liblzma5", "libpam-modules", "libpam-modules-bin", "libpam-runtime",
            "libpam0g", "libperl5.36", "libsasl2-modules-db", "libsemanage-common", "libsemanage2", "libsepol2", "openssl", "passwd", "perl",
            "perl-base", "perl-modules-5.36", "tar")
UNWANTED = ("usr/share/bash-completion/", "usr/share/info/", "usr/share/lintian/", "usr/share/locale/", "usr/share/man/",
            "usr/share/bug/", "usr/share/gitweb/", "usr/share/perl", "usr/lib/systemd/", "usr/lib/openssh/ssh-keysign/",
            "etc/apparmor.d/")
MERGED = ("bin", "lib", "lib64", "sbin")
USER = 10001
HOME = "var/lib/flowship"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def download(folder):
    """The packages, as files; their dependencies are judged as on a system that has nothing."""
    for name in ("archives/partial", "lists"):
        (folder / name).mkdir(parents=True)
    subprocess.run(["apt-get", "-qq", "--yes", "--download-only", "--no-install-recommends", "-o", f"Dir::Cache={folder}",
                    "-o", "Dir::State::status=/dev/null", "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1",
                    "-o", "APT::Keep-Downloaded-Packages=1", "install", *WANTED], check=True, stdout=sys.stderr)
    return sorted((folder / "archives").glob("*.deb"))


def control(package):
    """The control file, and the fields that name a package."""
    text = subprocess.run(["dpkg-deb", "--field", package], check=True, capture_output=True, text=True).stdout
    fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and not line.startswith(" "))
    return text, fields["Package"], fields["Version"], fields["Architecture"]


class Layer:
    """The files of the image, by path; later ones replace earlier ones."""

    def __init__(self, epoch):
        self.epoch = epoch
        self.members = {}

    def add(self, name, content=None, mode=0o644, link=None, owner=0):
        """A file, a symbolic link, or a folder if there is neither content nor link; the folders above it too."""
        member = tarfile.TarInfo(name)
        member.type = tarfile.SYMTYPE if link else tarfile.DIRTYPE if content is None else tarfile.REGTYPE
        member.linkname = link or ""
        member.mode = 0o777 if link else mode
        member.uid = member.gid = owner
        member.size = len(content or b"")
        self.put(member, content)

    def put(self, member, content):
        member.mtime = self.epoch
        member.uname = member.gname = ""
        member.pax_headers = {}
        parent = os.path.dirname(member.name)
        if parent and parent not in self.members:
            self.add(parent, mode=0o755)
        self.members[member.name] = (member, content)

    def add_package(self, package):
        files = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(files)) as archive:
            for member in archive:
                name = placed(member.name)
                if name in ("", *MERGED) or unwanted(name):
                    continue
                if member.isdir() and name in self.members:
                    continue
                content = archive.extractfile(member).read() if member.isreg() else None
                member.name = name
                member.linkname = placed(member.linkname) if member.islnk() else member.linkname
                self.put(member, content)

    def text(self, name):
        return self.members[name][1]

    def archive(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
            # Hard links after what they link to.
            for name in sorted(self.members, key=lambda each: (self.members[each][0].islnk(), each)):
                member, content = self.members[name]
                archive.addfile(member, io.BytesIO(content) if content is not None else None)
        return out.getvalue()


def placed(name):
    """Where a file lies on a system whose /bin, /lib and /sbin are in /usr."""
    name = name.removeprefix("./").strip("/")
    return f"usr/{name}" if name.split("/")[0] in MERGED else name


def unwanted(name):
    if name.startswith("usr/share/doc/"):
        return not name.endswith("/copyright") and name.count("/") > 3
    return f"{name}/".startswith(UNWANTED)


def layer(tree, packages, epoch):
    made = Layer(epoch)
    for name in MERGED:
        made.add(name, link=f"usr/{name}")
    for package, text, name in packages:
        made.add_package(package)
        # Where scanners look for the packages of images that have no package manager.
        made.add(f"var/lib/dpkg/status.d/{name}", text.encode())
    certificates = sorted(name for name in made.members if name.startswith("usr/share/ca-certificates/mozilla/") and
                          name.endswith(".crt"))
    made.add("etc/ssl/certs/ca-certificates.crt", b"".join(made.text(name) for name in certificates))
    made.add("usr/bin/sh", link="dash")
    made.add("etc/passwd", f"root:x:0:0:root:/root:/bin/sh\nflowship:x:{USER}:{USER}::/{HOME}:/bin/sh\n".encode())
    made.add("etc/group", f"root:x:0:\nflowship:x:{USER}:\n".encode())
    made.add("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    made.add("root", mode=0o700)
    made.add("tmp", mode=0o1777)
    made.add(HOME, mode=0o700, owner=USER)
    for file in sorted(tree.rglob("*")):
        name = f"usr/{file.relative_to(tree)}"
        if file.is_file() and not unwanted(name):
            made.add(name, file.read_bytes(), mode=0o755 if os.access(file, os.X_OK) else 0o644)
    return made.archive()


def configuration(version, digest, created):
    """The image's configuration; as which user it runs, and what."""
    return {
        "created": created, "architecture": ARCHITECTURES[os.uname().machine], "os": "linux",
        "config": {"User": f"{USER}:{USER}", "Entrypoint": ["flowship"],
                   "Cmd": ["serve", "--config", "/etc/flowship/flowshipd.json", "--log-format", "json"],
                   "Env": ["PATH=/usr/bin", f"HOME=/{HOME}", "LC_ALL=C.UTF-8"], "WorkingDir": f"/{HOME}",
                   "Volumes": {f"/{HOME}": {}}, "ExposedPorts": {"8642/tcp": {}},
                   "Labels": {"org.opencontainers.image.title": "flowship",
                              "org.opencontainers.image.version": version,
                              "org.opencontainers.image.licenses": "MIT"}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [{"created": created, "created_by": "packaging/image.py"}]}


def layout(version, files, epoch):
    """The files of an OCI layout, by name; manifest.json is for `docker load`."""
    compressed = gzip.compress(files, mtime=0)
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    result = {"oci-layout": as_json({"imageLayoutVersion": "1.0.0"})}

    def blob(media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        result[f"blobs/sha256/{digest}"] = content
        return {"mediaType": f"application/vnd.oci.image.{media_type}", "digest": f"sha256:{digest}",
                "size": len(content)}

    layers = blob("layer.v1.tar+gzip", compressed)
    config = blob("config.v1+json", as_json(configuration(version, hashlib.sha256(files).hexdigest(), created)))
    manifest = blob("manifest.v1+json", as_json({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
        "layers": [layers]}))
    tag = {"annotations": {"org.opencontainers.image.ref.name": version, "io.containerd.image.name": f"flowship:{version}"}}
    result["index.json"] = as_json({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                                    "manifests": [{**manifest, **tag}]})
    place = "blobs/sha256/"
    result["manifest.json"] = as_json([{"Config": place + config["digest"].split(":")[1],
                                        "RepoTags": [f"flowship:{version}"],
                                        "Layers": [place + layers["digest"].split(":")[1]]}])
    return result


def as_json(value):
    return json.dumps(value, sort_keys=True).encode()


def main():
    version, tree, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    packages = []
    with tempfile.TemporaryDirectory() as place:
        for package in download(pathlib.Path(place)):
            text, name, number, architecture = control(package)
            if name not in LEFT_OUT:
                packages.append((package, text, name))
                print(name, number, architecture)
        files = layer(tree, packages, epoch)
    outer = Layer(epoch)
    for name, content in layout(version, files, epoch).items():
        outer.add(name, content)
    (folder / f"flowship-{version}-oci.tar").write_bytes(outer.archive())


if __name__ == "__main__":
    main()
