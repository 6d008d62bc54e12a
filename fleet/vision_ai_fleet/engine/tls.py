"""A certificate authority of the center's own, and its server's certificate."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vision_ai import InvalidInputError

from .home import write_private

CA_LIFE = timedelta(days=3650)
LIFE = timedelta(days=730)
RENEW_BEFORE = timedelta(days=60)
"""A center that starts within this time of its certificate's end makes a new one."""
BACKDATE = timedelta(hours=25)
"""A scale whose clock is behind accepts a new certificate."""


@dataclass(frozen=True)
class Certificates:
    """The PEM files that a server uses. `ca` is what its clients trust; None: their system's authorities."""

    certificate: Path
    key: Path
    ca: Path | None

    @property
    def ca_text(self) -> str:
        return self.ca.read_text(encoding="utf-8") if self.ca else ""


def make_certificates(folder: Path, names: Sequence[str]) -> Certificates:
    """Make what is missing: the authority, and a certificate for these names that is valid long enough.

    Args:
        folder: Where the files are kept; the keys are readable by their owner alone.
        names: Host names and addresses. This computer's own are added.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = Certificates(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    authority_key = folder / "ca.key"
    assert files.ca is not None
    if not (files.ca.exists() and authority_key.exists()):
        key = ec.generate_private_key(ec.SECP256R1())
        write_private(authority_key, _format_key(key))
        write_private(files.ca, _sign_authority(key).public_bytes(serialization.Encoding.PEM))
        files.certificate.unlink(missing_ok=True)
    wanted = list(dict.fromkeys([*names, "127.0.0.1", "::1", "localhost", socket.gethostname()]))
    if not _is_usable(files, wanted):
        authority = x509.load_pem_x509_certificate(files.ca.read_bytes())
        signer = serialization.load_pem_private_key(authority_key.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        write_private(files.key, _format_key(key))
        certificate = _sign_server(key, wanted, authority, signer)
        write_private(files.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    return files


def check_certificates(files: Certificates) -> None:
    """Refuse given files that a server could not use.

    Raises:
        InvalidInputError: one is missing or damaged, or they do not belong together.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files.certificate, files.key)
        if files.ca is not None:
            ssl.create_default_context(cadata=files.ca_text)
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            f"the certificate {files.certificate} and the key {files.key} cannot be used: {error}"
        ) from None


def get_expiry(certificate: Path) -> datetime:
    """Return until when a certificate is valid."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def get_fingerprint(pem: str) -> str:
    """Return the SHA-256 fingerprint of a certificate, as hexadecimal digits."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN") :].strip())).hexdigest()


def _is_usable(files: Certificates, names: Sequence[str]) -> bool:
    assert files.ca is not None
    with suppress(OSError, ValueError, x509.ExtensionNotFound):
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        authority = x509.load_pem_x509_certificate(files.ca.read_bytes())
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        certificate.verify_directly_issued_by(authority)
        return (
            key.public_key() == certificate.public_key()
            and certificate.not_valid_after_utc - datetime.now(UTC) > RENEW_BEFORE
            and set(map(_make_name, names)) <= set(alternatives)
        )
    return False


def _sign_authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "VISION-AI fleet")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_make_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _sign_server(
    key: ec.EllipticCurvePrivateKey,
    names: Sequence[str],
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    end = min(now + LIFE, authority.not_valid_after_utc)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATE)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(list(map(_make_name, names))), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_make_usage(is_authority=False), critical=True)
        # Servers of a cluster are clients of one another.
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )


def _make_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _make_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _format_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
