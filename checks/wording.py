"""What several feeds write alike: the spellings of area columns and the code lists of the national system.

Does not belong here: what only one feed writes (its module in checks/raw/).
"""

from __future__ import annotations

COUNTY = ("县(市、区、旗)", "县(市、区)", "县区", "县名称")
TOWNSHIP = ("乡(镇)", "乡镇", "乡镇名称")
VILLAGE = ("行政村", "行政村名称")
"""How 县, 乡 and 村 are written in other exports and by departments."""

ID_NUMBER = ("身份证号", "身份证号码", "公民身份号码")
CATEGORY = ("检测对象类别",)

HOUSEHOLD_TYPES = ("脱贫户", "一般农户", "脱贫享受政策户", "脱贫不享受政策户")
"""The last two say of a 脱贫户 whether it still has its policies (docs/decisions/0061-topic-coverage.md)."""
CATEGORIES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
EDUCATION = ("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上", "学龄前儿童")
SCHOOL_STATUS = (
    *("学龄前儿童", "学前教育", "小学", "七年级", "八年级", "九年级"),
    *("普通高中一年级", "普通高中二年级", "普通高中三年级", "中职一年级", "中职二年级", "中职三年级"),
    *("高职高专一年级", "高职高专二年级", "高职高专三年级"),
    *("本科一年级", "本科二年级", "本科三年级", "本科四年级", "硕士", "非在校生"),
)
HEALTH = ("健康", "长期慢性病", "患有大病", "残疾")
LABOUR = ("技能劳动力", "普通劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")
RISKS = (
    *("因病", "因自然灾害", "因残", "因缺劳动力", "因意外事故", "因产业失败", "因务工就业不稳", "因学"),
    *("因安全住房", "因安全饮水", "其他"),
)
ELIMINATION_MODES = ("帮扶消除", "自然消除")
