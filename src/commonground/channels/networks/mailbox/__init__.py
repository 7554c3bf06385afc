"""A mailbox of the agency: people write to it, and each is answered by e-mail, alone."""
