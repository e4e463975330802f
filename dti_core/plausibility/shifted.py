"""Figures that slipped by one row: each row holds what belongs to the one above or below."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from dti_core.plausibility.copied import Copy
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Bools, Floats, Panel, places
from dti_core.plausibility.peers import median_of_others

DETECTOR = "shifted"


def shifted(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Copy]:
    """Runs of rows whose figures fit last year's figures of the neighbouring row, one flag a run.

    Rows that ask for the same figures stand in the form one below the other. A figure fits where it
    lies within the factor `limits.near` of the neighbour's figure of last year and beyond it from
    its own; a figure that fits both (the same staff in many rows) speaks neither way. A run breaks
    at a figure that fits its own place only. Asked from `limits.slipped` figures on. In a unit's
    first year the medians of the other units stand in for its past, within `limits.near_peers`.

    Source: ours; pasting one cell too low is the usual slip in spreadsheets.

    Limits: needs last year, or peers. A shift by more rows is left to `prior_year`.
    """
    blocks = _blocks(panel)
    for down in (True, False):
        for block in blocks:
            rows = block if down else block[::-1]
            yield from _runs(panel, rows, down, limits)


def _blocks(panel: Panel) -> list[list[str]]:
    """The rows of the form, by the figures that they ask for."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for row in panel.framework.rows:
        asked = tuple(
            (name, row.variables[name].kind)
            for name in row.needed
            if (row.code, name) in panel.place
        )
        if asked:
            found.setdefault(asked, []).append(row.code)
    return [rows for rows in found.values() if len(rows) > 2]


def _runs(panel: Panel, rows: Sequence[str], down: bool, limits: Limits) -> Iterator[Copy]:
    columns = [
        (panel.place[code, name], panel.place[above, name])
        for above, code in pairwise(rows)
        for name in panel.framework.by_code[code].needed
        if (code, name) in panel.place and (above, name) in panel.place
    ]
    if not columns:
        return
    mine, theirs = (np.array(each) for each in zip(*columns, strict=True))
    usual, near, new = _reference(panel, limits)
    own = _distance(panel.now[:, mine], usual[:, mine])
    other = _distance(panel.now[:, mine], usual[:, theirs])
    apart = np.where(new[:, None], 2 * near, near)
    with np.errstate(invalid="ignore"):
        slipped: Bools = (other <= near) & (own > apart)
        stayed: Bools = (own <= near) & (other > apart)
        strange: Bools = (own > near) & (other > near)
    for place in places(slipped.sum(axis=1) >= limits.slipped):
        run = _best_run(slipped[place], stayed[place], strange[place])
        if len(run) < limits.slipped:
            continue
        amounts = [panel.amounts[int(mine[at])] for at in run]
        codes = tuple(dict.fromkeys(each.criterion for each in amounts))
        first = amounts[0]
        value = panel.value(place, int(mine[run[0]]))
        neighbour = panel.amounts[int(theirs[run[0]])]
        before = Fraction(repr(float(usual[place, theirs[run[0]]])))
        of = "số thường gặp" if new[place] else "số năm trước"
        side = "liền trước" if down else "liền sau"
        flag = Flag(
            unit=panel.units[place],
            criterion=codes[0],
            variable=None,
            detector=DETECTOR,
            criteria=codes,
            suspicion=round(1 - 1 / len(run), 3),
            message=(
                f"{len(run)} số liệu của các mục {', '.join(codes)} khớp với {of} của mục {side}"
                f" chứ không khớp với {of} của chính mục đó (ví dụ mục {first.criterion}, số liệu"
                f" {first.variable}:"
                f" {first.shown(value)}, {of} của mục {neighbour.criterion} là"
                f" {neighbour.shown(before)}). Có thể đã nhập hoặc dán lệch một dòng: đề nghị đối"
                " chiếu lại từng dòng."
            ),
        )
        spanned = range(run[0], run[-1] + 1)
        cells = {panel.amounts[int(mine[at])] for at in spanned}
        yield Copy(flag, frozenset((each.criterion, each.variable) for each in cells))


def _reference(panel: Panel, limits: Limits) -> tuple[Floats, Floats, Bools]:
    """What figures are held against, within which distance they fit, and which units are new.

    Of a unit in its first year the medians of the others stand in, with more room.
    """
    new: Bools = np.all(np.isnan(panel.before), axis=1)
    usual = panel.before
    if new.any():
        medians = np.column_stack([median_of_others(column) for column in panel.now.T])
        usual = np.where(new[:, None], medians, usual)
    near = np.where(new[:, None], float(limits.near_peers), float(limits.near))
    return usual, np.log(near), new


def _distance(one: Floats, two: Floats) -> Floats:
    """|ln| of the ratio, with one added: small counts differ by their nature."""
    return np.abs(np.log((one + 1) / (two + 1)))


def _best_run(slipped: Bools, stayed: Bools, strange: Bools) -> list[int]:
    """The longest stretch of slipped figures with at most one in five that fits no place, none
    that fits only its own."""
    best: list[int] = []
    run: list[int] = []
    odd = 0
    for at in range(len(slipped)):
        if slipped[at]:
            run.append(at)
        elif strange[at]:
            odd += 1
        if stayed[at] or odd > 1 + len(run) // 5:
            run, odd = [], 0
        if len(run) > len(best):
            best = list(run)
    return best
