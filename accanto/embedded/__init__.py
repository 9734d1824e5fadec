"""The PostgreSQL server that Accanto starts by itself, and the roles every Accanto database needs.

The binaries come from a pip package or from the system; how they are started, watched and stopped is ours.
Nothing here knows Django, so that the launcher, the console and the tests use the same few words.
"""

from accanto.embedded.cluster import Passwords, cluster_sql, prepare_cluster
from accanto.embedded.errors import EmbeddedError
from accanto.embedded.server import Server

__all__ = ["EmbeddedError", "Passwords", "Server", "cluster_sql", "prepare_cluster"]
