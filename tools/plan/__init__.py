"""What a whole country would need, worked out from what was measured on two cores."""
