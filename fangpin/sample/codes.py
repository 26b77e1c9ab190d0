"""The register's code lists of a person, and the index of each value that the sample speaks of.

Does not belong here: code lists of the sector feeds (the module of each).
"""

from __future__ import annotations

HEAD, SPOUSE, CHILD, PARENT, IN_LAW, GRANDCHILD = range(6)
"""Roles within a household, seen from its head."""

RELATIONS = (
    "户主",
    "配偶",
    "之子",
    "之女",
    "之父",
    "之母",
    "之儿媳",
    "之女婿",
    "之孙子",
    "之孙女",
)
EDUCATIONS = ("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上", "学龄前儿童")
HEALTHS = ("健康", "长期慢性病", "患有大病", "残疾")
HEALTHY, CHRONIC, SERIOUS, DISABLED = range(4)
LABOURS = ("技能劳动力", "普通劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")
SKILLED, PLAIN, WEAK, LOST, NONE = range(5)
SCHOOLS = (
    "学龄前儿童",
    "学前教育",
    "小学",
    "七年级",
    "八年级",
    "九年级",
    "普通高中一年级",
    "普通高中二年级",
    "普通高中三年级",
    "中职一年级",
    "中职二年级",
    "中职三年级",
    "高职高专一年级",
    "高职高专二年级",
    "高职高专三年级",
    "本科一年级",
    "本科二年级",
    "本科三年级",
    "本科四年级",
    "硕士",
    "非在校生",
)
(TODDLER, KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, VOCATIONAL, COLLEGE, BACHELOR, MASTER, NOT_AT_SCHOOL) = (
    0,
    1,
    2,
    3,
    6,
    9,
    12,
    15,
    19,
    20,
)
DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
