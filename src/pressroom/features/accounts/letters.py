"""The words of every mail, in English and Chinese. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["en", "zh"]


class Letter(StrEnum):
    """Which mail."""

    invite = "invite"
    register = "register"
    already_registered = "already_registered"
    change_email = "change_email"
    email_changed = "email_changed"
    reset_password = "reset_password"  # noqa: S105  # a letter, not a password
    password_changed = "password_changed"  # noqa: S105  # the same


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str


ENGLISH = {
    Letter.invite: Words(
        "You are invited to {site}",
        "You are invited to {site} as {role}. Choose a name and a password here:\n\n{link}\n\n"
        "The link works once, until {until}. If you expected nothing, you need do nothing.",
    ),
    Letter.register: Words(
        "Confirm your account at {site}",
        "Someone, hopefully you, registered as “{name}” at {site} with this address. Confirm it here:\n\n{link}\n\n"
        "The link works once, until {until}. If it was not you, do not open it: no account is made then.",
    ),
    Letter.already_registered: Words(
        "You have an account at {site} already",
        "Someone, hopefully you, gave this address at {site}. It already belongs to an account there, and nothing "
        "was changed.\n\nIf you forgot your password, ask for a link to a new one. If it was not you, you need do "
        "nothing.",
    ),
    Letter.change_email: Words(
        "Confirm your address at {site}",
        "“{name}” at {site} wants to use this address. Confirm it here:\n\n{link}\n\n"
        "The link works once, until {until}. If it was not you, do not open it: nothing changes then.",
    ),
    Letter.email_changed: Words(
        "Your address at {site} was changed",
        "The account “{name}” at {site} uses another address now. If it was not you, tell the people who run the "
        "site at once.",
    ),
    Letter.reset_password: Words(
        "A new password for {site}",
        "Choose a new password for “{name}” at {site} here:\n\n{link}\n\n"
        "The link works once, until {until}. If you did not ask for it, you need do nothing: your password stays.",
    ),
    Letter.password_changed: Words(
        "Your password at {site} was changed",
        "The password of “{name}” at {site} was changed, and every session was ended. If it was not you, ask for a "
        "link to a new password and tell the people who run the site.",
    ),
}

CHINESE = {
    Letter.invite: Words(
        "邀请你加入{site}",
        "你受邀以“{role}”的身份加入{site}。请在这里设置用户名和密码：\n\n{link}\n\n"
        "链接只能使用一次，有效期至 {until}。如果与你无关，不必理会。",
    ),
    Letter.register: Words(
        "确认你在{site}的账号",
        "有人（希望是你）用这个邮箱在{site}注册了“{name}”。请在这里确认：\n\n{link}\n\n"
        "链接只能使用一次，有效期至 {until}。如果不是你，请不要打开：那样不会建立任何账号。",
    ),
    Letter.already_registered: Words(
        "你在{site}已经有账号了",
        "有人（希望是你）在{site}填写了这个邮箱。它已属于一个账号，什么都没有改变。\n\n"
        "如果忘了密码，可以申请设置新密码的链接。如果不是你，不必理会。",
    ),
    Letter.change_email: Words(
        "确认你在{site}的邮箱",
        "{site}的“{name}”想使用这个邮箱。请在这里确认：\n\n{link}\n\n"
        "链接只能使用一次，有效期至 {until}。如果不是你，请不要打开：那样什么都不会改变。",
    ),
    Letter.email_changed: Words(
        "你在{site}的邮箱已更改",
        "{site}的账号“{name}”现在使用另一个邮箱。如果不是你操作的，请立刻联系网站管理者。",
    ),
    Letter.reset_password: Words(
        "为{site}设置新密码",
        "请在这里为{site}的“{name}”设置新密码：\n\n{link}\n\n"
        "链接只能使用一次，有效期至 {until}。如果不是你申请的，不必理会：密码不会改变。",
    ),
    Letter.password_changed: Words(
        "你在{site}的密码已更改",
        "{site}的账号“{name}”的密码已更改，所有登录都已结束。如果不是你操作的，请申请设置新密码的链接，"
        "并联系网站管理者。",
    ),
}

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}


def compose(letter: Letter, language: Language, **values: str) -> Words:
    """The finished words of a letter; `values` are what it names (`site`, `name`, `role`, `link`, `until`)."""
    words = LANGUAGES[language][letter]
    one_line = {name: " ".join(value.split()) for name, value in values.items()}
    return Words(words.subject.format(**one_line), words.text.format(**one_line) + "\n")
