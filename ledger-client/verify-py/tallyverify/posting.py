"""The proof of one posting (pack-1 section 8.1)."""

from __future__ import annotations

import re
from typing import Any

from .findings import Answer, Finding
from .forms import Fault, is_hash, leaf_hash, need, read_json, root_by_path, sha256, spelled
from .notes import LogProof, policy_fault, read_log_proof
from .schema import Schema
from .trust import Trust

TRUST, INCLUDED, POSTING = "pack.trust", "occurrence.included", "accuracy.posting"
_LEAF = Schema("ledger-1.schema.json", "/$defs/leaf")
_MEMBERS = {"answer", "index", "leaf", "line", "path", "proof", "settlement"}
_TEXTS = {
    TRUST: "the checkpoint is of the log of the trust file's ledger",
    INCLUDED: "the leaf is in the tree of the checkpoint, and it meets the policy",
    POSTING: "the line is in the settlement that the leaf carries",
}


class PostingAnswer(Answer):
    """An answer with the three checks of a posting."""

    def __init__(self, has_trust: bool) -> None:
        super().__init__(form="posting", has_trust=has_trust)

    def required(self) -> list[str]:
        return list(_TEXTS)

    def checks(self) -> list[Finding]:
        out: list[Finding] = []
        for check, text in _TEXTS.items():
            if check in self.failed:
                out.extend(sorted(self.failed[check], key=lambda one: one.place or ""))
            elif check in self.not_checked:
                out.append(Finding(check, "NOT CHECKED", self.not_checked[check]))
            else:
                out.append(Finding(check, "PASS", text))
        return out


def verify_posting(raw: bytes, trust: Trust | None) -> PostingAnswer:
    answer = PostingAnswer(trust is not None)
    try:
        proof = read_log_proof(raw)
        extra = read_json(proof.extra or b"")
        need(isinstance(extra, dict) and set(extra) == _MEMBERS and extra["proof"] == "1", "form", "the extra data have another form")
        need(all(isinstance(extra[name], dict) for name in ("answer", "leaf", "line", "settlement")), "form", "the extra data")
        need(type(extra["index"]) is int and extra["index"] >= 0 and isinstance(extra["path"], list), "form", "index or path")
        need(len(extra["path"]) <= 64 and all(map(is_hash, extra["path"])), "form", "path")
    except Fault as fault:
        answer.fail(INCLUDED, f"it is no proof of this form: {fault.text}")
        return answer
    _check_trust(answer, proof, trust)
    _check_included(answer, proof, extra["leaf"], trust)
    _check_posting(answer, extra)
    return answer


def _check_trust(answer: PostingAnswer, proof: LogProof, trust: Trust | None) -> None:
    found = re.fullmatch("tallystick/([0-9a-f]{64})", proof.checkpoint.origin)
    answer.ledger = found[1] if found else ""
    if trust is None:
        answer.leave(TRUST, "trust root: NOT CHECKED")
        return
    answer.members = trust.names()
    if answer.ledger != trust.ledger:
        answer.fail(TRUST, "the checkpoint is of another ledger's log", None, proof.checkpoint.origin, f"tallystick/{trust.ledger}")


def _check_included(answer: PostingAnswer, proof: LogProof, leaf: dict[str, Any], trust: Trust | None) -> None:
    raw = spelled(leaf)
    if not _LEAF.holds(leaf) or len(raw) > 1024:
        answer.fail(INCLUDED, "the leaf has not its form")
    root = root_by_path(leaf_hash(raw), proof.index, proof.checkpoint.size, proof.path)
    if root != proof.checkpoint.root:
        computed = None if root is None else root.hex()
        answer.fail(INCLUDED, "the leaf and its path do not give the root", None, proof.checkpoint.root.hex(), computed)
    if trust is None or trust.policy is None:
        answer.leave(INCLUDED, "the trust file has no policy")
        return
    unknown: set[str] = set()
    fault = policy_fault(trust.policy, proof.checkpoint, unknown)
    if fault is not None and unknown:
        answer.leave(INCLUDED, f"the keys {', '.join(sorted(unknown))} are of a kind that is not known here; {fault}")
    elif fault is not None:
        answer.fail(INCLUDED, f"the checkpoint does not meet the policy: {fault}")


def _check_posting(answer: PostingAnswer, extra: dict[str, Any]) -> None:
    said, settlement, leaf = extra["answer"], extra["settlement"], extra["leaf"]
    if sha256(spelled(said)) != leaf.get("v"):
        answer.fail(POSTING, "the leaf is of another verdict", None, leaf.get("v"), sha256(spelled(said)))
    effects = said.get("effects") if isinstance(said.get("effects"), list) else []
    effect = next((one for one in effects if isinstance(one, dict) and one.get("kind") == "settlement"), {})
    if effect.get("period") != settlement.get("period") or effect.get("hash") != sha256(spelled(settlement)):
        answer.fail(POSTING, "the verdict is on another settlement", None, effect.get("hash"), sha256(spelled(settlement)))
    if leaf.get("chain") != f"agr/{settlement.get('agreement')}":
        answer.fail(POSTING, "the settlement is of another agreement than the leaf", None, leaf.get("chain"), settlement.get("agreement"))
    answer.agreement = str(settlement.get("agreement"))
    answer.range = str(settlement.get("period"))
    count, path = settlement.get("count"), [bytes.fromhex(one) for one in extra["path"]]
    root = root_by_path(leaf_hash(spelled(extra["line"])), extra["index"], count, path) if type(count) is int else None
    if root is None or root.hex() != settlement.get("postings"):
        answer.fail(POSTING, "the line and its path do not give the root of the postings", None, settlement.get("postings"))
