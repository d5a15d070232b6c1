"""A genre package that cannot be imported."""

raise ImportError("needs a tambourine\nand a second line")
