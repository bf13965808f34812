"""The leaves that follow from transactions and configuration blocks (ledger-1 section 14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .forms import ZERO_HASH, canonical, leaf_hash, time_of


@dataclass
class Chain:
    count: int = 0
    last: str = ZERO_HASH


class Chains:
    """Numbers the leaves of the pack's chains, in the order of the ledger."""

    def __init__(self, stated: list[str]) -> None:
        self.chains = {name: Chain() for name in stated}
        # The hashes of all leaves in order, 32 bytes each: what the final form compares with the log.
        self.hashes = bytearray()
        self.keep_hashes = False

    def __contains__(self, name: str) -> bool:
        return name in self.chains

    def add(self, name: str, leaf: dict[str, Any]) -> bytes | None:
        """Completes a leaf with its place in the chain; None if the chain is none of the pack's."""
        chain = self.chains.get(name)
        if chain is None:
            return None
        chain.count += 1
        raw = canonical(leaf | {"chain": name, "leaf": "1", "prev": chain.last, "seq": chain.count})
        one = leaf_hash(raw)
        chain.last = one.hex()
        if self.keep_hashes:
            self.hashes += one
        return raw


def verdict_leaf(at: tuple[int, int, int], instruction: str, time: int, tx: str, verdict: str) -> dict[str, Any]:
    return {"at": list(at), "i": instruction, "kind": "verdict", "t": time_of(time), "tx": tx, "v": verdict}


def function_leaf(at: tuple[int, int, int], function: str, time: int, tx: str, item: str) -> dict[str, Any]:
    return {"at": list(at), "f": function, "kind": "function", "t": time_of(time), "tx": tx, "v": item}


def config_leaf(block: int, data: str, time: int, tx: str) -> dict[str, Any]:
    return {"at": [block, 0, 0], "config": data, "kind": "config", "t": time_of(time), "tx": tx}
