"""Who we are, what we may see, what we did: organisations, users, roles; subjects and relations; the door and the log.

Every secret row of every upper floor points down to a subject of this room, and the door of this room is the only way
in: it opens one transaction for a request, tells PostgreSQL which session is asking, and writes down what was read."""
