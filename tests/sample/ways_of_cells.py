"""Ways to change single answers, rows and columns of a page."""

from openpyxl.worksheet.worksheet import Worksheet

from dti_core.intake.layout import EVIDENCE, KEY, NOTE, SELF_POINTS
from tests.sample.spoilt import Asks, Case, Gone, Key, way
from tests.sample.worksheets import columns_of, header, permute, reorder, rows_with_answers, ungroup


@way("Sắp xếp lại các dòng mà quên cột ẩn: tên đơn vị nói dòng nào của ai", "answer", "about")
def sorted_without_keys(case: Case) -> None:
    for sheet in case.keyed:
        permute(case.random, sheet, rows_with_answers(sheet), first_column=2)


@way("Đổi chỗ hai dòng a, b mà quên cột ẩn: nhãn nói dòng nào là gì", "answer", "own")
def rows_swapped_without_keys(case: Case) -> None:
    for key in _pairs(case)[:2]:
        first, second = case.cell(key), case.cell((key[0], key[1], "b"))
        rows = [first.row, second.row]
        reorder(first.parent, rows, rows[::-1], first_column=2)


@way("Đổi chỗ hai cột a, b mà quên dòng ẩn: nhãn nói cột nào là gì", "answer", "about")
def columns_swapped_without_keys(case: Case) -> None:
    (key,) = _pairs(case)[:1]
    first, second = case.cell(key), case.cell((key[0], key[1], "b"))
    sheet = first.parent
    top = header(sheet)[0] + 1
    ungroup(sheet)
    for row in range(top + 3, sheet.max_row + 1):  # under the title, criterion and evidence
        left, right = sheet.cell(row, first.column), sheet.cell(row, second.column)
        left.value, right.value = right.value, left.value


@way("Trộn hai ô trả lời trên dưới thành một", "answer", "own")
def answers_merged(case: Case) -> None:
    key = next(key for key in _pairs(case) if _one_above_the_other(case, key))
    second = (key[0], key[1], "b")
    upper, lower = case.cell(key), case.cell(second)
    case.touched |= {key, second}
    shown = str(upper.value)
    upper.parent.merge_cells(f"{upper.coordinate}:{lower.coordinate}")
    case.figures[key] = case.figures[second] = Asks(("trộn", shown))


@way("Trộn ô trả lời với ô trống bên cạnh", "answer", "own")
def answer_merged_with_its_neighbour(case: Case) -> None:
    for key in case.pick("count"):
        cell = case.cell(key)
        beside = case.cell(key, SELF_POINTS)
        cell.parent.merge_cells(f"{cell.coordinate}:{beside.coordinate}")


@way("Gõ câu trả lời vào ô bên cạnh, ô phải điền để trống", "answer", "own")
def typed_beside(case: Case) -> None:
    for key in case.pick("count"):
        cell, beside = case.cell(key), case.cell(key, SELF_POINTS)
        beside.value, cell.value = 731, None
        case.figures[key] = Asks(("731", beside.coordinate))


@way("Gõ câu trả lời ra ngoài bảng, ô phải điền để trống", "answer")
def typed_outside(case: Case) -> None:
    for key in case.pick("count", most=1):
        cell = case.cell(key)
        outside = cell.parent.cell(cell.row, cell.parent.max_column + 2)
        outside.value, cell.value = 731, None
        case.figures[key] = Asks(("731", outside.coordinate))


@way("Gõ đè số lên ô của năm trước, ô phải điền để trống", "answer", "own")
def typed_over_last_year(case: Case) -> None:
    year = f"Năm {case.context.round.evaluation_year - 1}"
    for key in case.pick("count", most=1):
        cell = case.cell(key)
        sheet = cell.parent
        column = next(c.column for row in sheet.iter_rows() for c in row if c.value == year)
        before = sheet.cell(cell.row, column)
        before.value, cell.value = 731, None
        case.figures[key] = Asks(("731", before.coordinate))


@way("Ghi chú riêng ngoài bảng, cạnh ô đã điền", "answer")
def remarks_outside(case: Case) -> None:
    for sheet in case.keyed:
        outside = sheet.max_column + 2
        for row in rows_with_answers(sheet)[::3]:
            if not _blank_answer(sheet, row):
                sheet.cell(row, outside).value = "đã kiểm tra"


@way("Xóa hẳn một dòng phải điền", "answer")
def answer_row_deleted(case: Case) -> None:
    (key,) = case.pick("count", most=1)
    cell = case.cell(key)
    sheet, row = cell.parent, cell.row
    ungroup(sheet)
    gone = [
        each
        for each in case.figures
        if (each[:1] if case.form == "about" else each)
        == (key[:1] if case.form == "about" else key)
    ]
    sheet.delete_rows(row)
    for each in gone:
        case.figures[each] = Gone()
        case.touched.add(each)
        case.evidence.pop(each, None)
        case.notes.pop(each, None)


@way("Thêm dòng Tổng cộng dưới bảng", "answer", "about")
def totals_row_added(case: Case) -> None:
    for sheet in case.keyed:
        row = sheet.max_row + 1
        sheet.cell(row, 3).value = "Tổng cộng"
        for column in (10, 11):
            sheet.cell(row, column).value = 321
            case.asking.append("321")


def _pairs(case: Case) -> list[Key]:
    """Untouched figures a whose b stands in the next row or column."""
    return [
        key
        for key in case.figures
        if key[2] == "a" and (key[0], key[1], "b") in case.figures
        if key not in case.touched and (key[0], key[1], "b") not in case.touched
    ]


def _one_above_the_other(case: Case, key: Key) -> bool:
    upper, lower = case.cell(key), case.cell((key[0], key[1], "b"))
    return upper.parent is lower.parent and upper.row + 1 == lower.row


def _blank_answer(sheet: Worksheet, row: int) -> bool:
    answers = [
        column for key, column in columns_of(sheet).items() if key not in (KEY, EVIDENCE, NOTE)
    ]
    return all(sheet.cell(row, column).value is None for column in answers)
