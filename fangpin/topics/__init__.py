"""The eight research topics of the provincial plan (专题调研工作方案 四), one module each."""
