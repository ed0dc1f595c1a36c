"""Measures curation on planted faults: what it catches, what it loses, and which judge is biased."""

from pipeline.calibrate.calibration import Calibration, Caught, calibrate
from pipeline.calibrate.curve import Point
from pipeline.calibrate.examples import Example, examples_from, labelled_examples

__all__ = ["Calibration", "Caught", "Example", "Point", "calibrate", "examples_from", "labelled_examples"]
