"""A genre package that claims a name that is Octet's."""

raise SystemExit("nobody may ever import this")
