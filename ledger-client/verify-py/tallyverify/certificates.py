"""Whose signature it is: certificates under the authorities of the trust file (pack-1 section 7)."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from .forms import Fault
from .wire import read_message

CHAIN = 5

# What the library raises for octets that are no certificate or no list; not all of it is a ValueError.
UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
NODE_ROLES = {"admin", "client", "orderer", "peer"}
FABRIC_ATTRIBUTES = x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1")
_ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_UNDERSTOOD = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE, ExtensionOID.SUBJECT_ALTERNATIVE_NAME}


# PEM in the one spelling that Fabric's tools write; other text around it would be bytes that nobody signed.
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?")


def load(pem: bytes) -> x509.Certificate | None:
    """A certificate with a key on P-256 or P-384, or None."""
    try:
        if not _PEM.fullmatch(pem):
            return None
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
        certificate.extensions  # that it can be read is asked here once
        raw = certificate.public_bytes(Encoding.DER)
    except UNREADABLE:
        return None
    # How many bits of a signature's last octet do not count: nobody signed that, and it is none.
    whole = raw[-len(certificate.signature) - 1] == 0
    good = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, (ec.SECP256R1, ec.SECP384R1))
    return certificate if good and whole else None


def _extension(certificate: x509.Certificate, kind: type) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _issued(issuer: x509.Certificate, certificate: x509.Certificate, below: int, revoked: list[x509.CertificateRevocationList]) -> bool:
    """Did this authority sign the certificate, and may it, with so many certificates below that one?"""
    constraints, usage = _extension(issuer, x509.BasicConstraints), _extension(issuer, x509.KeyUsage)
    if constraints is None or not constraints.ca or usage is None or not usage.key_cert_sign:
        return False
    if constraints.path_length is not None and constraints.path_length < below:
        return False
    try:
        if not isinstance(certificate.signature_hash_algorithm, _HASHES):
            return False
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return not any(_revokes(one, issuer, certificate) for one in revoked)


def _revokes(one: x509.CertificateRevocationList, issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        return (
            one.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
            and one.issuer == issuer.subject
            and one.is_signature_valid(issuer.public_key())
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False  # a list that cannot be checked revokes nothing


class Authorities:
    """The authorities of each member at one height: those that are trusted, and what the configuration adds to them."""

    def __init__(
        self,
        roots: dict[str, list[x509.Certificate]],
        between: dict[str, list[x509.Certificate]],
        revoked: dict[str, list[x509.CertificateRevocationList]],
    ) -> None:
        self.roots = roots
        self._between = between
        self._revoked = revoked
        self._known: dict[bytes, tuple[str, x509.Certificate | None, str]] = {}

    def identity(self, raw: bytes) -> tuple[str, x509.Certificate | None, str]:
        """The member of a Fabric identity, its certificate if the member vouches for it, else why not."""
        if raw not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[raw] = self._vouch(raw)
        return self._known[raw]

    def _vouch(self, raw: bytes) -> tuple[str, x509.Certificate | None, str]:
        try:
            message = read_message(raw, (), (1, 2))
            member = message.text(1)
        except Fault:
            return "", None, "not an identity"
        if member not in self.roots:
            return member, None, f"{member} is no member that is trusted here"
        certificate = load(message.bytes(2))
        if certificate is None:
            return member, None, "not a certificate with a key on P-256 or P-384"
        constraints, usage = _extension(certificate, x509.BasicConstraints), _extension(certificate, x509.KeyUsage)
        if (constraints is not None and constraints.ca) or (usage is not None and not usage.digital_signature):
            return member, None, f"the certificate of {member} is not for signing"
        if any(one.critical and one.oid not in _UNDERSTOOD for one in certificate.extensions):
            return member, None, f"the certificate of {member} has a critical extension unknown here"
        if not self._leads(member, certificate, 1):
            return member, None, f"no authority of {member} vouches for the certificate"
        return member, certificate, ""

    def _leads(self, member: str, certificate: x509.Certificate, length: int) -> bool:
        if length >= CHAIN:
            return False
        revoked = self._revoked.get(member, [])
        if any(_issued(root, certificate, length - 1, revoked) for root in self.roots[member]):
            return True
        return any(
            _issued(one, certificate, length - 1, revoked) and self._leads(member, one, length + 1) for one in self._between.get(member, [])
        )

    def fault(self, raw: bytes, message: bytes, signature: bytes, at: int) -> str | None:
        """Why this identity did not sign this at that time, or None if it did."""
        member, certificate, why = self.identity(raw)
        if certificate is None:
            return why
        # A transaction's time is in whole seconds, rounded down.
        first, last = certificate.not_valid_before_utc.timestamp(), certificate.not_valid_after_utc.timestamp()
        if at + 1 < first or at > last:
            return f"the certificate of {member} is not valid at {datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        key = certificate.public_key()
        try:
            # Fabric takes the smaller one of the two good values of s, and so do we.
            if decode_dss_signature(signature)[1] > _ORDERS[key.curve.name] // 2:
                raise ValueError("high s")
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return f"the signature is not that of the certificate of {member}"
        return None

    def is_peer(self, raw: bytes) -> bool:
        """Does the certificate name the role of a peer, and no other?"""
        certificate = self.identity(raw)[1]
        if certificate is None:
            return False
        units = {one.value for one in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)}
        return units & NODE_ROLES == {"peer"}

    def is_admin(self, raw: bytes) -> bool:
        """Does the certificate have the attribute `tallystick.admin` = `true`? Whether the member vouches for it is asked elsewhere."""
        try:
            certificate = load(read_message(raw, (), (1, 2)).bytes(2))
            if certificate is None:
                return False
            value = certificate.extensions.get_extension_for_oid(FABRIC_ATTRIBUTES).value
            return json.loads(value.value.decode("utf-8"))["attrs"]["tallystick.admin"] == "true"
        except (Fault, x509.ExtensionNotFound, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False
