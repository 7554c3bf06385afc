"""The pages of ANSWER: the inbox and its threads; and what the desk keeps for them."""
