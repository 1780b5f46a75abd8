"""Line breaking and the order of right-to-left words."""

from itertools import pairwise

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from hall.papers.blocks import Frame, Slab
from hall.papers.faces import Face, FaceChain, FontSet
from hall.papers.lines import atoms_of, break_lines, filled_lines, islands, visual_order
from hall.papers.pages import paginate
from tests.hall.papers.reading import FONTS

FONT_SET = FontSet.in_folder(FONTS)


@pytest.fixture(scope="module")
def chain() -> FaceChain:
    return FaceChain((Face(FONT_SET.serif), Face(FONT_SET.naskh)))


def broken(text: str, characters: float, chain: FaceChain) -> list[str]:
    lines = break_lines(atoms_of(text, chain), characters * 1000)
    return ["".join(atom.text for atom in line) for line in lines]


def test_closing_marks_never_begin_a_line_and_opening_marks_never_end_one(chain: FaceChain) -> None:
    text = "依据《行政许可法》，“一窗”受理（收件）；办结。" * 6
    for width in range(4, 30):
        lines = broken(text, width, chain)
        assert "".join(lines) == text
        assert not any(line[0] in "》，”）；。" for line in lines[1:])
        assert not any(line[-1] in "《“（" for line in lines)


@pytest.mark.parametrize(
    ("pair", "shared"),
    [("”，", 1), ("》（", 1), ("（“", 1), ("）。", 1), ("查，", 0), ("，查", 0), ("“查", 0)],
)
def test_two_marks_share_the_blank_between_them(pair: str, shared: int, chain: FaceChain) -> None:
    first, second = atoms_of(pair, chain)
    assert first.width == chain.glyph(pair[0]).advance - 500 * shared
    assert second.width == chain.glyph(pair[1]).advance


@pytest.mark.parametrize("characters", range(22, 32))
@pytest.mark.parametrize(
    "text",
    [
        "你于2026年11月23日提出的“退役报到”申请，属于本机关职权范围，申请材料齐全、符合法定形式。"
        "依据《中华人民共和国退役军人保障法》第十四条的规定，本机关决定自2026年11月23日起予以受理。",
        "特此通知。本通知书一式两份，一份送达申请人，一份存档。",
        "请不迟于2026年12月14日将补正材料送交：昌吉市政务中心任一综合窗口，凭本告知书或办件编号提交。上述期限由本机关确定。",
    ],
)
def test_no_word_is_left_over_for_the_last_line(text: str, characters: int, chain: FaceChain) -> None:
    lines = filled_lines(atoms_of(text, chain), characters * 1000, 2000)
    assert "".join(atom.text for line in lines for atom in line) == text
    width = [sum(atom.width for atom in line) for line in lines]
    assert len(lines) == 1 or width[-1] >= 4000
    assert max(width) <= characters * 1000 * 1.02
    # nor is it paid for by one line that is pulled apart
    assert min(width[1:-1], default=characters * 1000) >= (characters - 5) * 1000


def test_words_and_figures_stay_whole_while_they_fit(chain: FaceChain) -> None:
    lines = broken("办件编号652301012026已受理并转交审批科室办理", 8, chain)
    assert any("652301012026" in line for line in lines)


def test_a_word_wider_than_the_line_is_cut_and_loses_nothing(chain: FaceChain) -> None:
    lines = broken("编码" + "A1B2" * 40 + "号", 10, chain)
    assert "".join(lines) == "编码" + "A1B2" * 40 + "号"
    assert len(lines) >= 8


def test_a_uyghur_word_wider_than_the_line_is_cut_and_loses_nothing(chain: FaceChain) -> None:
    word = "ئابدۇرېھىم" * 8
    assert "".join(broken(word, 6, chain)) == word


@given(st.text(alphabet="一二三，。（）《》“”·ab1 -/مەرتۇ𬭩", max_size=60), st.integers(1, 12))
def test_no_character_is_lost_or_doubled(text: str, width: int) -> None:
    chain = FaceChain((Face(FONT_SET.serif), Face(FONT_SET.naskh)))
    assert "".join(broken(text, width, chain)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "申请人مەمەت تۇرسۇن申请",
        "مەمەت تۇرسۇن ئابدۇرېھىم（买买提）",
        "مەمەت تۇرسۇن，男",
        "姓名：مەمەت، تۇرسۇن 号",
        "مەمەت (تۇرسۇن) ئابدۇرېھىم你好",
    ],
)
def test_names_stand_in_the_order_of_unicode_annex_9(text: str, chain: FaceChain) -> None:
    ours = "".join(
        atom.text[::-1] if atom.rtl else atom.text
        for island in islands(atoms_of(text, chain))
        for atom in visual_order(island)
    )
    assert ours == str(get_display(text, base_dir="L"))


def test_brackets_of_an_island_face_the_other_way(chain: FaceChain) -> None:
    atoms = atoms_of("مەمەت (تۇرسۇن) ئابدۇرېھىم", chain)
    brackets = [atom for atom in visual_order(islands(atoms)[0]) if atom.text in "()"]
    assert [atom.text for atom in brackets] == [")", "("]
    assert [atom.glyphs[0].gid for atom in brackets] == [chain.glyph("(").gid, chain.glyph(")").gid]


def test_a_number_behind_a_name_stays_behind_it(chain: FaceChain) -> None:
    shown = islands(atoms_of("مەمەت 652301号", chain))
    assert [island.rtl for island in shown] == [True, False]
    assert "".join(atom.text for atom in shown[1].atoms) == " 652301号"


def test_chained_slabs_go_to_the_next_page_together() -> None:
    slabs = [Slab(60), Slab(30, keep_with_next=True), Slab(30)]
    assert [[placed.slab.height for placed in page] for page in paginate(slabs, Frame(100, 100))] == [
        [60],
        [30, 30],
    ]


@given(st.lists(st.tuples(st.floats(1, 250), st.booleans(), st.booleans()), max_size=40))
def test_every_slab_is_set_once_and_in_order(made: list[tuple[float, bool, bool]]) -> None:
    heading = (Slab(7),)
    slabs = [Slab(height, (), keep, heading if headed else ()) for height, keep, headed in made]
    pages = paginate(slabs, Frame(100, 300))
    placed = [one.slab for page in pages for one in page if one.slab is not heading[0]]
    assert placed == slabs
    for page in pages:
        for above, below in pairwise(page):
            assert below.top == pytest.approx(above.top + above.slab.height)
        # A page overflows only by the heading above a slab that alone nearly fills it.
        assert not page or page[-1].top + page[-1].slab.height <= 300.02 + 7


def test_no_single_character_ends_a_paragraph_alone(chain: FaceChain) -> None:
    assert broken("本通知书一式两份，一份送达申请人，一份存档。", 20, chain) == [
        "本通知书一式两份，一份送达申请人，一份",
        "存档。",
    ]
    assert broken("原件1份、复印件2份", 8.1, chain) == ["原件1份、复印件", "2份"]


@pytest.mark.parametrize("text", ["一二三四五六七八（九）十", "一二三四五六七八九，十", "一二三四abcdefgh号"])
def test_company_for_a_last_character_breaks_no_other_rule(text: str, chain: FaceChain) -> None:
    for width in range(7, 12):
        lines = broken(text, width, chain)
        assert "".join(lines) == text
        assert not any(line[0] in "）》，。" for line in lines[1:])
        assert not any(line[-1] in "（《" for line in lines[:-1])
