"""Every policy in words, as the plan of a round lists them."""

from dataclasses import replace
from datetime import date

from dti_core.program.load import load_round
from dti_core.program.needed import COLLECTING, EXPLAINING, SCORING
from dti_core.program.policies import Policies, Reminders, RoundingRule
from reports.policies import ladder, policy_lines
from reports.unit_round.policies import applied, undecided
from tests.unit.papers_of_the_round import decided
from tests.unit.reminded_round import LADDER

EVERY_POLICY = {
    "reading": "as_written",
    "overlap": "best",
    "zero_denominator": "ask",
    "missing_figure": "zero",
    "not_available_figure": "ask",
    "not_applicable_figure": "full",
    "min_max": "range",
    "pillar_overflow": "cap_pillar",
    "rounding": {"digits": 1, "total": "sum_of_published"},
    "ties": "dense",
    "rank_on": "exact",
    "late_submission": "refuse",
    "deadline_on_day_off": "next_working_day",
    "reminders": LADDER,
    "questions_per_unit": 3,
    "unanswered_flags": "keep",
    "organiser_rows": {"verifier": "so-noi-vu", "supplied": True},
    "quorum": "2/3",
    "petition_days": 5,
    "grades": [{"name": "Tốt", "at_least": "80%"}, {"name": "Khá", "at_least": "65%"}],
    "approvers": {"du-thao": ["Giám đốc Sở"]},
    "separation": ["tham-dinh", "du-thao"],
}


def test_no_policy_is_left_out_of_the_plan() -> None:
    bases = {name: f"căn cứ của {name}" for name in EVERY_POLICY}
    policies = Policies.model_validate(
        {name: decided(value, bases[name]) for name, value in EVERY_POLICY.items()}
        | {"reading_overrides": {"4.12": decided("corrected", "riêng mục 4.12")}}
    )
    assert set(EVERY_POLICY) | {"reading_overrides"} == set(Policies.model_fields)
    told = list(applied(policies))
    assert sorted(each.basis for each in told) == sorted([*bases.values(), "riêng mục 4.12"])
    assert [(each.question, each.answer) for each in told[:3]] == [
        ("Cách đọc quy tắc có sai sót", "theo câu chữ"),
        ("Cách đọc quy tắc có sai sót: mục 4.12", "theo cách đọc đã chỉnh"),
        ("Giá trị thuộc nhiều mức", "lấy mức cao nhất"),
    ]
    by_basis = {each.basis: each.answer for each in told}
    assert by_basis[bases["missing_figure"]] == "phần đó không có điểm"
    assert by_basis[bases["not_applicable_figure"]] == "phần đó có điểm tối đa"
    assert by_basis[bases["rounding"]] == "1 chữ số thập phân, cộng số đã làm tròn"
    assert by_basis[bases["deadline_on_day_off"]] == "chuyển sang ngày làm việc kế tiếp"
    assert by_basis[bases["questions_per_unit"]] == "nhiều nhất 3, phần còn lại chỉ liệt kê"
    assert by_basis[bases["unanswered_flags"]].startswith("giữ số liệu đã báo cáo")
    assert by_basis[bases["organiser_rows"]].startswith("so-noi-vu, kể cả")
    assert by_basis[bases["quorum"]] == "từ 2/3 số thành viên"
    assert by_basis[bases["petition_days"]] == "5 ngày kể từ ngày gửi kết quả dự kiến"
    assert by_basis[bases["grades"]] == "Tốt: từ 80 %; Khá: từ 65 %"
    assert by_basis[bases["approvers"]] == "du-thao: Giám đốc Sở"
    assert by_basis[bases["separation"]] == "tham-dinh, du-thao"
    assert len({each.question for each in told}) == len(told)
    stated = {line.basis for line in policy_lines(policies)}
    assert {bases["questions_per_unit"], bases["unanswered_flags"]} <= stated


def test_every_value_of_every_policy_has_words() -> None:
    (none,) = applied(Policies.model_validate({"questions_per_unit": decided(0)}))
    assert none.answer == "không hỏi, chỉ liệt kê"
    for name in [*SCORING, *COLLECTING, *EXPLAINING]:
        kind = Policies.model_fields[name].annotation.__args__[0]
        value = kind.model_fields["value"].annotation
        if value in (RoundingRule, Reminders, int):
            continue
        for each in value.__args__:
            policies = Policies.model_validate({name: decided(each)})
            (only,) = applied(policies)
            assert only.answer
            assert "_" not in only.answer
    assert [line.value for line in policy_lines(Policies())] == ["chưa đặt"] * len(SCORING)


def test_a_result_states_what_figures_that_nobody_gives_earn() -> None:
    given = {
        "missing_figure": decided("zero"),
        "not_available_figure": decided("ask"),
        "not_applicable_figure": decided("full"),
    }
    lines = {line.name: line.value for line in policy_lines(Policies.model_validate(given))}
    assert lines["Số liệu không được gửi"] == "phần đó không có điểm"
    assert lines["Số liệu nguồn chưa thống kê được"] == "để ngỏ và hỏi lại"
    assert lines["Số liệu không liên quan đến cơ quan, đơn vị"] == "phần đó có điểm tối đa"


def test_a_ladder_of_reminders_in_words() -> None:
    def said(**given: object) -> str:
        return ladder(Reminders.model_validate({"digest_to_organiser": "none", **given}))

    assert said(before=[7, 2], after=[1, 3, 5], then_every=5, escalate_to_head_after=5) == (
        "trước hạn 7 và 2 ngày; quá hạn 1, 3 và 5 ngày; sau đó 5 ngày một lần; quá hạn 5 ngày thì"
        " báo người đứng đầu"
    )
    assert said(after=[1]) == "quá hạn 1 ngày"
    assert said() == "không đặt lịch nhắc"


def test_only_questions_that_the_round_meets_are_open() -> None:
    context = load_round("vinh-phuc/2023-so")
    bare = replace(context, program=context.program.model_copy(update={"policies": Policies()}))
    assert undecided(bare) == (
        "cách đọc quy tắc có sai sót",
        "giá trị thuộc nhiều mức",
        "mẫu số bằng 0",
        "số liệu không được gửi",
        "số liệu nguồn chưa thống kê được",
        "số liệu không liên quan đến cơ quan, đơn vị",
        "làm tròn",
        "bằng điểm",
        "điểm để xếp hạng",
        "tệp gửi muộn",
        "người thẩm định mục của cơ quan chủ trì đánh giá",
        "thời gian nhận kiến nghị về kết quả dự kiến",
    ), "2074's set for departments has no min-max and no pillar that overflows"
    saturday = context.round.closes.model_copy(update={"on": date(2024, 2, 3)})
    moved = replace(bare, round=context.round.model_copy(update={"closes": saturday}))
    assert "hạn gửi rơi vào ngày nghỉ" in undecided(moved)
    unknown = saturday.model_copy(update={"on": date(2035, 2, 5)})
    moved = replace(bare, round=context.round.model_copy(update={"closes": unknown}))
    assert "hạn gửi rơi vào ngày nghỉ" in undecided(moved), "the calendar does not reach there"
