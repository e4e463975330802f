"""What the first page tells: how to edit, how numbers are written, what each rule type means."""

from dti_core.framework.sheets.words import FACTOR, INNER_RULES, NOT_STATED, UNCAPPED

STEPS = (
    "Sửa thẳng vào các ô. Thêm tiêu chí bằng một dòng mới ở trang “Tiêu chí” và các dòng số liệu"
    " của nó ở trang “Số liệu”; bỏ tiêu chí thì xóa dòng của nó ở mọi trang.",
    "Giữ tên các trang và tên các cột. Thứ tự cột, cột chèn thêm, dòng trống không ảnh hưởng. Thứ"
    " tự dòng là thứ tự của văn bản.",
    "Cột xám do phần mềm viết ra để đọc; sửa ở đó không có tác dụng. Không dùng công thức.",
    "Mã mục là chữ (1.10 khác 1.1). Các ô mã đã định dạng Văn bản; dòng chèn mới nên chép từ dòng"
    " có sẵn để giữ định dạng.",
    "Cơ quan ghi bằng mã ở trang “Cơ quan”, nhiều cơ quan ngăn bằng dấu chấm phẩy; ghi đúng tên cơ"
    " quan cũng được.",
    "Nhiều nội dung trong một ô (các trạng thái, phân công riêng) thì mỗi dòng một “mã: nội dung”;"
    " xuống dòng trong ô bằng Alt+Enter.",
    f"Văn bản không nêu điểm thì ghi “{NOT_STATED}”, không để trống.",
)

NUMBERS = (
    ("Điểm", "20 · 3,75 · 1/3"),
    ("Ngưỡng, phần điểm, trọng số", "80% · 0,25% · 1/2 · 1 · 0. Số lớn hơn 1 phải có dấu %."),
    ("Cận của một mức", "20 · 52 · 0,5 · 7%"),
    (
        "Không nhận",
        "“1.000” vì có thể là 1 hoặc 1000: hãy viết 1000 hoặc 1. Khoảng “60-70”. Ngày tháng.",
    ),
)

