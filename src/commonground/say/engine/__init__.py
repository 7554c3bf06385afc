"""The thinking of SAY: whether words fit, and what a delivery does next. Pure."""
