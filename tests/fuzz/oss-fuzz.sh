#!/bin/bash -eu
# SPDX-License-Identifier: BSD-2-Clause
# Builds the fuzzers as OSS-Fuzz wants them; its build.sh is: exec "$SRC/pcount/tests/fuzz/oss-fuzz.sh"
#
# OSS-Fuzz gives CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE and OUT, and runs this in a container of
# its own. Into OUT go the programs, and for each a dictionary (fuzz_x.dict) and a corpus of seeds
# (fuzz_x_seed_corpus.zip). The same can be done by hand: see tests/README.md.

top=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$(mktemp -d)}/pcount
engine=${LIB_FUZZING_ENGINE:--fsanitize=fuzzer}

[ -x "$top/configure" ] || (cd "$top" && autoreconf -fi)
mkdir -p "$work" "$OUT"
cd "$work"
"$top/configure" --disable-hardening --without-magic CC="${CC:-clang}" CFLAGS="${CFLAGS:--O1 -g}"
# Where the fuzzers run there are no libraries but those in OUT. fuzz_partial reads JSON.
jansson=$(sed -n 's/^#define .*"\(libjansson[^"]*\)"$/\1/p' config.h)
[ -n "$jansson" ] || { echo "oss-fuzz.sh: no libjansson: please install it with its headers" >&2; exit 1; }
mkdir -p "$OUT/lib"
cp -L "$(${CC:-clang} -print-file-name="$jansson")" "$OUT/lib/"
engine="$engine -Wl,-rpath,\\\$\$ORIGIN/lib"
fuzzers=$(sed -n 's:^\ttests/fuzz/\(fuzz_[a-z0-9_]*\)\( \\\)*$:\1:p' "$top/Makefile.am" | sort -u)
[ -n "$fuzzers" ]
for fuzzer in $fuzzers; do
	make -s -j"$(nproc)" "tests/fuzz/$fuzzer" fuzz_ldflags="$engine"
	cp "tests/fuzz/$fuzzer" "$OUT/"
done
make -s -j"$(nproc)" pcount
PCOUNT=$work/pcount "$top/tests/fuzz/seeds" tests/fuzz
for fuzzer in $fuzzers; do
	if [ -e "tests/fuzz/$fuzzer.dict" ]; then
		cp "tests/fuzz/$fuzzer.dict" "$OUT/"
	fi
	(cd "tests/fuzz/$fuzzer.corpus" && python3 -m zipfile -c "$OUT/${fuzzer}_seed_corpus.zip" ./*)
done
