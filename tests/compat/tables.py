# SPDX-License-Identifier: BSD-2-Clause
"""All conformance tests: ROWS of every rows_*.py and CASES of every cases_*.py in this folder."""

import glob
import importlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def modules():
	paths = glob.glob(os.path.join(HERE, "rows_*.py")) + glob.glob(os.path.join(HERE, "cases_*.py"))
	return sorted(os.path.basename(path)[:-3] for path in paths)


def load():
	tests = []
	for name in modules():
		module = importlib.import_module(name)
		found = getattr(module, "ROWS", []) + getattr(module, "CASES", [])
		for test in found:
			test.module = name
		tests += found
	return tests
