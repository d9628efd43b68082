"""The long proofs of the incidents stage; the short ones are in `tests/e2e/`."""
