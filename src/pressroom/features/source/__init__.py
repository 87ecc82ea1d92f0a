"""The attached source folder: each post is a Markdown file and a row, and the file owns the words."""
