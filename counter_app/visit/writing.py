"""While a mismatch is being written down, keys that would leave it wait. No widgets."""

from counter_app.keys import Action
from counter_app.visit.slices import Slices
from counter_app.visit.state import Page

_PASSING = (Action.BACK, Action.LOCK, Action.HELP, Action.ENLARGE)
"""They lose nothing: the field is there afterwards, or was given up on purpose."""


def taken_by_writing(page: Page, s: Slices, action: Action) -> bool:
    """Is this press dealt with here: the text saved, or the clerk told to save or give up first?"""
    if action is Action.SAVE:
        s.materials.press_save_defect()
        return True
    return page is Page.TAKE_IN and action not in _PASSING and s.materials.keeps_writing()
