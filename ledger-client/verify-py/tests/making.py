"""Makes a pack of the first form final: its leaves in a tree of our own, signed with keys of our own.

It shares with the verifier what makes the leaves, and nothing of what checks a log.
"""

import base64
import hashlib
import io
import json
from dataclasses import dataclass, field

import _path  # noqa: F401
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tallyverify import pack as verifying
from tallyverify.chains import Chains
from tallyverify.forms import canonical
from tallyverify.trust import Trust

ZEROS = "0" * 64


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(raw):
    return base64.b64encode(raw).decode()


def read_pack(raw):
    """The entries of a container, in order."""
    source, entries = io.BytesIO(raw), []
    assert source.readline() == b"tallypack/1\n"
    while True:
        words = source.readline().split()
        if words[0] == b"end":
            return entries
        entries.append((words[1].decode(), source.read(int(words[2]))))
        source.read(1)


def write_pack(entries):
    out = lines = b"tallypack/1\n"
    for name, content in entries:
        line = f"entry {name} {len(content)} {hashlib.sha256(content).hexdigest()}\n".encode()
        out += line + content + b"\n"
        lines += line
    return out + f"end {len(entries)} {hashlib.sha256(lines).hexdigest()}\n".encode()


class Recorded(Chains):
    """Keeps the bytes of the leaves."""

    leaves: list = []

    def add(self, name, leaf):
        raw = super().add(name, leaf)
        if raw is not None:
            self.leaves.append(raw)
        return raw


def leaves_of(pack, trust):
    """The leaves that a pack's transactions make, in order."""
    Recorded.leaves = []
    kept, verifying.Chains = verifying.Chains, Recorded
    try:
        verifying.Verifier(Trust(trust)).verify(io.BytesIO(pack))
    finally:
        verifying.Chains = kept
    return Recorded.leaves


class NoteSigner:
    """An Ed25519 key that signs notes (type 1) or cosigns checkpoints (type 4)."""

    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self._key = Ed25519PrivateKey.from_private_bytes(digest(name.encode(), bytes([kind])))
        self.public = bytes([kind]) + self._key.public_key().public_bytes_raw()
        self.id = digest(name.encode(), b"\n", self.public)[:4]

    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(self.public)}"

    def line(self, text):
        time = (1_800_000_000).to_bytes(8, "big")
        if self.kind == 1:
            signature = self._key.sign(text.encode())
        else:
            signature = time + self._key.sign(b"cosignature/v1\ntime 1800000000\n" + text.encode())
        return f"\u2014 {self.name} {b64(self.id + signature)}\n"


class QuantumSigner(NoteSigner):
    """An ML-DSA-44 key that cosigns checkpoints (type 6)."""

    def __init__(self, name):
        self.name, self.kind = name, 6
        self._key = mldsa.MLDSA44PrivateKey.from_seed_bytes(digest(name.encode()))
        self.public = b"\x06" + self._key.public_key().public_bytes_raw()
        self.id = digest(name.encode(), b"\n", self.public)[:4]

    def line(self, text):
        origin, size, root = text.split("\n")[:3]
        time, name = (1_800_000_000).to_bytes(8, "big"), self.name.encode()
        message = b"subtree/v1\n\0" + bytes([len(name)]) + name + time + bytes([len(origin)]) + origin.encode()
        message += bytes(8) + int(size).to_bytes(8, "big") + base64.b64decode(root)
        return f"\u2014 {self.name} {b64(self.id + time + self._key.sign(message))}\n"


