"""200 releases go live under load: how many requests fail, how many open pages lose their assets?

    python benchmarks/flips.py [--server pressroom|nginx] [--flips 200] [--readers 4] [--json]

Each reader loads a page, checks that it is whole, and asks for the style sheet that it names; every release
has style sheets of its own, and in between the site is rolled back. Loopback only.
"""

import argparse
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from pressroom.features.site.fingerprints import fingerprint
from pressroom.features.site.releases import ReleaseStore

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = ["/", *(f"/posts/{number}/" for number in range(20))]
NAMED = re.compile(rb'href="(/assets/site\.([0-9a-f]+)\.css)"')
FILLER = "<p>Some words of a page.</p>" * 300


def make_release(store: ReleaseStore, number: int, *, base: str | None) -> str:
    """A release whose pages all name a style sheet that no other release has."""
    release_id, mark = f"r{number:06}", fingerprint(b"%d" % number)
    page = f'<link rel="stylesheet" href="/assets/site.{mark}.css">{FILLER}<!-- {mark} -->'.encode()
    with store.stage(release_id, base=base) as staging:
        for path in PAGES:
            staging.write(f"{path[1:]}index.html", page)
        staging.write("404.html", b"missing")
        staging.write(f"assets/site.{mark}.css", f"/* {mark} */".encode())
    return release_id


def flip(store: ReleaseStore, flips: int) -> Iterator[float]:
    """Make releases and let them go live, every tenth time by a rollback; yields each flip's seconds."""
    for number in range(1, flips + 1):
        if number % 10 == 0:
            release_id = store.list()[-2]
        else:
            release_id = make_release(store, number, base=store.current() if number % 2 else None)
        started = time.perf_counter()
        store.activate(release_id, now=datetime.now(UTC))
        yield time.perf_counter() - started
        store.tidy(keep=5)


def read_on(port: int, counts: "Counter[str]", stop: threading.Event) -> None:
    """One reader: page after page with its style sheet, until told to stop."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for number in range(sys.maxsize):
        if stop.is_set():
            return
        try:
            read_page(connection, PAGES[number % len(PAGES)], counts)
        except (OSError, HTTPException):
            counts["failed"] += 1
            connection.close()


def read_page(connection: HTTPConnection, path: str, counts: "Counter[str]") -> None:
    status, page = get(connection, path)
    counts["requests"] += 1
    named = NAMED.search(page)
    if status != 200 or named is None or not page.endswith(b"<!-- %s -->" % named[2]):
        counts["failed"] += 1
        return
    status, sheet = get(connection, named[1].decode())
    counts["requests"] += 1
    counts["missing_assets"] += status != 200 or sheet != b"/* %s */" % named[2]


def get(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


@contextmanager
def serving(server: str, folder: Path, *, program: int | None = None) -> Iterator[int]:
    """The site of `folder` behind a server in its own process, nginx before the `program` at a port; yields its own."""
    port = free_port()
    command = [sys.executable, __file__, "--serve", str(folder), str(port)]
    if server == "nginx":
        command = [
            "nginx",
            "-p",
            str(folder),
            "-c",
            str(write_nginx_conf(folder, port, program=program or free_port())),
            "-e",
            "stderr",
        ]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            wait_until_open(port, process)
            yield port
        finally:
            process.terminate()


def write_nginx_conf(folder: Path, port: int, *, program: int) -> Path:
    """deploy/nginx/pressroom.conf as it is, but for its folder, its port and the program's address."""
    conf = (REPOSITORY / "deploy/nginx/pressroom.conf").read_text()
    for ours, here in {
        "/var/lib/pressroom/site/current": f"{folder}/site/current",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "127.0.0.1:8000": f"127.0.0.1:{program}",
    }.items():
        if ours not in conf:
            raise LookupError(f"pressroom.conf no longer says {ours!r}")
        conf = conf.replace(ours, here)
    (folder / "pressroom.conf").write_text(conf)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; user root; worker_processes 1; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off;\n"
        + "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"include {folder}/pressroom.conf; }}\n"
    )
    return folder / "nginx.conf"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(500):
        if process.poll() is not None:
            raise RuntimeError(process.stderr.read().decode() if process.stderr else "the server ended")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("the server does not answer")


def serve(folder: str, port: str) -> None:
    """What the server process runs: the site and nothing else."""
    import uvicorn  # noqa: PLC0415 - only this process needs it

    from pressroom.features.site.serving import SiteServer  # noqa: PLC0415 - the same

    site = SiteServer(Path(folder) / "site")
    uvicorn.run(site, host="127.0.0.1", port=int(port), log_level="warning", lifespan="off", access_log=False)


def measure(server: str, flips: int, *, readers: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="flips-") as name:
        folder = Path(name)
        store = ReleaseStore(folder / "site")
        store.activate(make_release(store, 0, base=None), now=datetime.now(UTC))
        counts: Counter[str] = Counter(requests=0, failed=0, missing_assets=0)
        stop = threading.Event()
        with serving(server, folder) as port:
            threads = [threading.Thread(target=read_on, args=(port, counts, stop)) for _ in range(readers)]
            for reader in threads:
                reader.start()
            took = list(flip(store, flips))
            stop.set()
            for reader in threads:
                reader.join()
    return {"server": server, "flips": len(took), **counts, "flip_ms_median": round(statistics.median(took) * 1000, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--server", choices=["pressroom", "nginx"], default="pressroom")
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(*asked.serve)
        return
    if asked.server == "nginx" and not shutil.which("nginx"):
        parser.error("nginx is not installed")
    result = measure(asked.server, asked.flips, readers=asked.readers)
    print(json.dumps(result) if asked.json else "\n".join(f"{name:16} {value}" for name, value in result.items()))
    sys.exit(1 if result["failed"] or result["missing_assets"] else 0)


if __name__ == "__main__":
    main()
