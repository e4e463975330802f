"""Packages and CSVs made to harm whoever opens them."""

import io
import stat
import zipfile

from tests.sample.hostile_parts import MIB, hostile, zipped
from tests.sample.hostile_workbooks import laughs_in_strings


@hostile("ZIP lồng trong ZIP, mỗi lớp mười bản", "có tệp nén bên trong", ".zip")
def nested_bomb(good: bytes) -> bytes:
    layer = zipped({"0.txt": bytes(2 * MIB)})
    for depth in range(4):
        layer = zipped({f"{depth}-{copy}.zip": layer for copy in range(10)})
    return zipped({"a.zip": layer, "bieu-mau.xlsx": good})


@hostile("ZIP lồng sâu 60 lớp", "có tệp nén bên trong", ".zip")
def deeply_nested(good: bytes) -> bytes:
    layer = zipped({"bieu-mau.xlsx": good})
    for _ in range(60):
        layer = zipped({"trong.zip": layer})
    return layer


@hostile("Mục bên trong ZIP có mật khẩu", "có mật khẩu", ".zip")
def locked_entry(good: bytes) -> bytes:
    package = bytearray(zipped({"bieu-mau.xlsx": good}))
    directory = package.rindex(b"PK\x01\x02")
    package[directory + 8] |= 1
    return bytes(package)


@hostile("Đường dẫn leo ra ngoài: ../../", "trỏ ra ngoài thư mục", ".zip")
def climbing_path(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "../../etc/cron.d/mau": b"* * * * * root id"})


@hostile("Đường dẫn leo ra ngoài viết bằng \\", "trỏ ra ngoài thư mục", ".zip")
def climbing_path_of_windows(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "..\\..\\Startup\\mau.pdf": b"%PDF-"})


@hostile("Đường dẫn tuyệt đối", "trỏ ra ngoài thư mục", ".zip")
def absolute_path(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "/etc/passwd": b"root::0:0"})


@hostile("Ổ đĩa trong đường dẫn", "trỏ ra ngoài thư mục", ".zip")
def drive_in_path(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "C:/Windows/mau.pdf": b"%PDF-"})


@hostile("Liên kết tượng trưng tới /etc/passwd", "liên kết hoặc tệp đặc biệt", ".zip")
def link_in_package(good: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bieu-mau.xlsx", good)
        entry = zipfile.ZipInfo("minh-chung.pdf")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


@hostile("Tên tệp dài 5.000 ký tự", "tên dài 5004 ký tự", ".zip")
def overlong_name(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, f"{'a' * 5000}.pdf": b"%PDF-"})


@hostile("Tên tệp chứa ký tự đảo chiều chữ", "ký tự ẩn", ".zip")
def turned_name(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "minh-chung-\u202efdp.exe": b"MZ"})


@hostile("Tên tệp chứa ký tự điều khiển", "ký tự ẩn", ".zip")
def control_in_name(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "minh\x1b[2Jchung.pdf": b"%PDF-"})


@hostile("Chương trình trong gói tài liệu", "có chương trình bên trong", ".zip")
def program_in_package(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "minh-chung.pdf.exe": b"MZ\x90"})


@hostile("Chương trình đội lốt tài liệu trong gói", "có chương trình bên trong", ".zip")
def program_disguised_in_package(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": good, "minh-chung.pdf": b"MZ\x90\x00"})


@hostile("Sổ độc trong gói", "định nghĩa thực thể XML", ".zip")
def hostile_workbook_in_package(good: bytes) -> bytes:
    return zipped({"bieu-mau.xlsx": laughs_in_strings(good), "a.pdf": b"%PDF-"})


@hostile("Gói không có biểu mẫu", "không có biểu mẫu nào", ".zip")
def package_without_workbook(_: bytes) -> bytes:
    return zipped({"a.pdf": b"%PDF-"})


@hostile("CSV là tệp nhị phân", "không phải văn bản CSV", ".csv")
def binary_csv(_: bytes) -> bytes:
    return b"key,6.4|a\nso-y-te,\x00\x07\x1b\n"


@hostile("CSV có một ô dài 5 MB", "ô quá dài", ".csv")
def csv_with_an_endless_cell(_: bytes) -> bytes:
    return b'key,6.4|a\nso-y-te,"' + b"1" * 5 * MIB


@hostile("CSV có một triệu dòng", "dòng, nhiều hơn", ".csv")
def csv_with_a_million_rows(_: bytes) -> bytes:
    return b"key,6.4|a\n" + b"so-y-te,1\n" * 1_000_000
