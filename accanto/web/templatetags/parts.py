"""`{% load parts %}`: the words of which pages are written."""

from collections.abc import Iterable

from django import template
from django.forms import BaseForm
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accanto.norms.findings import Finding, Grade
from accanto.norms.text import Text
from accanto.web.parts import forms, icons, numbers
from accanto.web.parts.figure import Figure
from accanto.web.parts.table import Table

register = template.Library()

for _name in ("number", "euro", "percent", "ratio", "day", "moment", "spelled"):
    register.filter(_name, getattr(numbers, _name))


@register.filter
def local(value) -> str:
    """The text of the active language in a sentence given as {it, en}, as the cards are, or as a Text of the law."""
    language = (get_language() or "it")[:2]
    if isinstance(value, dict):
        return str(value.get(language) or value.get("it") or "")
    if isinstance(value, Text):
        return value.in_language(language)
    return "" if value is None else str(value)


# --- the page ---------------------------------------------------------------------------------------------------------


class Again(template.Node):
    def __init__(self, name: str):
        self.name = name

    def render(self, context):
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        return block.nodelist.render(context).strip() if block else ""


@register.tag
def again(parser, token):
    """Write a block of this page a second time: the title of the window as the heading of the page."""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError('again wants the name of one block: {% again "title" %}') from None
    return Again(name.strip("\"'"))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString | str:
    """A picture, silent for screen readers unless `label` says what it means; unknown names draw nothing."""
    if name not in icons.names():
        return ""
    reference = f"{static(icons.SPRITE)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, reference)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', reference)


@register.inclusion_tag("parts/breadcrumbs.html")
def breadcrumbs(*labels_and_urls):
    """{% breadcrumbs "Persone" people_url "Rossi Maria" %}: label, address, label, address; last comes this page."""
    steps = list(labels_and_urls)
    if len(steps) % 2:
        steps.append("")
    return {"crumbs": list(zip(steps[::2], steps[1::2], strict=True))}


@register.inclusion_tag("parts/notice.html")
def notice(sentence, tone: str = "info"):
    tone = icons.MESSAGES.get(tone, tone)
    return {"sentence": sentence, "tone": tone, "icon_name": icons.TONES.get(tone, "it-info-circle")}


# --- states and findings ----------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/badge.html")
def badge(word, tone: str = "neutral", icon_name: str = ""):
    """A state: its word and its icon. Tones: neutral, progress, ok, attention, stopped, info."""
    return {"word": word, "tone": tone, "icon_name": icon_name or icons.TONES.get(tone, icons.TONES["neutral"])}


def _shown_findings(findings: Iterable[Finding]) -> list[dict]:
    words = {"block": _("Blocca"), "authorise": _("Da autorizzare"), "caution": _("Avvertenza"), "pass": _("A posto")}
    order = list(icons.SEVERITIES)
    shown = []
    for finding in findings or ():
        icon_name, tone = icons.SEVERITIES[finding.severity]
        shown.append(
            {
                "severity": finding.severity,
                "tone": tone,
                "icon_name": icon_name,
                "word": words[finding.severity],
                "sentence": local(finding.sentence),
                "way_out": local(finding.way_out),
                "source": finding.source,
                "code": finding.code,
                "link": finding.link,
                "speaker": local(finding.speaker),
                "unverified": finding.grade is Grade.UNVERIFIED,
            }
        )
    return sorted(shown, key=lambda entry: order.index(entry["severity"]))


@register.inclusion_tag("parts/findings.html")
def findings(found, title: str = "", level: int = 2):
    """What the law says of these facts: blocks first. Each with its sentence, its source and the way out."""
    shown = _shown_findings(found)
    return {"findings": shown, "title": title, "level": level, "none": not shown}


@register.inclusion_tag("parts/live_findings.html")
def live_findings(found, url: str, title: str = ""):
    """The same, beside a form: asked again of `url`, as a POST of the form's fields, whenever a field changes.

    The view answers a request with the header HX-Request with `parts/findings_only.html` (`found`, `title`).
    """
    return {"found": found, "url": url, "title": title}


# --- figures ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/progress.html")
def progress(label, value, target, unit: str = "", day=None, target_day=None):
    """Result against target, as a bar and in words. Without a target only the value is said."""
    share = float(value) / float(target) if value is not None and target else None
    told = {"value": numbers.number(value), "target": numbers.number(target), "unit": unit}
    notes = []
    if share is None:
        words = f"{told['value']} {unit}".strip()
        notes.append(_("nessun obiettivo fissato") if not target else _("nessun dato"))
    else:
        told["share"] = numbers.percent(share)
        words = (_("%(value)s su %(target)s %(unit)s (%(share)s)") % told).replace("  ", " ")
    if day:
        notes.append(_("al %(day)s") % {"day": numbers.day(day)})
    if target_day:
        notes.append(_("obiettivo entro il %(day)s") % {"day": numbers.day(target_day)})
    bar_value = "" if share is None else f"{min(max(share, 0), 1):.4f}"
    return {"label": label, "words": words, "notes": notes, "bar_value": bar_value}


