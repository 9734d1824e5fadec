"""A long page while somebody writes it: it keeps what is typed as a draft, and sees what others change meanwhile.

    writing = Writing(request, about=case.pk, standing=initial, form=partial(PlanForm, today=today))
    if writing.ready():
        ... act on writing.form.cleaned_data ...
        writing.done()

The template has `{% include "parts/writing.html" %}` inside its form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accanto.access import draft as drafts
from accanto.access.door import for_kinds, writes
from accanto.people.person import Person
from accanto.web.parts.meanwhile import Meanwhile
from accanto.web.people import WORKERS

# the long pages, by the name of their address; what they are about is the number in it
PAGES = (
    "new_referral",
    "registry",
    "new_assessment",
    "revise_domain",
    "write_plan",
    "record_meeting",
    "employability",
    "transfer_case",
    "plan_traineeship",
    "change_plan",
)
NOT_TYPED = {"csrfmiddlewaretoken", "discard"}
MOST_FIELDS = 200
# of the registry page: what is kept nowhere else once the contacts are protected, and the marks made of it
CONTACTS = {"phone", "email", "municipality", "seen"}


class Draft:
    """The draft of this page, if there is one: `values` begin the form, `saved_at` says of when it is."""

    def __init__(self, request, about=0):
        self.page, self.about, self.by = request.resolver_match.url_name, about, request.acting
        self.row = None
        if request.method == "GET":
            self.row = drafts.find(page=self.page, about=about, by=self.by, now=timezone.now())

    @property
    def url(self):
        return reverse("draft", args=[self.page, self.about])

    @property
    def saved_at(self):
        return self.row and self.row.saved_at

    @property
    def begun(self):
        """The mark of what stood when it was begun (parts/meanwhile.py)."""
        return (self.row.typed.get("seen") or [""])[-1] if self.row else ""

    def values(self, fields):
        """What was typed, for `initial`: lists for the fields that take many answers."""
        typed = self.row.typed if self.row else {}
        return {
            name: values if getattr(fields[name].widget, "allow_multiple_selected", False) else values[-1]
            for name, values in typed.items()
            if name in fields and values
        }

    def drop(self):
        drafts.drop(page=self.page, about=self.about, by=self.by)


class Writing:
    """`form` makes the form from `data` and `initial`; `standing` are its initial values as the facts have them now,
    `proposed` those that are no facts; `begins` marks a POST that only opens the page, with something to begin from."""

    def __init__(self, request, *, form, standing=None, proposed=None, about=0, begins=False):
        standing, proposed = standing or {}, proposed or {}
        self.draft = Draft(request, about)
        fields = form(initial=standing).fields
        sent = request.POST if request.method == "POST" and not begins else None
        self.meanwhile = Meanwhile(fields=fields, standing=standing, sent=sent, begun=self.draft.begun)
        self.form = form(data=self.meanwhile.data, initial=standing | proposed | self.draft.values(fields))

    def ready(self):
        """Sent, right, and with nothing that this person has not seen."""
        return self.form.is_bound and self.form.is_valid() and self.meanwhile.settled

    def done(self):
        self.draft.drop()


@for_kinds(*WORKERS)
@writes
@require_POST
def draft(request, page, about):
    """Save what is typed now, or throw it away: 204; 404 where no page keeps drafts; 413 where it is too long."""
    if page not in PAGES or about > 2**63 - 1:
        return render(request, "404.html", status=404)
    if "discard" in request.POST:
        drafts.drop(page=page, about=about, by=request.acting)
        return HttpResponse(status=204)
    closed = NOT_TYPED
    if page == "registry" and Person.objects.within(request.acting).of(about).filter(contacts_sealed=True).exists():
        closed = NOT_TYPED | CONTACTS  # a page opened before goes on sending them
    # a name too is what a stranger wrote: PostgreSQL keeps no null character in either
    typed = {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in request.POST.getlist(name)]
        for name in list(request.POST)[:MOST_FIELDS]
        if name not in closed
    }
    try:
        drafts.keep(page=page, about=about, typed=typed, by=request.acting, now=timezone.now())
    except drafts.TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)
