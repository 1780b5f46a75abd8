"""What the hall offers and where: profile, windows, items, scenarios, materials, packages, publish checks."""
