"""Ways to change the pages of a workbook: what people do to rows, columns, looks and order."""

from openpyxl.cell.cell import MergedCell
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from dti_core.intake.layout import META_SHEET
from tests.sample.spoilt import Case, way
from tests.sample.worksheets import (
    header,
    insert_columns,
    insert_rows,
    permute,
    rows_with_answers,
    ungroup,
)


@way("Chèn dòng lên trên cùng, trên cả dòng ẩn", "sheet")
def rows_inserted_above(case: Case) -> None:
    for sheet in case.keyed:
        insert_rows(sheet, 1, case.random.randint(1, 3))
    case.keyed[0]["B1"] = "SỞ TƯ PHÁP (MẪU)"


@way("Chèn dòng trống giữa các dòng số liệu", "sheet")
def rows_inserted_between(case: Case) -> None:
    for sheet in case.keyed:
        insert_rows(sheet, case.random.choice(rows_with_answers(sheet)))


@way("Chèn dòng giữa tiêu đề và số liệu, ghi lời dẫn", "sheet")
def rows_inserted_under_header(case: Case) -> None:
    for sheet in case.keyed:
        first = rows_with_answers(sheet)[0]
        insert_rows(sheet, first, 2)
        sheet.cell(first, 3).value = "(đơn vị tự ghi chú cách tính)" if case.form == "own" else None


@way("Chèn cột trống bên trái và ở giữa", "sheet")
def columns_inserted(case: Case) -> None:
    for sheet in case.keyed:
        insert_columns(sheet, 1)
        insert_columns(sheet, 4, case.random.randint(1, 2))


@way("Cắt một cột đem ra cuối bảng", "sheet")
def columns_moved(case: Case) -> None:
    for sheet in case.keyed:
        ungroup(sheet)
        moved, last = 6, sheet.max_column + 1
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, last).value = sheet.cell(row, moved).value
            sheet.cell(row, last).number_format = sheet.cell(row, moved).number_format
        sheet.delete_cols(moved)


@way("Xóa các dòng trống và dòng không phải điền", "sheet")
def blank_rows_deleted(case: Case) -> None:
    for sheet in case.keyed:
        place = header(sheet)
        ungroup(sheet)
        for row in range(sheet.max_row, place[0], -1):
            key = sheet.cell(row, place[1]).value
            heading = isinstance(key, str) and key.startswith(("#title", "#elsewhere"))
            if key is None or heading:
                sheet.delete_rows(row)


@way("Đảo thứ tự các trang", "sheet")
def sheets_reordered(case: Case) -> None:
    case.random.shuffle(case.book._sheets)


@way("Đổi tên các trang", "sheet")
def sheets_renamed(case: Case) -> None:
    for number, sheet in enumerate(case.keyed, 1):
        sheet.title = f"Phần {number} - đã điền"


@way("Bỏ ẩn mọi dòng, cột và trang", "sheet")
def everything_unhidden(case: Case) -> None:
    for sheet in case.book.worksheets:
        sheet.sheet_state = "visible"
        for dimension in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()):
            dimension.hidden = False


@way("Ẩn thêm dòng và cột có số liệu", "sheet")
def more_hidden(case: Case) -> None:
    for sheet in case.keyed:
        sheet.row_dimensions[case.random.choice(rows_with_answers(sheet))].hidden = True
        sheet.column_dimensions["F"].hidden = True


@way("Đặt bộ lọc, chỉ để hiện một phần các dòng", "sheet")
def filters_set(case: Case) -> None:
    for sheet in case.keyed:
        sheet.auto_filter.ref = sheet.dimensions
        sheet.auto_filter.add_filter_column(2, ["x"])
        for row in rows_with_answers(sheet)[::2]:
            sheet.row_dimensions[row].hidden = True


@way("Sắp xếp lại các dòng, cả cột ẩn", "sheet")
def sorted_with_keys(case: Case) -> None:
    for sheet in case.keyed:
        permute(case.random, sheet, rows_with_answers(sheet), first_column=1)


