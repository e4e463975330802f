"""A round of departments whose workbooks came, for dossiers.

so-y-te sent in time, and again with a file of evidence and another figure; it was asked about a
doubt, answered, and got a longer deadline. so-tu-phap sent late, with words and figures that
nobody else has. The others never sent.
"""

import tempfile
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from dti_core.intake.layout import SELF_POINTS, SELF_ROW, figure_key
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.extensions import extend
from dti_core.records.flags import Answer, all_flags, answer, decide, write_flags
from dti_core.records.scoring import score_round
from tasks.collecting import collect
from tests import conftest
from tests.unit.collected_round import sends, stamp
from tests.unit.reminded_round import DUE, ROUND, opened

UNIT, OTHER, SILENT = "so-y-te", "so-tu-phap", "so-noi-vu"
FIRST, SECOND = DUE - timedelta(days=9), DUE - timedelta(days=3)
LATE = DUE + timedelta(days=6)
PDF = b"%PDF-1.4 nghi quyet"
ONLY_OTHERS = ("31337", "Nghị quyết riêng của Tư pháp", "vì Tư pháp nhầm", "cccc1111")
"""What is recorded of others alone: no dossier of another unit may have a word of it."""

_TYPED: Mapping[tuple[str, str], object] = {
    ("1.3|a", "value"): 14,
    ("1.3|b", "value"): 20,
    (figure_key("1.3", SELF_ROW), SELF_POINTS): 20,
}


@cache
def filled_home() -> Path:
    """A home with the round, made once: to be copied."""
    home = Path(tempfile.mkdtemp(dir=conftest._HOME))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(home))
        fill()
    return home


def fill() -> None:
    """The round in the current home, scored."""
    context = opened({})
    sends(context, UNIT, {**_TYPED, ("1.3|a", "value"): 26, ("1.3|b", "value"): 28}, day=FIRST)
    collect(context, "Văn thư")
    _package(context, SECOND)
    theirs = {("1.3|a", "value"): 31337, ("2.1|x", "value"): True}
    sends(context, OTHER, {**theirs, ("2.1|x", "evidence"): ONLY_OTHERS[1]}, day=LATE)
    collect(context, "Văn thư")
    with session() as records:
        extend(
            records, context, UNIT, DUE + timedelta(days=5), "sáp nhập", "12/STTTT", "Trưởng phòng"
        )
        doubts = [
            Flag(UNIT, "1.3", "a", "thử", "14 so với năm trước 7 là gấp đôi."),
            Flag(OTHER, "1.3", "a", "thử", "31337 là quá nhiều."),
        ]
        write_flags(records, ROUND, doubts, {}, "test", due=DUE)
        for doubt, why in zip(doubts, ("Có thêm phòng.", ONLY_OTHERS[2]), strict=True):
            answer(records, ROUND, [Answer(doubt.id, "kept", None, why)], "Văn thư")
        mine = next(each for each in all_flags(records, ROUND) if each.unit == UNIT)
        decide(records, ROUND, mine.flag_id, True, "Đúng hồ sơ", "Tổ trưởng")
        score_round(records, context, "test")


def _package(context: RoundContext, day: date) -> None:
    """The unit's second version, in a ZIP with the evidence that it names."""
    typed = {
        **_TYPED,
        ("2.1|x", "value"): True,
        ("2.1|x", "evidence"): "Nghị quyết, tệp QD-12.pdf",
    }
    book = sends(context, UNIT, typed, "lan-2.xlsx", day)
    target = book.with_name("so-y-te.zip")
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("so-y-te.xlsx", book.read_bytes())
        package.writestr("QD-12.pdf", PDF)
    book.unlink()
    stamp(target, day)
