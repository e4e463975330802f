"""What every paper of a round has: who issues it, who signs it, who receives it."""

from dataclasses import dataclass
from pathlib import Path

from dti_core.framework.load import home
from dti_core.program.load import RoundContext
from reports.docx import TEMPLATES


@dataclass(frozen=True)
class Paper:
    """The frame of a paper, in the boxes of Nghị định 30/2020/NĐ-CP, Phụ lục I.

    parent        the body above the issuer; None where the issuer is a People's Committee
    issuer        the issuer's name, one line of the head each ("Ủy ban nhân dân", "tỉnh …")
    symbol        what stands behind the number: "STTTT", "TTr-STTTT", "QĐ-UBND"
    signer        in what capacity it is signed, line by line ("TM. Ủy ban nhân dân", "Chủ tịch")
    recipients    who receives it besides those whom it addresses or binds
    archive       where it is kept ("VT, CNTT"); VT, the records office, always keeps one
    illustration  what the paper must say of itself where its round is nobody's official result
    """

    parent: str | None
    issuer: tuple[str, ...]
    place: str
    symbol: str
    signer: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    archive: str = "VT"
    illustration: str | None = None

    @property
    def name(self) -> str:
        """The issuer's name within a sentence."""
        return " ".join(self.issuer)


def organisers_paper(
    context: RoundContext,
    kind: str | None = None,
    recipients: tuple[str, ...] = (),
    archive: str = "VT",
) -> Paper:
    """A paper of the round's organiser, by the program's letterhead.

    kind  the abbreviation of the paper's type (Nghị định 30/2020/NĐ-CP, Phụ lục III: "TTr");
          a letter (công văn) has none
    """
    letterhead = context.program.letterhead
    return Paper(
        parent=letterhead.parent,
        issuer=letterhead.head or (letterhead.issuer,),
        place=letterhead.place,
        symbol=f"{kind}-{letterhead.file_code}" if kind else letterhead.file_code,
        signer=tuple(letterhead.signer.split("\n")),
        recipients=recipients,
        archive=archive,
        illustration=context.round.illustration,
    )


def template(name: str) -> Path:
    """The template of a paper: the office's own in DTI_HOME/templates wins over what ships."""
    own = home() / "templates" / name
    return own if own.is_file() else TEMPLATES / name
