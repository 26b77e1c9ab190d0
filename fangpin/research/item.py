"""What a field item is: a question, paper or lead with one code, its type, its words and its system value.

Does not belong here: the items (items.py), how a sheet or form looks (fangpin/reports/research).
"""

from __future__ import annotations

from dataclasses import dataclass

TOPICS = {
    "employment": "一、稳岗就业",
    "public_post": "二、公益性岗位",
    "condition": "三、动态监测",
    "coverage": "四、监测对象",
    "line": "五、监测标准",
    "procedure": "六、监测程序",
    "elimination": "七、风险消除",
    "measure": "八、帮扶落实",
}
"""The eight topics of section 四 of the plan, by the names of their tables (mart.topic_<name>; 五 has no table)."""

HOUSEHOLD, VILLAGE, OPINION, FINDING = "household", "village", "opinion", "finding"
SUBJECTS = {HOUSEHOLD: "入户核查", VILLAGE: "村级核查", OPINION: "座谈意见", FINDING: "问题登记"}
"""What one record of the field is about."""

TEAM, FIELD = "team", "field"
"""Who sees an item's system value: everybody who has the general pack, or only the team's encrypted field pack."""

YESNO, CHOICE, INTEGER, YUAN, MONTH, DATE, TEXT = "yesno", "choice", "integer", "yuan", "month", "date", "text"
KINDS = (YESNO, CHOICE, INTEGER, YUAN, MONTH, DATE, TEXT)
"""Of the value. Yuan: the system column is in fen."""

COMPARE, PAPER, LEAD, ASK = "compare", "paper", "lead", "ask"
"""What is answered: whether the system's value is right; whether the paper is there and agrees; whether a lead of the
system is true; a question of its own, without a system value to compare."""

CHECKS = {
    COMPARE: (("match", "一致"), ("differ", "不一致"), ("unknown", "无法核实")),
    PAPER: (("match", "有且一致"), ("differ", "有但不一致"), ("missing", "应有而没有"), ("unknown", "没有查到")),
    LEAD: (("confirmed", "属实"), ("refuted", "不属实"), ("unknown", "无法核实")),
    ASK: (),
}
"""Code and words of what is ticked, by what is answered."""

ALL, REGISTERED, ELIMINATED, HELPED, POST = "all", "registered", "eliminated", "helped", "post"
APPLIES = {
    ALL: "全部农户",
    REGISTERED: "在监测名册的农户",
    ELIMINATED: "已标注风险消除的农户",
    HELPED: "有帮扶措施的农户",
    POST: "有公益性岗位的农户",
}
"""Which households an item is about; a lead is about the households that have it."""

EACH, LATEST, SUM, LIST = "", "latest", "sum", "list"
"""How rows of a household become one value: one row already; the newest round; the sum; the different texts."""

YES_NO = (("yes", "是"), ("no", "否"))
STATUS = (("none", "未列入监测"), ("active", "监测中"), ("eliminated", "已标注风险消除"))
CATEGORY = (("unstable", "脱贫不稳定户"), ("marginal", "边缘易致贫户"), ("sudden", "突发严重困难户"))
HOUSEHOLD_TYPE = (("tuopin", "脱贫户"), ("general", "一般农户"))
JUDGEMENT = (("yes", "是"), ("no", "否"), ("unsure", "拿不准"))
LEVEL = (("county", "县"), ("township", "乡"), ("village", "村"))


@dataclass(frozen=True)
class Item:
    """code: of the answer, in every form. question: as an official reads it. system: `schema.table.column`, or empty.

    source: the words of the plan (专题调研工作方案) it serves.
    """

    code: str
    question: str
    kind: str
    topic: str
    answer: str = COMPARE
    system: str = ""
    reduced: str = EACH
    applies: str = ALL
    choices: tuple[tuple[str, str], ...] = ()
    subject: str = HOUSEHOLD
    seen_by: str = TEAM
    source: str = "五（一）实地查看"

    @property
    def table(self) -> str:
        """'schema.table' of the system value."""
        return self.system.rpartition(".")[0]

    @property
    def column(self) -> str:
        return self.system.rpartition(".")[2]

    @property
    def checks(self) -> tuple[tuple[str, str], ...]:
        return CHECKS[self.answer]

    @property
    def check_field(self) -> str:
        """The name of the ticked answer in a form's export."""
        return f"{self.code}__check"

    @property
    def actual_field(self) -> str:
        """The name of what was found, in a form's export."""
        return f"{self.code}__actual"
