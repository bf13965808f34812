"""The trust file: what an auditor obtained elsewhere (pack-1 section 5)."""

from __future__ import annotations

import re
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .certificates import load
from .forms import BIG, is_hash, is_member, need, read_json
from .notes import NOTE, NoteKey, Policy, read_policy, read_vkey

MAX_TRUST, MAX_POLICY = 2**20, 2**19
_MEMBERS = {"trust", "ledger", "members"}
_OPTIONAL = {"endorse", "policy", "heads", "older", "engines", "anchors", "note"}


class Member:
    """A member's certificate authorities, for the blocks from `first` to `last`, both included."""

    def __init__(self, stated: dict[str, Any]) -> None:
        need(isinstance(stated, dict) and {"member", "ca"} <= set(stated) <= {"member", "ca", "from", "until"}, "form", "members")
        need(is_member(stated["member"]), "form", "member")
        self.name: str = stated["member"]
        self.first = _block(stated.get("from", 0))
        self.last = _block(stated.get("until", BIG))
        need(self.first <= self.last, "form", f"{self.name}: from is behind until")
        need(isinstance(stated["ca"], list) and 1 <= len(stated["ca"]) <= 16, "form", "ca")
        self.authorities = [_certificate(one) for one in stated["ca"]]

    def at(self, block: int) -> bool:
        return self.first <= block <= self.last


def _block(value: Any) -> int:
    need(_is_count(value, 0), "form", "a block")
    return value


def _certificate(pem: Any) -> x509.Certificate:
    need(isinstance(pem, str), "form", "a certificate")
    certificate = load(pem.strip().replace("\r\n", "\n").encode())
    need(certificate is not None, "form", "a certificate cannot be read, or has a key of another kind")
    return certificate


def _is_anchor(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"block", "chain", "hash"} <= set(value) <= {"block", "chain", "contract", "hash"}
        and _is_count(value["block"], 0)
        and _is_count(value["chain"], 1)
        and _is(value["hash"], "0x[0-9a-f]{64}")
        and _is(value.get("contract", "0x" + 40 * "0"), "0x[0-9a-f]{40}")
    )


def _is_count(value: Any, least: int) -> bool:
    return type(value) is int and least <= value <= BIG


def _is(value: Any, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


class Trust:
    """A trust file whose form holds."""

    def __init__(self, raw: bytes) -> None:
        need(len(raw) <= MAX_TRUST, "too_large", "the trust file is longer than 1 MiB")
        need(raw.endswith(b"\n"), "form", "no LF at its end")
        value = read_json(raw[:-1])
        need(isinstance(value, dict) and _MEMBERS <= set(value) <= _MEMBERS | _OPTIONAL, "form", "a member is missing or unknown")
        need(value["trust"] == "1", "version_unknown", "the version of the trust file is not 1")
        need(is_hash(value["ledger"]), "form", "ledger")
        self.ledger: str = value["ledger"]
        need(isinstance(value["members"], list) and 1 <= len(value["members"]) <= 1000, "form", "members")
        self.members = [Member(one) for one in value["members"]]
        self._check_members()
        self._need = self._read_need(value.get("endorse", {"majority": True}))
        self.older = value.get("older")
        need(self.older is None or (isinstance(self.older, dict) and set(self.older) == {"root", "size"}), "form", "older")
        need(self.older is None or (is_hash(self.older["root"]) and _is_count(self.older["size"], 1)), "form", "older")
        engines = value.get("engines")
        need(engines is None or (isinstance(engines, list) and engines), "form", "engines")
        for one in engines or []:
            need(isinstance(one, str) and re.fullmatch("terms-1/[1-9][0-9]{0,5}", one), "form", "engines")
        need(all(one < two for one, two in zip(engines or [], (engines or [])[1:])), "form", "engines are not in order")
        self.engines: list[str] | None = engines
        self.policy = self._read_policy(value.get("policy"))
        self.heads: dict[str, Any] | None = value.get("heads")
        self.head_keys = self._read_heads()
        anchors = value.get("anchors", [{"block": 0, "chain": 1, "hash": "0x" + 64 * "0"}])
        need(isinstance(anchors, list) and anchors and all(map(_is_anchor, anchors)), "form", "anchors")
        need("note" not in value or _is(value["note"], r"[^\x00-\x09\x0b-\x1f]{1,1000}"), "form", "note")

    def _check_members(self) -> None:
        """Sorted; twice only for blocks that are not the same; and no authority for two members."""
        keys: dict[bytes, str] = {}
        for one, following in zip(self.members, self.members[1:]):
            need(one.name <= following.name, "form", "members are not in order")
        for index, one in enumerate(self.members):
            for other in self.members[index + 1 :]:
                need(one.name != other.name or one.last < other.first or other.last < one.first, "form", f"{one.name} is there twice")
            for authority in one.authorities:
                need(keys.setdefault(_key_of(authority), one.name) == one.name, "form", "two members have one key")

    def _read_need(self, value: Any) -> int | None:
        if value == {"majority": True}:
            return None
        need(isinstance(value, dict) and set(value) == {"need"} and type(value["need"]) is int and 1 <= value["need"] <= 1000, "form", "endorse")
        need(value["need"] <= len(self.names()), "form", "endorse: more are needed than there are members")
        return value["need"]

    def _read_policy(self, text: Any) -> Policy | None:
        if text is None:
            return None
        need(isinstance(text, str) and 1 <= len(text) <= MAX_POLICY, "form", "policy")
        policy = read_policy(text)
        need(policy.logs and all(key.name == f"tallystick/{self.ledger}" for key in policy.logs), "form", "policy: a log of another origin")
        return policy

    def _read_heads(self) -> list[NoteKey]:
        heads = self.heads
        if heads is None:
            return []
        need(isinstance(heads, dict) and set(heads) == {"need", "keys"}, "form", "heads")
        need(isinstance(heads["keys"], list) and 1 <= len(heads["keys"]) <= 1000, "form", "heads")
        need(type(heads["need"]) is int and 1 <= heads["need"], "form", "heads")
        keys = []
        for text in heads["keys"]:
            need(isinstance(text, str), "form", "heads")
        need(all(one < two for one, two in zip(heads["keys"], heads["keys"][1:])), "form", "heads: keys are not in order")
        for text in heads["keys"]:
            keys.append(read_vkey(text))
            need(keys[-1].kind == NOTE and keys[-1].name.endswith("/head"), "form", "heads: a key of another kind")
        # Two members with one key would be one that is counted twice.
        owners: dict[bytes, str] = {}
        for key in keys:
            need(owners.setdefault(key.key, key.name) == key.name, "form", "heads: two members have one key")
        need(heads["need"] <= len({key.name for key in keys}), "form", "heads: more are needed than there are")
        return keys

    def names(self) -> list[str]:
        return sorted({one.name for one in self.members})

    def at(self, block: int) -> dict[str, Member]:
        return {one.name: one for one in self.members if one.at(block)}

    def need_at(self, block: int) -> int:
        """How many members must endorse a transaction of that block."""
        return len(self.at(block)) // 2 + 1 if self._need is None else self._need


def _key_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
