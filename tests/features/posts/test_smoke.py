from pressroom.kernel.db.migrate import Migrations

async def test_models_equal_migrations(services, clock):
    assert await Migrations(services.database, data=services.settings.data, clock=clock).differences() == [] or [print(x) for x in await Migrations(services.database, data=services.settings.data, clock=clock).differences()]

async def test_flow(author, client, rows):
    made = await author.post("/api/v1/admin/posts", json={"title": "你好 世界", "content": "# Hi\n\nSome *words* here.", "draft": False, "tags": ["C++", "Python"], "first_level_category": "Tech", "second_level_category": "Code"})
    assert made.status_code == 201, made.text
    print(made.json())
    for path in ("/api/v1/posts", "/api/v1/posts/ni-hao-shi-jie", "/api/v1/posts/ni-hao-shi-jie/related", "/api/v1/tags", "/api/v1/categories", "/api/v1/search?q=words", "/api/v1/posts?tag=python&category=tech/code&q=words&sort=title"):
        got = await client.get(path)
        assert got.status_code == 200, got.text
        print(path, got.json())
    again = await author.patch("/api/v1/admin/posts/ni-hao-shi-jie", json={"slug": "hello"}, headers={"If-Match": '"1"'})
    assert again.status_code == 200, again.text
    moved = await client.get("/api/v1/posts/ni-hao-shi-jie")
    assert moved.status_code == 308
    got = await author.get("/api/v1/admin/posts?q=words&sort=-published_at")
    assert got.json()["meta"]["total"] == 1, got.text
