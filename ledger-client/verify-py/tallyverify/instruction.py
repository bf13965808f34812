"""The envelope of an instruction and its payload: steps 1 and 2 of instruction-1 section 5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from . import signing
from .forms import DAY, MEMBER, PARTY, b64u, is_time, need, read_json, seconds, sha256, spelled, ulid_millis
from .schema import Schema

LARGE, SMALL = 256 * 1024, 16 * 1024
ENVELOPE = 24 * 1024 + LARGE * 4 // 3
LARGE_ACTS = {"offer", "counter", "amend", "report", "attest", "contradict"}
REGISTRY = {
    "register-registrar", "log-key", "enroll", "rehost", "recovery-set", "key-add", "key-rotate", "key-revoke", "key-compromised",
    "key-recover", "payout-address", "trial-clock",
}  # fmt: skip
AGREEMENT_ACTS = {
    "offer": "sign", "counter": "sign", "accept": "sign", "decline": "sign", "withdraw": "sign", "amend": "sign", "motion": "sign",
    "vote": "decide", "execute": "decide", "notice": "sign",
    "report": "report", "attest": "report", "contradict": "report", "declare": "report", "take-back": "report", "seal": "report",
    "claim": "report", "claim-answer": "report", "close": "report", "adjust": "sign",
    "acknowledge": "sign", "dispute": "sign", "dispute-answer": "sign", "dispute-settle": "sign", "dispute-decide": "decide",
    "payment-sent": "sign", "payment-received": "sign",
}  # fmt: skip
NOT_ENFORCED = {
    "payout-address", "acknowledge", "dispute", "dispute-answer", "dispute-settle", "dispute-decide", "payment-sent",
    "payment-received",
}  # fmt: skip
ADMINISTER = {"rehost", "recovery-set", "key-add", "key-revoke", "key-compromised", "key-recover", "payout-address"}
OF_MEMBERS = {"register-registrar", "log-key", "trial-clock"}

_KID = re.compile(f"((?:{PARTY})|(?:{MEMBER}))#([A-Za-z0-9_-]{{42}}[AEIMQUYcgkosw048])")
_DOCUMENTS = frozenset({"agreement-1.schema.json"})
_EVENTS = frozenset({"#/$defs/event"})


@dataclass
class Signature:
    kid: str
    owner: str
    algorithm: str
    signature: bytes
    message: bytes


@dataclass
class Instruction:
    """An instruction whose envelope and payload have their form; what it may do is decided elsewhere."""

    payload: dict[str, Any]
    raw: bytes
    hash: str
    signatures: list[Signature]

    @property
    def act(self) -> str:
        return self.payload["act"]

    @property
    def party(self) -> str:
        return self.payload["party"]

    @property
    def body(self) -> dict[str, Any]:
        return self.payload["body"]

    @property
    def agreement(self) -> str | None:
        return self.payload.get("agreement")

    @property
    def kids(self) -> list[str]:
        return [one.kid for one in self.signatures]


@lru_cache(maxsize=None)
def _body(act: str) -> Schema:
    loose = _DOCUMENTS if act in ("offer", "counter", "amend") else frozenset() if act == "claim" else _EVENTS
    return Schema("instruction-1.schema.json", f"/$defs/body:{act}", loose)


@lru_cache(maxsize=None)
def _type(name: str) -> Schema:
    return Schema("instruction-1.schema.json", f"/$defs/{name}")


def ascending(values: list[Any]) -> bool:
    return all(a < b for a, b in zip(values, values[1:]))


def _order_holds(act: str, party: str, body: dict[str, Any]) -> bool:
    """What a schema cannot say of a body: what is sorted, and what of one member another repeats."""
    recovery = body if act == "recovery-set" else body.get("recovery") if act == "enroll" else None
    if recovery is not None and not (ascending(recovery["parties"]) and party not in recovery["parties"]):
        return False
    if "purposes" in body and not ascending(body["purposes"]):
        return False
    if isinstance(body.get("limits"), dict) and not ascending(body["limits"].get("types", [])):
        return False
    if act == "key-recover" and not ascending(body["revoke"]):
        return False
    if act in ("attest", "contradict"):
        return ascending(body["events"]) and [one["id"] for one in body["proofs"]] == body["events"]
    if act == "report":
        return ascending([one["id"] for one in body.get("proofs", [])])
    if act == "declare":
        return ascending([(one["type"], one.get("currency", "")) for one in body["totals"]])
    if act == "claim-answer" and "event" in body:
        return body["proof"]["id"] == body["event"]
    return True


def _read_signature(one: Any, payload: str) -> Signature:
    need(isinstance(one, dict) and set(one) == {"protected", "signature"}, "envelope_form")
    need(isinstance(one["protected"], str) and isinstance(one["signature"], str), "envelope_form")
    header = read_json(b64u(one["protected"]))
    need(isinstance(header, dict) and set(header) == {"alg", "kid", "typ"}, "envelope_form")
    need(all(isinstance(value, str) for value in header.values()), "envelope_form")
    need(header["typ"] == "tallystick-instruction-1", "type_unknown")
    need(header["alg"] in signing.ALGORITHMS.values(), "algorithm_unknown")
    found = _KID.fullmatch(header["kid"])
    need(found, "envelope_form")
    signature = b64u(one["signature"])
    signing.check_form(header["alg"], signature)
    return Signature(header["kid"], found[1], header["alg"], signature, f"{one['protected']}.{payload}".encode())


def _check_payload(p: Any, size: int) -> None:
    need(isinstance(p, dict) and "instruction" in p, "payload_form")
    need(p["instruction"] == "1", "version_unknown")
    act = p.get("act")
    need(isinstance(act, str), "payload_form")
    need(act in REGISTRY or act in AGREEMENT_ACTS, "act_unknown")
    need(size <= (LARGE if act in LARGE_ACTS else SMALL), "too_large")
    members = {"act", "body", "from", "id", "instruction", "ledger", "party", "until"}
    if act in AGREEMENT_ACTS:
        members |= {"agreement", "version"}
    need(members <= set(p) <= (members | {"salt"} if act in AGREEMENT_ACTS else members), "payload_form")
    for name, kind in (("ledger", "hash"), ("id", "ulid"), ("party", "member" if act in OF_MEMBERS else "party")):
        need(_type(kind).holds(p[name]), "payload_form")
    need(is_time(p["from"]) and is_time(p["until"]), "payload_form")
    if act in AGREEMENT_ACTS:
        need(_type("agreement").holds(p["agreement"]) and _type("hash").holds(p["version"]), "payload_form")
        need("salt" not in p or _type("salt").holds(p["salt"]), "payload_form")
    need(isinstance(p["body"], dict), "payload_form")
    if act not in NOT_ENFORCED:
        need(_body(act).holds(p["body"]) and _order_holds(act, p["party"], p["body"]), "payload_form")
    start, until, made = seconds(p["from"]), seconds(p["until"]), ulid_millis(p["id"])
    need(start < until <= start + 7 * DAY and made <= until * 1000 <= made + 8 * DAY * 1000, "window_form")


def read_instruction(raw: bytes) -> Instruction:
    """Reads an envelope; a fault has the code that the ledger answers."""
    need(len(raw) <= ENVELOPE, "too_large")
    envelope = read_json(raw)
    need(isinstance(envelope, dict) and set(envelope) == {"payload", "signatures"}, "envelope_form")
    need(isinstance(envelope["payload"], str) and isinstance(envelope["signatures"], list), "envelope_form")
    need(1 <= len(envelope["signatures"]) <= 16, "envelope_form")
    signatures = [_read_signature(one, envelope["payload"]) for one in envelope["signatures"]]
    payload_raw = b64u(envelope["payload"])
    need(len(payload_raw) <= LARGE, "too_large")
    payload = read_json(payload_raw)
    _check_payload(payload, len(payload_raw))
    kids = [one.kid for one in signatures]
    own = sorted(one.kid for one in signatures if one.owner == payload["party"])
    need(len(set(kids)) == len(kids) and kids == own + sorted(set(kids) - set(own)), "signature_order")
    return Instruction(payload, payload_raw, sha256(payload_raw), signatures)


def event_leaf(event: dict[str, Any]) -> bytes:
    """What the tree of a report has for an event: its own bytes."""
    return spelled(event)
