"""Frameworks (bộ chỉ số): the law as data, its loader, its rule vocabulary and its checker."""
