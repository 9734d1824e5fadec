"""Keep the English catalogue in step with the screens, whose sentences are written in Italian in the code itself.

python tools/translations.py update   # add new sentences, empty, and drop those no longer said
python tools/translations.py check    # fail where one is missing, empty or has other placeholders
"""

import ast
import re
import sys
from pathlib import Path

import django
import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "accanto" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
# what Django writes in the place of {% translate %} and {% blocktranslate %}
IN_TEMPLATES = re.compile(
    r"\b(?:ngettext|pgettext|gettext|_)\((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?:,\s*)?)+(?:count)?\)"
)
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def said_in(tree):
    """Every translatable call of a piece of code, as (context, singular, plural)."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        texts = [text for text in texts if isinstance(text, str)]
        if name in SINGULAR and len(texts) == 1:
            yield None, texts[0], None
        elif name in PLURAL and len(texts) >= 2:
            yield None, texts[0], texts[1]
        elif name in CONTEXT and len(texts) == 2:
            yield texts[0], texts[1], None


def said():
    """Where each sentence is said: {(context, singular, plural): [files]}."""
    found = {}
    for file in sorted((ROOT / "accanto").rglob("*.py")):
        if "migrations" not in file.parts:
            for key in said_in(ast.parse(file.read_text())):
                found.setdefault(key, []).append(str(file.relative_to(ROOT)))
    for file in sorted((ROOT / "accanto").rglob("templates/**/*.html")):
        code = templatize(file.read_text(), origin=str(file))
        for call in IN_TEMPLATES.findall(code):
            for key in said_in(ast.parse(call.strip(), mode="eval")):
                found.setdefault(key, []).append(str(file.relative_to(ROOT)))
    return {key: files for key, files in found.items() if key[1]}


def key_of(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def update():
    known = {key_of(entry): entry for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Project-Id-Version": "Accanto",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for key, files in sorted(said().items(), key=lambda item: (item[0][1], item[0][0] or "")):
        context, singular, plural = key
        entry = known.get(key) or polib.POEntry(
            msgctxt=context,
            msgid=singular,
            **({"msgid_plural": plural, "msgstr_plural": {0: "", 1: ""}} if plural else {"msgstr": ""}),
        )
        entry.occurrences = [(file, "") for file in sorted(set(files))]
        entry.flags = [flag for flag in entry.flags if flag != "python-format"]
        if "%(" in singular:
            entry.flags.append("python-format")
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    missing = [entry.msgid for entry in catalogue if not entry.translated()]
    print(f"{len(catalogue)} sentences, {len(missing)} without English")


def check():
    catalogue = {key_of(entry): entry for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    wrong = []
    for key, files in said().items():
        entry = catalogue.get(key)
        where = f"{files[0]}: «{key[1][:70]}»"
        if entry is None:
            wrong.append(f"{where} is not in the catalogue")
        elif not entry.translated():
            wrong.append(f"{where} has no English")
        else:
            for english in entry.msgstr_plural.values() or [entry.msgstr]:
                if not set(PLACEHOLDERS.findall(english)) <= set(PLACEHOLDERS.findall(key[1] + (key[2] or ""))):
                    wrong.append(f"{where} has other placeholders in English")
    print("\n".join(wrong) or f"{len(catalogue)} sentences, all in English")
    return bool(wrong)


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    django.setup()
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
