"""Pitch, key, chord symbol, numeral, rhythm, form, notes, chance: values and tables, no I/O."""
