"""The slices, from the lowest to the highest: each may call the ones before it, and speaks upward by events."""

from pressroom.features.accounts.feature import FEATURE as ACCOUNTS
from pressroom.features.jobs.feature import FEATURE as JOBS
from pressroom.features.posts.feature import FEATURE as POSTS
from pressroom.features.site.feature import FEATURE as SITE
from pressroom.features.source.feature import FEATURE as SOURCE
from pressroom.kernel.feature import Feature

FEATURES: tuple[Feature, ...] = (ACCOUNTS, JOBS, POSTS, SOURCE, SITE)
