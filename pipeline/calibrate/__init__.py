"""Measures curation on planted faults: what it catches, what it loses, and which judge is biased."""

from pipeline.calibrate.calibration import Calibration, Caught, Example, calibrate

__all__ = ["Calibration", "Caught", "Example", "calibrate"]
