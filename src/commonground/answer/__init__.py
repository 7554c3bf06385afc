"""ANSWER: what people write to us, and who has it."""