def root_of(hashes):
    """RFC 6962 2.1, as it is written there."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return digest(b"\1", root_of(hashes[:k]), root_of(hashes[k:]))


def path_of(index, hashes):
    if len(hashes) == 1:
        return []
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    if index < k:
        return path_of(index, hashes[:k]) + [root_of(hashes[k:])]
    return path_of(index - k, hashes[k:]) + [root_of(hashes[:k])]


def nodes_of(hashes, known, first=0):
    """What does not follow from the leaves at the known indexes (pack-1 section 3.1)."""
    if not any(first <= index < first + len(hashes) for index in known):
        return [root_of(hashes)]
    if len(hashes) == 1:
        return []
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return nodes_of(hashes[:k], known, first) + nodes_of(hashes[k:], known, first + k)


def consistency_of(first, hashes):
    """RFC 6962 2.1.2, as it is written there."""

    def subproof(m, tree, whole):
        if m == len(tree):
            return [] if whole else [root_of(tree)]
        k = 1
        while 2 * k < len(tree):
            k *= 2
        if m <= k:
            return subproof(m, tree[:k], whole) + [root_of(tree[k:])]
        return subproof(m - k, tree[k:], False) + [root_of(tree[:k])]

    return subproof(first, hashes, True)


@dataclass
class Final:
    """The parts of a final pack, which a test may change before it is written."""

    entries: list
    stated: dict
    trust: dict
    leaves: list
    hashes: list
    indexes: list
    checkpoint: str
    heads: list = field(default_factory=list)

    def pack(self):
        lines = b"".join(f"{index} ".encode() + leaf + b"\n" for index, leaf in zip(self.indexes, self.leaves))
        nodes = "".join(b64(one) + "\n" for one in nodes_of(self.hashes, set(self.indexes)))
        out = [("pack.json", canonical(self.stated))] + [entry for entry in self.entries if entry[0] != "pack.json"]
        out += [("log/checkpoint", self.checkpoint.encode()), ("log/nodes", nodes.encode()), ("log/leaves", lines)]
        out.append(("log/heads", "".join(note + "=\n" for note in self.heads).encode()))
        if "older" in self.stated:
            path = consistency_of(self.stated["older"]["size"], self.hashes)
            out.append(("log/consistency", "".join(b64(one) + "\n" for one in path).encode()))
        return write_pack(out)

    def trust_file(self):
        return canonical(self.trust) + b"\n"


def head_note(origin, size, root, chain, seq, last, signer):
    text = f"tallystick/head/1\n{origin}\n{size}\n{b64(root)}\n{chain}\n{seq}\n{last}\n"
    return text + "\n" + signer.line(text)


def make_final(pack, trust):
    """A final pack of the same transactions, and its trust file; other leaves stand between."""
    entries = read_pack(pack)
    stated, trusted = json.loads(dict(entries)["pack.json"]), json.loads(trust)
    leaves, hashes, indexes = leaves_of(pack, trust), [], []
    for number, leaf in enumerate(leaves):
        hashes += [digest(b"other", bytes([number % 251, more])) for more in range(number % 4)]
        indexes.append(len(hashes))
        hashes.append(digest(b"\0", leaf))
    hashes += [digest(b"last"), digest(b"of all")]

    origin, size, root = stated["origin"], len(hashes), root_of(hashes)
    log = NoteSigner(origin, 1)
    witnesses = [NoteSigner("east/witness", 4), QuantumSigner("north/witness"), NoteSigner("west/witness", 4)]
    heads = [NoteSigner("east/head", 1), NoteSigner("north/head", 1)]
    text = f"{origin}\n{size}\n{b64(root)}\n"
    checkpoint = text + "\n" + "".join(signer.line(text) for signer in [log] + witnesses[:2])

    ends = {}
    for leaf in leaves:
        one = json.loads(leaf)
        ends[one["chain"]] = one["seq"], digest(b"\0", leaf).hex()
    stated |= {"form": "final", "size": size}
    stated["chains"] = [
        {"chain": one["chain"], "count": ends.get(one["chain"], (0, ZEROS))[0], "last": ends.get(one["chain"], (0, ZEROS))[1]}
        for one in stated["chains"]
    ]
    notes = [
        head_note(origin, size, root, one["chain"], one["count"], one["last"], signer) for one in stated["chains"] for signer in heads
    ]
    lines = [f"log {log.vkey()}"] + [f"witness w{index} {signer.vkey()}" for index, signer in enumerate(witnesses)]
    trusted["policy"] = "\n".join(lines + ["group all-of-them 2 w0 w1 w2", "quorum all-of-them"]) + "\n"
    trusted["heads"] = {"keys": [signer.vkey() for signer in heads], "need": 2}
    return Final(entries, stated, trusted, leaves, hashes, indexes, checkpoint, notes)


def make_posting(final, index):
    """The proof of one posting of the first settlement that the pack has."""
    entry = next((name, content) for name, content in final.entries if name.startswith("settlements/"))
    settlement, *lines = [line for line in entry[1].split(b"\n") if line]
    hashes = [digest(b"\0", line) for line in lines]
    wanted = hashlib.sha256(settlement).hexdigest()
    for position, leaf in zip(final.indexes, final.leaves):
        answer = answer_of(final.entries, json.loads(leaf), wanted)
        if answer is None:
            continue
        extra = {
            "answer": answer,
            "index": index,
            "leaf": json.loads(leaf),
            "line": json.loads(lines[index]),
            "path": [one.hex() for one in path_of(index, hashes)],
            "proof": "1",
            "settlement": json.loads(settlement),
        }
        path = "".join(b64(one) + "\n" for one in path_of(position, final.hashes))
        return f"c2sp.org/tlog-proof@v1\nextra {b64(canonical(extra))}\nindex {position}\n{path}\n{final.checkpoint}"
    raise AssertionError("no leaf carries the settlement")


def answer_of(entries, leaf, settlement):
    """The verdict of a leaf, if it is of this settlement."""
    from tallyverify.fabric import read_transaction

    if leaf["kind"] == "config":
        return None
    block, transaction, item = leaf["at"]
    raw = dict(entries)[f"tx/{block:010d}-{transaction:06d}"]
    answer = read_transaction(block, transaction, raw).response["items"][item]
    effects = answer.get("effects", [])
    return answer if any(one["kind"] == "settlement" and one["hash"] == settlement for one in effects) else None
