"""From a brief to a chord progression, by rule: pure functions over a genre's tables."""
