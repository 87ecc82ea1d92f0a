"""What machines read of a page: JSON-LD."""

from typing import Any

from pressroom.features.site.generator.addresses import author_path, post_path
from pressroom.features.site.generator.links import absolute
from pressroom.features.site.generator.model import PostCard, SiteInfo
from pressroom.features.site.generator.moments import timestamp


def article(site: SiteInfo, card: PostCard) -> dict[str, Any]:
    """A post as a schema.org `BlogPosting`."""
    address = site.base_url + post_path(card.slug)
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": card.title,
        "description": card.summary,
        "inLanguage": card.lang,
        "datePublished": timestamp(card.published_at),
        "dateModified": timestamp(card.updated_at),
        "wordCount": card.word_count,
        "keywords": [tag.name for tag in card.tags],
        "isAccessibleForFree": card.visibility == "public",
        "author": _person(site, card),
        "publisher": {"@type": "Organization", "name": site.title, "url": f"{site.base_url}/"},
        "mainEntityOfPage": address,
        "url": address,
    }
    if card.cover:
        described["image"] = absolute(address, card.cover.url)
    return described


def website(site: SiteInfo) -> dict[str, Any]:
    """The publication and its search."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.title,
        "description": site.description,
        "inLanguage": site.language,
        "url": f"{site.base_url}/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{site.base_url}/search/?q={{query}}",
            "query-input": "required name=query",
        },
    }


def _person(site: SiteInfo, card: PostCard) -> dict[str, str]:
    profile = site.base_url + author_path(card.author.handle)
    return {"@type": "Person", "name": card.author.name, "url": profile}
