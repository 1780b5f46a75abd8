"""The history of the tables, one revision after another, for SQLite and PostgreSQL alike.

A change of a table is a new file `versions/rNNNN_what.py` (never a change of a released one) and its number in
`hall.journal.migrate.HEAD`. A revision says `revision`, `down_revision` and `upgrade()`; there is no downgrade,
the file that was kept beside the migrated one is the way back. It names in `REMADE` the tables whose rows
it throws away because they follow from the records: after the last revision they are all projected anew.

Apps that keep tables of their own in the same database (accounts of the server) make them themselves; a
revision that changes one must look first whether it is there.
"""
