"""The working tree of git around the attached folder: waiting while git works, committing one file, pulling."""

from pressroom.features.source.git.tree import WorkingTree, find_tree

__all__ = ["WorkingTree", "find_tree"]
