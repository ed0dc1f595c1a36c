"""A limit that all runs of one endpoint share, on a standing server."""

from pathlib import Path

import pytest

from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint
from tests.flows.prefect_server import HANDBOOK, Server, until

pytestmark = pytest.mark.slow


def test_a_run_holds_its_share_of_the_endpoints_limit_and_gives_it_back(
    prefect_server: Server, tmp_path: Path
) -> None:
    from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate

    prefect_server.environment["OPENAI_API_KEY"] = "sk-not-a-real-key"
    with start_endpoint(Options(slots=4, fixed_s=0.2)) as endpoint, prefect_server.client() as client:
        name = f"tunesmith-{endpoint.base_url.removeprefix('http://').removesuffix('/v1')}"
        client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=name, limit=4))

        def taken() -> int:
            return client.read_global_concurrency_limit_by_name(name).active_slots

        build = (
            "build", str(HANDBOOK), "--out", "run", "--quiet", "--no-judge", "--model", "openai/sim",
            "--base-url", endpoint.base_url, "--concurrency",
        )  # fmt: skip
        with prefect_server.started(*build, "4", cwd=tmp_path) as process:
            until(lambda: endpoint.stats.get("answered", 0) or process.poll() is not None)
            assert taken() == 4
            assert process.wait(120) == 0
        assert until(lambda: taken() == 0)

        greedy = prefect_server.run(*build, "5", cwd=tmp_path)
    assert greedy.returncode == 2
    assert greedy.stderr.strip() == (
        f"error: setting 'llm.concurrency': must be at most 4, the server's limit '{name}'"
    )
