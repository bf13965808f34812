"""The final form, on a pack that is made final here, and the proof of one of its postings.

`TALLYSTICK_PACK` names a pack of the first form with a settlement, beside its trust file; SecondVerifierTest gives one.
"""

import base64
import io
import os
import unittest
from pathlib import Path

import _path  # noqa: F401
from making import NoteSigner, b64, digest, head_note, make_final, make_posting, root_of
from tallyverify.forms import read_json
from tallyverify.pack import Verifier
from tallyverify.posting import verify_posting
from tallyverify.schema import Schema
from tallyverify.trust import Trust

PACK = os.environ.get("TALLYSTICK_PACK")
FIRST = {"occurrence.valid", "occurrence.included", "completeness.chains", "completeness.heads"}


@unittest.skipUnless(PACK, "not run: TALLYSTICK_PACK names no pack")
class FinalForm(unittest.TestCase):
    def setUp(self):
        path = Path(PACK)
        self.final = make_final(path.read_bytes(), path.with_suffix(".tallytrust").read_bytes())

    def verify(self):
        return Verifier(Trust(self.final.trust_file())).verify(io.BytesIO(self.final.pack()))

    def failed(self):
        return set(self.verify().failed)

    def test_it_holds_and_all_that_the_first_form_leaves_open_is_checked(self):
        answer = self.verify()

        self.assertEqual({}, answer.failed)
        self.assertEqual(0, answer.exit)
        self.assertFalse(FIRST & set(answer.not_checked))

    def test_answers_packs_and_postings_have_the_form_of_the_schema(self):
        proof, trust = make_posting(self.final, 0), Trust(self.final.trust_file())
        extra = read_json(base64.b64decode(proof.split("\n")[1][6:]))
        pack = Schema("pack-1.schema.json")

        self.assertTrue(pack.holds(self.final.stated))
        self.assertTrue(Schema("pack-1.schema.json", "/$defs/trust").holds(self.final.trust))
        self.assertTrue(Schema("pack-1.schema.json", "/$defs/posting").holds(extra))
        for answer in (self.verify(), verify_posting(proof.encode(), trust)):
            self.assertTrue(Schema("pack-1.schema.json", "/$defs/answer").holds(answer.json()))

    def test_a_leaf_that_is_another_is_found(self):
        leaf = self.final.leaves[3]
        self.final.leaves[3] = leaf.replace(b'"t":"2', b'"t":"3')

        self.assertLessEqual({"occurrence.valid", "occurrence.included"}, self.failed())

    def test_a_leaf_that_is_left_out_is_found(self):
        del self.final.leaves[-1], self.final.indexes[-1]

        self.assertLessEqual({"occurrence.valid", "occurrence.included", "completeness.chains"}, self.failed())

    def test_a_transaction_that_is_left_out_is_found(self):
        last = [name for name, _ in self.final.entries if name.startswith("tx/")][-1]
        self.final.entries = [entry for entry in self.final.entries if entry[0] != last]

        self.assertIn("completeness.chains", self.failed())

    def test_a_node_that_is_another_is_found(self):
        self.final.hashes[-1] = digest(b"another")

        self.assertEqual({"occurrence.included"}, self.failed())

    def test_a_checkpoint_of_one_witness_meets_no_quorum_of_two(self):
        self.final.checkpoint = "".join(self.final.checkpoint.splitlines(keepends=True)[:-1])

        self.assertEqual({"occurrence.included"}, self.failed())

    def test_a_known_signature_that_fails_spoils_the_checkpoint(self):
        self.final.checkpoint = self.final.checkpoint.replace(f"{self.final.stated['size']}\n", f"{self.final.stated['size'] + 1}\n", 1)

        self.assertIn("occurrence.included", self.failed())

    def test_a_head_that_one_member_states_is_not_enough(self):
        del self.final.heads[0]

        self.assertEqual({"completeness.heads"}, self.failed())

    def test_a_head_that_is_stated_elsewhere_does_not_count(self):
        stated, chain = self.final.stated, self.final.stated["chains"][0]
        root = root_of(self.final.hashes)
        signer = NoteSigner("east/head", 1)
        self.final.heads[0] = head_note(stated["origin"], stated["size"], root, chain["chain"], chain["count"] + 1, chain["last"], signer)

        self.assertEqual({"completeness.heads"}, self.failed())

    def test_an_older_pack_is_part_of_this_one(self):
        older = {"root": root_of(self.final.hashes[:5]).hex(), "size": 5}
        self.final.stated["older"] = self.final.trust["older"] = older

        answer = self.verify()

        self.assertEqual({}, answer.failed)
        self.assertNotIn("completeness.consistent", answer.not_checked)

    def test_an_older_pack_with_another_root_is_not(self):
        older = {"root": digest(b"another").hex(), "size": 5}
        self.final.stated["older"] = self.final.trust["older"] = older

        self.assertEqual({"completeness.consistent"}, self.failed())

    def test_without_a_policy_it_could_not_be_checked(self):
        del self.final.trust["policy"]

        self.assertEqual(2, self.verify().exit)

    def test_a_posting_is_in_the_settlement_that_the_members_logged(self):
        proof, trust = make_posting(self.final, 0), Trust(self.final.trust_file())

        self.assertEqual({}, verify_posting(proof.encode(), trust).failed)
        self.assertEqual(0, verify_posting(proof.encode(), trust).exit)
        self.assertEqual(2, verify_posting(proof.encode(), None).exit)

    def test_a_posting_of_another_amount_is_not(self):
        proof, trust = make_posting(self.final, 0), Trust(self.final.trust_file())
        lines = proof.split("\n")
        extra = base64.b64decode(lines[1][6:])
        lines[1] = "extra " + b64(extra.replace(b'"line":{"amount":', b'"line":{"amount":1'))

        self.assertEqual({"accuracy.posting"}, set(verify_posting("\n".join(lines).encode(), trust).failed))

    def test_a_posting_of_another_leaf_is_not(self):
        proof, trust = make_posting(self.final, 0), Trust(self.final.trust_file())
        lines = proof.split("\n")
        extra = base64.b64decode(lines[1][6:])
        lines[1] = "extra " + b64(extra.replace(b'"kind":"verdict"', b'"kind":"verdicT"'))

        self.assertIn("occurrence.included", verify_posting("\n".join(lines).encode(), trust).failed)


if __name__ == "__main__":
    unittest.main()
