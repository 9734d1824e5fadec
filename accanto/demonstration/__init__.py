"""The demonstration region: invented people and plausible histories, the same for the same seed and day."""
