"""The site: releases made of published posts, served as static files."""
