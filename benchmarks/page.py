"""The page docs/toc-do.md, out of what was measured."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "toc-do.md"
NAMES = {
    "gui-yeu-cau": "Gửi yêu cầu (biểu mẫu, công văn)",
    "nhan-tep": "Nhận tệp",
    "phieu-tiep-nhan": "Phiếu tiếp nhận",
    "kiem-tra-so-lieu": "Kiểm tra số liệu",
    "tinh-diem": "Tính điểm",
    "nghi-van": "Tìm nghi vấn",
    "nhan-giai-trinh": "Nhận giải trình",
    "chat-luong-so-lieu": "Báo cáo chất lượng số liệu",
    "tep-tham-dinh": "Tệp thẩm định",
    "tham-dinh": "Nhận điểm thẩm định",
    "xep-hang": "Xếp hạng",
    "ket-qua-du-kien": "Thông báo kết quả dự kiến",
    "du-thao-cong-bo": "Dự thảo công bố",
    "gui-thu": "Gửi thư",
    "don-doc": "Đôn đốc",
    "mo-dot": "Mở đợt",
}


def write_page(costs: dict[str, Any], national: dict[str, float] | None = None) -> Path:
    """Write the page."""
    PAGE.write_text("\n".join(_lines(costs, national)) + "\n", encoding="utf-8")
    return PAGE


def _lines(costs: dict[str, Any], national: dict[str, float] | None) -> Iterator[str]:
    yield "# Tốc độ"
    yield ""
    yield "Trang này do `make bench` viết; đừng sửa tay. Các con số là tỷ lệ đo trong cùng một lần"
    yield "chạy, vì số giây tuyệt đối khác nhau theo từng máy. F là chi phí cố định: một luồng rỗng"
    yield "cùng máy chủ Prefect và các thư viện phải nạp. T(n) là trọn chu trình của n đơn vị, từ"
    yield "công văn yêu cầu đến dự thảo quyết định, người trả lời bằng tệp; thời gian của người"
    yield "(điền biểu, quyết định) không tính vào T."
    yield ""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    busy = " đang chạy nhiều việc khác, nên dùng số của bộ xử lý," if load > 1 else ""
    yield (
        f"Máy đo: {platform.system()}, {os.cpu_count()} nhân,{busy}"
        f" Python {platform.python_version()}; SQLite; chưa đặt kênh gửi thư; không làm PDF."
    )
    yield ""
    yield "## Trọn chu trình"
    yield ""
    fixed = costs["F"]
    yield "| Đơn vị | T / F (bộ xử lý) | T / F (đồng hồ) | Việc của chương trình | Prefect |"
    yield "|---:|---:|---:|---:|---:|"
    for size, cost in costs["T"].items():
        prefect = cost["cpu of Prefect's server"] + cost["cpu of Prefect beside us"]
        yield (
            f"| {size} | {_number(cost['cpu'] / fixed['cpu'])} |"
            f" {_number(cost['seconds'] / fixed['seconds'])} |"
            f" {_number(100 * cost['cpu of our work'] / cost['cpu'])} % |"
            f" {_number(100 * prefect / cost['cpu'])} % |"
        )
    yield ""
    memory = "; ".join(f"{size} đơn vị: {cost['peak MB']}" for size, cost in costs["T"].items())
    yield f"Bộ nhớ nhiều nhất (MB): luồng rỗng {fixed['peak MB']}; {memory}."
    yield ""
    yield from _promises(costs, national)
    yield ""
    yield "## Từng khâu"
    yield ""
    sizes = list(costs["T"])
    yield f"| Khâu | {' | '.join(f'{n}: % của T' for n in sizes)} | Truy vấn ({sizes[-1]}) |"
    yield f"|---|{'---:|' * (len(sizes) + 1)}"
    last = costs["T"][sizes[-1]]
    for stage, name in NAMES.items():
        if stage in last["stages"]:
            parts = [
                _number(100 * cost["stages"].get(stage, {"cpu": 0})["cpu"] / cost["cpu"])
                for cost in costs["T"].values()
            ]
            yield f"| {name} | {' | '.join(parts)} | {last['stages'][stage]['queries']} |"
    yield ""
    yield "Một khâu chạy lại ở mỗi lần chu trình dừng chờ người; khâu nào mà mọi thứ nó dựa vào vẫn"
    yield "như lần trước thì được bỏ qua, sau khi so dấu niêm của các bảng, tệp đã viết, chính"
    yield "sách, mẫu văn bản, ngày và người chạy. Đặt `DTI_ALWAYS_RUN=1` thì khâu nào cũng chạy."


def _promises(costs: dict[str, Any], national: dict[str, float] | None) -> Iterator[str]:
    yield "## Mục tiêu"
    yield ""
    yield "| Mục tiêu | Đo được | Đạt |"
    yield "|---|---:|---|"
    for name, most, key in (
        ("T(165) ≤ 3 F", 3, "T(165) / F, cpu"),
        ("T(1650) − F ≤ 12 × (T(165) − F)", 12, "(T(1650) - F) / (T(165) - F), cpu"),
    ):
        if key in costs:
            yield f"| {name} | {_number(costs[key])} | {'đạt' if costs[key] <= most else 'chưa'} |"
        else:
            yield f"| {name} | chưa đo | |"
    if national:
        ratio = national["ratio to plain numpy"]
        told = "đạt" if ratio <= 3 else "chưa"
        yield f"| Tính điểm 12.600 đơn vị ≤ 3 × numpy thuần | {_number(ratio)} | {told} |"
    exponents = ", ".join(_number(each, 2) for each in costs["growth exponent of T - F"])
    if exponents:
        yield ""
        yield f"Bậc tăng của T − F giữa các cỡ: {exponents} (1 là tăng đúng theo số đơn vị)."


def _number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