@register.inclusion_tag("parts/key_figure.html")
def key_figure(figure: Figure):
    notes = []
    if figure.day:
        notes.append(_("al %(day)s") % {"day": numbers.day(figure.day)})
    if figure.target is not None:
        if figure.target_day:
            told = {"target": figure.shown_target(), "day": numbers.day(figure.target_day)}
            notes.append(_("obiettivo %(target)s entro il %(day)s") % told)
        else:
            notes.append(_("obiettivo %(target)s") % {"target": figure.shown_target()})
    return {"figure": figure, "sparkline": figure.sparkline(), "notes": notes}


@register.inclusion_tag("parts/table.html")
def data_table(table: Table, id: str = "", caption_hidden: bool = False, cards: bool = False):
    """With `cards`, on a phone a row is a card and each cell says its column."""
    return {"table": table, "id": id, "caption_hidden": caption_hidden, "cards": cards}


@register.inclusion_tag("parts/chart_with_table.html")
def chart_with_table(svg, table: Table, day=None, source: str = "", beside: bool = False):
    """A picture and, under it, the same data as a table; `beside` it and open where the page has room."""
    return {"svg": svg, "table": table, "day": day, "source": source, "beside": beside}


@register.inclusion_tag("parts/synthetic_note.html")
def synthetic_note():
    return {}


# --- lists and ways through -------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/sort_header.html")
def sort_header(label, url: str = "", sorted: str = "", figure: bool = False):
    """A heading of a column that sorts; `sorted` is "ascending", "descending" or nothing."""
    return {"label": label, "url": url, "sorted": sorted, "figure": figure}


@register.inclusion_tag("parts/pager.html")
def pager(shown, total=None, previous_url: str = "", next_url: str = "", at_least: bool = False):
    """Earlier and later rows by key. `at_least` when the count stopped at a cap."""
    if total is None:
        words = ngettext("%(shown)s riga", "%(shown)s righe", shown)
    elif at_least:
        words = _("%(shown)s righe di più di %(total)s")
    else:
        words = ngettext("%(shown)s di %(total)s riga", "%(shown)s di %(total)s righe", total)
    told = words % {"shown": numbers.number(shown), "total": numbers.number(total)}
    return {"words": told, "previous_url": previous_url, "next_url": next_url}


@register.inclusion_tag("parts/filters.html")
def filters(choices, label: str = ""):
    """Filters as words: (label, url, count or None, active)."""
    return {"choices": choices, "label": label or _("Filtri")}


@register.inclusion_tag("parts/tabs.html")
def tabs(choices, label: str = ""):
    """(label, url, active): each tab is a page of its own."""
    return {"choices": choices, "label": label or _("Sezioni")}


@register.inclusion_tag("parts/steps.html")
def steps(labels, current: int):
    """Where one is in a form of several screens; `current` counts from 1."""
    shown = [
        {"label": label, "state": "done" if n < current else "current" if n == current else "next", "n": n}
        for n, label in enumerate(labels, 1)
    ]
    return {"steps": shown, "current": current, "count": len(shown)}


@register.inclusion_tag("parts/timeline.html")
def timeline(events):
    """Events with `when`, `title` and, if they have them, `text`, `who`, `icon`, `url`."""
    return {
        "events": [
            {
                "when": event.when,
                "title": event.title,
                "text": getattr(event, "text", ""),
                "who": getattr(event, "who", ""),
                "icon": getattr(event, "icon", "") or "it-calendar",
                "url": getattr(event, "url", ""),
            }
            for event in events
        ]
    }


@register.inclusion_tag("parts/definitions.html")
def definitions(pairs):
    """(term, value); an empty value is said to be missing, not left blank."""
    return {"pairs": [(term, "" if value is None else value) for term, value in pairs]}


@register.inclusion_tag("parts/empty.html")
def empty_state(sentence, action_label: str = "", action_url: str = "", icon_name: str = "it-inbox"):
    return {"sentence": sentence, "action_label": action_label, "action_url": action_url, "icon_name": icon_name}


@register.inclusion_tag("parts/sealed.html")
def sealed(title, who, why, how_label: str = "", how_url: str = "", level: int = 2):
    """A section this role may not open: that it exists, who may open it and why."""
    return {"title": title, "who": who, "why": why, "how_label": how_label, "how_url": how_url, "level": level}


# --- forms ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/forms/summary.html")
def error_summary(form: BaseForm):
    found = forms.mistakes(form) if form.is_bound else []
    return {"mistakes": found, "count": sum(1 for mistake in found if mistake.anchor)}


@register.inclusion_tag("parts/forms/fieldset.html")
def fieldset(form: BaseForm, legend, names: str, note: str = ""):
    """Fields under one heading, side by side where they fit: {% fieldset form "Periodo" "start end" %}"""
    return {"legend": legend, "note": note, "fields": [form[name] for name in names.split()]}


@register.filter
def asks_anything(form: BaseForm) -> bool:
    return any(field.required for field in form.fields.values())
