"""The department behind the window: dispatch, review, special procedures, extension, decision."""
