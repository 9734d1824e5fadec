class EmbeddedError(Exception):
    """One Italian sentence, ready for the screen, that says what is wrong and what to do."""
