"""The log as mathematics: leaves, tree, tiles, notes, proofs. Nothing here knows a database."""
