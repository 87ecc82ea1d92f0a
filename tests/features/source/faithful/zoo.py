"""Files as people really write them: the file, one edit, and every byte of the result."""

from datetime import UTC, date, datetime

from pressroom.features.source.faithful import REMOVED

ZOO: dict[str, tuple[str, dict[str, object], str]] = {
    "bare": (
        "---\ntitle: Old\ndraft: true\n---\nBody\n",
        {"title": "New"},
        "---\ntitle: New\ndraft: true\n---\nBody\n",
    ),
    "double quotes": ('---\ntitle: "Old"\n---\n', {"title": "New"}, '---\ntitle: "New"\n---\n'),
    "single quotes": ("---\ntitle: 'Old'\n---\n", {"title": "It's"}, "---\ntitle: 'It''s'\n---\n"),
    "quotes and gap": (
        '---\ntitle:   "Old"  # why\n---\n',
        {"title": 'A "b"'},
        '---\ntitle:   "A \\"b\\""  # why\n---\n',
    ),
    "comment after": ("---\ntitle: Old # c\n---\n", {"title": "New"}, "---\ntitle: New # c\n---\n"),
    "comments around": (
        "---\n# one\ntitle: Old\n# two\ndraft: no\n# three\n---\n",
        {"title": "New"},
        "---\n# one\ntitle: New\n# two\ndraft: no\n# three\n---\n",
    ),
    "CJK": ("---\ntitle: 旧标题\n---\n正文", {"title": "新：标题"}, "---\ntitle: 新：标题\n---\n正文"),
    "CJK key": ("---\n标题: 旧\n---\n", {"标题": "新"}, "---\n标题: 新\n---\n"),
    "emoji before": (
        "---\nicon: 🦊🦊\ntitle: Old\n---\n",
        {"title": "🎉 New"},
        "---\nicon: 🦊🦊\ntitle: 🎉 New\n---\n",
    ),
    "BOM": ("\ufeff---\ntitle: Old\n---\n", {"title": "New"}, "\ufeff---\ntitle: New\n---\n"),
    "CRLF": (
        "---\r\ntitle: Old\r\n---\r\nA\r\n",
        {"title": "New", "draft": True},
        "---\r\ntitle: New\r\ndraft: true\r\n---\r\nA\r\n",
    ),
    "BOM, CRLF and list": (
        "\ufeff---\r\ntags:\r\n- a\r\n- b\r\n---\r\n",
        {"tags": ["a", "x", "b"]},
        "\ufeff---\r\ntags:\r\n- a\r\n- x\r\n- b\r\n---\r\n",
    ),
    "mixed line ends": (
        "---\r\ntitle: Old\ndraft: no\r\n---\n",
        {"title": "New"},
        "---\r\ntitle: New\ndraft: no\r\n---\n",
    ),
    "no last line end": ("---\ntitle: Old\n---\nBody", {"title": "New"}, "---\ntitle: New\n---\nBody"),
    "nothing after the fence": ("---\ntitle: Old\n---", {"title": "New"}, "---\ntitle: New\n---"),
    "blank lines first": ("\n\n---\ntitle: Old\n---\n", {"title": "New"}, "\n\n---\ntitle: New\n---\n"),
    "trailing spaces": (
        "---  \ntitle: Old   \ndraft: no \n--- \nA  \n",
        {"title": "New"},
        "---  \ntitle: New   \ndraft: no \n--- \nA  \n",
    ),
    "tab before a comment": ("---\ntitle: Old\t# c\n---\n", {"title": "New"}, "---\ntitle: New\t# c\n---\n"),
    "dashes in the body": (
        "---\ntitle: Old\n---\nA\n---\ntitle: B\n---\n",
        {"title": "New"},
        "---\ntitle: New\n---\nA\n---\ntitle: B\n---\n",
    ),
    "day": (
        "---\npublished: 2024-01-02 # d\n---\n",
        {"published": date(2025, 3, 4)},
        "---\npublished: 2025-03-04 # d\n---\n",
    ),
    "day for midnight": (
        "---\npublished: 2024-01-02\n---\n",
        {"published": datetime(2025, 3, 4, tzinfo=UTC)},
        "---\npublished: 2025-03-04\n---\n",
    ),
    "day in quotes": (
        '---\npublished: "2024-01-02"\n---\n',
        {"published": date(2025, 3, 4)},
        "---\npublished: 2025-03-04\n---\n",
    ),
    "moment with a space and a zone": (
        "---\npublished: 2024-01-02 10:00:00 +08:00\n---\n",
        {"published": datetime(2025, 3, 4, 1, 2, 3, tzinfo=UTC)},
        "---\npublished: 2025-03-04 09:02:03 +08:00\n---\n",
    ),
    "moment without a zone": (
        "---\nupdated: 2024-01-02T10:00:00\n---\n",
        {"published": datetime(2025, 3, 4, 1, 2, 3, tzinfo=UTC)},
        "---\nupdated: 2024-01-02T10:00:00\npublished: 2025-03-04T01:02:03\n---\n",
    ),
    "a string like a date": ("---\ntitle: Old\n---\n", {"title": "2024-01-02"}, "---\ntitle: '2024-01-02'\n---\n"),
    "a string like a truth": ("---\ntitle: Old\n---\n", {"title": "no"}, "---\ntitle: 'no'\n---\n"),
    "a string like a number": ("---\nzip: abc\n---\n", {"zip": "0755"}, "---\nzip: '0755'\n---\n"),
    "block list": (
        "---\ntags:\n  - a # A\n  - b\n---\n",
        {"tags": ["a", "b", "c"]},
        "---\ntags:\n  - a # A\n  - b\n  - c\n---\n",
    ),
    "block list at the margin": (
        "---\ntags:\n- a\n- b\ndraft: no\n---\n",
        {"tags": ["b"]},
        "---\ntags:\n- b\ndraft: no\n---\n",
    ),
    "quoted items": (
        "---\ntags:\n    - 'a'\n    - 'b'\n---\n",
        {"tags": ["a", "c"]},
        "---\ntags:\n    - 'a'\n    - 'c'\n---\n",
    ),
    "flow list": ("---\ntags: [a, b] # t\n---\n", {"tags": ["b", "c: d"]}, "---\ntags: [b, 'c: d'] # t\n---\n"),
    "flow list, tight": ('---\ntags: ["a","b"]\n---\n', {"tags": ["a", "b", "c"]}, '---\ntags: ["a","b","c"]\n---\n'),
    "flow list over lines": (
        "---\ntags: [\n  a, # A\n  b, # B\n]\n---\n",
        {"tags": ["a", "b", "c"]},
        "---\ntags: [\n  a, # A\n  b, # B\n  c,\n]\n---\n",
    ),
    "flow list over lines, shorter": (
        "---\ntags: [\n  a, # A\n  b # B\n]\n---\n",
        {"tags": ["a"]},
        "---\ntags: [\n  a, # A\n]\n---\n",
    ),
    "empty list": ("---\ntags: []\n---\n", {"tags": ["a", "b"]}, "---\ntags:\n  - a\n  - b\n---\n"),
    "list to nothing": (
        "---\ntags: # t\n  - a\n  - b\ntitle: x\n---\n",
        {"tags": []},
        "---\ntags: [] # t\ntitle: x\n---\n",
    ),
    "empty value": (
        "---\ndescription:\ntitle: x\n---\n",
        {"description": "D"},
        "---\ndescription: D\ntitle: x\n---\n",
    ),
    "empty value with a comment": (
        "---\ndescription: # later\n---\n",
        {"description": "D"},
        "---\ndescription: D # later\n---\n",
    ),
    "value to nothing": (
        "---\ntitle: x\ndescription: D # c\n# after\n---\n",
        {"description": None},
        "---\ntitle: x\n# after\n---\n",
    ),
    "literal": (
        "---\nsummary: | # why\n  one\n\n  two\n\ntitle: x\n---\n",
        {"summary": "1\n2\n"},
        "---\nsummary: | # why\n  1\n  2\n\ntitle: x\n---\n",
    ),
    "folded": (
        "---\nsummary: >-\n  one\n  two\ntitle: x\n---\n",
        {"summary": "three four"},
        "---\nsummary: >-\n  three four\ntitle: x\n---\n",
    ),
    "beside a literal": (
        "---\nsummary: |+\n  one\n\ntitle: x\n---\n",
        {"title": "y"},
        "---\nsummary: |+\n  one\n\ntitle: y\n---\n",
    ),
    "bare over lines": (
        "---\nsummary: one\n  two\ntitle: x\n---\n",
        {"summary": "three"},
        "---\nsummary: three\ntitle: x\n---\n",
    ),
    "below its key": ("---\nsummary:\n  one\n  two\n---\n", {"summary": "three"}, "---\nsummary:\n  three\n---\n"),
    "several lines from one": ("---\ntitle: x\n---\n", {"title": "a\nb"}, "---\ntitle: |-\n  a\n  b\n---\n"),
    "nested leaf": (
        "---\nreadingMetadata:\n    time: 3 # min\n    wordCount: 900\n---\n",
        {"readingMetadata": {"time": 4, "wordCount": 900}},
        "---\nreadingMetadata:\n    time: 4 # min\n    wordCount: 900\n---\n",
    ),
    "nested leaf in braces": (
        "---\nreadingMetadata: { time: 3, wordCount: 900 }\n---\n",
        {"readingMetadata": {"time": 3, "wordCount": 901, "x": "a, b"}},
        "---\nreadingMetadata: { time: 3, wordCount: 901, x: 'a, b' }\n---\n",
    ),
    "new map": (
        "---\ntitle: x\n---\n",
        {"readingMetadata": {"time": 3}},
        "---\ntitle: x\nreadingMetadata:\n  time: 3\n---\n",
    ),
    "list to several lines": (
        "---\nsummary: # s\n  - a\n---\n",
        {"summary": "a\nb"},
        "---\nsummary: |- # s\n  a\n  b\n---\n",
    ),
    "list of smaller maps": (
        "---\nlinks:\n  - a: 1\n    b: 2 # B\n    c: 3 # C\n---\n",
        {"links": [{"c": 3, "d": 4}]},
        "---\nlinks:\n  - c: 3 # C\n    d: 4\n---\n",
    ),
    "list of other maps": (
        "---\nlinks:\n  - name: a\n  - b: c\n---\n",
        {"links": [{"url": "/a"}, {"b": "c"}]},
        "---\nlinks:\n  - url: /a\n  - b: c\n---\n",
    ),
    "list of maps": (
        "---\nlinks:\n  - name: a\n    url: /a\n  - name: b\n---\n",
        {"links": [{"name": "a", "url": "/x"}, {"name": "b"}, {"name": "c", "url": "/c"}]},
        "---\nlinks:\n  - name: a\n    url: /x\n  - name: b\n  - name: c\n    url: /c\n---\n",
    ),
    "unknown keys": (
        "---\ntitle: x\nx-y.z: {a: [1]}\n---\n",
        {"title": "y"},
        "---\ntitle: y\nx-y.z: {a: [1]}\n---\n",
    ),
    "quoted keys": (
        "---\n\"title\": x\n'draft' : no\n---\n",
        {"draft": True},
        "---\n\"title\": x\n'draft' : true\n---\n",
    ),
    "a new key has its place": (
        "---\ntitle: x\ncover: c\n---\n",
        {"description": "D"},
        "---\ntitle: x\ndescription: D\ncover: c\n---\n",
    ),
    "an anchor elsewhere": (
        "---\na: &a [x]\nb: *a\ntitle: x\n---\n",
        {"title": "y"},
        "---\na: &a [x]\nb: *a\ntitle: y\n---\n",
    ),
    "all in braces": (
        "---\n{title: x, draft: no}\n---\n",
        {"title": "y", "a": 1},
        "---\n{title: y, draft: no, a: 1}\n---\n",
    ),
    "empty front matter": ("---\n---\nBody\n", {"title": "x"}, "---\ntitle: x\n---\nBody\n"),
    "only a comment": ("---\n# to do\n---\nBody\n", {"title": "x"}, "---\ntitle: x\n# to do\n---\nBody\n"),
    "no front matter": ("Body\n", {"title": "x"}, "---\ntitle: x\n---\nBody\n"),
    "no front matter, BOM and CRLF": ("\ufeffBody\r\n", {"title": "x"}, "\ufeff---\r\ntitle: x\r\n---\r\nBody\r\n"),
    "a line across the page": ("---\n\nBody\n", {"title": "x"}, "---\ntitle: x\n---\n---\n\nBody\n"),
    "TOML": (
        '+++\ntitle = "Old" # c\ndraft = true\n+++\n',
        {"title": "New"},
        '+++\ntitle = "New" # c\ndraft = true\n+++\n',
    ),
    "TOML, literal and tight": (
        "+++\ntitle='Old'\n[params]\na=1\n+++\n",
        {"title": "New", "x": 1},
        "+++\ntitle='New'\nx=1\n[params]\na=1\n+++\n",
    ),
    "TOML table": (
        "+++\n[params] # p\n  a = 1\n  b = [\n    1, # one\n  ]\n+++\n",
        {"params": {"a": 2, "b": [1, 2]}},
        "+++\n[params] # p\n  a = 2\n  b = [\n    1, # one\n    2,\n  ]\n+++\n",
    ),
    "TOML moment": (
        "+++\ndate = 2024-01-02T10:00:00+08:00\n+++\n",
        {"date": datetime(2025, 3, 4, tzinfo=UTC)},
        "+++\ndate = 2025-03-04T08:00:00+08:00\n+++\n",
    ),
    "TOML dotted": ("+++\na.b = 1\na.c = 2\n+++\n", {"a": {"b": 1, "d": 3}}, "+++\na.b = 1\na.d = 3\n+++\n"),
    "TOML strings over lines": (
        '+++\ns = """\none\ntwo"""\nt = 1\n+++\n',
        {"s": "a\nb\\"},
        '+++\ns = """\na\nb\\\\"""\nt = 1\n+++\n',
    ),
    "TOML table to nothing": ("+++\na = 1\n[t]\nb = 1\n[t.u]\nc = 1\n+++\n", {"t": REMOVED}, "+++\na = 1\n+++\n"),
}
