"""Indicators (指标): measures that desks declare, counted from events, rolled up by place and day."""
