"""Font files opened for reading, and which of them can write a character."""

from dataclasses import dataclass, replace
from pathlib import Path

import uharfbuzz as hb


@dataclass(frozen=True, slots=True)
class FontSet:
    """Where the fonts of the papers lie. All must be TrueType with an embedding right (fsType 0).

    `body` is a site's own 仿宋 for running text; without it the text is set in the serif face. `rare` are
    further files searched last, for name characters that no other face has.
    """

    serif: Path
    serif_bold: Path
    naskh: Path
    naskh_bold: Path
    body: Path | None = None
    rare: tuple[Path, ...] = ()

    @classmethod
    def in_folder(cls, folder: Path) -> "FontSet":
        """The set shipped in resources/fonts; `FangSong.ttf` and `Rare*.ttf` are used when a site put
        them there.
        """
        body = folder / "FangSong.ttf"
        return cls(
            serif=folder / "NotoSerifSC-Regular.ttf",
            serif_bold=folder / "NotoSerifSC-Bold.ttf",
            naskh=folder / "NotoNaskhArabic-Regular.ttf",
            naskh_bold=folder / "NotoNaskhArabic-Bold.ttf",
            body=body if body.is_file() else None,
            rare=tuple(sorted(folder.glob("Rare*.ttf"))),
        )


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph to be set. Lengths are in thousandths of the type size; `text` is what it stands for, ""
    if the glyph before it already said so.
    """

    face: "Face"
    gid: int
    text: str
    advance: float
    dx: float = 0.0
    dy: float = 0.0
    missing: bool = False
    """No face has the character; a stand-in is shown."""


class FontUnreadable(Exception):
    """A font file is missing or is not TrueType."""


class Face:
    """One font file. Nothing changes after it is opened, so threads may share it."""

    def __init__(self, path: Path) -> None:
        try:
            self.face = hb.Face(hb.Blob.from_file_path(path))
        except (OSError, hb.HarfBuzzError) as failed:
            raise FontUnreadable(f"字体文件打不开：{path}") from failed
        if self.face.upem == 0 or "glyf" not in self.face.table_tags:
            raise FontUnreadable(f"不是 TrueType 字体：{path}")
        self.name = path.stem
        self.font = hb.Font(self.face)
        self.scale: float = 1000 / self.face.upem

    def has(self, character: str) -> bool:
        """Whether the face can write the character."""
        return self.font.get_nominal_glyph(ord(character)) is not None

    def glyph(self, character: str, text: str | None = None) -> Glyph:
        """The character's plain glyph; `text` when it stands for something else than itself."""
        gid = self.font.get_nominal_glyph(ord(character)) or 0
        return Glyph(self, gid, character if text is None else text, self.width(gid))

    def width(self, gid: int) -> float:
        """A glyph's own advance, thousandths of the size."""
        return float(self.font.get_glyph_h_advance(gid) * self.scale)

    def shape(self, text: str, *, rtl: bool) -> tuple[Glyph, ...]:
        """Shape a run of one script; glyphs come in visual order, left to right."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        hb.shape(self.font, buffer)
        infos = buffer.glyph_infos
        clusters = sorted({info.cluster for info in infos})
        ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
        # In right-to-left order the base glyph of a cluster is drawn last; it alone carries the text.
        order = reversed(range(len(infos))) if rtl else range(len(infos))
        carriers: dict[int, int] = {}
        for index in order:
            carriers.setdefault(infos[index].cluster, index)
        return tuple(
            Glyph(
                self,
                info.codepoint,
                text[info.cluster : ends[info.cluster]] if carriers[info.cluster] == index else "",
                place.x_advance * self.scale,
                place.x_offset * self.scale,
                place.y_offset * self.scale,
            )
            for index, (info, place) in enumerate(zip(infos, buffer.glyph_positions, strict=True))
        )


class FaceChain:
    """Faces in the order in which they are asked for a character."""

    MISSING = "〓"
    """Printers' geta: stands where a character should be that no face has."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        self._faces = faces

    def face_for(self, character: str) -> Face | None:
        """The first face that has the character."""
        for face in self._faces:
            if face.has(character):
                return face
        return None

    def glyph(self, character: str) -> Glyph:
        """The glyph for one character; a geta that still copies out as the character where no face has it."""
        face = self.face_for(character)
        if face is not None:
            return face.glyph(character)
        stand_in = self.face_for(self.MISSING) or self._faces[0]
        return replace(stand_in.glyph(self.MISSING, text=character), missing=True)
