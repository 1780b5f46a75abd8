"""Ctrl+K: items, cases, people and commands by code, hanzi or pinyin initials."""
