"""ASK - questions to the public, and the common ground in the answers."""
