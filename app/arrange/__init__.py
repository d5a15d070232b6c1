"""From a progression to an arrangement: one player a module, pure functions over a groove's tables."""
