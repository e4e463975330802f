"""Why a rule could not give a share although its figures may be there."""

from enum import IntFlag


class Problem(IntFlag):
    """Bits, so that a column of them fits an integer array. The text is for officials."""

    NONE = 0
    ZERO_DENOMINATOR = 1
    NO_INTERVAL = 2
    OVERLAP = 4
    UNASSIGNED = 8
    EXTERNAL_PEERS = 16
    PEERS_UNKNOWN = 32
    MIN_MAX_FORMULA = 64
    APPRAISED = 128
    UNTABLED = 256
    NO_MAXIMUM = 512

    @property
    def reasons(self) -> tuple[str, ...]:
        """One Vietnamese sentence a bit."""
        return tuple(text for problem, text in _REASONS.items() if problem in self)


_REASONS: dict[Problem, str] = {
    Problem.ZERO_DENOMINATOR: "Mẫu số bằng 0; văn bản không quy định và chưa có chính sách xử lý",
    Problem.NO_INTERVAL: "Giá trị không rơi vào mức nào của bảng điểm trong văn bản",
    Problem.OVERLAP: "Giá trị rơi vào nhiều mức có điểm khác nhau; chưa có chính sách chọn mức",
    Problem.UNASSIGNED: "Văn bản không quy định điểm cho trạng thái này",
    Problem.EXTERNAL_PEERS: "So với các tỉnh khác: không tính được trong phạm vi một tỉnh",
    Problem.PEERS_UNKNOWN: "Chưa có đủ số liệu của các đơn vị cùng nhóm để so sánh",
    Problem.MIN_MAX_FORMULA: "Văn bản không viết công thức Min-Max; chưa có chính sách chọn",
    Problem.APPRAISED: "Điểm do Hội đồng hoặc người thẩm định cho, chưa có",
    Problem.UNTABLED: "Văn bản không có quy tắc tính điểm cho mục này",
    Problem.NO_MAXIMUM: "Văn bản không cho điểm tối đa",
}
