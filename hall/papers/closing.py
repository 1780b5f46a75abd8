"""A seal must not stand alone on a page: what is said just before it comes along."""

from collections.abc import Sequence
from dataclasses import replace

from hall.papers.blocks import Block, Faces, Frame, Paragraph, SealPlace, Slab, Space, Together

_COMPANY = 3
"""Paragraphs or table rows that stand on the page of a seal. Paragraphs of the closing text itself count; of a
table always so many rows come, or one row would look lost."""
_LINES = 8
"""A longer paragraph is company enough with its last lines."""


def with_company(blocks: Sequence[Block], faces: Faces, frame: Frame) -> list[Slab]:
    """The slabs of all blocks, those before a closing text (`Together`) chained to it."""
    groups = [block.slabs(faces, frame) for block in blocks]
    for at, block in enumerate(blocks):
        if isinstance(block, Together):
            _chain(blocks, groups, at, _COMPANY - _paragraphs_in(block))
    return [slab for group in groups for slab in group]


def _paragraphs_in(closing: Together) -> int:
    """Those that the closing text brings itself, above the seal."""
    count = 0
    for block in closing.blocks:
        if isinstance(block, SealPlace):
            break
        count += isinstance(block, Paragraph)
    return count


def _chain(blocks: Sequence[Block], groups: list[list[Slab]], at: int, wanted: int) -> None:
    for index in range(at - 1, -1, -1):
        block, group = blocks[index], groups[index]
        if wanted <= 0 or isinstance(block, Together):
            return
        if isinstance(block, Paragraph):
            count = min(len(group), _LINES)
            wanted -= _COMPANY if len(group) > _LINES else 1
        elif isinstance(block, Space):
            count = len(group)
        else:
            count = min(len(group), _COMPANY)
            wanted -= count
        first = len(group) - count
        groups[index] = group[:first] + [replace(slab, keep_with_next=True) for slab in group[first:]]
