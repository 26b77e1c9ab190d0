"""The two levels of a rule, in the words of the reporting tools that departments know.

Does not belong here: which rule has which (rules.level).
"""

ERROR, WARNING = "错误", "警告"
"""错误 refuses the row; 警告 lets it through and is recorded."""
