"""What changes from one framework to another: made-up edits, properties, the shipped decrees."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dti_core.framework.diff import FrameworkDiff, diff
from dti_core.framework.load import load_framework
from dti_core.framework.model import Agency, Decree, Framework
from dti_core.framework.similar import (
    OTHER_CODE,
    SAME_CODE,
    Named,
    Pair,
    likeness,
    normal,
    pairs,
)
from flows.cli import app
from flows.commands.terminal import out
from tests.unit.small_round import framework_of, row

SHIPPED = [
    "vinh-long-2554/tinh",
    "kon-tum-419/tinh",
    "vinh-phuc-2074/so",
    "vinh-phuc-2074/huyen",
    "dien-bien-2001/so",
]

ORDERED = row("1.1", 10, {"type": "ratio", "of": "a / b"}, figures={"a": "count", "b": "count"})


def one(*rows: dict[str, Any], most: int | None = 10, pillar: str = "1") -> Framework:
    return framework_of({pillar: (most, list(rows))})


def changes(before: Framework, after: Framework) -> dict[str, tuple[tuple[str, ...], ...]]:
    """What changed of the only row that changed, both sides."""
    (only,) = diff(before, after).rows
    return {change.what: (change.before, change.after) for change in only.changes}


# Names


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Nghị quyết của cấp uỷ", "Nghị quyết của cấp ủy"),
        ("Hoà giải tại Tỉnh, thành phố", "Hòa giải tại tỉnh thành phố."),
        ("Tỷ lệ  DVCTT (toàn trình)", "TỶ LỆ DVCTT – toàn trình"),
    ],
)
def test_spelling_alone_is_no_change_of_name(name: str, other: str) -> None:
    assert normal(name) == normal(other)
    assert diff(one({**ORDERED, "name": name}), one({**ORDERED, "name": other})).empty


def test_a_tone_is_not_spelling() -> None:
    assert normal("má") != normal("mà")


def test_likeness_counts_syllables_in_order() -> None:
    # three of four syllables run alike: 2 × 3 / 8
    assert likeness(normal("tỷ lệ hồ sơ"), normal("tỷ lệ hồ quang")) == Fraction(3, 4)
    assert likeness(normal("a b"), normal("c d")) == 0


WORDS = st.lists(st.sampled_from(["tỷ", "lệ", "hồ", "sơ", "máy", "chủ"]), max_size=6).map(tuple)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_full_only_for_equals(
    first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    assert likeness(first, second) == likeness(second, first)
    assert (likeness(first, second) == 1) == (first == second)


NEAR = "Tỷ lệ hồ sơ công việc được xử lý trên mạng"


def test_exact_names_are_paired_before_near_ones() -> None:
    # the near double has the code of its own, the exact one does not: the exact one goes first
    before = [Named("1", NEAR), Named("2", f"{NEAR} LAN")]
    after = [Named("1", f"{NEAR} LAN"), Named("2", NEAR)]
    assert [(p.before, p.after) for p in pairs(before, after)] == [(0, 1), (1, 0)]


def test_one_code_is_enough_for_a_name_that_is_only_fairly_alike() -> None:
    other = "Tỷ lệ hồ sơ công việc được giải quyết trực tuyến"
    alike = likeness(normal(NEAR), normal(other))
    assert SAME_CODE <= alike < OTHER_CODE
    assert pairs([Named("1", NEAR)], [Named("1", other)]) == [Pair(0, 0, alike)]
    assert pairs([Named("1", NEAR)], [Named("2", other)]) == []


# Rows


def test_a_row_under_another_code_is_renumbered_not_dropped_and_added() -> None:
    named = {**ORDERED, "name": "Tỷ lệ hồ sơ trực tuyến"}
    found = diff(one(named), one({**named, "code": "1.7"}))
    (only,) = found.rows
    assert (only.before.code, only.after.code, only.likeness, only.changes) == (
        "1.1",
        "1.7",
        1,
        (),
    )
    assert only.renumbered
    assert (found.added, found.dropped) == ((), ())


def test_another_name_under_the_code_is_another_row() -> None:
    found = diff(
        one({**ORDERED, "name": "Tỷ lệ hồ sơ trực tuyến"}),
        one({**ORDERED, "name": "Đã ban hành kế hoạch năm"}),
    )
    assert ([r.code for r in found.dropped], [r.code for r in found.added]) == (["1.1"], ["1.1"])
    assert found.rows == ()


def test_maxima_of_rows_and_pillars() -> None:
    found = diff(one(ORDERED), one({**ORDERED, "max_points": None}, most=15))
    assert [c.before + c.after for r in found.rows for c in r.changes] == [("10", "không nêu")]
    assert [c.before + c.after for p in found.pillars for c in p.changes] == [("10", "15")]


def test_a_rule_is_told_in_words_on_both_sides() -> None:
    below = {"type": "ratio", "of": "a / b", "full_at": "80%", "below": "zero"}
    assert changes(one(ORDERED), one({**ORDERED, "rule": below})) == {
        "rule": (
            ("Điểm = (a / b) × điểm tối đa",),
            ("a / b từ 80 % trở lên: điểm tối đa; dưới 80 %: 0 điểm",),
        )
    }


def test_letters_and_keys_of_the_transcription_are_no_change() -> None:
    letters = row(
        "1.1", 10, {"type": "ratio", "of": "tu / mau"}, figures={"tu": "count", "mau": "count"}
    )
    letters["variables"]["tu"]["label"], letters["variables"]["mau"]["label"] = "Số a", "Số b"
    assert diff(one(ORDERED), one(letters)).empty

    def states(first: str, second: str) -> dict[str, Any]:
        rule = {"type": "options", "of": "x", "shares": {first: 1, second: 0}}
        choices = {first: "Đã ban hành", second: "Chưa"}
        return row(
            "1.1",
            10,
            rule,
            variables={"x": {"label": "Kế hoạch", "kind": "choice", "choices": choices}},
        )

    assert diff(one(states("co", "khong")), one(states("nhat", "nhi"))).empty
    swapped = states("co", "khong")
    swapped["rule"]["shares"] = {"co": 0, "khong": 1}
    assert list(changes(one(states("co", "khong")), one(swapped))) == ["rule"]


def test_a_ratio_turned_over_is_a_change_of_its_figures() -> None:
    turned = {**ORDERED, "rule": {"type": "ratio", "of": "b / a"}}
    assert changes(one(ORDERED), one(turned)) == {
        "figures": (("a = Số a", "b = Số b"), ("b = Số b", "a = Số a"))
    }


def test_only_the_figure_that_changed_is_told() -> None:
    other = row("1.1", 10, {"type": "ratio", "of": "a / b"}, figures={"a": "count", "b": "count"})
    other["variables"]["b"] = {"label": "Tổng số", "kind": "count", "unit": "hồ sơ"}
    assert changes(one(ORDERED), one(other)) == {
        "figures": (("b = Số b",), ("b = Tổng số (hồ sơ)",))
    }


def test_whom_a_rule_compares_with_is_told_though_its_words_are_the_same() -> None:
    rules = [{"type": "min_max", "of": "x", "peers": peers} for peers in ("group", "external")]
    before, after = (one(row("1.1", 10, rule, figures={"x": "count"})) for rule in rules)
    told = changes(before, after)["rule"]
    assert "So với các đơn vị cùng nhóm" in told[0]
    assert "So với các tỉnh khác" in told[1]


def test_a_decree_that_writes_what_the_other_one_should_have_written_is_named() -> None:
    at = {"type": "ratio", "of": "a / b", "full_at": "80%"}
    faulty = {
        **ORDERED,
        "rule": {**at, "below": "proportional"},
        "erratum": {
            "kind": "substantive",
            "corrected": {**at, "below": "scaled"},
            "note": "Không chia.",
        },
    }
    right = {**ORDERED, "rule": {**at, "below": "scaled"}}
    assert [r.mended for r in diff(one(faulty), one(right)).rows] == [("before",)]
    assert [r.mended for r in diff(one(right), one(faulty)).rows] == [("after",)]


def test_agencies_are_compared_by_name_and_by_part() -> None:
    agencies = {"s1": Agency(name="Sở Công Thương"), "s2": Agency(name="Sở Công thương")}

    def by(leads: list[str], partners: list[str]) -> Framework:
        given = one({**ORDERED, "provider": {"leads": leads, "partners": partners}})
        decree = Decree(**{**dict(given.decree), "agencies": agencies})
        return given.model_copy(update={"decree": decree})

    assert diff(by(["s1"], []), by(["s2"], [])).empty  # one agency, spelled in two ways
    assert changes(by(["s1"], []), by(["s1"], ["s2"])) == {"partners": ((), ("Sở Công thương",))}
    own = one({**ORDERED, "provider": {"relative": "self"}})
    assert changes(by(["s1"], []), own) == {
        "leads": (("Sở Công Thương",), ("Đơn vị được đánh giá",))
    }


# Properties


def flat(found: FrameworkDiff) -> set[tuple[object, ...]]:
    """A difference as a set, so that two can be compared whatever their order."""
    return {
        *(("-", p.code) for p in found.pillars_dropped),
        *(("+", p.code) for p in found.pillars_added),
        *(("row -", r.code) for r in found.dropped),
        *(("row +", r.code) for r in found.added),
        *(("pillar", p.before.code, p.after.code, p.likeness, p.changes) for p in found.pillars),
        *(("row", r.before.code, r.after.code, r.changes, r.mended) for r in found.rows),
    }


def mirrored(found: FrameworkDiff) -> set[tuple[object, ...]]:
    """The same with its sides exchanged."""
    turned = {"-": "+", "+": "-", "row -": "row +", "row +": "row -"}
    sides = {"before": "after", "after": "before"}
    result: set[tuple[object, ...]] = set()
    for item in flat(found):
        if item[0] in turned:
            result.add((turned[str(item[0])], item[1]))
            continue
        kind, before, after, *rest = item
        swapped: list[object] = []
        for part in rest:
            if isinstance(part, tuple) and part and hasattr(part[0], "what"):
                part = tuple(type(c)(c.what, c.after, c.before) for c in part)
            elif isinstance(part, tuple) and part:
                part = tuple(sorted((sides[side] for side in part), reverse=True))
            swapped.append(part)
        result.add((kind, after, before, *swapped))
    return result


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_a_framework_does_not_differ_from_itself(framework_id: str) -> None:
    framework = load_framework(framework_id)
    assert diff(framework, framework).empty


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("vinh-long-2554/tinh", "kon-tum-419/tinh"),
        ("vinh-phuc-2074/so", "vinh-phuc-2074/huyen"),
        ("vinh-phuc-2074/so", "dien-bien-2001/so"),
    ],
)
def test_the_other_way_round_is_the_mirror_image(before: str, after: str) -> None:
    there = diff(load_framework(before), load_framework(after))
    back = diff(load_framework(after), load_framework(before))
    assert flat(back) == mirrored(there)
    assert there.rows


NAMES = ["Tỷ lệ hồ sơ", "Tỷ lệ hồ sơ trực tuyến", "Máy chủ", "Máy trạm", "Kế hoạch năm", "Họp"]


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    codes = draw(st.lists(st.integers(1, 8), min_size=1, max_size=5, unique=True))
    rules = [
        {"type": "ratio", "of": "a / b"},
        {"type": "ratio", "of": "b / a"},
        {"type": "percent", "of": "p"},
    ]
    rows = [
        row(
            f"1.{code}",
            draw(st.sampled_from([5, 10, None])),
            draw(st.sampled_from(rules)),
            name=draw(st.sampled_from(NAMES)),
            figures={"a": "count", "b": "count", "p": "percent"},
        )
        for code in codes
    ]
    return one(*rows, most=draw(st.sampled_from([10, 20])))


@settings(max_examples=60, deadline=None)
@given(frameworks(), frameworks())
def test_every_row_is_told_once_or_is_the_same(before: Framework, after: Framework) -> None:
    found = diff(before, after)
    assert flat(diff(after, before)) == mirrored(found)
    assert diff(before, before).empty
    gone = [r.code for r in found.dropped] + [r.before.code for r in found.rows]
    come = [r.code for r in found.added] + [r.after.code for r in found.rows]
    assert len(gone) == len(set(gone))
    assert len(come) == len(set(come))
    # the rows that are not told are there on both sides, under one code
    assert set(before.by_code) - set(gone) == set(after.by_code) - set(come)


# The shipped decrees, and the command


def test_what_2554_and_419_do_not_have_alike() -> None:
    found = diff(load_framework("vinh-long-2554/tinh"), load_framework("kon-tum-419/tinh"))
    assert [p.code for p in found.pillars_dropped] == ["9"]
    assert {r.code for r in found.dropped} == {"9.1", "9.2", "9.3"}
    assert {r.code.rsplit(".", 1)[0] for r in found.added} <= {
        *("6.22", "8.8", "8.8.1", "8.8.2", "8.8.3")
    }
    assert not any(r.renumbered for r in found.rows)
    rules = {r.after.code: r.mended for r in found.rows if "rule" in {c.what for c in r.changes}}
    # 419 divides by the threshold wherever 2554 forgets to
    forgotten = {code for code, mended in rules.items() if mended == ("before",)}
    assert forgotten == {
        *("4.12", "4.13", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.8", "7.9", "7.11", "7.12")
    }
    assert set(rules) - forgotten == {"6.4", "6.14", "8.8"}


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["frameworks", "diff", *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def test_the_command_tells_every_kind_of_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "width", 100)
    text = told("vinh-long-2554/tinh", "kon-tum-419/tinh")
    lines = text.splitlines()
    assert max(map(len, lines[2:])) <= 100  # the two headlines are not broken
    flat_text = " ".join(text.split())
    for words in (
        "Bỏ 9. Đô thị thông minh",
        "Bỏ mục (3)",
        "419/KH-UBND không nêu điểm tối đa của mục nào.",
        "− a / b từ 20 % trở lên: điểm tối đa; dưới 20 %: (a / b) × điểm tối đa",
        "+ a / b từ 20 % trở lên: điểm tối đa; dưới 20 %: (a / b) / 20 % × điểm tối đa",
        "Đúng như cách đọc đã chỉnh của 2554/QĐ-UBND: văn bản ấy sai ở mục này.",
        "Sở Thông tin và Truyền thông → Sở Kế hoạch và Đầu tư: mục 7.2, 7.3, 7.4, 7.5",
        "dti frameworks show kon-tum-419/tinh",
    ):
        assert words in flat_text, words


def test_the_command_for_machines_and_for_the_same_framework_twice() -> None:
    found = json.loads(told("vinh-phuc-2074/so", "vinh-phuc-2074/huyen", "--json"))
    assert set(found) == {
        *("before", "after", "total_stated", "pillars", "added", "dropped", "changed")
    }
    moved = {(r["before"], r["after"]) for r in found["changed"] if r["before"] != r["after"]}
    assert {("4.1", "4.2"), ("6.1", "6.2"), ("6.14", "6.16")} <= moved
    assert "Hai bộ chỉ số giống nhau." in told("dien-bien-2001/so", "dien-bien-2001/so")


def test_an_unknown_framework_is_refused_with_those_that_there_are() -> None:
    refused = CliRunner().invoke(app, ["frameworks", "diff", "x/so", "vinh-phuc-2074/so"])
    assert refused.exit_code == 1
    assert "Hiện có:" in str(refused.exception)
