# SPDX-License-Identifier: BSD-2-Clause
"""The one module that tests import. How to write the next test:

1. Many short runs with expected bytes: make a list of Row and Case and end with main(tests) (rows.py).
2. Else: score = Score(); got = run(args, environment("C.UTF-8")); score.check(got.out == want, "what", got);
   score.finish(). Files go into folder(), by write(name, bytes).
3. got is a Result: .status (-N: by signal N; "timeout"), .out, .err. Random tests: seeded(), text(rng, size).
4. A program that is watched while it runs: Started(args, env), .finish() (processes.py).
5. Nothing may depend on how fast the machine is: no sleep, no "within 2 s". Hold the program where it must
   be, and set its clock: Control (control.py). Else wait for an event: wait_for(condition, what),
   started.wait_asleep(), is_stopped(pid). LIMIT, of a whole run, is the only clock.
6. PCOUNT is the program, FAULTS its build with fault points; LONG: PCOUNT_LONG is set; SLOW: sanitizers.
7. A test that cannot run here: score.skip(what, why), or raise Skipped in a Case.
"""

# pylint: disable=unused-import
from control import Control, Hold  # noqa: F401
from processes import (Started, asleep, catches, children, end_session, gone, is_stopped, members,  # noqa: F401
	shared_memory, stat_of)
from program import (BROKEN, CLOSED, FAULTS, FULL, HERE, LIMIT, LINKED, LONG, MERGED, PCOUNT, POSIX_ONLY, SANITIZERS, SLOW,  # noqa: F401
	Collector, Failed, Feeder, Result, Score, Skipped, become_nobody, big_files, binding_modes, check,
	environment, execute, folder, has_json, holds_back_signals, is_static, kernels, on_disk, program, read_file, run, same, sanitized, scratch, sealed, seeded, show, start,
	to_bytes, traced, wait_drained, wait_for, write, write_file)
from rows import (ANY, ENGINES, FEATURES, Case, Context, Dir, Fifo, File, Link, Match, Mode, Name,  # noqa: F401
	Pipe, Row, Socket, SocketFile, Sparse, Stdin, Workplace, case, has, main, names_of, need)
from texts import ASCII, codec_of, text  # noqa: F401
