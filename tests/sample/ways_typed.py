"""Ways to answer in words, to reckon in the cell, and to write with an old keyboard."""

import unicodedata
from fractions import Fraction

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from dti_core.intake.layout import NOTE
from tests.sample.old_letters import tcvn3, vni
from tests.sample.spoilt import Asks, Case, Key, Means, Says, way


@way("“không có”, “không phát sinh”, “không” ở ô số lượng: 0", "typed")
def none_of_them(case: Case) -> None:
    words = case.random.sample(("không có", "Không phát sinh", "không", "KHÔNG CÓ."), 2)
    for key, shown in zip(case.pick("count"), words, strict=False):
        case.type(key, shown, Means(Fraction(0)))


@way("“không có” ở ô tiền: 0 hay chưa có số liệu", "typed", "own")
def none_of_the_money(case: Case) -> None:
    for key in case.pick("money"):
        case.type(key, "không có", Asks(("không có", "0", "chưa có số liệu")))


@way("“chưa thống kê”, “chưa có số liệu”: không có số liệu", "typed")
def not_counted_yet(case: Case) -> None:
    words = ("chưa thống kê", "Chưa có số liệu", "chưa thống kê được", "Chưa tổng hợp được")
    picked = case.pick("count", "money", "percent")
    for key, shown in zip(picked, case.random.sample(words, 2), strict=False):
        case.type(key, shown, Says("not_available"))


@way("“N/A”, “không áp dụng”, “không thuộc phạm vi”", "typed")
def does_not_apply(case: Case) -> None:
    words = ("N/A", "không áp dụng", "Không thuộc phạm vi", "n/a")
    for key, shown in zip(
        case.pick("count", "flag", "percent"), case.random.sample(words, 2), strict=False
    ):
        case.type(key, shown, Says("not_applicable"))


@way("Gạch ngang “-”, “–”: 0 hay chưa có số liệu", "typed")
def a_dash(case: Case) -> None:
    for key, shown in zip(case.pick("count", "money"), ("-", "–"), strict=False):
        case.type(key, shown, Asks((shown, "0", "chưa có số liệu")))


@way("Cờ ghi “có”, “x”, “1”, “Đã có”, “✓” thay cho chọn Có", "typed")
def yes_in_other_words(case: Case) -> None:
    words = ("có", "x", "X", "1", "Đã có", "✓", "CÓ.", "Đã ban hành")
    for key, shown in zip(case.pick("flag"), case.random.sample(words, 2), strict=False):
        case.type(key, shown, Means(True))


@way("Cờ ghi “chưa”, “Chưa có”, “không có” thay cho chọn Không", "typed")
def no_in_other_words(case: Case) -> None:
    words = ("chưa", "Chưa có", "không có", "Chưa ban hành", "KHÔNG")
    for key, shown in zip(case.pick("flag"), case.random.sample(words, 2), strict=False):
        case.type(key, shown, Means(False))


@way("Cờ ghi kèm số văn bản: “Có, Quyết định số 12/QĐ-STP”", "typed")
def yes_with_its_document(case: Case) -> None:
    words = ("Có, Quyết định số 12/QĐ-STP", "Có (Kế hoạch 45/KH-STP ngày 04/7/2023)")
    for key, shown in zip(case.pick("flag"), words, strict=False):
        case.type(key, shown, Means(True))


@way("Cờ ghi lửng: “Có nhưng chưa ban hành”, “đang xây dựng”", "typed")
def neither_yes_nor_no(case: Case) -> None:
    for key, shown in zip(
        case.pick("flag"), ("Có nhưng chưa ban hành", "đang xây dựng"), strict=False
    ):
        case.type(key, shown, Asks((shown,)))


@way("Lựa chọn viết thường, thêm dấu chấm cuối", "typed")
def choice_in_another_case(case: Case) -> None:
    for key in case.pick("choice"):
        chosen, words = case.random.choice(list(case.variable(key).choices.items()))
        case.type(key, f"- {words.upper()}.", Means(chosen))


@way("Lựa chọn viết tắt mà phần bỏ đi không phân biệt mức nào", "typed", "own")
def choice_shortened(case: Case) -> None:
    for key in case.pick("choice"):
        case.type(key, "Trưởng ban là Người đứng đầu", Means("nguoi-dung-dau"))


@way("Lựa chọn viết tắt khớp với hai mức", "typed", "about")
def choice_shortened_too_far(case: Case) -> None:
    for key in case.pick("choice"):
        words = case.variable(key).choices
        asks = Asks((words["thuong-xuyen"], words["khong-thuong-xuyen"]))
        case.type(key, "Có kết nối", asks)


