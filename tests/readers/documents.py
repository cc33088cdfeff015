"""Documents of our own wording in the formats that people have, made when a test wants them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from email.message import EmailMessage

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour levy passes | The Courier</title>
<meta property="og:site_name" content="The Courier"><meta name="author" content="Anselm Pike">
<meta property="article:published_time" content="2021-03-12T08:00:00Z">
<link rel="canonical" href="https://courier.example/harbour"></head><body>
<nav><a href="/">Home</a> <a href="/politics">Politics</a></nav><article><h1>Harbour levy passes</h1>
<p>Ilse Marrow told the Assembly on Tuesday that she would not give up the levy, whatever the harbour masters of the
coast thought of it.</p>
<p>“The harbour levy is the fairest thing this house has done for <a href="/x">Port Sorrel</a> in thirty years.</p>
<figure><img src="a.jpg" alt="Marrow"><figcaption>Ilse Marrow at the quay. Photograph: R. Lamb</figcaption></figure>
<p>“And I will not see it drowned by people who never unloaded a crate,” she <b>said</b>.</p>
<p>In a statement, Tobin Ashgrove wrote:</p>
<blockquote><p>The prime minister has mistaken the treasury for a fishing net.</p><p>She casts it wide.</p></blockquote>
<div>The money, according to Rhea Castellane, is already spent on the new quay.<br><br>Nobody asked her for what.</div>
<aside><figure><figcaption>A teaser of something else</figcaption></figure><p>Sign up for our newsletter</p></aside>
</article><footer><p>© 2021 The Courier. All rights reserved.</p></footer></body></html>"""

PARAGRAPHS = [
    "Ilse Marrow told the Assembly on Tuesday that she would not give up the levy, whatever the harbour masters of "
    "the coast thought of it.",
    "“The harbour levy is the fairest thing this house has done for Port Sorrel in thirty years.",
    "“And I will not see it drowned by people who never unloaded a crate,” she said.",
    "In a statement, Tobin Ashgrove wrote:",
    "The prime minister has mistaken the treasury for a fishing net.",
    "She casts it wide.",
    "The money, according to Rhea Castellane, is already spent on the new quay.",
    "Nobody asked her for what.",
    "Ilse Marrow at the quay. Photograph: R. Lamb",
]

GERMAN = (
    "Die Ministerin sagte am Dienstag, dass sie das Gesetz nicht unterzeichnen werde. „Wir werden die Abgabe nicht "
    "zurücknehmen“, erklärte sie vor der Versammlung, die danach lange und laut über den Hafen stritt."
)


def pdf(pages: Sequence[Sequence[str]], title: str | None = None) -> bytes:
    """Make a PDF with these lines on these pages."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        shown = b"".join(
            b"(" + line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T* " for line in lines
        )
        content.set_data(b"BT /F1 11 Tf 14 TL 50 780 Td " + shown + b"ET")
        page[NameObject("/Contents")] = writer._add_object(content)
    if title:
        writer.add_metadata({"/Title": title, "/Author": "Anselm Pike"})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def word(paragraphs: Sequence[tuple[str, str]], title: str = "") -> bytes:
    """Make a Word document of pairs of a style and a text."""
    document = docx.Document()
    document.core_properties.title = title
    for style, text in paragraphs:
        document.add_paragraph(text, style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def mail(text: str | None, page: str | None = None, attachment: str | None = None) -> bytes:
    """Make a mail."""
    message = EmailMessage()
    message["Subject"] = "Statement on the café levy"
    message["From"] = '"Press office, Port Sorrel" <press@sorrel.example>'
    message["Date"] = "Fri, 12 Mar 2021 23:30:00 -0500"
    message["Message-ID"] = "<one@sorrel.example>"
    if text is not None:
        message.set_content(text)
    if page is not None:
        if text is None:
            message.set_content(page, subtype="html")
        else:
            message.add_alternative(page, subtype="html")
    if attachment:
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=attachment)
    return bytes(message)
