# Hai lệnh là đủ: make demo, make test. Mọi thứ khác tự cài vào .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test whole check bench constraints templates

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên (đặt PYTHON=đường/dẫn/python)."; exit 1; }
	@echo "Cài đặt vào $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[dev,postgres]' \
	  > $(VENV)/install.log 2>&1 || { tail -n 20 $(VENV)/install.log; echo "Cài đặt không xong; xem $(VENV)/install.log"; exit 1; }
	@touch $@

demo: setup
	@$(BIN)/dti demo

# một tiến trình cho mỗi nhân của máy, nhiều nhất bốn; mỗi tệp kiểm thử ở trọn trong một tiến trình
test: setup
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

# trọn tỉnh mẫu (9 huyện, 136 xã) và ngắt ở mọi bước: vài phút; make test làm một phần
whole: setup
	@DTI_TEST_WHOLE=1 $(BIN)/python -m pytest tests/flows/test_province_round.py tests/flows/test_unit_round.py $(ARGS)

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
