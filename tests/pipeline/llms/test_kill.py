"""SIGKILL at random moments: no reply that was paid for is paid for again."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.endpoint.start import start_endpoint

_ROOT = Path(__file__).parents[3]
_SLOTS = 8


@pytest.mark.slow
def test_twenty_kills_repeat_at_most_what_was_in_flight(tmp_path: Path) -> None:
    moments = random.Random(7)
    with start_endpoint(fixed_s=0.15) as endpoint:
        command = [sys.executable, "-m", "tests.pipeline.llms.killed", endpoint.base_url, str(tmp_path)]
        for _ in range(20):
            with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL) as process:
                time.sleep(moments.uniform(0.8, 1.8))
                process.kill()
        last = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True, timeout=60)
        stats = endpoint.stats
    assert last.stdout.strip() == "300"
    assert stats["different"] == 300
    assert stats["repeated"] <= 20 * _SLOTS
