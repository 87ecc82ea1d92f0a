"""The first post of a new publication. It belongs to the publication itself, because nobody else is there yet."""

from pressroom.features.posts.errors import PostNotFound, SlugTaken
from pressroom.features.posts.manuscripts import RowManuscripts
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.trash import Trash
from pressroom.features.posts.service.writing import Prepared, Writing
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.posts.typeset import House, typeset
from pressroom.features.posts.words import Words
from pressroom.kernel.auth import OPERATOR
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.state import find_value, store_value
from pressroom.kernel.uow import UnitOfWork

_DECLINED = "posts.welcome_declined"

_ENGLISH = Words(
    title="Welcome",
    slug="welcome",
    tags=("Pressroom",),
    description="This is your publication. Here is how the first minutes go.",
    content="""\
This page is a file that your server has just made. It stays up when everything else is down.

## Make it yours

1. Open the link that `serve` printed, and create the owner.
2. Write a post and publish it. The page is live before you have switched windows.
3. Put this one into the trash when you no longer need it. It can be restored.

## What Markdown can do here

Text in **bold** and *italics*, [links](https://commonmark.org), notes[^1], and lists of what is left to do:

- [x] start a publication
- [ ] write the second post

```python
def greet(reader: str) -> str:
    return f"Hello, {reader}."
```

| You do | Readers see |
|---|---|
| save a draft | nothing |
| publish | the post, at once |
| schedule | the post, from that moment on |
| change a published post | the change; what it was stays a version |

[^1]: Notes stand beside the text where there is room, and below it where there is not.
""",
)
_CHINESE = Words(
    title="欢迎",
    slug="welcome",
    tags=("Pressroom",),
    description="这是您的刊物。最初几分钟可以这样开始。",
    content="""\
您正在看的页面是服务器刚刚生成的一个文件。即使后台停了，它也在。

## 从这里开始

1. 打开 `serve` 打印出来的链接，创建所有者。
2. 写一篇文章并发布。您切换窗口之前，页面就已经上线。
3. 不再需要这一篇时，把它放进回收站。随时可以恢复。

## 这里的 Markdown

**粗体**、*斜体*、[链接](https://commonmark.org)、脚注[^1]，还有待办清单：

- [x] 创办一份刊物
- [ ] 写第二篇文章

```python
def greet(reader: str) -> str:
    return f"你好，{reader}。"
```

| 您做的 | 读者看到的 |
|---|---|
| 保存草稿 | 什么也没有 |
| 发布 | 文章，马上 |
| 定时 | 文章，从那一刻起 |
| 修改已发布的文章 | 新的内容；原来的留作一个版本 |

[^1]: 屏幕够宽时，脚注在正文旁边，否则在下面。
""",
)


async def decline_welcome_post(services: Services, unit: UnitOfWork) -> None:
    """For a publication that brings its own posts: no first one is written, and one that nobody changed goes away."""
    await store_value(unit.session, _DECLINED, _DECLINED)
    desk = Desk(services, unit, keeper=RowManuscripts(unit.session))
    try:
        post = await desk.repository.get("welcome")
    except PostNotFound:
        return
    if post.version == 1 and post.author_id is None and post.content_raw in (_ENGLISH.content, _CHINESE.content):
        await Trash(desk).delete(OPERATOR, str(post.id))


async def ensure_welcome_post(services: Services) -> None:
    """Writes the first post when there has never been one. Two that start at once write it once."""
    if not services.settings[PostsSettings].welcome:
        return
    async with services.reading() as session:
        if await PostRepository(session).any() or await find_value(session, _DECLINED):
            return
    words = _CHINESE if services.settings[SiteSettings].language == "zh" else _ENGLISH
    first = Prepared(words=words, made=typeset(words, House.of(services.settings)), slug="welcome", draft=False)
    try:
        async with services.unit() as unit:
            desk = Desk(services, unit)
            await Writing(desk).create_many(desk.house_writer(), [first])
    except SlugTaken:
        return  # another process was faster
