"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no reason to fail: neither one slow example nor a slow start says anything about the code.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
