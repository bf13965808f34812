"""Signed notes, checkpoints, policies and proofs of the transparency log, as C2SP writes them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature

from .forms import Fault, base64_strict, need, node_hash
from .signing import holds_ed25519, is_strong_edwards

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # an older library: such a key is then named as not checked
    mldsa = None  # type: ignore[assignment]

NOTE, COSIGNATURE, ML_DSA = 0x01, 0x04, 0x06
_KEY_LENGTH = {NOTE: 32, COSIGNATURE: 32, ML_DSA: 1312}
_NUMBER = re.compile("0|[1-9][0-9]{0,15}")
MOST_IN_CHECKPOINT, MOST_IN_NOTE = 64, 16
MOST_TEXT, MOST_LINE, MOST_NAME = 16 * 1024, 8 * 1024, 255
MOST_POLICY, MOST_KEYS = 2**20, 256
MOST_PROOF, MOST_EXTRA = 2**21, 2**20


class NotAvailable(Exception):
    """A key of a kind that the library here does not know."""


@dataclass(frozen=True)
class NoteKey:
    """A verifier key (vkey)."""

    name: str
    id: bytes
    kind: int
    key: bytes


def _is_name(text: str) -> bool:
    """May it name a key: no plus, no Unicode space, no control character?"""
    return bool(text) and not any(character == "+" or character < " " or character.isspace() for character in text)


def read_vkey(text: str) -> NoteKey:
    parts = text.split("+", 2)
    need(len(parts) == 3 and _is_name(parts[0]) and re.fullmatch("[0-9a-f]{8}", parts[1]), "form", "a vkey")
    need(len(parts[0].encode()) <= MOST_NAME, "form", "a vkey")
    raw = base64_strict(parts[2])
    need(raw and _KEY_LENGTH.get(raw[0]) == len(raw) - 1, "form", f"the vkey of {parts[0]} is of an unknown kind")
    expected = hashlib.sha256(parts[0].encode() + b"\n" + raw).digest()[:4]
    need(expected.hex() == parts[1], "form", f"the vkey of {parts[0]} has another id than its key")
    need(raw[0] == ML_DSA or is_strong_edwards(raw[1:]), "form", f"for the vkey of {parts[0]} anybody could sign")
    return NoteKey(parts[0], expected, raw[0], raw[1:])


@dataclass
class Note:
    text: str
    signatures: list[tuple[str, bytes, bytes]]


def read_note(raw: bytes, most: int) -> Note:
    """Text and signature lines: name, key id, signature."""
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("note", "it is not UTF-8") from None
    need(not any(character < " " and character != "\n" for character in whole), "note", "a control character")
    at = whole.rfind("\n\n")
    need(at >= 0 and whole.endswith("\n"), "note", "no empty line before its signatures")
    text, lines = whole[: at + 1], whole[at + 2 : -1].split("\n")
    need(len(text.encode()) <= MOST_TEXT and all(len(line.encode()) <= MOST_LINE for line in lines), "too_large", "a note is too long")
    need(1 <= len(lines) <= most, "note", f"not 1 to {most} signatures")
    signatures = []
    for line in lines:
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "\u2014" and _is_name(parts[1]), "note", "a signature line")
        signature = base64_strict(parts[2])
        need(len(signature) > 4, "note", "a signature line")
        signatures.append((parts[1], signature[:4], signature[4:]))
    return Note(text, signatures)


@dataclass
class Checkpoint:
    origin: str
    size: int
    root: bytes
    note: Note


def read_size(text: str) -> int:
    need(_NUMBER.fullmatch(text), "note", "a size")
    return int(text)


def read_hash(text: str) -> bytes:
    raw = base64_strict(text)
    need(len(raw) == 32, "note", "a hash")
    return raw


def read_checkpoint(raw: bytes) -> Checkpoint:
    note = read_note(raw, MOST_IN_CHECKPOINT)
    lines = note.text[:-1].split("\n")
    need(len(lines) == 3 and lines[0] and len(lines[0].encode()) <= MOST_NAME, "note", "a checkpoint has three lines")
    return Checkpoint(lines[0], read_size(lines[1]), read_hash(lines[2]), note)


def _ml_dsa(key: NoteKey, checkpoint: Checkpoint, signature: bytes) -> bool:
    need(len(signature) == 8 + 2420, "note", f"the signature of {key.name}")
    if mldsa is None:
        raise NotAvailable(key.name)
    time, name, origin = signature[:8], key.name.encode(), checkpoint.origin.encode()
    message = b"subtree/v1\n\0" + bytes([len(name)]) + name + time + bytes([len(origin)]) + origin
    message += (0).to_bytes(8, "big") + checkpoint.size.to_bytes(8, "big") + checkpoint.root
    try:
        mldsa.MLDSA44PublicKey.from_public_bytes(key.key).verify(signature[8:], message)
        return True
    except (InvalidSignature, ValueError):
        return False


def verifies(key: NoteKey, note: Note, signature: bytes, checkpoint: Checkpoint | None) -> bool:
    """Is it the key's signature on the note? Cosignatures are on checkpoints."""
    if key.kind == NOTE:
        return len(signature) == 64 and holds_ed25519(key.key, signature, note.text.encode())
    if checkpoint is None:
        return False
    if key.kind == ML_DSA:
        return _ml_dsa(key, checkpoint, signature)
    if len(signature) != 72:
        return False
    message = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + note.text.encode()
    return holds_ed25519(key.key, signature[8:], message)


