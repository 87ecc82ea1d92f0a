"""The words of the pages that mailed links open, in English and Chinese. Pure."""

from dataclasses import dataclass

Texts = dict[str, str]


@dataclass(frozen=True)
class PageWords:
    """One language: `pages` by page and part, `fields` by field, `errors` and `dead` by code."""

    lang: str
    pages: dict[str, Texts]
    fields: Texts
    hints: Texts
    errors: Texts
    dead: dict[str, tuple[str, str]]
    check: str
    site: str
    docs: str
    token_title: str
    token_text: str


ENGLISH = PageWords(
    lang="en",
    pages={
        "setup": {
            "title": "Make this publication yours",
            "lead": "You are the first one here. Choose the name and the password of the owner.",
            "button": "Create the owner",
            "done": "You are the owner",
            "next": "The link you used is dead now. Keep your password: this is what you sign in with.",
        },
        "join": {
            "title": "Join",
            "lead": "You were invited. Choose a name and a password.",
            "button": "Join",
            "done": "Welcome",
            "next": "Your account is ready. Sign in with the name and the password you chose.",
        },
        "password": {
            "title": "Choose a new password",
            "lead": "Every place where you are signed in will be signed out.",
            "button": "Set the password",
            "done": "Your password was changed",
            "next": "Sign in with the new one.",
        },
        "confirm": {
            "title": "Confirm your address",
            "lead": "Press the button if you asked for this. If you did not, close this page: nothing changes.",
            "button": "Confirm",
            "done": "Your address is confirmed",
            "next": "You can sign in now.",
        },
    },
    fields={
        "username": "Username",
        "email": "Email address",
        "display_name": "Name that readers see",
        "password": "Password",
    },
    hints={
        "username": "Letters and digits of any script, 2 to 50. It stands in addresses.",
        "email": "For a new password if you forget yours. It is not shown to readers.",
        "display_name": "You can change it later.",
        "password": "At least {shortest} characters. A sentence is easier to remember than a riddle.",
    },
    errors={
        "username_length": "Use 2 to 50 characters.",
        "username_characters": "Use letters and digits; dots, hyphens and underscores only between them.",
        "username_taken": "This username is already used. Choose another one.",
        "email": "This is not an email address. Write it like name@example.com.",
        "email_taken": "This address already belongs to an account.",
        "display_name": "Use 1 to 80 visible characters.",
        "password_length": "Use {shortest} to 1024 characters.",
        "password_common": "This password is among the first that are tried. Use another one.",
        "password_personal": "Your password must not be your name or address.",
        "busy": "Too many people are signing in at once. Nothing was changed; try again in a few seconds.",
    },
    dead={
        "accounts.link_dead": (
            "This link does not work",
            "It was used, has expired, or is not complete. Nothing was changed. Ask for a new one.",
        ),
        "setup": (
            "This link does not work",
            (
                "It has expired or is not complete. Nothing was changed. Restart Pressroom and use the link it prints, "
                "or run pressroom user create --role owner."
            ),
        ),
        "accounts.owner_exists": (
            "The owner was created already",
            (
                "This page is done. If it was not you, run pressroom user list on the machine and see who the owner "
                "is; pressroom user password sets a new password."
            ),
        ),
        "accounts.registration_closed": (
            "Registration is closed",
            "The people who run this site have closed registration. Nothing was changed.",
        ),
    },
    check="Check what is marked below. Nothing was changed.",
    site="To the site",
    docs="The interface and its documentation",
    token_title="Sign in from a terminal",  # noqa: S106  # a heading, not a secret
    token_text="This answers a token for the interface:",  # noqa: S106  # the same
)

CHINESE = PageWords(
    lang="zh",
    pages={
        "setup": {
            "title": "让这个网站属于你",
            "lead": "你是第一个来到这里的人。请设置所有者的用户名和密码。",
            "button": "创建所有者",
            "done": "你已成为所有者",
            "next": "刚才的链接已经失效。请记住密码，登录时要用。",
        },
        "join": {
            "title": "加入",
            "lead": "你收到了邀请。请设置用户名和密码。",
            "button": "加入",
            "done": "欢迎",
            "next": "账号已经建好。请用刚才的用户名和密码登录。",
        },
        "password": {
            "title": "设置新密码",
            "lead": "所有已登录的地方都会退出登录。",
            "button": "设置密码",
            "done": "密码已更改",
            "next": "请用新密码登录。",
        },
        "confirm": {
            "title": "确认邮箱",
            "lead": "如果是你申请的，请按下面的按钮。如果不是，请关闭此页：什么都不会改变。",
            "button": "确认",
            "done": "邮箱已确认",
            "next": "现在可以登录了。",
        },
    },
    fields={"username": "用户名", "email": "邮箱", "display_name": "读者看到的名字", "password": "密码"},
    hints={
        "username": "任何文字的字母和数字，2 到 50 个字符。它会出现在网址里。",
        "email": "忘记密码时使用，不会给读者看到。",
        "display_name": "以后可以修改。",
        "password": "至少 {shortest} 个字符。一句话比谜语好记。",
    },
    errors={
        "username_length": "请用 2 到 50 个字符。",
        "username_characters": "请用字母和数字；点、连字符和下划线只能放在中间。",
        "username_taken": "这个用户名已被使用，请换一个。",
        "email": "这不是邮箱地址，请写成 name@example.com 的样子。",
        "email_taken": "这个邮箱已属于一个账号。",
        "display_name": "请用 1 到 80 个可见字符。",
        "password_length": "请用 {shortest} 到 1024 个字符。",
        "password_common": "这个密码太常见，请换一个。",
        "password_personal": "密码不能是你的用户名或邮箱。",
        "busy": "同时登录的人太多。什么都没有改变，请几秒后再试。",
    },
    dead={
        "accounts.link_dead": ("链接无效", "它已被使用、已过期或不完整。什么都没有改变。请申请一个新链接。"),
        "setup": (
            "链接无效",
            (
                "它已过期或不完整。什么都没有改变。请重新启动 Pressroom 并使用它显示的链接，"
                "或运行 pressroom user create --role owner。"
            ),
        ),
        "accounts.owner_exists": (
            "所有者已经创建",
            (
                "此页已完成使命。如果不是你操作的，请在服务器上运行 pressroom user list 查看谁是所有者；"
                "pressroom user password 可以设置新密码。"
            ),
        ),
        "accounts.registration_closed": ("注册已关闭", "网站管理者关闭了注册。什么都没有改变。"),
    },
    check="请检查下面标出的内容。什么都没有改变。",
    site="前往网站",
    docs="接口及其文档",
    token_title="在终端登录",  # noqa: S106  # a heading, not a secret
    token_text="下面的命令会得到接口的令牌：",  # noqa: S106  # the same
)


def words_for(accept_language: str) -> PageWords:
    """The language that a browser asks for first, of the two there are."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        wanted.append((_number(quality), tag))
    for _, tag in sorted(wanted, key=lambda entry: -entry[0]):
        if tag.startswith("zh"):
            return CHINESE
        if tag.startswith("en"):
            return ENGLISH
    return ENGLISH


def _number(quality: str) -> float:
    try:
        return float(quality or 1)
    except ValueError:
        return 0.0
