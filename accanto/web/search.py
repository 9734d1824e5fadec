from django.shortcuts import render
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds
from accanto.access.role import Degree
from accanto.cases.case import Case
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.search import MOST, find
from accanto.web.people import WORKERS

AT_ONCE = 6  # of who is found while one types, under the field


@for_kinds(*WORKERS)
def search(request):
    """People by name or fiscal code, the likest of them already while one types. A POST that writes nothing, so that no
    address ever holds a name."""
    text = request.POST.get("q", "").replace("\x00", " ").strip()[:100]
    typing = "HX-Request" in request.headers
    most = AT_ONCE if typing else MOST
    subjects = find(text, most=most)
    inside = {"subject_id__in": subjects}
    people = {row.subject_id: row for row in Person.objects.within(request.acting).filter(**inside)}
    registry = Registry.objects.within(request.acting).filter(**inside).select_related("municipality")
    registry = {row.subject_id: row for row in registry}
    cases = Case.objects.within(request.acting).filter(**inside).select_related("manager").order_by("opened_on", "id")
    cases = {case.subject_id: case for case in cases}
    found = [
        {"person": people[subject], "registry": registry.get(subject), "case": cases.get(subject)}
        for subject in subjects
        if subject in people
    ]
    context = {
        "typed": text,
        "found": found,
        "asked": request.method == "POST",
        "too_many": len(found) >= most,
        "long_enough": len(text) >= 3,
        "may_refer": request.acting.may(Degree.CASE, write=True),
        "title": _("Ricerca di persone"),
    }
    return render(request, "people/found_while_typing.html" if typing else "people/search.html", context)