def signers(note: Note, keys: list[NoteKey], checkpoint: Checkpoint | None, unknown: set[str]) -> list[NoteKey]:
    """The known keys that signed. A known key whose signature fails spoils the note; what the library does not know is named."""
    found = []
    for name, key_id, signature in note.signatures:
        named = [key for key in keys if (key.name, key.id) == (name, key_id)]
        held, missing = [], False
        for key in named:
            try:
                held += [key] if verifies(key, note, signature, checkpoint) else []
            except NotAvailable:
                unknown.add(name)
                missing = True
        # Ids are short: of several keys with one name and id it holds for one of them.
        need(held or missing or not named, "note", f"the signature of {name} is wrong")
        found += held
    return found


# ---- policies


@dataclass
class Policy:
    logs: list[NoteKey] = field(default_factory=list)
    witnesses: dict[str, NoteKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    def met(self, names: set[str]) -> bool:
        """Do these witnesses make the quorum?"""

        def witnessed(name: str) -> bool:
            if name in self.groups:
                least, members = self.groups[name]
                return sum(map(witnessed, members)) >= least
            return name in names

        return self.quorum == "none" or witnessed(self.quorum)


def read_policy(text: str) -> Policy:
    policy, listed = Policy(), set()
    need(len(text) <= MOST_POLICY, "too_large", "policy")
    need(all(character in "\t\n" or " " <= character != "\x7f" for character in text), "form", "policy: a control character")
    need(not text or text.endswith("\n"), "form", "policy: the last line has no end")
    for line in text.split("\n"):
        words = [word for word in re.split("[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log" and len(words) in (2, 3):
            policy.logs.append(read_vkey(words[1]))
        elif words[0] == "witness" and len(words) in (3, 4):
            _new_name(policy, words[1])
            policy.witnesses[words[1]] = read_vkey(words[2])
            need(policy.witnesses[words[1]].kind in (COSIGNATURE, ML_DSA), "form", "policy: the kind of a witness key")
        elif words[0] == "group" and len(words) >= 4:
            _new_name(policy, words[1])
            members = words[3:]
            least = {"all": len(members), "any": 1}.get(words[2])
            if least is None:
                need(re.fullmatch("[1-9][0-9]{0,3}", words[2]), "form", "policy: how many of a group")
                least = int(words[2])
            need(1 <= least <= len(members), "form", "policy: a group that cannot be met")
            for member in members:
                need(member in policy.witnesses or member in policy.groups, "form", f"policy: {member} is not defined")
                need(member not in listed, "form", f"policy: {member} is in two groups")
                listed.add(member)
            policy.groups[words[1]] = least, members
        elif words[0] == "quorum" and len(words) == 2:
            need(not policy.quorum, "form", "policy: two quorums")
            need(words[1] == "none" or words[1] in policy.witnesses or words[1] in policy.groups, "form", "policy: the quorum is not defined")
            policy.quorum = words[1]
        else:
            raise Fault("form", f"policy: {line!r}")
    need(policy.quorum, "form", "policy: no quorum")
    need(all(len(one) <= MOST_KEYS for one in (policy.logs, policy.witnesses, policy.groups)), "too_large", "policy")
    for keys in (policy.logs, list(policy.witnesses.values())):
        need(len({key.key for key in keys}) == len(keys), "form", "policy: a key is there twice")
    return policy


def _new_name(policy: Policy, name: str) -> None:
    need(name != "none" and name not in policy.witnesses and name not in policy.groups, "form", f"policy: {name} is defined twice")


def policy_fault(policy: Policy, checkpoint: Checkpoint, unknown: set[str]) -> str | None:
    """Why the checkpoint does not meet the policy."""
    keys = policy.logs + list(policy.witnesses.values())
    try:
        found = signers(checkpoint.note, keys, checkpoint, unknown)
    except Fault as fault:
        return fault.text
    logs = [key for key in found if key in policy.logs and key.name == checkpoint.origin]
    if not logs:
        return "no log key of the policy signed the checkpoint"
    names = {name for name, key in policy.witnesses.items() if key in found}
    return None if policy.met(names) else f"the witnesses {', '.join(sorted(names)) or 'none'} are no quorum"


# ---- proofs


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: list[bytes]) -> bool:
    """Is the tree of the first size part of that of the second (RFC 9162 2.1.4.2)?"""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    at, last, rest = first - 1, second - 1, list(path)
    while at & 1:
        at >>= 1
        last >>= 1
    if first & (first - 1) == 0:
        rest.insert(0, first_root)
    if not rest:
        return False
    left = right = rest[0]
    for one in rest[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            left, right = node_hash(one, left), node_hash(one, right)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            right = node_hash(right, one)
        at >>= 1
        last >>= 1
    return last == 0 and left == first_root and right == second_root


@dataclass
class LogProof:
    extra: bytes | None
    index: int
    path: list[bytes]
    checkpoint: Checkpoint


MAGIC = b"c2sp.org/tlog-proof@v1\n"


def read_log_proof(raw: bytes) -> LogProof:
    need(raw.startswith(MAGIC) and len(raw) <= MOST_PROOF, "note", "it is no tlog-proof, or too long")
    head, empty, checkpoint = raw[len(MAGIC) :].partition(b"\n\n")
    need(empty, "note", "no checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Fault("note", "it is not ASCII") from None
    extra = None
    if lines[0].startswith("extra "):
        extra = base64_strict(lines.pop(0)[6:])
        need(len(extra) <= MOST_EXTRA, "too_large", "the extra data are too long")
    need(lines and lines[0].startswith("index "), "note", "no index")
    index = read_size(lines.pop(0)[6:])
    need(len(lines) <= 64, "note", "too many hashes")
    return LogProof(extra, index, [read_hash(line) for line in lines], read_checkpoint(checkpoint))
