"""Why a file is not read."""


class Fault(Exception):
    """The text goes on where "Tệp NAME" begins: what is wrong with the file, and what to do."""


RESAVE = "Hãy mở tệp trên máy, lưu lại thành .xlsx rồi gửi lại."
ORIGINAL = "Hãy điền vào biểu mẫu đã nhận rồi gửi lại."

DAMAGED = f"bị hỏng hoặc chưa tải hết. {RESAVE}"
TOO_LARGE = f"quá lớn so với biểu mẫu. {ORIGINAL}"
PAGE_TOO_LARGE = (
    "có trang bung ra quá lớn so với biểu mẫu, thường do định dạng đến tận cuối trang. Hãy xóa các"
    " dòng trống dưới bảng và các cột trống bên phải, lưu lại rồi gửi lại."
)
TOO_MUCH_MEMORY = (
    "đòi quá nhiều bộ nhớ khi mở, không giống một biểu mẫu đã điền (thường do có ô ở rất xa bảng"
    f" hoặc tệp bị cố ý làm phình). {ORIGINAL}"
)
TOO_SLOW = f"mở quá lâu, không giống một biểu mẫu đã điền. {ORIGINAL}"
