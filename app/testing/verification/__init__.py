"""Whether every genre does what Octet promises, found out by using it against model servers of our own on loopback."""
