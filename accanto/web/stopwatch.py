"""Server time of each request, from the entry of WSGI to the last byte, and its queries: for the measures of `bench/`.

Works only where ACCANTO_STOPWATCH names a file; each request with an X-Measure header adds a line of JSON to it."""

import json
import os
import time

from django.db import connection
from psycopg import ClientCursor


class Stopwatch:
    def __init__(self, application, file):
        self.application = application
        self.file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __call__(self, environ, start_response):
        name = environ.get("HTTP_X_MEASURE")
        if not name:
            return self.application(environ, start_response)
        return self.measured(name, environ, start_response, with_text=environ.get("HTTP_X_MEASURE_TEXT") == "1")

    def measured(self, name, environ, start_response, *, with_text):
        statements, status = [], []

        def note(execute, sql, params, many, context):
            statements.append(ClientCursor(connection.connection).mogrify(sql, params) if with_text else "")
            return execute(sql, params, many, context)

        def start(line, headers, exc_info=None):
            status.append(int(line.split()[0]))
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        begun = time.perf_counter_ns()
        with connection.execute_wrapper(note):
            body = self.application(environ, start)
            try:
                yield from body
            finally:
                if hasattr(body, "close"):
                    body.close()
        line = {
            "name": name,
            "ms": (time.perf_counter_ns() - begun) / 1e6,
            "queries": len(statements),
            "status": status and status[-1],
        } | ({"statements": statements} if with_text else {})
        os.write(self.file, (json.dumps(line) + "\n").encode())


def measured(application):
    file = os.environ.get("ACCANTO_STOPWATCH")
    return Stopwatch(application, file) if file else application
