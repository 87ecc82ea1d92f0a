"""Use cases of posts: the slice's public face for writing."""