@way("Tô màu, đổi phông, in đậm ô đã điền", "sheet")
def coloured(case: Case) -> None:
    for key in case.random.sample(list(case.figures), 6):
        cell = case.cell(key)
        cell.fill = PatternFill("solid", fgColor="FF00B0F0")
        cell.font = Font(name=".VnTime", bold=True, color="FFFF0000")


@way("Thêm chú thích (comment) vào ô", "sheet")
def comments_added(case: Case) -> None:
    for key in case.random.sample(list(case.figures), 4):
        case.cell(key).comment = Comment("Chị xem lại số này giúp em, 120 hay 102?", "MẪU")


@way("Thêm trang tính riêng của đơn vị", "sheet")
def page_of_its_own_added(case: Case) -> None:
    page = case.book.create_sheet("Tính toán riêng", 0)
    for row in range(1, 30):
        page.cell(row, 1).value = f"Phòng {row}"
        page.cell(row, 2).value = row * 3
        page.cell(row, 3).value = f"=B{row}*2"


@way("Thêm trang nháp chép phần nhìn thấy của biểu, không có cột ẩn", "sheet")
def draft_page_added(case: Case) -> None:
    source = case.keyed[-1]
    page = case.book.create_sheet("Nháp")
    top, left = header(source)
    for cells in source.iter_rows(min_row=top + 1, min_col=left + 1):
        page.append([None if isinstance(cell, MergedCell) else cell.value for cell in cells])


@way("Thêm trang biểu đồ", "sheet")
def chart_page_added(case: Case) -> None:
    chart = BarChart()
    chart.add_data(Reference(case.keyed[0], min_col=6, min_row=3, max_row=9))
    case.book.create_chartsheet("Biểu đồ", 0).add_chart(chart)


@way("Bỏ khóa trang và khóa sổ", "sheet")
def protection_removed(case: Case) -> None:
    for sheet in case.book.worksheets:
        sheet.protection.disable()
    case.book.security = None


@way("Đặt mật khẩu khóa trang khác", "sheet")
def protected_with_a_password(case: Case) -> None:
    for sheet in case.keyed:
        sheet.protection.set_password("mau")


@way("Dán một khối đè lên nhãn và tiêu đề bị khóa", "sheet")
def block_pasted_over_headings(case: Case) -> None:
    for sheet in case.keyed:
        ungroup(sheet)
        place = header(sheet)
        for row in range(place[0] + 1, place[0] + 3):
            sheet.cell(row, 3).value = "Tổng hợp của phòng"
        if case.form == "own":
            for row in rows_with_answers(sheet)[:2]:
                sheet.cell(row, 3).value = f"chỉ tiêu {row}"
                sheet.cell(row, 4).value = row


@way("Chép cả dòng của một đơn vị hay tiêu chí đè lên dòng khác, kể cả cột ẩn", "sheet", alone=True)
def rows_pasted_with_their_keys(case: Case) -> None:
    sheet = case.keyed[-1]
    first, second = rows_with_answers(sheet)[:2]
    for column in range(1, sheet.max_column + 1):
        target = sheet.cell(second, column)
        if not isinstance(target, MergedCell):
            target.value = sheet.cell(first, column).value


@way("Chép thêm một trang nguyên vẹn, cả dòng cột ẩn", "sheet", alone=True)
def page_copied_whole(case: Case) -> None:
    case.book.copy_worksheet(case.keyed[-1])


@way("Xóa dòng ẩn đầu trang", "sheet", alone=True)
def key_row_deleted(case: Case) -> None:
    for sheet in case.keyed:
        ungroup(sheet)
        sheet.delete_rows(header(sheet)[0])


@way("Chép phần nhìn thấy sang một sổ mới của đơn vị", "sheet", alone=True)
def copied_into_a_new_workbook(case: Case) -> None:
    for sheet in case.keyed:
        place = header(sheet)
        ungroup(sheet)
        sheet.delete_rows(place[0])
        sheet.delete_cols(place[1])
    del case.book[META_SHEET]
