"""Members' and parties' keys, as the acts in a pack make them (instruction-1 sections 3, 5 and 6.1)."""

from __future__ import annotations

import hashlib
from typing import Any, Callable

from . import signing
from .forms import DAY, Fault, canonical, need, seconds, time_of, to_b64u
from .instruction import ADMINISTER, AGREEMENT_ACTS, NOT_ENFORCED, Instruction
from .notes import COSIGNATURE, ML_DSA, NOTE, read_vkey
from .values import read_amount

STANDS = 14 * DAY
MOST_KEYS, MOST_REPLACED, MOST_LOG_KEYS = 64, 8, 16
OFFSET = 3_155_760_000
ALL_PURPOSES = ["administer", "decide", "report", "sign"]

# Codes that say that a signature or the set of signers is not what the act needs; others are about what a key may.
OF_SIGNATURES = {
    "signers_wrong", "no_recovery", "quorum_missing", "algorithm_wrong", "key_weak", "signature_wrong",
}  # fmt: skip


class Registry:
    """Key records and parties; each act is decided, and what it does is done."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.parties: dict[str, dict[str, Any]] = {}
        self._owners: dict[str, str] = {}
        self.came_back = False  # a quorum that had been replaced has just acted
        self.touched_keys: set[str] = set()
        self.touched_parties: set[str] = set()
        self.log_keys: dict[str, list[dict[str, Any]]] = {}
        self.touched_logs: set[str] = set()

    # ---- who signs (section 6)

    def _standing(self, party: str, t: int) -> list[dict[str, Any]]:
        """Who may recover the party, oldest first."""
        record = self.parties.get(party, {})
        if "recovery" not in record:
            return []
        return [one for one in record.get("replaced", []) if t < seconds(one["until"])] + [record["recovery"]]

    @staticmethod
    def _is_quorum(owners: list[str], named: dict[str, Any]) -> bool:
        return len(owners) == len(set(owners)) == named["threshold"] and set(owners) <= set(named["parties"])

    def _quorum(self, owners: list[str], party: str, t: int) -> dict[str, Any] | None:
        return next((named for named in self._standing(party, t) if self._is_quorum(owners, named)), None)

    def new_key(self, one: Instruction, t: int) -> str | None:
        """Tests that those sign whom the act needs, and returns the kid of the key that it registers, if any."""
        kids, party, body, act = one.kids, one.party, one.body, one.act
        owners = [signature.owner for signature in one.signatures]
        fresh = f"{party}#{signing.thumb(body['key'])}" if act not in NOT_ENFORCED and isinstance(body.get("key"), dict) else None
        if act in NOT_ENFORCED:
            need(owners[0] == party, "signers_wrong")
        elif act == "register-registrar":
            need(kids == [fresh], "signers_wrong")
        elif act == "enroll":
            need(kids[0] == fresh and owners[1:] == [party.split("/")[0]], "signers_wrong")
        elif act == "rehost" and party in owners:
            need(owners == [party, body["member"]], "signers_wrong")
        elif act == "rehost":
            others = [owner for owner in owners if owner != body["member"]]
            need(len(owners) - 1 == len(others) and self._quorum(others, party, t), "signers_wrong")
        elif act == "key-add":
            need(owners == [party, party] and fresh in kids, "signers_wrong")
        elif act == "key-rotate":
            need(len(kids) == 2 and set(kids) == {fresh, f"{party}#{body['old']}"}, "signers_wrong")
        elif act == "key-compromised" and party not in owners:
            need(self._quorum(owners, party, t), "signers_wrong")
        elif act == "key-recover":
            need(kids[0] == fresh, "signers_wrong")
            standing = self._standing(party, t)
            need(standing, "no_recovery")
            if not self._quorum(owners[1:], party, t):
                need(len(set(owners[1:]) & set(standing[-1]["parties"])) >= standing[-1]["threshold"], "quorum_missing")
                raise Fault("signers_wrong")
        elif act == "adjust":
            need(len(owners) == 2 and owners[0] == party != owners[1], "signers_wrong")
        else:
            need(owners == [party], "signers_wrong")
        return fresh

    # ---- the keys that sign (steps 4, 5 and 7 of section 5)

    def check(self, one: Instruction, t: int, say: Callable[[str, str], None], applied: bool) -> None:
        """Tests signers, keys and signatures; `say` is told each code, and of which key."""
        try:
            fresh = self.new_key(one, t)
        except Fault as fault:
            say(fault.code, one.party)
            return
        signatures = one.signatures[:1] if one.act in NOT_ENFORCED else one.signatures
        for signature in signatures:
            if signature.kid == fresh:
                key = one.body["key"]
                if signature.algorithm != signing.ALGORITHMS[key["kty"]]:
                    say("algorithm_wrong", signature.kid)
                elif signing.is_weak(key):
                    say("key_weak", signature.kid)
                elif not signing.holds(key, signature.signature, signature.message, one.payload, one.raw):
                    say("signature_wrong", signature.kid)
                continue
            record = self.keys.get(signature.kid)
            if record is None:
                registrar = one.act in ("enroll", "rehost") and "/" not in signature.owner
                say("registrar_unknown" if registrar else "key_unknown", signature.kid)
                continue
            if signature.algorithm != record["alg"]:
                say("algorithm_wrong", signature.kid)
            elif not signing.holds(record["key"], signature.signature, signature.message, one.payload, one.raw):
                say("signature_wrong", signature.kid)
            self._may(one, signature.kid, record, t, say, applied)

    def _may(self, one: Instruction, kid: str, record: dict[str, Any], t: int, say: Callable[[str, str], None], applied: bool) -> None:
        if "revoked" in record:
            say("key_revoked", kid)
        if "until" in record and t >= seconds(record["until"]):
            say("key_expired", kid)
        if "from" in record and t < seconds(record["from"]):
            say("key_not_yet_valid", kid)
        if not applied or "purposes" not in record:
            return
        purpose = AGREEMENT_ACTS.get(one.act) or ("administer" if one.act in ADMINISTER else None)
        itself = one.act == "key-revoke" and kid == f"{one.party}#{one.body['key']}"
        if purpose is not None and not itself and purpose not in record["purposes"]:
            say("key_purpose", kid)
        if not _within(record.get("limits", {}), one.act, one.body):
            say("key_limit", kid)

    # ---- what the acts do

    def _record(self, owner: str, key: dict[str, Any], t: int, **more: Any) -> str:
        kid = f"{owner}#{signing.thumb(key)}"
        self.keys[kid] = {"alg": signing.ALGORITHMS[key["kty"]], "at": time_of(t), "key": key} | {k: v for k, v in more.items() if v is not None}
        self._owners[signing.thumb(key)] = owner
        self.touched_keys.add(kid)
        return kid

    def _revoke(self, kid: str, t: int, reason: str) -> None:
        record = self.keys[kid]
        if "revoked" not in record:
            record["revoked"] = {"at": time_of(t), "reason": reason}
            self.touched_keys.add(kid)

    def _known(self, key: dict[str, Any]) -> None:
        need(signing.thumb(key) not in self._owners, "key_known")

    def _named(self, owner: str, thumb: str) -> str:
        kid = f"{owner}#{thumb}"
        need(kid in self.keys, "no_such_key")
        return kid

    def live(self, party: str) -> list[str]:
        return [kid for kid, record in self.keys.items() if kid.startswith(party + "#") and "revoked" not in record]

    def admins(self, party: str) -> list[dict[str, Any]]:
        """The administer keys that are not revoked, as the party's record has them."""
        out = []
        for kid in self.live(party):
            record = self.keys[kid]
            if "administer" in record.get("purposes", ()):
                out.append({name: record[name] for name in ("from", "until") if name in record} | {"key": kid.split("#")[1]})
        return sorted(out, key=lambda one: one["key"])

    def host(self, party: str) -> str:
        return self.parties.get(party, {}).get("host", party.split("/")[0])

    def apply(self, one: Instruction, t: int, judged: bool = True) -> None:
        """Does what the act does; a fault has the code that the ledger should have answered.

        What is not judged is a public act that only travels along: nothing of it is tested, and nothing kept.
        """
        if not judged:
            return
        act, party, body = one.act, one.party, one.body
        if act == "register-registrar":
            self._known(body["key"])
            revoked = None
            if "revoke" in body:
                revoked = self._named(party, body["revoke"])
                need("revoked" not in self.keys[revoked], "key_revoked_already")
            self._record(party, body["key"], t, name=body.get("name"), **{"from": body.get("from"), "until": body.get("until")})
            if revoked:
                self._revoke(revoked, t, "ended")
        elif act == "log-key":
            self._log_key(one, t)
        elif act == "enroll":
            self._enroll(one, t)
        elif act in ("rehost", "recovery-set") or act.startswith("key-"):
            need(party in self.parties, "key_unknown")
            self._act_on_party(one, t)
            self.parties[party]["at"] = time_of(t)
            self.touched_parties.add(party)

    def _log_key(self, one: Instruction, t: int) -> None:
        """A key of the log, of the member that asks."""
        body = one.body
        try:
            key = read_vkey(body["vkey"])
        except Fault:
            raise Fault("vkey_form") from None
        kinds = (COSIGNATURE, ML_DSA) if body["kind"] == "witness" else (NOTE,)
        name = f"tallystick/{one.payload['ledger']}" if body["kind"] == "log" else f"{one.party}/{body['kind']}"
        need(key.name == name and key.kind in kinds, "vkey_form")
        need(key.kind == ML_DSA or signing.is_strong_edwards(key.key), "vkey_form")
        thumb = to_b64u(hashlib.sha256(key.key).digest())
        need(thumb not in self._owners, "key_known")
        self._owners[thumb] = one.party
        listed = self.log_keys.setdefault(f"log/{one.party}/{body['kind']}", [])
        listed.append({"at": time_of(t), "vkey": body["vkey"]} | ({"until": body["until"]} if "until" in body else {}))
        del listed[:-MOST_LOG_KEYS]
        self.touched_logs.add(f"log/{one.party}/{body['kind']}")

    def _check_recovery(self, recovery: dict[str, Any]) -> None:
        need(1 <= recovery["threshold"] <= len(recovery["parties"]), "threshold_wrong")

    def _enroll(self, one: Instruction, t: int) -> None:
        party, body = one.party, one.body
        need(party not in self.parties, "party_known")
        self._known(body["key"])
        need("administer" in body["purposes"], "purposes_wrong")
        if "recovery" in body:
            self._check_recovery(body["recovery"])
        self._record(party, body["key"], t, purposes=body["purposes"], holder=body.get("holder"), limits=body.get("limits"))
        self.parties[party] = {"at": time_of(t), "host": party.split("/")[0]}
        for name in ("name", "recovery"):
            if name in body:
                self.parties[party][name] = body[name]
        self.touched_parties.add(party)

    def _acts_as(self, one: Instruction, t: int, owners: list[str]) -> None:
        """The quorum that signed is the party's recovery again, and all that were named after it are gone."""
        self.came_back = False
        record, standing = self.parties[one.party], self._standing(one.party, t)
        for index, named in enumerate(standing):
            if self._is_quorum(owners, named):
                record["recovery"] = {"parties": named["parties"], "threshold": named["threshold"]}
                record["replaced"] = standing[:index]
                self.came_back = index < len(standing) - 1
                return

    def _act_on_party(self, one: Instruction, t: int) -> None:
        act, party, body, record = one.act, one.party, one.body, self.parties[one.party]
        owners = [signature.owner for signature in one.signatures]
        if act == "rehost":
            need(record["host"] != body["member"], "same_host")
            if party not in owners:
                self._acts_as(one, t, [owner for owner in owners if owner != body["member"]])
            record["host"] = body["member"]
        elif act == "recovery-set":
            self._check_recovery(body)
            standing = self._standing(party, t)
            need(len(standing) <= MOST_REPLACED, "too_many_recoveries")
            if standing:
                record["replaced"] = standing[:-1] + [standing[-1] | {"until": time_of(t + STANDS)}]
            record["recovery"] = {"parties": body["parties"], "threshold": body["threshold"]}
        elif act == "key-add":
            self._known(body["key"])
            need(len(self.live(party)) < MOST_KEYS, "too_many_keys")
            more = {name: body.get(name) for name in ("holder", "limits", "from", "until")}
            self._record(party, body["key"], t, purposes=body["purposes"], **more)
        elif act == "key-rotate":
            self._known(body["key"])
            old = self.keys[self._named(party, body["old"])]
            more = {name: old.get(name) for name in ("purposes", "holder", "limits", "until")}
            self._record(party, body["key"], t, **more)
            self._revoke(f"{party}#{body['old']}", t, "rotated")
        elif act == "key-revoke":
            kid = self._named(party, body["key"])
            need("revoked" not in self.keys[kid], "key_revoked_already")
            self._leaves_an_admin(party, kid, t)
            self._revoke(kid, t, body["reason"])
        elif act == "key-compromised":
            kid = self._named(party, body["key"])
            need(seconds(body["since"]) <= t, "since_future")
            if party not in owners:
                self._acts_as(one, t, owners)
            self._revoke(kid, t, "compromised")
            key = self.keys[kid]
            if "since" not in key or seconds(body["since"]) < seconds(key["since"]):
                key["since"] = body["since"]
            self.touched_keys.add(kid)
        elif act == "key-recover":
            self._known(body["key"])
            named = [self._named(party, thumb) for thumb in body["revoke"]]
            ended = set(named) | {f"{party}#{one['key']}" for one in self.admins(party)}
            self._acts_as(one, t, owners[1:])
            self._record(party, body["key"], t, purposes=ALL_PURPOSES)
            for kid in ended:
                self._revoke(kid, t, "recovered")

    def _leaves_an_admin(self, party: str, without: str, t: int) -> None:
        if "administer" not in self.keys[without]["purposes"]:
            return
        left = [one for one in self.admins(party) if f"{party}#{one['key']}" != without]
        good = [one for one in left if "until" not in one and ("from" not in one or seconds(one["from"]) <= t)]
        need(good, "last_administer_key")

    # ---- what the ledger should have written

    def written(self, t: int) -> dict[str, bytes]:
        """The records that the acts of one transaction changed, as the ledger keeps them."""
        out = {}
        for kid in self.touched_keys:
            owner, thumb = kid.split("#")
            out[f"key/{owner}/{thumb}"] = canonical(self.keys[kid])
        for party in self.touched_parties:
            record = dict(self.parties[party])
            record["admins"] = self.admins(party)
            record["keys"] = len(self.live(party))
            record["replaced"] = [one for one in record.get("replaced", []) if t < seconds(one["until"])]
            if not record["replaced"]:
                del record["replaced"]
            out[f"pty/{party}"] = canonical(record)
        for key in self.touched_logs:
            out[key] = canonical({"vkeys": self.log_keys[key]})
        self.touched_keys.clear()
        self.touched_parties.clear()
        self.touched_logs.clear()
        return out


def _within(limits: dict[str, Any], act: str, body: dict[str, Any]) -> bool:
    if act in NOT_ENFORCED:
        return True
    if act == "report":
        events = body["events"]
    elif act == "claim":
        events = [body["event"]]
    else:
        events = [one["event"] for one in body["proofs"]] if act in ("attest", "contradict") else []
    if "types" in limits and any(one.get("type") not in limits["types"] for one in events):
        return False
    if "amount" not in limits:
        return True
    greatest = read_amount(limits["amount"])
    amounts = [read_amount(one["amount"]) for one in events + [body] if "amount" in one]
    return all(amount is None or amount <= greatest for amount in amounts)
