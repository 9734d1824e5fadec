from django.shortcuts import redirect, render

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.people.person import Person


@for_kinds(Kind.PERSON)
def own_file(request):
    """The file of whoever is in charge. Two zones may know the same person: each is a controller, with its own file."""
    files = list(Person.objects.within(request.acting).select_related("zone").order_by("subject_id"))
    if len(files) == 1:
        return redirect("person", files[0].subject_id)
    return render(request, "people/own_files.html", {"files": files})
