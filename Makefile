# Hai lệnh là đủ: make demo, make test. Mọi thứ khác tự cài vào .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test whole kills simulate check bench constraints templates

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên (đặt PYTHON=đường/dẫn/python)."; exit 1; }
	@echo "Cài đặt vào $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[dev,postgres,dask]' \
	  > $(VENV)/install.log 2>&1 || { tail -n 20 $(VENV)/install.log; echo "Cài đặt không xong; xem $(VENV)/install.log"; exit 1; }
	@touch $@

demo: setup
	@$(BIN)/dti demo

# mỗi nhân của máy một tiến trình, nhiều nhất bốn; mỗi tệp kiểm thử ở trọn trong một tiến trình
test: setup
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

# trọn tỉnh mẫu (9 huyện, 136 xã) và ngắt ở mọi bước: vài phút; make test làm một phần
whole: setup
	@DTI_TEST_WHOLE=1 $(BIN)/python -m pytest tests/flows/test_province_round.py tests/flows/test_unit_round.py tests/flows/test_kills.py $(ARGS)

# ngắt (SIGKILL) một đợt nhỏ ở lúc bất kỳ rồi cho đi tiếp, so với đợt không bị ngắt: make kills N=200
# DB=sqlite (hoặc postgres, hoặc "sqlite postgres"); gọi lại thì làm tiếp cho đủ N, kết quả cộng dồn ở var/kills
N ?= 10
DB ?= sqlite
kills: setup
	@$(BIN)/python -m tests.flows.kills --runs $(N) --database $(DB) $(ARGS)

# năm 2024 của bốn chương trình trên đồng hồ mô phỏng, báo cáo vào var/mo-phong: hàng giờ (SEEDS=3 thì nhanh hơn)
# gọi lại thì làm tiếp những hạt giống chưa xong; phần mềm đã đổi thì xóa var/mo-phong trước
SEEDS ?= 20
simulate: setup
	@failed=0; for each in vinh-long vinh-phuc dien-bien vinh-long-mau; do \
	  $(BIN)/dti simulate $$each --year 2024 --through prefect --resume --report var/mo-phong/$$each-prefect.md || failed=1; \
	  $(BIN)/dti simulate $$each --year 2024 --seeds $(SEEDS) --resume --report var/mo-phong/$$each.md || failed=1; \
	done; exit $$failed

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks

# Làm lại bộ phiên bản chính xác (cần uv)
constraints:
	uv pip compile --quiet --no-header --no-annotate --all-extras pyproject.toml -o constraints.txt

# Làm lại các mẫu .docx gốc
templates: setup
	@$(BIN)/python -m reports.templates.make_provincial
	@$(BIN)/python -m reports.templates.make_letters
	@$(BIN)/python -m reports.templates.make_improvement
