"""The frameworks that ship are what the decrees say: counts, points, sources, errata."""

import unicodedata
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.framework.load import framework_ids, load_framework
from dti_core.framework.model import Framework, Provider
from dti_core.framework.rules import Untabled, metrics

# id: (pillars, criteria, rows with a code, points of the pillars together, points of the criteria)
SHIPPED: dict[str, tuple[int, int, int, int | None, int | None]] = {
    "dien-bien-2001/so": (6, 35, 35, 500, 500),
    "dien-bien-2001/huyen": (8, 68, 68, 500, 500),
    "kon-tum-419/tinh": (8, 95, 118, None, None),
    "vinh-long-2554/tinh": (9, 98, 104, 1000, 1000),
    "vinh-long-2554/so": (6, 0, 0, 600, None),
    "vinh-long-2554/huyen": (8, 0, 0, 1000, None),
    "vinh-long-2554/xa": (8, 0, 0, 800, None),
    "vinh-long-mau/so": (6, 51, 53, 600, 600),
    "vinh-phuc-2074/so": (7, 42, 44, 1000, 1000),
    "vinh-phuc-2074/huyen": (8, 66, 68, 1000, 1000),
    "vinh-phuc-2074/xa": (8, 45, 47, 1000, 1025),
}
COMPLETE = [name for name, counts in SHIPPED.items() if counts[1]]
FRAMES = [name for name, counts in SHIPPED.items() if not counts[1]]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A province's own folder, empty, so that what ships is what is tested."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))


def _points(framework: Framework) -> dict[str, tuple[Fraction | None, int]]:
    """Pillar → its points and how many criteria it has."""
    return {p.code: (p.max_points, len(p.criteria)) for p in framework.pillars}


def _added(points: list[Fraction | None]) -> Fraction | None:
    known = [each for each in points if each is not None]
    return sum(known, Fraction(0)) if known else None


def test_the_shipped_frameworks_are_found() -> None:
    assert set(framework_ids()) == set(SHIPPED)


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_counts_and_totals_are_those_of_the_decree(framework_id: str) -> None:
    framework = load_framework(framework_id)
    assert framework.id == framework_id
    assert (
        len(framework.pillars),
        len(framework.criteria),
        len(framework.rows),
        _added([pillar.max_points for pillar in framework.pillars]),
        _added([criterion.max_points for criterion in framework.criteria]),
    ) == SHIPPED[framework_id]


@pytest.mark.parametrize(
    ("framework_id", "pillars"),
    [
        (
            "vinh-long-2554/tinh",
            "100 10, 100 11, 100 7, 100 13, 100 12, 200 22, 150 12, 150 8, 0 3",
        ),
        ("vinh-phuc-2074/so", "120 4, 120 6, 60 3, 80 4, 70 7, 450 14, 100 4"),
        ("vinh-phuc-2074/huyen", "120 6, 75 5, 80 8, 90 6, 70 7, 295 16, 120 8, 150 10"),
        ("vinh-phuc-2074/xa", "150 6, 100 5, 80 4, 105 6, 75 5, 350 10, 40 4, 100 5"),
        ("dien-bien-2001/so", "50 4, 50 4, 50 3, 50 3, 50 7, 250 14"),
        ("dien-bien-2001/huyen", "50 7, 50 7, 50 9, 50 8, 50 7, 100 12, 75 10, 75 8"),
    ],
)
def test_pillars_have_the_points_and_criteria_of_the_decree(
    framework_id: str, pillars: str
) -> None:
    found = _points(load_framework(framework_id)).values()
    assert ", ".join(f"{points} {count}" for points, count in found) == pillars


