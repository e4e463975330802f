"""Charts of the report as inline SVG: bars as wide as the page lets them be, text of one size.

A chart is named and told in words inside (`title`, `desc`); the same numbers stand in a table
beside it, so that nobody has to see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dti_core.rational import vietnamese

COLOURS = ("#1f5f99", "#6d9fce", "#e2a33c", "#b23b3b", "#8b78a8", "#d9dfe5")
"""One for each part of a bar, in the order of `reports.quality.data.PARTS`; neighbours differ in
lightness too, for print without colour."""

_TRACK = "#e6ebf0"
_ROW, _TEXT, _BAR_TOP, _BAR = 46, 15, 22, 14
_LONGEST = 40
"""Letters of a name that fit above a bar on a phone; the table has it whole."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, the words at its right end, its parts as shares of the width, 0…1."""

    name: str
    value: str
    parts: tuple[tuple[float, str], ...]


def chart(id_: str, title: str, bars: Sequence[Bar]) -> Markup:
    """Horizontal bars one below another. `id_` is the chart's own on its page."""
    told = "; ".join(f"{bar.name}: {bar.value}" for bar in bars)
    rows = Markup("").join(_row(place, bar) for place, bar in enumerate(bars))
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{id}-ten {id}-loi" width="100%"'
        ' height="{height}"><title id="{id}-ten">{title}</title>'
        '<desc id="{id}-loi">{told}.</desc>{rows}</svg>'
    ).format(id=id_, height=_ROW * len(bars), title=title, told=told, rows=rows)


def _row(place: int, bar: Bar) -> Markup:
    top = place * _ROW
    made = Markup(
        '<text x="0" y="{y}">{name}</text><text x="100%" y="{y}" text-anchor="end">{value}</text>'
        '<rect x="0" y="{bar}" width="100%" height="{height}" fill="{track}"/>'
    ).format(
        y=top + _TEXT,
        name=shortened(bar.name),
        value=bar.value,
        bar=top + _BAR_TOP,
        height=_BAR,
        track=_TRACK,
    )
    left = 0.0
    for share, colour in bar.parts:
        if share > 0:
            made += Markup(
                '<rect x="{x}%" y="{y}" width="{w}%" height="{h}" fill="{fill}"/>'
            ).format(
                x=f"{100 * left:.2f}",
                y=top + _BAR_TOP,
                w=f"{100 * share:.2f}",
                h=_BAR,
                fill=colour,
            )
        left += share
    return made


def legend(names: Sequence[str]) -> Markup:
    """What the colours of a bar's parts stand for."""
    items = Markup("").join(
        Markup('<span><i style="background:{}"></i>{}</span>').format(colour, name)
        for name, colour in zip(names, COLOURS, strict=False)
    )
    return Markup('<p class="legend" aria-hidden="true">{}</p>').format(items)


def shortened(name: str) -> str:
    """A name cut between words to what fits above a bar."""
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;: ") + " …"


def amount(count: int, whole: int) -> str:
    """ "1.400 (98,6 %)"; the count alone where there is no whole."""
    return f"{vietnamese(count)} ({percentage(count, whole)})" if whole else vietnamese(count)


def percentage(count: int, whole: int) -> str:
    """ "98,6 %"; a dash where there is no whole. Only everything is 100 %, only nothing is 0 %."""
    if not whole:
        return "–"
    tenths = round(1000 * count / whole)
    if 0 < count < whole:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths // 10}{f',{tenths % 10}' if tenths % 10 else ''} %"
