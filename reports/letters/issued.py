"""Number and day of a paper that was signed and issued, and who may sign what."""

import re
from dataclasses import dataclass
from datetime import date

from dti_core.errors import Refused
from reports.letters.paper import Paper
from reports.letters.wording import day

_NUMBER = re.compile(r"0*([1-9][0-9]*)(?:/(.+))?")


class BrokenNumber(Refused):
    """A number that no paper of this issuer can have."""


class BrokenAuthority(Refused):
    """A decision whose signature is not that of the authority over its grounds."""


@dataclass(frozen=True)
class Issued:
    """A paper as it was issued.

    number  what stands before the slash, a leading 0 under 10 (Nghị định 30/2020/NĐ-CP, Phụ lục I)
    symbol  what stands behind it ("QĐ-UBND")
    """

    number: str
    symbol: str
    on: date

    @classmethod
    def of(cls, number: str, on: date, symbol: str) -> "Issued":
        """From "123", "5" or "123/QĐ-UBND". Raises BrokenNumber for another symbol, or no number.

        symbol  of the papers of that issuer
        """
        match = _NUMBER.fullmatch(number.strip())
        if match is None or match[2] not in (None, symbol):
            raise BrokenNumber(
                f"Số văn bản {number!r} không đọc được. Hãy ghi phần số, hoặc cả số và ký hiệu như"
                f" 123/{symbol}."
            )
        return cls(match[1].zfill(2), symbol, on)

    @property
    def cited(self) -> str:
        """As another paper refers to it: "số 123/QĐ-UBND ngày 05 tháng 3 năm 2024"."""
        return f"số {self.number}/{self.symbol} {day(self.on)}"


def blank(symbol: str) -> str:
    """What stands for `Issued.cited` until number and day are known."""
    return f"số …/{symbol} ngày … tháng … năm …"


def require_authority(paper: Paper, competence: str) -> None:
    """Whether the signature is that of who decides. Raises BrokenAuthority.

    A body that decides together is signed for ("TM. Ủy ban nhân dân"); where its head decides
    ("Chủ tịch Ủy ban nhân dân …"), the head signs in person (Nghị định 30/2020/NĐ-CP, Phụ lục I,
    mục II.7a). The head of the paper names the body in both.
    """
    together = _name(competence) == _name(paper.name)
    signed_for = bool(paper.signer) and paper.signer[0].upper().startswith("TM.")
    if together == signed_for:
        return
    first = paper.signer[0] if paper.signer else ""
    if together:
        wrong = f"{competence} ban hành với tư cách tập thể nên dòng đầu chữ ký phải là “TM. …”"
    else:
        wrong = f"{competence} ban hành với tư cách cá nhân nên chữ ký không có “TM. …”"
    raise BrokenAuthority(
        f"Quyết định: {wrong} (Nghị định 30/2020/NĐ-CP, Phụ lục I), nhưng đang ghi “{first}”. Hãy"
        " sửa competence hoặc signer ở khóa decision trong program.yaml."
    )


def _name(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold().replace("ubnd", "ủy ban nhân dân")
