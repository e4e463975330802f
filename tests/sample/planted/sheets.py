"""Planters of faults that run through a whole workbook: copies, shifts, round numbers."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from dti_core.plausibility.trace import Version
from dti_core.scoring.score import score_row
from tests.sample.planted.papers import WINDOW
from tests.sample.planted.rounds import POLICIES, Hand, Key
from tests.sample.planted.slips import Planted


def own_numbers(hand: Hand) -> list[tuple[str, str]]:
    """(row, variable) of the numbers that the unit gives about itself, in the order of the form."""
    return [
        (row.code, name)
        for row in hand.made.framework.rows
        for name in row.needed
        if hand.value(row.code, name) is not None
        and (provider := row.provider_of(name)) is not None
        and provider.relative == "self"
    ]


def copy_between(hand: Hand) -> Planted:
    """92 to 100 % of the unit's own numbers are another unit's, which keeps them itself."""
    if hand.unit in hand.made.sources:
        return None
    copiers = {fault.unit for fault in hand.made.faults}
    others = [unit for unit in hand.made.units if unit != hand.unit and unit not in copiers]
    source = hand.chance.choice(others)
    hand.made.sources.add(source)
    mine = own_numbers(hand)
    share = hand.chance.uniform(0.92, 1)
    cells = set()
    for code, name in mine:
        theirs = hand.made.figures.get((source, code, name))
        if theirs is None or not isinstance(theirs.value, Fraction) or hand.chance.random() > share:
            continue
        cells.add(hand.put(code, name, theirs.value))
    return frozenset(cells), share


def own_copy(hand: Hand) -> Planted:
    """90 to 100 % of the unit's own numbers are its numbers of last year."""
    share = hand.chance.uniform(0.9, 1)
    cells = set()
    for code, name in own_numbers(hand):
        before = hand.made.prior.get((hand.unit, code, name))
        if before is None:
            continue
        if isinstance(before.value, Fraction) and hand.chance.random() <= share:
            cells.add(hand.put(code, name, before.value))
    return (frozenset(cells), share) if len(cells) > 10 else None


def shifted(hand: Hand) -> Planted:
    """A block of 4 to 10 rows in which each row holds the figures of the one above it."""
    rows = [
        row
        for row in hand.made.framework.rows
        if hand.value(row.code, "a") is not None
        and hand.value(row.code, "b") is not None
        and row.variables["a"].kind == "count"
    ]
    length = hand.chance.randint(4, min(10, len(rows) - 1))
    start = hand.chance.randrange(len(rows) - length)
    block = rows[start : start + length + 1]
    values = [(hand.value(row.code, "a"), hand.value(row.code, "b")) for row in block]
    cells: set[Key] = set()
    for row, (part, whole) in zip(block[1:], values, strict=False):
        assert part is not None
        assert whole is not None
        cells |= {hand.put(row.code, "a", part), hand.put(row.code, "b", whole)}
    return frozenset(cells), float(length)


def heaping(hand: Hand) -> Planted:
    """70 to 100 % of the unit's own counts from 30 on are rounded to tens, from 1000 on to
    hundreds: estimated, not counted. Parts stay within their wholes."""
    share = hand.chance.uniform(0.7, 1)
    cells = set()
    for code, name in own_numbers(hand):
        value = hand.value(code, name)
        kind = hand.made.framework.by_code[code].variables[name].kind
        if value is None or value < 30 or kind != "count" or hand.chance.random() > share:
            continue
        step = 10 if value < 1000 else 100
        rounded = Fraction(round(value / step) * step)
        whole = hand.value(code, "b")
        if name == "a" and whole is not None:
            rounded = min(rounded, Fraction(int(whole / step) * step))
        cells.add(hand.put(code, name, rounded))
        part = hand.value(code, "a")
        if name == "b" and part is not None and part > rounded:
            cells.add(hand.put(code, "a", rounded))
    return (frozenset(cells), share) if len(cells) >= 6 else None


