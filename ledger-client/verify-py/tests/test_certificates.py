"""Certificates that somebody changed: a refusal, and never an exception."""

import base64
import datetime
import unittest
import warnings

import _path  # noqa: F401
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID
from tallyverify.certificates import Authorities

BEGIN = datetime.datetime(2026, 1, 1)
AT = int(datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc).timestamp())
MESSAGE = b"a message"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "peer")])


def usage(*, signs, issues):
    return x509.KeyUsage(signs, False, False, False, False, issues, False, False, False)


def certificate(subject, key, issuer, *extensions):
    builder = x509.CertificateBuilder(name("authority"), name(subject), key.public_key(), 77, BEGIN, BEGIN.replace(year=2036))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=not isinstance(extension, x509.SubjectAlternativeName))
    return builder.sign(issuer, hashes.SHA256())


def identity(der):
    lines = base64.encodebytes(der).decode().replace("\n", "")
    pem = "\n".join(lines[i : i + 64] for i in range(0, len(lines), 64))
    text = f"-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n".encode()
    # Two fields of bytes, the second longer than 127.
    return b"\x0a\x05north\x12" + bytes([len(text) & 127 | 128, len(text) >> 7]) + text


class ChangedCertificates(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        self.addCleanup(warnings.resetwarnings)
        issuer, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        authority = certificate("authority", issuer, issuer, x509.BasicConstraints(True, None), usage(signs=False, issues=True))
        self.der = certificate(
            "peer0",
            key,
            issuer,
            x509.BasicConstraints(False, None),
            usage(signs=True, issues=False),
            x509.SubjectAlternativeName([x509.DNSName("localhost")]),
        ).public_bytes(Encoding.DER)
        self.authority = authority
        r, s = decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(hashes.SHA256())))
        self.signature = encode_dss_signature(r, min(s, ORDER - s))

    def fault(self, der):
        authorities = Authorities({"north": [self.authority]}, {}, {})
        raw = identity(der)
        authorities.is_peer(raw)
        authorities.is_admin(raw)
        return authorities.fault(raw, MESSAGE, self.signature, AT)

    def test_the_certificate_as_it_is_signs(self):
        self.assertIsNone(self.fault(self.der))

    def test_each_octet_changed_is_refused_without_an_exception(self):
        for place in range(len(self.der)):
            for other in (1, 2, 7, 32, 128):
                changed = bytearray(self.der)
                changed[place] ^= other
                with self.subTest(place=place, other=other):
                    self.assertIsNotNone(self.fault(bytes(changed)))


if __name__ == "__main__":
    unittest.main()
