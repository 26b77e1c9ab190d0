# Two commands matter: `make demo` and `make test`. Everything else is here for those who build or run the product.
SHELL := /bin/bash
PYTHON ?= python3
export FANGPIN_HOME ?= $(CURDIR)/home
export FANGPIN_DAGSTER = $(FANGPIN_HOME)/dagster
export DAGSTER_HOME = $(CURDIR)
export UV_COMPILE_BYTECODE = 1
export GX_ANALYTICS_ENABLED = false
unexport PYTHONDONTWRITEBYTECODE
UV = .bootstrap/bin/uv
BIN = .venv/bin
DEMO_MONTHS = 2021-10 2021-11 2021-12

.PHONY: help env env-dev demo test test-long faults ui bench check docs browser postgres clean
help:
	@echo "make demo   样本省：生成三个月部门数据，经 Dagster 逐月处理并发布"
	@echo "make test   安装所需并运行测试"
	@echo "make test-long  最长的测试：在 Dagster 界面里从部门文件开始运行三个月，三个种子的检出与排名"
	@echo "make ui     Dagster 界面（http://127.0.0.1:3000）"
	@echo "make bench  速度与内存（可用 SCALES 指定比例，如 SCALES=1/400）"
	@echo "make faults 故障注入的长版本（约一小时；打印 docs/faults.md 的计数）"
	@echo "make check  代码与 SQL 检查"

$(UV): bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新版本；可用 make PYTHON=python3.12 ... 指定")'
	$(PYTHON) -m venv .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.txt
	@touch $(UV)

env: $(UV)
	@$(UV) sync --quiet --locked --inexact --no-dev --python $(PYTHON)

env-dev: $(UV)
	@$(UV) sync --quiet --locked --python $(PYTHON)

demo: env
	@$(BIN)/fangpin sample $(foreach m,$(DEMO_MONTHS),--month $(m))
	@$(BIN)/fangpin run $(foreach m,$(DEMO_MONTHS),--month $(m))
	@$(BIN)/fangpin status

browser:
	@command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; } || \
	  echo "未能安装 chromium 与中文字体：浏览器测试将失败。请安装：apt-get install chromium fonts-noto-cjk"

postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } || \
	  echo "未能安装 PostgreSQL：数据库取数的测试将失败。请安装：apt-get install postgresql"

test: env-dev browser postgres
	$(BIN)/python -m pytest

test-long: env-dev browser
	$(BIN)/python -m pytest -m long

faults: env-dev
	$(BIN)/python -m tests.faults.count

ui: env
	@mkdir -p $(FANGPIN_DAGSTER)
	$(BIN)/dagster dev -m pipelines.definitions -h 127.0.0.1 -p 3000

bench: env-dev
	UV=$(CURDIR)/$(UV) $(BIN)/python -m tests.scale.bench $(SCALES)

check: env-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql

docs: env
	$(BIN)/python -m pipelines.dictionary

clean:
	rm -rf home .venv .bootstrap
