"""Slabs onto pages: keeps what belongs together, repeats table headings, loses nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from hall.papers.blocks import Frame, Slab


@dataclass(frozen=True, slots=True)
class PlacedSlab:
    """A slab with the distance of its upper edge from the frame's."""

    top: float
    slab: Slab


def paginate(slabs: Iterable[Slab], frame: Frame) -> list[tuple[PlacedSlab, ...]]:
    """Fill pages from top to bottom; there is always at least one page.

    Slabs chained by `keep_with_next` go to the next page together if they fit on one; a chain taller than
    a page is set slab by slab. Every slab is set exactly once, gaps at a page's top and repeated headings
    aside.
    """
    pages: list[list[PlacedSlab]] = [[]]
    top = 0.0
    for chain in _chains(slabs):
        height = sum(slab.height for slab in (*chain[0].heading, *chain))
        if top and top + height > frame.height + 0.01 and height <= frame.height:
            pages.append([])
            top = 0.0
        for slab in chain:
            if top and top + slab.height > frame.height + 0.01:
                pages.append([])
                top = 0.0
            if not top:
                if slab.gap:
                    continue
                for heading in slab.heading:
                    pages[-1].append(PlacedSlab(top, heading))
                    top += heading.height
            pages[-1].append(PlacedSlab(top, slab))
            top += slab.height
    return [tuple(page) for page in pages]


def _chains(slabs: Iterable[Slab]) -> Iterable[list[Slab]]:
    chain: list[Slab] = []
    for slab in slabs:
        chain.append(slab)
        if not slab.keep_with_next:
            yield chain
            chain = []
    if chain:
        yield chain
