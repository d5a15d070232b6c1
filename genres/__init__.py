"""The eight built-in genres: each a folder of tables that a musician edits and a few lines of class."""
