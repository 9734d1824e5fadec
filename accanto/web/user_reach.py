"""What a user can see: for the administrator, beside the user's roles, and for the data-protection officer."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access import reach
from accanto.access.door import for_kinds
from accanto.access.role import ABOUT_SUBJECTS, REACH, RIGHTS, Degree, Kind, Role
from accanto.access.user import User
from accanto.web import relation_reason
from accanto.web.parts.keyset import Page
from accanto.web.users import SearchForm


@dataclass(frozen=True)
class Sight:
    """A role of today: what it reads and writes, and of how many people, for which reason."""

    role: Role
    reads: list
    writes: list
    rest: list
    groups: list

    @property
    def reaches(self):
        return REACH[Kind(self.role.kind)]

    @property
    def people(self):
        return bool(self.reads) or bool(self.writes)


def sight_of(role, groups):
    may = RIGHTS[Kind(role.kind)]
    about = [degree for degree in ABOUT_SUBJECTS if degree in may]
    # a reason that somebody typed may hold a name
    shown = [
        (
            group,
            relation_reason.in_words(group.reason)
            if group.reason in relation_reason.WRITTEN_BY_US
            else _("un motivo scritto nel fascicolo"),
            [Degree(degree).label for degree in group.degrees],
        )
        for group in groups
    ]
    return Sight(
        role=role,
        reads=[degree.label for degree in about if "w" not in may[degree]],
        writes=[degree.label for degree in about if "w" in may[degree]],
        rest=[Degree(degree).label for degree in may if degree not in ABOUT_SUBJECTS],
        groups=shown,
    )


@for_kinds(Kind.ADMINISTRATOR, Kind.DATA_PROTECTION_OFFICER)
def user_reach(request, user):
    """Role by role: the kinds of data, how many people, why and until when; never who they are."""
    found = get_object_or_404(User, pk=user)
    roles = found.roles.on(timezone.localdate()).with_place().order_by("id")
    groups = reach.of_user(found)
    context = {
        "account": found,
        "sights": [sight_of(role, groups.get(role.pk, [])) for role in roles],
        "is_administrator": request.acting.kind == Kind.ADMINISTRATOR,
    }
    return render(request, "access/user_reach.html", context)


@for_kinds(Kind.DATA_PROTECTION_OFFICER)
def who_sees(request):
    """The users with a role today, to choose of whom to read what they can see. People in charge are not listed."""
    form = SearchForm(request.POST or None)
    sought = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    roles = Role.objects.on(timezone.localdate()).exclude(kind=Kind.PERSON).with_place().order_by("id")
    rows = User.objects.filter(is_active=True, pk__in=roles.order_by().values("user_id"))
    rows = rows.prefetch_related(Prefetch("roles", queryset=roles, to_attr="roles_today"))
    if sought:
        rows = rows.filter(Q(name__icontains=sought) | Q(username__icontains=sought))
    page = Page.of(request, rows, order=("name", "id"))
    return render(request, "access/who_sees.html", {"page": page, "form": form, "sought": sought})
