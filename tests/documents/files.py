"""Files as people and their enemies make them."""

import io

import pikepdf
from PIL import Image


def saved(pdf, **how):
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def plain_pdf():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def pdf_with(change, **how):
    pdf = plain_pdf()
    change(pdf)
    return saved(pdf, **how)


def javascript(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def javascript_by_name(pdf):
    action = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)")))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", action])))


def javascript_deep_in_a_page(pdf):
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        AA=pikepdf.Dictionary(E=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")),
    )
    pdf.pages[0].Annots = pikepdf.Array([annotation])


def launch(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def sends_away(pdf):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="x"),
    )
    pdf.pages[0].Annots = pikepdf.Array([link])


def address_of(uri):
    def change(pdf):
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=uri)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].Annots = pikepdf.Array([link])

    return change


def embedded(pdf):
    pdf.attachments["x.exe"] = b"MZ"


def film(pdf):
    pdf.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])]
    )


def xfa(pdf):
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<x/>"), Fields=pikepdf.Array([]))


def link_and_first_page(pdf):
    """What honest PDF have: where to open, an address one may press."""
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
    pdf.pages[0].Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 9, 9],
                A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org"),
            )
        ]
    )


def picture(format="PNG", size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, format)
    return out.getvalue()
