"""How the papers of a round begin and end, as Nghị định 30/2020/NĐ-CP, Phụ lục III draws them."""

from docx.document import Document as Doc
from docx.shared import Pt

from reports.templates.layout import (
    CENTRE,
    TEXT_WIDTH,
    appendix,
    head,
    line,
    notice,
    paper,
    short_rule,
    signature,
)

PARENT = ("{%p if paper.parent %}", "{{ paper.parent | upper }}", "{%p endif %}")
ISSUER = ("{%p for name in paper.issuer %}", "{{ name | upper }}", "{%p endfor %}")
SIGNER = (
    "{{ paper.signer[0] | upper }}",
    "{%p for text in paper.signer[1:] %}",
    "{{ text | upper }}",
    "{%p endfor %}",
)


def letter(subject: str) -> Doc:
    """A letter (công văn, mẫu 1.5) up to whom it addresses."""
    document = paper(subject.partition(" {{")[0].removeprefix("V/v ").capitalize())
    headed(document, subject)
    notice(document, "paper.illustration")
    addressed(document)
    return document


def headed(document: Doc, subject: str | None = None, rule: float = 2.6) -> None:
    """The head of a paper of `paper.issuer`."""
    head(
        document,
        parent=PARENT,
        issuer=ISSUER,
        symbol="{{ paper.symbol }}",
        place="{{ paper.place }}",
        subject=subject,
        rule=rule,
    )


def addressed(document: Doc) -> None:
    """Box 9a: whom the paper addresses."""
    paragraph = line(document, "Kính gửi: {{ recipient }}", align=CENTRE, before=12)
    paragraph.paragraph_format.space_after = Pt(6)


def signed(document: Doc, *first: str) -> None:
    """Signature and recipients: `first`, those of the paper, the archive."""
    signature(
        document,
        [
            *first,
            "{%p for name in paper.recipients %}",
            "- {{ name }};",
            "{%p endfor %}",
            "- Lưu: {{ paper.archive }}.",
        ],
        SIGNER,
    )


def attached(document: Doc, number: str, title: str, to: str, by: str) -> None:
    """An appendix's heading (mẫu 2.1).

    to  the type of the paper that it goes with; `by` whose that is, a space or a new line first
    """
    appendix(document)
    line(document, number, size=14, bold=True, align=CENTRE)
    line(document, title.upper(), size=14, bold=True, align=CENTRE)
    line(
        document,
        f"(Kèm theo {to} số …/{{{{ paper.symbol }}}} ngày … tháng … năm …{by})",
        italic=True,
        align=CENTRE,
    )
    short_rule(document, 5, TEXT_WIDTH)
    line(document, "DỰ THẢO", bold=True, align=CENTRE)
    notice(document, "paper.illustration")
