"""Signatures of instructions (instruction-1 sections 3 and 7).

The library checks the equations. It is laxer than the text about what a point or a signature may look like, so that is
looked at here first.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .forms import b64u, need, sha256, spell, spelled, to_b64u

ALGORITHMS = {"EC": "ES256", "OKP": "Ed25519", "EIP712": "EIP712"}

P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_K_P = 2**256 - 2**32 - 977
_K_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_K_G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
_E_P, _E_L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_E_D = -121665 * pow(121666, -1, _E_P) % _E_P


def thumb(key: dict[str, Any]) -> str:
    return to_b64u(hashlib.sha256(spelled(key)).digest())


# ---- Ed25519


def _decompress(raw: bytes) -> tuple[int, int] | None:
    """The point that 32 bytes encode in the one canonical way, or None."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _E_P:
        return None
    square = (y * y - 1) * pow(_E_D * y * y + 1, -1, _E_P) % _E_P
    x = pow(square, (_E_P + 3) // 8, _E_P)
    if x * x % _E_P != square:
        x = x * pow(2, (_E_P - 1) // 4, _E_P) % _E_P
    if x * x % _E_P != square or (x == 0 and sign):
        return None
    return (_E_P - x if x & 1 != sign else x), y


def _of_small_order(point: tuple[int, int]) -> bool:
    """Is eight times the point the neutral one?"""
    for _ in range(3):
        x, y = point
        t = _E_D * x * x * y * y
        point = 2 * x * y * pow(1 + t, -1, _E_P) % _E_P, (y * y + x * x) * pow(1 - t, -1, _E_P) % _E_P
    return point == (0, 1)


@lru_cache(maxsize=10_000)
def is_strong_edwards(raw: bytes) -> bool:
    """Is it the canonical encoding of a point that is not of small order?"""
    point = _decompress(raw)
    return point is not None and not _of_small_order(point)


# ---- secp256k1 and Keccak-256, for EIP-712

_ROUNDS = [
    0x1, 0x8082, 0x800000000000808A, 0x8000000080008000, 0x808B, 0x80000001, 0x8000000080008081, 0x8000000000008009,
    0x8A, 0x88, 0x80008009, 0x8000000A, 0x8000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080,
    0x80000001, 0x8000000080008008,
]  # fmt: skip
_TURNS = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]
_MASK = 2**64 - 1


def _turn(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _MASK if by else value


def _permute(lanes: list[list[int]]) -> list[list[int]]:
    for constant in _ROUNDS:
        column = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        mixed = [column[(x - 1) % 5] ^ _turn(column[(x + 1) % 5], 1) for x in range(5)]
        moved = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                moved[y][(2 * x + 3 * y) % 5] = _turn(lanes[x][y] ^ mixed[x], _TURNS[x][y])
        lanes = [[moved[x][y] ^ (~moved[(x + 1) % 5][y] & _MASK & moved[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        lanes[0][0] ^= constant
    return lanes


def keccak256(data: bytes) -> bytes:
    """Keccak with the padding that it had before it became SHA-3."""
    missing = 136 - len(data) % 136
    data += b"\x81" if missing == 1 else b"\x01" + b"\0" * (missing - 2) + b"\x80"
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(data), 136):
        for i in range(17):
            lanes[i % 5][i // 5] ^= int.from_bytes(data[start + 8 * i : start + 8 * i + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lanes[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


_Point = tuple[int, int] | None


def _add(a: _Point, b: _Point) -> _Point:
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % _K_P == 0:
        return None
    slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, _K_P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, _K_P)
    x = (slope * slope - a[0] - b[0]) % _K_P
    return x, (slope * (a[0] - x) - a[1]) % _K_P


def _times(factor: int, point: _Point) -> _Point:
    out: _Point = None
    for bit in bin(factor)[2:]:
        out = _add(out, out)
        if bit == "1":
            out = _add(out, point)
    return out


def recover(digest: bytes, r: int, s: int, v: int) -> str | None:
    """The address whose key made the signature."""
    y = pow(r**3 + 7, (_K_P + 1) // 4, _K_P)
    if y * y % _K_P != (r**3 + 7) % _K_P:
        return None
    point = r, y if y & 1 == v - 27 else _K_P - y
    hashed, inverse = int.from_bytes(digest, "big"), pow(r, -1, _K_N)
    found = _add(_times(s * inverse % _K_N, point), _times(-hashed * inverse % _K_N, _K_G))
    if found is None:
        return None
    return "0x" + keccak256(found[0].to_bytes(32, "big") + found[1].to_bytes(32, "big"))[12:].hex()


def summary(body: dict[str, Any]) -> str:
    parts = []
    for name, value in body.items():
        if isinstance(value, str):
            shown = value
        elif isinstance(value, list):
            shown = f"[{len(value)}]"
        elif isinstance(value, dict):
            shown = "{" + sha256(spelled(value))[:16] + "}"
        else:
            shown = spell(value)
        parts.append(f"{name}={shown}")
    return "; ".join(parts)[:300]


def typed_digest(payload: dict[str, Any], raw: bytes) -> bytes:
    """What an EIP712 key signs."""

    def word(text: str) -> bytes:
        return keccak256(text.encode())

    domain = keccak256(
        word("EIP712Domain(string name,string version,bytes32 salt)") + word("Tallystick") + word("1") + bytes.fromhex(payload["ledger"])
    )
    kind = "Instruction(string act,string agreement,string party,string id,string from,string until,string summary,bytes32 payload)"
    said = [payload["act"], payload.get("agreement", ""), payload["party"], payload["id"], payload["from"], payload["until"]]
    struct = keccak256(word(kind) + b"".join(map(word, said)) + word(summary(payload["body"])) + hashlib.sha256(raw).digest())
    return keccak256(b"\x19\x01" + domain + struct)


# ---- all of them


@lru_cache(maxsize=10_000)
def _p256(x: str, y: str) -> ec.EllipticCurvePublicKey:
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(b64u(x), "big"), int.from_bytes(b64u(y), "big"), ec.SECP256R1())
    return numbers.public_key()


def is_weak(key: dict[str, Any]) -> bool:
    if key["kty"] == "EIP712":
        return int(key["address"], 16) == 0
    if key["kty"] == "OKP":
        return not is_strong_edwards(b64u(key["x"]))
    try:
        _p256(key["x"], key["y"])
        return False
    except ValueError:
        return True


def check_form(algorithm: str, signature: bytes) -> None:
    need(len(signature) == (65 if algorithm == "EIP712" else 64), "signature_form")
    if algorithm == "Ed25519":
        return
    order = _K_N if algorithm == "EIP712" else P256_N
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    need(1 <= r < order and 1 <= s < order, "signature_form")
    need(algorithm != "EIP712" or signature[64] in (27, 28), "signature_form")
    need(s <= order // 2, "signature_high_s")


def holds_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Strict: S < L, canonical points, neither of small order, and then the library's equation."""
    if int.from_bytes(signature[32:], "little") >= _E_L or not is_strong_edwards(public):
        return False
    point = _decompress(signature[:32])
    if point is None or _of_small_order(point):
        return False
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def holds(key: dict[str, Any], signature: bytes, message: bytes, payload: dict[str, Any], raw: bytes) -> bool:
    """Is it the key's signature? Its form was checked."""
    try:
        if key["kty"] == "EC":
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            _p256(key["x"], key["y"]).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
            return True
        if key["kty"] == "OKP":
            return holds_ed25519(b64u(key["x"]), signature, message)
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
        return recover(typed_digest(payload, raw), r, s, signature[64]) == key["address"]
    except (InvalidSignature, ValueError):
        return False
