"""The ground on which everything else stands: zones, municipalities and their residents by date.

Reference data, the same for everybody and written only by loading a region pack (`pack.py`).
"""
