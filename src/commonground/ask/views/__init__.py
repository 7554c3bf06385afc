"""The pages of ASK: those of the desk, those anybody may open, and a panel for other rooms."""
