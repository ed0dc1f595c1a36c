# ruff: noqa: ASYNC110, ASYNC240  # nothing else runs on this loop
"""Saves a page as Chromium's "web page, single file" does: `python save_page.py page.html page.mhtml`.

Needs Chromium; what it writes is committed, because its boundaries differ from run to run.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp
from aiohttp import web


async def snapshot(port: str) -> str:
    """Return the open page as MHTML, over the DevTools protocol."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json") as listed:
            page = next(one for one in await listed.json() if one["type"] == "page")
        async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            await socket.send_json({"id": 1, "method": "Page.captureSnapshot"})
            while (answer := await socket.receive_json()).get("id") != 1:
                pass
            return str(answer["result"]["data"])


async def save(page: Path, out: Path) -> None:
    """Save a page from a server on loopback, so that no path of this machine gets into the file."""
    site = web.Application()
    site.router.add_static("/", page.resolve().parent)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    rules = f"--host-resolver-rules=MAP apiary.example 127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", rules]
        address = f"http://apiary.example/{page.name}"
        browser = await asyncio.create_subprocess_exec(
            "chromium", *options, f"--user-data-dir={profile}", address, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            stated = Path(profile, "DevToolsActivePort")
            while not stated.exists():
                await asyncio.sleep(0.5)
            await asyncio.sleep(3)  # the page is drawn by then
            text = await snapshot(stated.read_text().splitlines()[0])
        finally:
            browser.terminate()
            await browser.wait()
            await runner.cleanup()
    out.write_text(text, newline="")


if __name__ == "__main__":
    asyncio.run(save(Path(sys.argv[1]), Path(sys.argv[2])))
