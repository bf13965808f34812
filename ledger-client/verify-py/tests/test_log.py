"""Notes, policies and proofs of the log against published vectors."""

import base64
import json
import os
import unittest
from pathlib import Path

import _path  # noqa: F401
from tallyverify.forms import Fault, leaf_hash, root_by_path
from tallyverify.notes import policy_fault, read_log_proof, read_policy

SHARED = Path(os.environ.get("TALLYSTICK_SHARED", Path(__file__).resolve().parents[4] / "shared"))
VECTORS = SHARED / "vectors" / "generated-tlog"


@unittest.skipUnless(VECTORS.is_dir(), f"not run: the vectors of {VECTORS} are not there")
class TlogVectors(unittest.TestCase):
    def test_each_proof_is_decided_as_its_vector_says(self):
        cases = json.loads((VECTORS / "cases.json").read_text())
        policy = read_policy((VECTORS / cases["policy"]).read_text())

        for case in cases["cases"]:
            with self.subTest(case["file"], why=case["why"]):
                raw = (VECTORS / case["file"]).read_bytes()

                self.assertEqual(case["valid"], self.holds(raw, base64.b64decode(case["entryB64"]), policy))

    @staticmethod
    def holds(raw, entry, policy):
        try:
            proof = read_log_proof(raw)
        except Fault:
            return False
        root = root_by_path(leaf_hash(entry), proof.index, proof.checkpoint.size, proof.path)
        return root == proof.checkpoint.root and policy_fault(policy, proof.checkpoint, set()) is None


if __name__ == "__main__":
    unittest.main()
