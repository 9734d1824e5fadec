"""The social workers of each zone against the thresholds of the law."""
