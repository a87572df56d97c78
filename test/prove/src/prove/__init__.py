"""Proofs: each switches one guarantee off and demands that its check goes red."""
