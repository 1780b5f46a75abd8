"""Setting up a machine and checking the project: what `./run` and `run.cmd` call. Standard library only."""
