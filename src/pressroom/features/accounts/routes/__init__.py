"""The slice's routes: signing in, people, and the few pages that mailed links open."""

from fastapi import APIRouter

from pressroom.features.accounts.routes import auth, pages, users


def routers() -> tuple[APIRouter, ...]:
    """All of them, in the order of the document."""
    return (auth.token_router, auth.router, users.router, pages.router)
