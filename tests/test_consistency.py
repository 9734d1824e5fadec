"""The house in order: floors, rooms, words, templates, migrations. What this file asks, nobody has to remember."""

import ast
import re
import subprocess
import sys
from io import StringIO

import polib
import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import engines
from django.utils import dates

from tests.floors import PROJECT, ROOMS, floor_of, layers

PACKAGE = PROJECT / "accanto"
NAMELESS = {"utils", "util", "core", "common", "services", "helpers", "misc", "lib", "tools"}
# Models no screen ever names.
NEVER_SHOWN = {"Installation", "Right", "SealingKey", "SearchKey", "Session"}
LONGEST = 1000  # lines
# Used by no page by name: Django asks for them, or draws fields with them.
FOUND_BY_DJANGO = re.compile(r"^(404|403|500|503|400)\.html$|^widgets/")
WHERE_WE_WORK = re.compile(
    # places of the machine where this was written, and addresses of where packages come from
    r"/wor[k]/|/tm[p]/wt|/roo[t]/|pypi\.or[g]|files\.pythonhosted|registry\.npmj[s]|proxy\.golan[g]"
)


def committed(*suffixes):
    """The files of the repository, as git sees them; those of others, kept as they came, apart."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    files = [PROJECT / line for line in listed.stdout.splitlines()]
    return [
        file
        for file in files
        if file.is_file() and "vendor" not in file.parts and (not suffixes or file.suffix in suffixes)
    ]


def modules():
    return [file for file in committed(".py") if file.is_relative_to(PACKAGE)]


def test_imports_only_go_down_the_floors():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_every_room_stands_on_a_floor():
    assert [room for room in ROOMS if floor_of(room) is None] == [], "add the room to the floors in pyproject.toml"
    listed = [room for layer in layers() for room in layer]
    assert len(listed) == len(set(listed))


def test_the_law_knows_neither_django_nor_the_database_nor_the_clock():
    strangers = {"django", "psycopg", "accanto.access", "accanto.territory", "time", "random"}
    for file in (PACKAGE / "norms").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not any(name == one or name.startswith(f"{one}.") for one in strangers), f"{file.name}: {name}"


def test_no_room_is_named_after_nothing():
    for file in modules():
        assert file.stem not in NAMELESS, file
        assert not NAMELESS & {parent.name for parent in file.relative_to(PACKAGE).parents}, file


def test_no_file_is_too_long_to_be_read():
    for file in modules():
        if "migrations" not in file.parts:
            assert len(file.read_text().splitlines()) <= LONGEST, file


def test_every_room_says_what_it_is_for():
    for room in ROOMS:
        assert ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text())), f"{room}/__init__.py"


def test_every_template_is_used():
    folder = PACKAGE / "web" / "templates"
    text = "\n".join(file.read_text() for file in committed(".py", ".html") if file.is_relative_to(PACKAGE))
    for file in folder.rglob("*.html"):
        name = str(file.relative_to(folder))
        if not FOUND_BY_DJANGO.match(name):
            assert f'"{name}"' in text or f"'{name}'" in text, f"{name} is used by no page"


def test_every_template_can_be_read():
    folder = PACKAGE / "web" / "templates"
    for file in folder.rglob("*.html"):
        if not str(file.relative_to(folder)).startswith("widgets/"):
            engines["django"].get_template(str(file.relative_to(folder)))


def test_no_number_of_a_row_is_written_as_a_quantity_where_a_program_reads_it():
    """«1.234» is how a quantity is written, and no number of a row: from the thousandth on the form would send it back
    so, and mean another row, or all of them."""
    wrong = re.compile(r"""="[^"]*\{\{ [\w.]*(?:\.pk|\.id|_id) \}\}|[?&]\w+=\{\{ \w+ \}\}""")
    words = {"figure.id", "widget.attrs.id", "errors.field_id", "field.auto_id"}  # texts already
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        found = [text for text in wrong.findall(path.read_text()) if not any(word in text for word in words)]
        assert not found, f"{path.name}: {found}: write it with |stringformat:'d'"


def called_while_importing(node):
    """The names called outside every function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Name):
                yield child.func.id
            yield from called_while_importing(child)


def test_no_words_are_translated_once_for_ever_when_a_file_is_imported():
    for file in modules():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        at_once = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for name in node.names
            if "gettext" in name.name and not name.name.endswith("_lazy")
        }
        assert not at_once & set(called_while_importing(tree)), f"{file}: gettext_lazy, or every language reads one"


def test_only_words_written_out_are_translated():
    """A word that comes from a variable never reaches the catalogue."""
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                said = node.func.id not in {"_", "gettext", "gettext_lazy"} or isinstance(node.args[0], ast.Constant)
                assert said, f"{file}:{node.lineno}: {ast.unparse(node)}"


def test_what_we_write_says_nothing_of_where_it_was_written():
    for file in committed():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        found = WHERE_WE_WORK.search(text)
        assert not found, f"{file.relative_to(PROJECT)}: {found[0]}"


def test_the_migrations_make_the_models_of_today(db):
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"the models have changed: make their migration.\n{said.getvalue()[:3000]}")


def test_every_model_has_a_name_in_italian():
    for model in apps.get_models():
        if model.__module__.startswith("accanto.") and model.__name__ not in NEVER_SHOWN:
            written = "verbose_name" in model._meta.original_attrs
            assert written, f"{model.__module__}.{model.__name__}: say its verbose_name"


# --- the glossary ----------------------------------------------------------------------------------------------------


def glossary():
    """The rows of the tables of docs/glossary.md: (Italian, English name)."""
    rows = re.findall(r"^\| ([^|]+?) \| `([^`]+)`", (PROJECT / "docs" / "glossary.md").read_text(), flags=re.MULTILINE)
    return [(italian.strip().lower(), english) for italian, english in rows]


def test_one_italian_term_has_one_english_name_and_the_other_way_round():
    italians, englishes = zip(*glossary(), strict=True)
    assert sorted(set(italians)) == sorted(italians), {term for term in italians if italians.count(term) > 1}
    assert sorted(set(englishes)) == sorted(englishes), {name for name in englishes if englishes.count(name) > 1}


def words_of(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def test_every_room_and_every_model_is_in_the_glossary():
    known = {english.lower() for _italian, english in glossary()}
    known |= {name + "s" for name in known} | {name.removesuffix("y") + "ies" for name in known}
    for room in ROOMS:
        assert words_of(room) in known, f"the room «{room}» is not in docs/glossary.md"
    for model in apps.get_models():
        if model.__module__.startswith("accanto."):
            assert words_of(model.__name__) in known, (
                f"«{model.__name__}» ({model.__module__}) is not in docs/glossary.md"
            )


def test_no_sentence_of_ours_takes_the_place_of_a_word_django_writes_dates_with():
    """Our «mar» for martedì once made of every March a Tuesday."""
    ours = {entry.msgid for entry in polib.pofile(PACKAGE / "locale/en/LC_MESSAGES/django.po") if not entry.msgctxt}
    tables = (dates.MONTHS, dates.MONTHS_3, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
    assert not ours & {word._args[0] for table in tables for word in table.values()}
