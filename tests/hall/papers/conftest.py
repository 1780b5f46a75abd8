"""One press for all paper tests: it never changes, and opening fonts is the slow part."""

import pytest

from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from tests.hall.papers.reading import FONTS


@pytest.fixture(scope="session")
def press() -> PaperPress:
    return PaperPress(FontSet.in_folder(FONTS))
