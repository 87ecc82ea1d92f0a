"""The making of a release: from what changed in the database or the attached folder to what readers see.

A build holds no transaction while it works. It dies anywhere without harm: before the release is renamed into
place there is only a scratch folder, before the flip the old release is live, after it the new one is; a row that
is missing then only means that the next build is a full one.

```
tasks → Builder → ThemeMaker      the built-in theme prints what changed
                → CommandMaker    the attached site's own command makes every page
        Builder → GoingLive       pin, flip, prune
        Builder → telling         a failed build marks its post and tells the author
```
"""
