"""Configuration blocks and transactions of Fabric (pack-1 section 3, ledger-1 sections 2 and 11)."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from .certificates import UNREADABLE, Authorities, load
from .forms import Fault, need, read_json, sha256
from .trust import Trust
from .wire import Message, read_message

CONFIG, ENDORSER_TRANSACTION = 1, 3
ARGUMENTS = 900 * 1024


@dataclass
class Header:
    """What the channel header and the signature header of an envelope say."""

    kind: int
    time: int
    channel: str
    tx: str
    creator: bytes
    nonce: bytes
    channel_header: bytes
    signature_header: bytes
    chaincode: str = ""


def read_header(raw: bytes) -> Header:
    both = read_message(raw, (), (1, 2))
    channel = read_message(both.bytes(1), (1, 2, 6), (3, 4, 5, 7, 8))
    signature = read_message(both.bytes(2), (), (1, 2))
    time = read_message(channel.bytes(3), (1, 2), ())
    extension = read_message(channel.bytes(7), (), (1, 2), strict=False) if channel.has(7) else Message({})
    chaincode = read_message(extension.bytes(2), (), (1, 2, 3), strict=False).text(2) if extension.has(2) else ""
    return Header(
        channel.integer(1),
        time.integer(1),
        channel.text(4),
        channel.text(5),
        signature.bytes(1),
        signature.bytes(2),
        both.bytes(1),
        both.bytes(2),
        chaincode,
    )


# ---- configuration blocks


@dataclass
class Organization:
    roots: list[bytes]
    between: list[bytes]
    revoked: list[bytes]


@dataclass
class ConfigBlock:
    number: int
    hash: str
    data_hash: str
    stated_data_hash: str
    tx: str
    time: int
    channel: str
    members: dict[str, Organization]


def _der(kind: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        head = bytes([length])
    else:
        digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
        head = bytes([0x80 | len(digits)]) + digits
    return bytes([kind]) + head + content


def header_hash(number: int, previous: bytes, data_hash: bytes) -> str:
    """Fabric's hash of a block: SHA-256 of the DER of number, previous hash, data hash."""
    digits = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return sha256(_der(0x30, _der(2, digits) + _der(4, previous) + _der(4, data_hash)))


def _map(group: Message, number: int) -> dict[str, bytes]:
    out = {}
    for raw in group.all(number):
        pair = read_message(raw, (), (1, 2))
        out[pair.text(1)] = pair.bytes(2)
    return out


def _group(raw: bytes) -> Message:
    return read_message(raw, (1,), (2, 3, 4, 5), repeated=(2, 3, 4))


def read_config_block(raw: bytes) -> ConfigBlock:
    block = read_message(raw, (), (1, 2, 3))
    header = read_message(block.bytes(1), (1,), (2, 3))
    data = read_message(block.bytes(2), (), (1,), repeated=(1,))
    digest = sha256(*data.all(1))
    need(len(data.all(1)) == 1, "config", "a configuration block has one transaction")
    payload = read_message(read_message(data.bytes(1), (), (1, 2)).bytes(1), (), (1, 2))
    head = read_header(payload.bytes(1))
    need(head.kind == CONFIG, "config", "not a configuration transaction")
    config = read_message(read_message(payload.bytes(2), (), (1, 2)).bytes(1), (1,), (2,))
    application = _map(_group(config.bytes(2)), 2).get("Application")
    need(application is not None, "config", "no application")
    members = {}
    for organization in _map(_group(application), 2).values():
        value = _map(_group(organization), 3).get("MSP")
        if value is None:
            continue
        msp = read_message(read_message(value, (1,), (2, 3)).bytes(2), (1,), (2,))
        fabric = read_message(msp.bytes(2), (), (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), repeated=(2, 3, 4, 5, 7, 9, 10))
        members[fabric.text(1)] = Organization(fabric.all(2), fabric.all(3), fabric.all(5))
    number = header.integer(1)
    return ConfigBlock(
        number, header_hash(number, header.bytes(2), header.bytes(3)), digest, header.bytes(3).hex(), head.tx, head.time, head.channel, members
    )


