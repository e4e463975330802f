"""Figures that do not stay: changed after the deadline, or another one in each submission."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from dti_core.plausibility.amounts import Amount
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.trace import Key, Version

LATE, CHANGING = "late_change", "changing"


def revised(
    panel: Panel, versions: Iterable[Version], closes: date, limits: Limits = DEFAULT
) -> Iterator[Flag]:
    """Figures that changed after the deadline without being asked about, and figures of which
    every one of `limits.versions` submissions or more gives another value, all unasked.

    Source: 2554/QĐ-UBND, VI.2 sets the days of submission; who reports after having seen others'
    results is asked for the reason. The number of versions is ours.

    Limits: a correction that the organiser asked for must be marked so (`Version.asked`). A figure
    that comes late for the first time is not a change: lateness is `records.collecting`'s.
    """
    by_key: dict[Key, list[Version]] = {}
    for version in versions:
        by_key.setdefault(version.key, []).append(version)
    units = set(panel.units)
    for key, found in by_key.items():
        if len(found) < 2 or key[0] not in units or key[1:] not in panel.place:
            continue
        found.sort(key=lambda version: version.submission)
        amount = panel.amounts[panel.place[key[1], key[2]]]
        known = [version for version in found if version.value is not None]
        late = [
            (before, after)
            for before, after in pairwise(known)
            if after.received > closes and not after.asked and after.value != before.value
        ]
        unasked = [version for version in known if not version.asked]
        values = {version.value for version in unasked}
        if late:
            yield _late(key, amount, *late[-1], closes)
        elif len(values) >= limits.versions and len(values) == len(unasked):
            yield _changing(key, amount, unasked)


def _late(key: Key, amount: Amount, before: Version, after: Version, closes: date) -> Flag:
    assert before.value is not None
    assert after.value is not None
    return Flag(
        unit=key[0],
        criterion=key[1],
        variable=key[2],
        detector=LATE,
        reported=after.value,
        expected=before.value,
        criteria=(key[1],),
        suspicion=0.85,
        message=(
            f"{amount.subject}: đến hạn ({_day(closes)}) đơn vị báo cáo"
            f" {amount.shown(before.value)}, ngày {_day(after.received)} sửa thành"
            f" {amount.shown(after.value)}{amount.bracket} khi chưa được yêu cầu. Đề nghị nêu lý do"
            " và gửi tài liệu kiểm chứng của số sửa."
        ),
    )


def _changing(key: Key, amount: Amount, versions: Sequence[Version]) -> Flag:
    values = [Fraction(version.value or 0) for version in versions]
    return Flag(
        unit=key[0],
        criterion=key[1],
        variable=key[2],
        detector=CHANGING,
        reported=values[-1],
        expected=values[0],
        criteria=(key[1],),
        suspicion=round(1 - 1 / len(values), 3),
        message=(
            f"{amount.subject}: mỗi lần gửi một số khác nhau ("
            f"{' → '.join(amount.shown(value) for value in values)}{amount.bracket}). Đề nghị cho"
            " biết số nào đúng và nguồn của số ấy."
        ),
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