@way("Công thức có kết quả: =3+4", "reckoned")
def formula_of_numbers(case: Case) -> None:
    for key in case.pick("count"):
        case.reckon(key, "=3+4", "7", Means(Fraction(7)))


@way("Công thức theo ô khác: =ô kia*2", "reckoned")
def formula_of_a_cell(case: Case) -> None:
    first, second = _two_counts(case)
    number = Fraction(12)
    case.type(first, 12, Means(number))
    case.reckon(second, f"={case.cell(first).coordinate}*2", "24", Means(2 * number))


@way("Công thức sang trang tính riêng của đơn vị", "reckoned")
def formula_from_another_page(case: Case) -> None:
    own = _page(case, "Tổng hợp riêng")
    own["B2"], own["B3"], own["B4"] = 120, 84, 1
    for key in case.pick("count", most=1):
        sheet = quote_sheetname(own.title)
        case.reckon(key, f"=SUM({sheet}!B2:B4)", "205", Means(Fraction(205)))


@way("Công thức mà tệp không giữ kết quả, tính lại được: =3+4", "reckoned")
def formula_without_result(case: Case) -> None:
    for key in case.pick("count"):
        case.reckon(key, "=(3+4)*2-1", None, Means(Fraction(13)))


@way("Công thức mà tệp không giữ kết quả, không tính lại được", "reckoned")
def formula_that_cannot_be_reckoned(case: Case) -> None:
    for key in case.pick("count"):
        case.reckon(key, '=COUNTIF(Z1:Z99,"x")', None, Asks(("COUNTIF",)))


@way("Kết quả cũ: công thức =3+4 mà tệp giữ số 0", "reckoned")
def formula_with_a_stale_result(case: Case) -> None:
    for key in case.pick("count"):
        case.reckon(key, "=3+4", "0", Asks(("7", "0")))


@way("Công thức lỗi: #REF!, #DIV/0!", "reckoned")
def formula_in_error(case: Case) -> None:
    for key, error in zip(case.pick("count"), ("#REF!", "#DIV/0!"), strict=False):
        case.reckon(key, "=1/0", error, Asks((error,)))


@way("Chữ tổ hợp (Unicode NFD) ở cờ, lựa chọn và ghi chú", "typed")
def decomposed_letters(case: Case) -> None:
    for key in case.pick("flag"):
        case.type(key, unicodedata.normalize("NFD", "Không"), Means(False))
    for key in case.pick("choice", most=1):
        chosen, words = next(iter(case.variable(key).choices.items()))
        case.type(key, unicodedata.normalize("NFD", words), Means(chosen))
    for key in list(case.notes)[:2]:
        case.cell(key, NOTE).value = unicodedata.normalize("NFD", case.notes[key])


_NOTE = "Số liệu đã được phòng Hành chính đối chiếu, không có sai lệch"


@way("Ghi chú gõ bằng phông TCVN3 (ABC)", "typed", "own")
def note_in_tcvn3(case: Case) -> None:
    _note(case, tcvn3(_NOTE))


@way("Ghi chú gõ bằng phông VNI", "typed", "own")
def note_in_vni(case: Case) -> None:
    _note(case, vni(_NOTE))


@way("Cờ gõ bằng phông TCVN3 hay VNI: “Cã”, “Khoâng”", "typed")
def flag_in_old_letters(case: Case) -> None:
    for key, (shown, meant) in zip(
        case.pick("flag"), ((tcvn3("Có"), True), (vni("Không"), False)), strict=False
    ):
        case.type(key, shown, Means(meant))


@way("Chữ như công thức ở ghi chú: “=HYPERLINK(…)”, “@SUM”, “+1”", "typed", "own")
def words_that_look_like_formulas(case: Case) -> None:
    words = ('=HYPERLINK("http://mau.example","bấm")', "@SUM(A1)", "+84 000 (MẪU)")
    for key, shown in zip(list(case.figures)[:3], words, strict=True):
        cell = case.cell(key, NOTE)
        cell.value, cell.data_type = shown, "s"
        case.notes[key] = shown


def _two_counts(case: Case) -> tuple[Key, Key]:
    """Two counts whose cells stand on one page."""
    (first,) = case.pick("count", most=1)
    page = case.cell(first).parent.title
    (second,) = case.pick("count", most=1, when=lambda key: case.cell(key).parent.title == page)
    return first, second


def _note(case: Case, shown: str) -> None:
    key = case.random.choice(list(case.notes))
    case.cell(key, NOTE).value = shown
    case.notes[key] = _NOTE


def _page(case: Case, title: str) -> Worksheet:
    return case.book[title] if title in case.book.sheetnames else case.book.create_sheet(title)
