"""Taking charge: the case, its area, its plan and all that a zone does around one person."""
