# SPDX-License-Identifier: BSD-2-Clause
# Completions of pcount for fish.

complete -c pcount -s c -l bytes -d 'count bytes'
complete -c pcount -s m -l chars -d 'count characters of the locale\'s encoding'
complete -c pcount -s l -l lines -d 'count newline characters'
complete -c pcount -s w -l words -d 'count words'
complete -c pcount -s L -l max-line-length -d 'print the display columns of the widest line'
complete -c pcount -l total -x -a 'auto always only never' -d 'when to print a line of totals'
complete -c pcount -l files0-from -r -F -d 'count the files named in a list'
complete -c pcount -s j -l jobs -x -d 'use so many workers'
complete -c pcount -l engine -x -a 'auto serial threads processes' -d 'who counts'
complete -c pcount -l chunk-size -x -d 'split files into pieces of this size'
complete -c pcount -s z -l decompress -f -a 'auto zstd gzip xz bzip2 lz4 none' -d 'count what is inside compressed files'
complete -c pcount -l memory-limit -x -d 'let compressed files ask for so much memory'
complete -c pcount -l stats -f -a 'text json' -d 'report the throughput on standard error'
complete -c pcount -l debug -d 'tell which code counts'
complete -c pcount -l help -d 'display help and exit'
complete -c pcount -l version -d 'output version information and exit'