def _lists(raws: list[bytes]) -> list[x509.CertificateRevocationList]:
    out = []
    for raw in raws:
        try:
            out.append(x509.load_pem_x509_crl(raw))
        except UNREADABLE:
            pass  # a list that cannot be read revokes nothing
    return out


def authorities_at(block: int, config: ConfigBlock | None, trust: Trust | None) -> Authorities:
    """Whom a signature in that block is under; without a trust file those of the pack itself."""
    members = config.members if config else {}
    if trust is not None:
        roots = {name: member.authorities for name, member in trust.at(block).items()}
    else:
        roots = {name: [one for one in map(load, member.roots) if one] for name, member in members.items()}
    between = {name: [one for one in map(load, member.between) if one] for name, member in members.items()}
    return Authorities(roots, between, {name: _lists(member.revoked) for name, member in members.items()})


# ---- transactions


@dataclass
class Transaction:
    """A transaction as its envelope has it; what it says about itself is compared by whoever reads it."""

    block: int
    index: int
    header: Header
    payload: bytes
    signature: bytes
    function: str
    arguments: list[bytes]
    chaincode: str
    proposal_payload: bytes
    response_payload: bytes
    proposal_hash: bytes
    endorsements: list[tuple[bytes, bytes]]
    response: dict[str, Any]
    response_holds: bool
    event: dict[str, Any] | None
    reads: list[tuple[str, tuple[int, int] | None]] = field(default_factory=list)
    writes: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"tx/{self.block:010d}-{self.index:06d}, block {self.block}, transaction {self.index}"


def _read_sets(raw: bytes, chaincode: str) -> tuple[list[tuple[str, tuple[int, int] | None]], dict[str, bytes | None]]:
    reads: list[tuple[str, tuple[int, int] | None]] = []
    writes: dict[str, bytes | None] = {}
    for one in read_message(raw, (1,), (2,), repeated=(2,)).all(2):
        space = read_message(one, (), (1, 2, 3))
        if space.text(1) != chaincode:
            continue
        sets = read_message(space.bytes(2), (), (1, 2, 3, 4), repeated=(1, 3))
        need(not sets.has(2) and not sets.has(4) and not space.has(3), "transaction", "it reads or writes what the chaincode never does")
        for read in sets.all(1):
            found = read_message(read, (), (1, 2))
            version = read_message(found.bytes(2), (1, 2), ()) if found.has(2) else None
            reads.append((found.text(1), (version.integer(1), version.integer(2)) if version else None))
        for write in sets.all(3):
            found = read_message(write, (2,), (1, 3))
            writes[found.text(1)] = None if found.integer(2) else found.bytes(3)
    return reads, writes


def inflate(stream: bytes) -> list[bytes]:
    """The arguments of a `submit` that travelled as `deflated`."""
    reader = zlib.decompressobj()
    try:
        raw = reader.decompress(stream, ARGUMENTS + 4 * 1001 + 1)
    except zlib.error:
        raise Fault("arguments_wrong", "what is deflated cannot be inflated") from None
    need(reader.eof and not reader.unused_data, "arguments_wrong", "what is deflated does not end where it should")
    out, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 4], "big")
        need(at + 4 + length <= len(raw), "arguments_wrong", "an argument is longer than what is deflated")
        out.append(raw[at + 4 : at + 4 + length])
        at += 4 + length
    need(sum(map(len, out)) <= ARGUMENTS, "arguments_wrong", "more arguments than a submit takes")
    return out


