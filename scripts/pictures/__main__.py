"""Takes the pictures: what scripts/screenshots starts."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
import signal
import sys
import tempfile

import aiohttp
from playwright.async_api import async_playwright, expect

from scripts.devhome.api import HomeAssistantApi
from scripts.devhome.instance import REPOSITORY, HomeAssistantStartError
from scripts.pictures.browser import TIMEOUT, launch, log_in
from scripts.pictures.home import running_home
from scripts.pictures.memory import remember
from scripts.pictures.palette import small
from scripts.pictures.pictures import PICTURES, Scene

_FOLDER = REPOSITORY / "docs" / "images"
_MOST_BYTES = 250_000

# What a shell says of a program that Ctrl-C has ended.
_INTERRUPTED = 130


def _arguments() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="scripts/screenshots",
        description="Takes the pictures of the README and of the documentation.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        choices=[*PICTURES],
        help=f"only these of {', '.join(PICTURES)}",
    )
    parser.add_argument(
        "--output", type=Path, default=_FOLDER, help="folder (docs/images)"
    )
    return parser.parse_args()


async def _take(names: Sequence[str], output: Path) -> None:
    """Run the home, look at it, and write the pictures."""
    expect.set_options(timeout=TIMEOUT)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config"
        async with (
            running_home(config) as home,
            aiohttp.ClientSession() as session,
            async_playwright() as playwright,
        ):
            api = await HomeAssistantApi.open(session, home.url)
            print("Making up a past", flush=True)
            await remember(api, home.config)
            browser = await launch(playwright)
            state = await log_in(browser, home.url)
            scene = Scene(browser=browser, state=state, url=home.url, api=api)
            for name, picture in PICTURES.items():
                if not names or name in names:
                    await _write(output / f"{name}.png", await picture(scene))


async def _write(path: Path, picture: bytes) -> None:
    """Write a picture."""
    content = await asyncio.to_thread(small, picture)
    await asyncio.to_thread(path.write_bytes, content)
    note = ", which is too large" if len(content) > _MOST_BYTES else ""
    print(f"  {path.name}: {len(content) // 1000} kB{note}", flush=True)


def main() -> int:
    """Take the pictures; return 0 if all of them are there."""
    options = _arguments()
    # The home is ended too, whatever ends this.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(_take(options.names, options.output))
    except (HomeAssistantStartError, OSError, aiohttp.ClientError) as err:
        print(f"No pictures: {err!r}")
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
