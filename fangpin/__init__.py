"""The rules of 防止返贫致贫动态监测: pure Python over plain values and Polars frames; no orchestrator, no warehouse."""
