"""A certificate for 127.0.0.1 that nobody but the test trusts."""
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate and its key, as PEM files."""
    path: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        folder.mkdir(parents=True)
        made = cls(folder / "certificate.pem", folder / "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=kinodock", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", made.key, "-out", made.path], check=True, capture_output=True)
        return made

    def trust(self) -> ssl.SSLContext:
        """What a client needs to accept this certificate and no other."""
        return ssl.create_default_context(cafile=self.path)
