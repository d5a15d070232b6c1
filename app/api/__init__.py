"""HTTP and only HTTP: routes, what they accept and refuse, and how errors are told."""
