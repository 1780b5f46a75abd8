"""A paper or a captured page, large enough to be read, over everything else."""
