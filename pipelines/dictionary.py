"""docs/data-dictionary.md, generated from the contracts: every feed and table, every column, unit and key.

`python -m pipelines.dictionary` writes it; a test asserts that the committed file is current.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.catalogue import contracts
from checks.feed import DELIVERY_KINDS, FeedContract
from checks.raw import FEEDS
from checks.table import TableContract
from pipelines.home import CHECKOUT
from pipelines.models import load_models

PATH = CHECKOUT / "docs" / "data-dictionary.md"
SCHEMAS = {
    "ref": "参考数据：区划与政策",
    "core": "核心数据：农户、人员、收支、保障、监测状态",
    "mart": "成果数据：评分、预警、异常、汇总、排名、抽样",
}


def dictionary() -> str:
    """The whole dictionary as Markdown."""
    lines = [
        "# 数据字典",
        "",
        "由契约生成（`make docs`），请勿手改。金额单位为分，月份为 `YYYY-MM`，空值表示不详。",
        "",
    ]
    lines += ["## raw：部门报送数据", ""]
    for feed in FEEDS.values():
        lines += _feed(feed)
    built = {m.name: f"sql/{m.name.replace('.', '/')}.sql" for m in load_models(CHECKOUT / "sql")}
    for schema, title in SCHEMAS.items():
        lines += [f"## {schema}：{title}", ""]
        for name, contract in contracts().items():
            if name.startswith(f"{schema}."):
                lines += _table(contract, built.get(name, f"assets/{name.replace('.', '/')}.py"))
    return "\n".join(lines).rstrip() + "\n"


def _feed(feed: FeedContract) -> Iterator[str]:
    yield f"### raw.{feed.name} {feed.title}"
    yield ""
    yield f"{feed.grain} 报送部门：{feed.source}；{DELIVERY_KINDS[feed.delivery]}；唯一键：{'、'.join(feed.key)}。"
    yield ""
    yield "| 列 | 表头 | 也写作 | 类型 | 必填 | 取值 | 个人信息 |"
    yield "|---|---|---|---|---|---|---|"
    for c in feed.columns:
        yield (
            f"| {c.name} | {c.header} | {'、'.join(c.synonyms)} | {c.kind} | {'是' if c.required else ''} "
            f"| {'、'.join(c.codes)} | {'是' if c.personal else ''} |"
        )
    yield ""


def _table(contract: TableContract, built_by: str) -> Iterator[str]:
    yield f"### {contract.name} {contract.title}"
    yield ""
    yield f"{contract.grain} 主键：{'、'.join(contract.key)}。由 `{built_by}` 生成。"
    yield ""
    yield "| 列 | 类型 | 单位 | 可空 | 说明 |"
    yield "|---|---|---|---|---|"
    for c in contract.columns:
        yield f"| {c.name} | {c.sql_type} | {c.unit or ''} | {'是' if c.nullable else ''} | {c.description} |"
    yield ""
    for audit in contract.audits:
        yield f"- 检查 `{audit.name}`（{'阻断' if audit.blocking else '提示'}）：{audit.description}"
    if contract.audits:
        yield ""


if __name__ == "__main__":
    PATH.write_text(dictionary(), encoding="utf-8")
