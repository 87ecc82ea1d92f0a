"""Posts: words, their versions, and who may see them."""
