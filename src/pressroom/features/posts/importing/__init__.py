"""Importing a folder of Markdown: walking it, reading its front matter, writing its posts, telling what was done."""
