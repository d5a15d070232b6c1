"""From a request to a piece: genre loading, understanding, the base generator and the mixin."""