@pytest.mark.parametrize(
    ("framework_id", "pillars"),
    [
        ("vinh-long-2554/so", "40 3, 120 8, 60 3, 70 7, 100 10, 210 20"),
        ("vinh-long-2554/huyen", "80 5, 160 10, 100 8, 180 13, 100 10, 200 20, 100 8, 80 5"),
        ("vinh-long-2554/xa", "70 4, 110 7, 100 7, 120 10, 100 10, 120 12, 100 8, 80 5"),
    ],
)
def test_a_frame_has_the_pillars_that_2554_states(framework_id: str, pillars: str) -> None:
    framework = load_framework(framework_id)
    found = [f"{p.max_points} {p.criteria_stated}" for p in framework.pillars]
    assert ", ".join(found) == pillars
    assert framework.criteria_stated == sum(p.criteria_stated or 0 for p in framework.pillars)


@pytest.mark.parametrize("framework_id", [f for f in COMPLETE if f != "vinh-phuc-2074/xa"])
def test_points_add_up_from_child_rows_to_the_total(framework_id: str) -> None:
    framework = load_framework(framework_id)
    if framework.total_stated is not None:
        assert _added([p.max_points for p in framework.pillars]) == framework.total_stated
    for part in (*framework.pillars, *(row for row in framework.rows if row.children)):
        below = part.children if hasattr(part, "children") else part.criteria
        assert _added([row.max_points for row in below]) == part.max_points, part.code


def test_the_pillar_of_communes_that_does_not_add_up_is_kept_as_written() -> None:
    """2074, Phụ lục 3: pillar 4 states 105 points, its six criteria 25 + 25 + 4 × 20."""
    pillar = load_framework("vinh-phuc-2074/xa").pillars[3]
    assert (pillar.max_points, _added([c.max_points for c in pillar.criteria])) == (105, 130)
    assert pillar.erratum is not None
    assert pillar.erratum.kind == "substantive"


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_every_row_cites_its_own_code(framework_id: str) -> None:
    framework = load_framework(framework_id)
    for row in framework.rows:
        assert row.citation.row == row.code
        assert row.citation.decree == framework.decree.number
        assert row.citation.appendix == framework.citation.appendix
        assert row.citation.table == framework.citation.table


def test_every_agency_of_a_decree_is_asked_for_something() -> None:
    """… by one of its levels, or verifies something."""
    asked: dict[str, set[str]] = defaultdict(set)
    known: dict[str, set[str]] = {}
    for framework_id in COMPLETE:
        framework = load_framework(framework_id)
        known[framework.decree.id] = set(framework.decree.agencies)
        for provider in _providers(framework):
            asked[framework.decree.id] |= {*provider.leads, *provider.partners}
        asked[framework.decree.id] |= {row.verifier for row in framework.rows if row.verifier}
    assert asked == known


def _providers(framework: Framework) -> list[Provider]:
    """Everybody whom the framework asks: of information, of rows and of single figures."""
    asked = [information.provider for information in framework.information]
    for row in framework.rows:
        asked += [row.provider, *(variable.provider for variable in row.variables.values())]
    return [provider for provider in asked if provider]


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_every_text_is_composed_unicode(framework_id: str) -> None:
    """NFC: “ế” is one letter, so that words compare equal wherever they come from."""
    assert unicodedata.is_normalized("NFC", load_framework(framework_id).model_dump_json())


def test_every_row_names_its_source() -> None:
    """Only a row that adds up its children names nobody."""
    for framework_id in COMPLETE:
        framework = load_framework(framework_id)
        for row in framework.rows:
            assert row.provider or row.children, (framework_id, row.code)


def test_every_row_of_2074_names_its_source() -> None:
    framework = load_framework("vinh-phuc-2074/so")
    sources = Counter(
        row.provider.relative or row.provider.leads for row in framework.rows if row.provider
    )
    assert sources == {"self": 25, ("so-tttt",): 14, ("vp-ubnd",): 4}
    assert [row.code for row in framework.rows if not row.provider] == ["1.2"]


def test_a_figure_with_a_provider_of_its_own_is_not_asked_of_the_row_s() -> None:
    row = load_framework("vinh-long-2554/tinh").by_code["5.12.1"]
    leads = {name: row.provider_of(name).leads for name in row.variables}
    assert leads == {"a": ("cac-so",), "b": ("cac-so",), "c": ("so-tai-chinh", "so-khdt")}


