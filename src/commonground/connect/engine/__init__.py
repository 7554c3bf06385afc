"""How other programs are told: which events, signed how, and how often it is tried."""
