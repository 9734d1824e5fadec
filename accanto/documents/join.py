"""Documents of ours made into one file that a screen reader still reads: the pages with their tags, a bookmark each.

Only what `render` has made may come here: it is opened in this very process."""

import io
from itertools import pairwise

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PAGES = "{http://ns.adobe.com/xap/1.0/t/pg/}NPages"


def join(documents, *, title, marks):
    """One PDF of many: `documents` are bytes, `marks` the words of their bookmarks. The pages are as they were, and so
    is what a screen reader is told of them; the same documents give the same bytes."""
    with pikepdf.open(io.BytesIO(documents[0])) as whole:
        root = whole.Root.StructTreeRoot
        firsts, next_key = [whole.pages[0].obj], renumbered(root, whole.pages, 0, 0)
        for n, data in enumerate(documents[1:], start=1):
            with pikepdf.open(io.BytesIO(data)) as one:
                more = one.Root.StructTreeRoot
                next_key = renumbered(more, one.pages, n, next_key)
                first = len(whole.pages)
                whole.pages.extend(one.pages)
                firsts.append(whole.pages[first].obj)
                # after its pages, so that the tags point at the pages of the whole
                added(root, whole.copy_foreign(one.make_indirect(more)))
        root.ParentTreeNextKey = next_key
        whole.Root.Outlines = outlines(whole, marks, firsts)
        with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:title"] = title
            metadata[PAGES] = str(len(whole.pages))
        whole.docinfo["/Title"] = title
        written = io.BytesIO()
        whole.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def renumbered(root, pages, n, begin):
    """Give the pages and the tags of a document numbers and names that no other of the whole has. The next number."""
    for page in pages:
        if "/StructParents" in page.obj:
            page.obj.StructParents += begin
    numbers = root.ParentTree.Nums
    for place in range(0, len(numbers), 2):
        numbers[place] = int(numbers[place]) + begin
    names = root.get("/IDTree", Dictionary(Names=Array())).Names
    for place in range(0, len(names), 2):
        names[place] = renamed(names[place], n)
    for tag in tags(root):
        if "/ID" in tag:
            tag.ID = renamed(tag.ID, n)
        for facts in attributes(tag):
            if "/Headers" in facts:
                facts.Headers = Array([renamed(name, n) for name in facts.Headers])
    return begin + int(root.ParentTreeNextKey)


def renamed(name, n):
    """In the order of the documents: the names of a tree are sorted."""
    return String(f"D{n:06}{name!s}")


def tags(root):
    waiting = list(children(root))
    while waiting:
        tag = waiting.pop()
        yield tag
        waiting += children(tag)


def children(tag):
    kids = tag.get("/K", ())
    kids = kids if isinstance(kids, Array) else [kids]
    return [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid]


def attributes(tag):
    facts = tag.get("/A", ())
    facts = facts if isinstance(facts, Array) else [facts]
    return [one for one in facts if isinstance(one, Dictionary)]


def added(root, more):
    """Put the tags of another document after those of the whole."""
    for kid in more.K:
        kid.P = root
        root.K.append(kid)
    root.ParentTree.Nums.extend(more.ParentTree.Nums)
    if "/IDTree" in more:
        if "/IDTree" not in root:
            root.IDTree = Dictionary(Names=Array())
        root.IDTree.Names.extend(more.IDTree.Names)
    for name, role in more.get("/RoleMap", {}).items():
        root.RoleMap[name] = role


def outlines(whole, marks, firsts):
    top = whole.make_indirect(Dictionary(Type=Name.Outlines, Count=len(marks)))
    rows = [
        whole.make_indirect(Dictionary(Title=String(mark), Parent=top, Dest=Array([page, Name.Fit])))
        for mark, page in zip(marks, firsts, strict=True)
    ]
    for before, after in pairwise(rows):
        before.Next, after.Prev = after, before
    top.First, top.Last = rows[0], rows[-1]
    return top
