"""Octet turns words into arrangements: harmony by rule or by model, notes by code."""

__version__ = "0.1.0"
