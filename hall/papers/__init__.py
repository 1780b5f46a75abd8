"""Official papers: content in, bytes out.

A paper is a frozen dataclass of `content`; `press.PaperPress` turns it into PDF/A-2b bytes,
`slip.slip_lines` turns a ticket into neutral lines for a ticket printer, `PaperPress.materials` binds
captured pages, `numbering` knows the numbers that papers carry. Nothing here reads a clock, a database or
a device.
"""
