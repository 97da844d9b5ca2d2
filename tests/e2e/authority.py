"""A certificate authority of a test's own, and the certificates that it issues."""

import pathlib
import subprocess

import harness


def openssl(*arguments):
    subprocess.run([harness.program("openssl", "openssl"), *map(str, arguments)], check=True, capture_output=True,
                   timeout=harness.PATIENCE)


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.certificate = self.folder / "authority.pem"
        openssl("req", "-x509", *self.new_key("authority"), "-out", self.certificate, "-days", 2, "-subj", "/CN=Test")

    def new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}.key")

    def issue(self, name, alternative_name, days=2):
        """A server's certificate and its key."""
        request, extension = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        certificate = self.folder / f"{name}.pem"
        openssl("req", "-new", *self.new_key(name), "-out", request, "-subj", "/CN=server")
        extension.write_text(f"subjectAltName={alternative_name}\n")
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / "authority.key",
                "-CAcreateserial", "-out", certificate, "-days", days, "-extfile", extension)
        return certificate, self.folder / f"{name}.key"