def read_transaction(block: int, index: int, raw: bytes) -> Transaction:
    envelope = read_message(raw, (), (1, 2))
    payload = read_message(envelope.bytes(1), (), (1, 2))
    header = read_header(payload.bytes(1))
    need(header.kind == ENDORSER_TRANSACTION, "transaction", "not an endorsed transaction")
    actions = read_message(payload.bytes(2), (), (1,), repeated=(1,)).all(1)
    need(len(actions) == 1, "transaction", "not one action")
    action = read_message(actions[0], (), (1, 2))
    need(action.bytes(1) == header.signature_header, "transaction", "the action's header is not that of the transaction")
    body = read_message(action.bytes(2), (), (1, 2))
    spec = read_message(read_message(read_message(body.bytes(1), (), (1, 2)).bytes(1), (), (1, 2)).bytes(1), (1, 4), (2, 3))
    called = read_message(spec.bytes(2), (), (1, 2, 3)).text(2)
    arguments = read_message(spec.bytes(3), (3,), (1, 2), repeated=(1, 2)).all(1)
    need(arguments, "transaction", "no function is called")
    endorsed = read_message(body.bytes(2), (), (1, 2), repeated=(2,))
    answer = read_message(endorsed.bytes(1), (), (1, 2))
    result = read_message(answer.bytes(2), (), (1, 2, 3, 4, 5))
    chaincode = read_message(result.bytes(4), (), (1, 2, 3)).text(2)
    need(chaincode == called == header.chaincode, "transaction", "it names more than one chaincode")
    response = read_message(result.bytes(3), (1,), (2, 3))
    need(response.integer(1) == 200, "transaction", "the response is no success")
    endorsements = []
    for one in endorsed.all(2):
        found = read_message(one, (), (1, 2))
        endorsements.append((found.bytes(1), found.bytes(2)))
    function, given = arguments[0].decode("utf-8", "replace"), arguments[1:]
    if function == "deflated":
        need(len(given) == 1, "arguments_wrong", "deflated has one argument")
        function, given = "submit", inflate(given[0])
    event = None
    need(sha256(header.nonce, header.creator) == header.tx, "transaction", "its id does not follow from nonce and creator")
    if result.bytes(2):
        told = read_message(result.bytes(2), (), (1, 2, 3, 4))
        need(told.text(1) == chaincode and told.text(2) == header.tx and told.text(3) == "tallystick", "transaction", "the event is another's")
        event = _event(told.bytes(4))
    reads, writes = _read_sets(result.bytes(1), chaincode)
    told_response, response_holds = _response(response.bytes(3))
    return Transaction(
        block,
        index,
        header,
        envelope.bytes(1),
        envelope.bytes(2),
        function,
        given,
        chaincode,
        body.bytes(1),
        endorsed.bytes(1),
        answer.bytes(1),
        endorsements,
        told_response,
        response_holds,
        event,
        reads,
        writes,
    )


def _event(raw: bytes) -> dict[str, Any]:
    """The event; without a chain if it has another form, so that it counts other leaves than there are."""
    value = read_json(raw)
    need(isinstance(value, dict), "transaction", "the event is no object")
    holds = (
        {"chains", "event"} <= set(value) <= {"chains", "event", "leaves"}
        and value["event"] == "1"
        and isinstance(value["chains"], dict)
        and all(type(count) is int and count > 0 for count in value["chains"].values())
    )
    return value if holds else {"chains": {}, "event": "1"}


def _response(raw: bytes) -> tuple[dict[str, Any], bool]:
    """The response, and whether it has its form; what of its items can be read is followed."""
    value = read_json(raw)
    need(isinstance(value, dict), "transaction", "the response is no object")
    holds = (
        {"items", "net", "response"} <= set(value) <= {"items", "net", "response", "t"}
        and value["response"] == "1"
        and isinstance(value["net"], dict)
        and isinstance(value["net"].get("trial"), bool)
    )
    items = value.get("items")
    good = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    return {"items": items if good else [], "net": value.get("net"), "t": value.get("t")}, holds and good


def endorsement_faults(tx: Transaction, authorities: Authorities) -> tuple[set[str], list[str], str | None]:
    """The members that endorsed it, what does not hold of the endorsements, and what does not hold of the creator."""
    members, faults = set(), []
    for index, (endorser, signature) in enumerate(tx.endorsements):
        fault = authorities.fault(endorser, tx.response_payload + endorser, signature, tx.header.time)
        if fault is None and not authorities.is_peer(endorser):
            fault = "not the certificate of a peer"
        if fault is None:
            members.add(authorities.identity(endorser)[0])
        else:
            faults.append(f"of endorsement {index}: {fault}")
    creator = authorities.fault(tx.header.creator, tx.payload, tx.signature, tx.header.time)
    return members, faults, creator


def proposal_hash(tx: Transaction) -> bytes:
    return hashlib.sha256(tx.header.channel_header + tx.header.signature_header + tx.proposal_payload).digest()
