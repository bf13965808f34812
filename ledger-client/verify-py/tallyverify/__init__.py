"""The second verifier of audit packs, written from docs/spec alone. Start reading at `pack.py`."""
