"""Data of the encoder: BERT's vocabulary and what we trained."""
