"""Cases of numbers of persons where they should not be: in free text, in names, in what is refused.

Does not belong here: what is masked how (tests/rules/test_masking.py).
"""

from __future__ import annotations

from tests.deliveries import id_number
from tests.intake_corpus.case import FEN, HEAD, Case, people, person
from tests.intake_corpus.writers import Tab, by_xlsxwriter, text

NUMBER, PHONE = id_number(9), "13800138000"
MASKED, MASKED_PHONE = f"{NUMBER[:6]}********{NUMBER[-4:]}", "138********"
WIDE = NUMBER.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
HIDDEN = (NUMBER, NUMBER[6:14], PHONE)
LIST = [HEAD, *people(3)]
RELIEF = ["姓名", "证件号码", "救助月份", "救助原因", "救助金额"]
PAPERS = ("E98765432", "H12345678", "03010035")

CASES = [
    Case(
        "救助原因里有号码.csv",
        text(
            [
                RELIEF,
                ["测试甲", id_number(1), "202110", f"张三 {NUMBER} {PHONE}", "500"],
                ["测试乙", id_number(2), "202110", "2021-10-05因病住院，自付13800元", "500"],
                ["测试丙", id_number(3), "202110", f"户主电话138-0013-8000，{WIDE}", "500"],
            ]
        ),
        accepted=3,
        encoding="utf8",
        warned={"personal_in_text": 2},
        values={
            "reason": [
                f"张三 {MASKED} {MASKED_PHONE}",
                "2021-10-05因病住院,自付13800元",
                f"户主电话138**********,{MASKED}",
            ]
        },
        hidden=HIDDEN,
        feed="temporary_relief",
    ),
    Case(
        "岗位职责里有号码.xlsx",
        by_xlsxwriter([HEAD, person(1, duties=f"巡护，{NUMBER}43"), person(2, duties="巡护"), person(3, pay="八百")]),
        accepted=2,
        quarantined={"not_money": 1},
        sheets=["Sheet1"],
        warned={"personal_in_text": 1},
        values={"duties": [f"巡护,{NUMBER[:6]}**********{NUMBER[-2:]}43", "巡护"]},
        hidden=HIDDEN,
    ),
    Case(
        "护照和通行证.csv",
        text([HEAD, *([f"测试{paper}", paper, *person(1)[2:]] for paper in PAPERS)]),
        quarantined={"id_number_shape": 3},
        encoding="utf8",
        hidden=PAPERS,
    ),
    Case(
        f"{NUMBER}王小二{PHONE}.xlsx",
        by_xlsxwriter([Tab(LIST, name=NUMBER)]),
        accepted=3,
        sheets=[NUMBER],
        values=FEN,
    ),
    Case(
        "列名里有号码.csv",
        text([[*HEAD, f"联系{PHONE}"], *([*row, "x"] for row in people(3))]),
        accepted=3,
        encoding="utf8",
        unknown=[f"联系{PHONE}"],
        values=FEN,
    ),
    Case(
        "隐藏的表名是号码.xlsx",
        by_xlsxwriter([Tab(LIST, name="名单"), Tab(LIST, name=f"{NUMBER}备用", hidden=True)]),
        refused=["隐藏的工作表「", f"{MASKED}备用"],
        hidden=HIDDEN,
    ),
    Case(
        "缺列的表名是电话.xlsx",
        by_xlsxwriter([Tab([row[:3] for row in LIST], name=PHONE)]),
        refused=[f"工作表「{MASKED_PHONE}」", "缺少必有的列"],
        hidden=HIDDEN,
    ),
    Case(
        "列名里有控制字符.csv",
        text([[name.replace("岗位类型", "岗位\u202e类型\x1b[1m") for name in HEAD], *LIST[1:]]),
        refused=["最接近的列名是「岗位□类型□[1m」"],
        hidden=["\u202e", "\x1b"],
    ),
    Case(f"名单.{PHONE}", text(LIST), refused=[f"不能读取 .{MASKED_PHONE} 文件"], hidden=HIDDEN),
]
