"""Which tests are made on both servers, where there are two: those that speak to PostgreSQL themselves.

A test that only reckons, or only opens pages, is the same on either: that every page opens and every form is taken is
asked by the walks. `--share first` and `--share second` (`tools/test.py`) deal such tests out, a file to each; without
it all are made."""

import re
import types
import unittest
import zlib

# What a test, a fixture or a function of the tests names when it asks PostgreSQL something itself.
SPEAKS = re.compile(
    r"cursor|connections?$|atomic|psycopg|(Integrity|Database|Operational|Programming|Internal|Data)Error$|^raw$"
    r"|call_command|^Server$|ThreadPoolExecutor"
)
STATEMENT = re.compile(r"\s*(select|insert|update|delete|with|set|alter|create|drop|grant) ", re.IGNORECASE)
# These count statements or build the scene: nothing that a version of PostgreSQL could answer otherwise.
SILENT = {"same_queries", "enter"}
SILENT_FILES = {"tests.factories"}
# Whole files and folders about policies, or about what writes by hand.
ALWAYS = ("tests/bench/", "tests/demonstration/", "tests/exchange/", "tests/test_isolation.py")
OF_THE_FIRST = 30  # files of a hundred, of those that are dealt out


def pytest_addoption(parser):
    parser.addoption("--share", choices=("first", "second"), help="only what this one of two servers has to do")


def pytest_collection_modifyitems(config, items):
    share = config.getoption("--share")
    if not share:
        return
    reader, kept, left = Reader(), [], []
    for item in items:
        (kept if reader.on_both(item) or share_of(item.path) == share else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def share_of(path):
    return "first" if zlib.crc32(path.name.encode()) % 100 < OF_THE_FIRST else "second"


class Reader:
    """Reads the functions of the tests, each once."""

    def __init__(self):
        self.known = {}

    def on_both(self, item):
        if item.nodeid.startswith(ALWAYS) or issubclass(getattr(item, "cls", None) or object, unittest.TestCase):
            return True
        if any(item.iter_markers("walk")) or any(item.iter_markers("browser")) or any(item.iter_markers("single")):
            return True  # dealt out by their marks
        defined = item._fixtureinfo.name2fixturedefs
        used = [defined[name][-1].func for name in item.fixturenames if name in defined and name not in SILENT]
        return any(self.speaks(function) for function in (item.function, *used))

    def speaks(self, function):
        """Whether it, or a function of the tests that it names, says a word of PostgreSQL."""
        function = getattr(getattr(function, "hypothesis", None), "inner_test", function)
        room = getattr(function, "__module__", "")
        if not room.startswith("tests.") or room in SILENT_FILES or not isinstance(function, types.FunctionType):
            return False
        if function not in self.known:
            self.known[function] = False  # two functions may name each other
            names, states = words_of(function.__code__)
            others = [function.__globals__.get(name) for name in names]
            self.known[function] = (
                states or any(map(SPEAKS.search, names)) or any(self.speaks(other) for other in others)
            )
        return self.known[function]


def words_of(code):
    """The names of a function and of those inside it; whether one of its texts is a statement of SQL."""
    names, states = {*code.co_names, *code.co_freevars, *code.co_varnames}, False
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            more, there = words_of(constant)
            names, states = names | more, states or there
        elif isinstance(constant, str) and STATEMENT.match(constant):
            states = True
    return names, states
