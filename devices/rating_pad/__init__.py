"""Rating pad (评价器) with five keys: a configurable frame driver.

No public byte protocol of any rating pad exists, so a profile from the settings says what the bytes are; no
compatibility with a named model is claimed. Pads that act as a keyboard and the pad on the citizen screen are
the applications' own.
"""
