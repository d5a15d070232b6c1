"""Notes in, bytes out: the MIDI writer, its reader and its lint; each format's library is imported in its own module only."""
