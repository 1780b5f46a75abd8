"""Taking in: cases, materials, errands, package cases, up to acceptance or refusal."""
