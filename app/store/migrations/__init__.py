"""How databases of every older version come to have the tables of this one."""
