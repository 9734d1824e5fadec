"""What the browser loads is all here, unchanged, and stands under the strict policy."""

import importlib.util
import re
from pathlib import Path

from accanto import web
from accanto.web.parts import icons

WEB = Path(web.__file__).parent
ROOT = WEB.parent.parent
STATIC = WEB / "static"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


def vendor_tool():
    spec = importlib.util.spec_from_file_location("vendor_static", ROOT / "tools" / "vendor_static.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_those_of_the_manifest():
    assert vendor_tool().differences() == []


def test_the_browser_loads_little():
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 1_600_000


def test_every_reference_in_a_style_sheet_resolves():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text()
        assert "sourceMappingURL" not in text
        assert "@import" not in text
        for reference in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            if not reference.startswith(("data:", "#", "%23")):
                assert (sheet.parent / reference).exists(), f"{sheet.name}: {reference}"


def test_the_hashed_storage_takes_every_file(settings, tmp_path):
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
    from django.core.files.storage import FileSystemStorage

    source = FileSystemStorage(location=STATIC)
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for path in STATIC.rglob("*"):
        if path.is_file():
            name = str(path.relative_to(STATIC))
            paths[name] = (source, name)
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(path.read_bytes())
    failed = [(name, result) for name, _hashed, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failed == []


def test_no_template_breaks_the_policy():
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|https?://(?!www\.w3\.org)", text), template.name
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, template.name


def test_every_icon_named_exists():
    named = set(icons.TONES.values()) | {name for name, _tone in icons.SEVERITIES.values()}
    for path in [*TEMPLATES, *WEB.rglob("*.py")]:
        named |= set(re.findall(r"[\"'](it-[a-z-]+)[\"']", path.read_text()))
    assert named <= icons.names(), named - icons.names()
