"""The texts that models are asked with, one Markdown file each."""