# errata

UNDIVIDED = {
    "vinh-long-2554/tinh": "4.12 4.13 7.1 7.2 7.3 7.4 7.5 7.6 7.8 7.9 7.11 7.12",
    "vinh-phuc-2074/so": "6.9",
    "vinh-phuc-2074/huyen": "3.1 3.3 3.6 4.6 6.9 6.12 7.3 7.4 8.3 8.6 8.7 8.9",
    "vinh-phuc-2074/xa": "3.1 4.6 8.3",
}


@pytest.mark.parametrize(("framework_id", "codes"), UNDIVIDED.items())
def test_exactly_the_thresholds_that_do_not_divide_are_corrected_to_divide(
    framework_id: str, codes: str
) -> None:
    framework = load_framework(framework_id)
    undivided = [
        row for row in framework.rows if getattr(row.rule, "below", None) == "proportional"
    ]
    assert [row.code for row in undivided] == codes.split()
    for row in undivided:
        assert row.erratum is not None
        assert row.erratum.corrected == row.rule.model_copy(update={"below": "scaled"})
        assert row.rule_under("as_written") == row.rule
        assert row.rule_under("corrected") == row.erratum.corrected


def test_the_other_substantive_errata() -> None:
    """Factors that disagree with their threshold, tiers that meet, a denominator too wide, a
    formula that is missing."""
    found = {
        framework_id: {
            row.code
            for row in load_framework(framework_id).rows
            if row.erratum and row.erratum.kind == "substantive"
        }
        - set(UNDIVIDED.get(framework_id, "").split())
        for framework_id in COMPLETE
    }
    assert {name: codes for name, codes in found.items() if codes} == {
        "kon-tum-419/tinh": {"6.14"},
        "vinh-phuc-2074/huyen": {"4.5", "6.2", "6.16", "7.1"},
        "vinh-phuc-2074/xa": {"4.5", "6.10", "7.2"},
    }


def test_every_formula_that_lost_its_plus_is_marked_as_a_damaged_copy() -> None:
    """The copy of 2554 has no plus sign at all: whatever adds was restored by hand."""
    framework = load_framework("vinh-long-2554/tinh")
    adding = {
        row.code for row in framework.rows for metric in metrics(row.rule) if "+" in str(metric)
    }
    assert adding == {"4.5", "5.12.1", "6.11", "6.12", "6.13", "6.14", "6.22"}
    for code in adding:
        erratum = framework.by_code[code].erratum
        assert erratum is not None
        assert erratum.kind == "transcription"
        assert "mất dấu cộng" in erratum.note


# what only one decree has


def test_419_writes_the_formulas_that_2554_lost_as_2554_is_corrected() -> None:
    theirs, ours = (load_framework(f) for f in ("kon-tum-419/tinh", "vinh-long-2554/tinh"))
    for code in UNDIVIDED["vinh-long-2554/tinh"].split():
        assert theirs.by_code[code].rule == ours.by_code[code].rule_under("corrected")


def test_419_has_no_maxima_and_follows_every_scored_row_up() -> None:
    framework = load_framework("kon-tum-419/tinh")
    assert all(row.max_points is None for row in (*framework.rows, *framework.pillars))
    told = [row for row in framework.rows if row.follow_up]
    assert len(told) > 80
    assert framework.by_code["7.1"].follow_up.result == "5%"
    # two rows that only split the figures of 6.22, which has a rule of its own
    split = framework.by_code["6.22"].children
    assert [row.code for row in split] == ["6.22.1", "6.22.2"]
    assert all(isinstance(row.rule, Untabled) for row in split)


@pytest.mark.parametrize("framework_id", ["dien-bien-2001/so", "dien-bien-2001/huyen"])
def test_2001_gives_no_rule_so_that_people_award_the_points(framework_id: str) -> None:
    framework = load_framework(framework_id)
    assert {row.rule.type for row in framework.rows} == {"appraised"}
    assert all(row.provider and row.provider.relative == "self" for row in framework.rows)