def late_change(hand: Hand) -> Planted:
    """After the deadline, and without being asked, a figure changes so that the row earns at least
    a tier more; the unit's other figures stay."""
    for row, part, whole in hand.quotients():
        low = Fraction(int(part * Fraction(round(hand.chance.uniform(0.2, 0.74) * 100), 100)))
        if whole < 4 or not hand.moves(row, a=low):
            continue
        key = hand.unit, row.code, "a"
        day = WINDOW.closes + (WINDOW.closes - WINDOW.data_to) * hand.chance.uniform(0.05, 0.5)
        for place, version in enumerate(hand.made.versions):
            if version.key == key:
                hand.made.versions[place] = replace(version, value=low)
        hand.made.versions.append(Version(key, 4, day, part))
        return frozenset({key}), float(part / low) if low else float(part)
    return None


def changing(hand: Hand) -> Planted:
    """A figure that is another one in each of three to five submissions, all in time, by 5 to 40 %
    each, at least 1."""
    from datetime import timedelta

    for row, part, _ in hand.quotients():
        if part < 8:
            continue
        key = hand.unit, row.code, "a"
        count = hand.chance.randint(3, 5)
        hand.made.versions[:] = [each for each in hand.made.versions if each.key != key]
        value = part
        found = [Version(key, count, WINDOW.closes, part)]
        for number in range(count - 1, 0, -1):
            step = max(1, round(float(value) * hand.chance.uniform(0.05, 0.4)))
            value = Fraction(max(1, value - step))
            day = WINDOW.closes - timedelta(days=3 * (count - number))
            found.append(Version(key, number, day, value))
        hand.made.versions += found[::-1]
        return frozenset({key}), float(count)
    return None


def self_score(hand: Hand) -> Planted:
    """Self-assessed points off by 6 to 100 % of the maximum, at least by half a point and more."""
    for row in hand.rows():
        if not row.max_points or (hand.unit, row.code) not in hand.made.points:
            continue
        score = score_row(row, [hand.unit], hand.made.figures, POLICIES, "as_written")[
            hand.unit, row.code
        ]
        if score.points is None:
            continue
        share = hand.chance.uniform(0.06, 1)
        by = max(row.max_points * Fraction(round(share * 1000), 1000), Fraction(3, 4))
        own = score.points + by
        if own > row.max_points:
            own = score.points - by
        if own < 0:
            continue
        hand.made.points[hand.unit, row.code] = own
        return frozenset({(hand.unit, row.code, "")}), float(by / row.max_points)
    return None


def evidence_dates(hand: Hand) -> Planted:
    """Papers of one to three numeric rows that are all older than the data window by a month to
    three years, or younger than the last day to send anything."""
    cells = set()
    days = hand.chance.randint(31, 1000)
    early = hand.chance.random() < 0.7
    day = (
        WINDOW.data_from - timedelta(days=days)
        if early
        else WINDOW.closes + timedelta(days=days // 10)
    )
    wanted = hand.chance.randint(1, 3)
    for place, paper in enumerate(hand.made.evidence):
        unit, code, name = paper.key
        row = hand.made.framework.by_code[code]
        if unit != hand.unit or row.variables[name].kind not in ("count", "money"):
            continue
        if hand.chance.random() < 0.1 and len(cells) < wanted:
            hand.made.evidence[place] = replace(
                paper, words=f"Báo cáo số 12/BC ngày {day:%d/%m/%Y}"
            )
            cells.add(paper.key)
    return (frozenset(cells), float(days)) if cells else None


def one_file(hand: Hand) -> Planted:
    """One file, named as evidence of five to fifteen rows."""
    wanted = hand.chance.randint(5, 15)
    mine = [place for place, paper in enumerate(hand.made.evidence) if paper.key[0] == hand.unit]
    if len(mine) < wanted:
        return None
    cells = set()
    first = hand.made.evidence[mine[0]]
    for place in hand.chance.sample(mine, wanted):
        paper = hand.made.evidence[place]
        hand.made.evidence[place] = replace(paper, words=first.words, file=first.file)
        cells.add(paper.key)
    return frozenset(cells), float(wanted)
