"""From the posts slice's published posts to the generator's cards."""

from pressroom.features.posts.press import PublicBody, PublicCard, PublicTerm
from pressroom.features.site.generator import Author, Cover, Heading, PostBody, PostCard, Term
from pressroom.features.site.generator.addresses import is_address


def to_card(post: PublicCard) -> PostCard:
    """A published post as the theme shows it."""
    return PostCard(
        id=post.id,
        revision=post.revision,
        slug=post.slug,
        title=post.title,
        summary=post.summary,
        lang=post.lang,
        published_at=post.published_at,
        updated_at=post.updated_at,
        author=Author(post.author.name, post.author.handle),
        tags=tuple(_term(tag) for tag in post.tags),
        first_category=_term(post.first_category) if post.first_category else None,
        second_category=_term(post.second_category) if post.second_category else None,
        cover=Cover(post.cover) if post.cover else None,
        word_count=post.word_count,
        minutes=post.minutes,
        visibility=post.visibility,
        old_slugs=tuple(filter(is_address, post.old_slugs)),
    )


def to_body(body: PublicBody) -> PostBody:
    """A published post's rendered words."""
    headings = (Heading(heading.level, heading.id, heading.text) for heading in body.headings)
    return PostBody(body.id, body.html, tuple(headings))


def _term(term: PublicTerm) -> Term:
    return Term(term.name, term.slug)
