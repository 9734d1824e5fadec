"""Many documents in one file: every page keeps its tags, and no two of them are taken for each other."""

import datetime as dt
import io

import pikepdf

from accanto.documents import join as joining
from accanto.documents.join import join
from accanto.documents.render import render


def made(lead):
    data = {
        "title": "Attestazione", "body": "Ente di prova", "note": "N. 1", "lead": lead, "made_on": "1", "data_of": "1",
        "synthetic": True, "paragraphs": ["Prova."], "sections": [], "skills": [["Pota", "da sé", "Le rose"]],
        "closing": [], "signatures": [{"who": "Per l’ente", "name": ""}],
    }  # fmt: skip
    return render("attestation", data, moment=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_every_page_keeps_its_tags_and_has_its_bookmark():
    documents = [made(f"N. {n}") for n in range(3)]
    whole = join(documents, title="Attestazioni", marks=["Uno", "Due", "Tre"])
    assert whole == join(documents, title="Attestazioni", marks=["Uno", "Due", "Tre"])
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert not pdf.check_pdf_syntax()
        root, pages = pdf.Root.StructTreeRoot, [page.obj for page in pdf.pages]
        assert (len(pages), bool(pdf.Root.MarkInfo.Marked), str(pdf.docinfo["/Title"])) == (3, True, "Attestazioni")
        assert pdf.open_metadata()["dc:title"] == "Attestazioni"
        assert pdf.open_metadata()["pdfaid:part"] == "2"
        with pdf.open_outline() as outline:
            assert [mark.title for mark in outline.root] == ["Uno", "Due", "Tre"]
        # what each page says of its tags leads to tags of that page, which are in the tree
        numbers = dict(zip(list(root.ParentTree.Nums)[::2], list(root.ParentTree.Nums)[1::2], strict=True))
        known = {tag.objgen: tag for tag in joining.tags(root)}
        for page in pages:
            for tag in numbers[page.StructParents]:
                assert tag.objgen in known
                assert tag.Pg.objgen == page.objgen
        names = [str(name) for name in list(root.IDTree.Names)[::2]]
        assert names == sorted(set(names))
        headers = {str(tag.ID) for tag in known.values() if "/ID" in tag}
        assert headers == set(names)
        cited = {
            str(name)
            for tag in known.values()
            for facts in joining.attributes(tag)
            for name in facts.get("/Headers", ())
        }
        assert cited
        assert cited <= headers
