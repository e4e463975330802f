"""How the papers of a round begin and end, as Nghị định 30/2020/NĐ-CP, Phụ lục III draws them."""

from docx.document import Document as Doc
from docx.shared import Pt

from reports.templates.layout import (
    CENTRE,
    LANDSCAPE_WIDTH,
    TEXT_WIDTH,
    appendix,
    draft,
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


def headed(
    document: Doc, subject: str | None = None, rule: float = 2.6, issued: str | None = None
) -> None:
    """The head of a paper of `paper.issuer`; `issued` as in `layout.head`."""
    head(
        document,
        parent=PARENT,
        issuer=ISSUER,
        symbol="{{ paper.symbol }}",
        place="{{ paper.place }}",
        subject=subject,
        rule=rule,
        issued=issued,
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


def attached(
    document: Doc,
    number: str,
    title: str,
    to: str,
    by: str,
    *,
    issued: str | None = None,
    landscape: bool = False,
) -> None:
    """An appendix's heading (mẫu 2.1).

    to      the type of the paper that it goes with; `by` whose that is, a space or a new line first
    issued  as in `layout.head`; `cited` is then the paper's number and day, blank or not
    """
    appendix(document, landscape=landscape)
    line(document, number, size=14, bold=True, align=CENTRE)
    line(document, title.upper(), size=14, bold=True, align=CENTRE)
    cited = "{{ cited }}" if issued else "số …/{{ paper.symbol }} ngày … tháng … năm …"
    line(document, f"(Kèm theo {to} {cited}{by})", italic=True, align=CENTRE)
    short_rule(document, 5, LANDSCAPE_WIDTH if landscape else TEXT_WIDTH)
    draft(document, issued)
    notice(document, "paper.illustration")