# rule type, what it means, what is filled in, an example → what stands in the cells
RULE_TYPES = (
    (
        "flag",
        "Có được điểm tối đa, không được 0.",
        "Ký hiệu của một số liệu “Có hoặc không”.",
        "Đã ban hành kế hoạch: 20 điểm; chưa: 0. → x",
    ),
    (
        "options",
        "Mỗi trạng thái một phần điểm.",
        "Ký hiệu của một số liệu “Chọn trạng thái”; phần điểm của từng trạng thái ở trang “Mức"
        " điểm”.",
        "Trưởng ban là người đứng đầu: 1; cấp phó: 1/2; chưa có: 0. → x",
    ),
    (
        "ratio",
        "Tỷ lệ nhân điểm tối đa; có thể có ngưỡng.",
        "Phép tính; nếu có ngưỡng thì cả “Ngưỡng” và “Dưới ngưỡng”.",
        "a / b ≥ 80%: tối đa; dưới: tỷ lệ / 80%. → a / b; 80%; Chia cho ngưỡng",
    ),
    (
        "steps",
        "Giá trị rơi vào mức nào được phần điểm của mức ấy.",
        "Phép tính hay ký hiệu; các mức ở trang “Mức điểm”.",
        "Từ 20 tin bài: 1; từ 10 đến 19: 1/2; dưới 10: 1/4. → so_tin_bai",
    ),
    (
        "per_item",
        "Mỗi cái bao nhiêu điểm, không quá tối đa.",
        "Ký hiệu và “Điểm mỗi cái”.",
        "Mỗi hội nghị 3,75 điểm, tối đa 15. → x; 3,75",
    ),
    (
        "percent",
        "Một tỷ lệ phần trăm lấy từ báo cáo, nhân điểm tối đa.",
        "Ký hiệu của một số liệu “Tỷ lệ phần trăm”.",
        "Tỷ lệ văn bản ký số theo báo cáo. → x",
    ),
    (
        "relative_to_best",
        "Chia cho giá trị cao nhất.",
        "Phép tính và “So sánh với”.",
        "Đơn vị cao nhất trong nhóm được tối đa. → a / b; Các đơn vị trong nhóm",
    ),
    (
        "min_max",
        "Phương pháp Min-Max: cao nhất được tối đa, giảm dần.",
        "Phép tính và “So sánh với”. Công thức do chính sách của chương trình định.",
        "Theo phương pháp Min-Max. → a / b; Tỉnh khác",
    ),
    (
        "parts",
        "Nhiều phần có trọng số, mỗi phần một quy tắc.",
        "Mỗi phần một dòng ở trang “Phần của quy tắc”, đánh số 1, 2, 3, có “Trọng số”.",
        "4/5 cho a / b, 1/5 cho có báo cáo.",
    ),
    (
        "gate",
        "Có điều kiện mới xét tiếp; không thì 0 điểm.",
        "Ký hiệu của một số liệu “Có hoặc không”; quy tắc xét tiếp là phần 1 ở trang “Phần của quy"
        " tắc”.",
        "Chưa có chuyên mục: 0; có thì xét số tin bài. → co_chuyen_muc",
    ),
    (
        "sum_of_children",
        "Cộng điểm các mục con.",
        "Không điền gì; các mục con ghi “Mục cha”.",
        "1.2 = 1.2.1 + 1.2.2",
    ),
    (
        "best_of",
        "Lấy cách được nhiều điểm nhất.",
        "Mỗi cách một dòng ở trang “Phần của quy tắc”, ít nhất hai.",
        "Có chứng nhận, hoặc tỷ lệ a / b.",
    ),
    (
        "deductions",
        "Được điểm tối đa rồi trừ theo sự việc.",
        f"Mỗi sự việc một dòng “{INNER_RULES['event']}” ở trang “Phần của quy tắc” với phép tính và"
        " “Điểm mỗi cái”; “Điểm sàn” nếu khác 0.",
        "Mỗi lần chậm báo cáo trừ 2 điểm.",
    ),
    (
        "appraised",
        "Người thẩm định cho điểm.",
        "“Bước điểm” nếu chỉ cho theo bội số, ví dụ 0,5.",
        "Hội đồng chấm từ 0 đến 15 điểm.",
    ),
    ("untabled", "Văn bản không có quy tắc.", "Không điền gì.", "Dòng chỉ để theo dõi."),
)

BELOW_THRESHOLD = (
    ("proportional", "chính tỷ lệ nhân điểm tối đa: ngưỡng 80%, đạt 79% được 79% điểm"),
    ("scaled", "tỷ lệ chia cho ngưỡng: đạt 79% được 79/80 điểm"),
    ("zero", "không có điểm"),
    (FACTOR, "tỷ lệ chia “Chia cho” rồi nhân “Nhân với”, như văn bản viết"),
    (UNCAPPED, "tỷ lệ chia cho ngưỡng và văn bản không nêu mức trần"),
)

RULE_HEADINGS = (
    "Loại quy tắc",
    "Nghĩa",
    "Điền gì",
    "Ví dụ → ô “Số liệu hoặc phép tính” và các ô khác",
)

DONE = (
    "Chạy lệnh: dti frameworks import TÊN-TỆP.xlsx",
    "Mọi chỗ sai được liệt kê một lần theo trang và ô; còn một chỗ sai thì chưa có gì được ghi."
    " Thay bản của tỉnh đã nhập trước đây thì thêm --replace (tệp cũ được giữ lại). Lấy bộ đi kèm"
    " phần mềm làm bản riêng của tỉnh thì thêm --as MÃ-MỚI/CẤP. Tệp trong DTI_HOME được dùng trước"
    " bộ cùng mã đi kèm phần mềm. Sau khi nhập, kiểm tra bằng: dti frameworks check MÃ/CẤP",
)
