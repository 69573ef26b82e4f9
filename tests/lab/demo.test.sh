#!/bin/sh
# What the commands print and return.
#
#   demo.test.sh PATH-OF-LAB ROOT
#
# Prints one line per case and ends with status 1 if one failed.
set -u
[ $# -eq 2 ] || { echo "usage: demo.test.sh PATH-OF-LAB ROOT" >&2; exit 2; }
lab=$1
root=$2
temp=$(mktemp -d) || exit 3
trap 'rm -rf -- "$temp"' EXIT
failures=0

# check NAME CONDITION...
check() {
  name=$1
  shift
  if "$@"; then echo "passed: $name"; else echo "FAILED: $name"; failures=1; fi
}
# status EXPECTED COMMAND...
status() {
  expected=$1
  shift
  "$@" >"$temp/out" 2>"$temp/err"
  got=$?
  [ "$got" -eq "$expected" ] || { echo "status $got instead of $expected: $*"; cat "$temp/out" "$temp/err"; return 1; }
}

export RACELAB_ROOT="$root"
check "no command is a usage error" status 2 "$lab"
check "an unknown command is a usage error" status 2 "$lab" frobnicate
check "rounds below one are a usage error" status 2 "$lab" demo --rounds 0
check "--help is no error" status 0 "$lab" --help
check "--help of a command is no error" status 0 "$lab" demo --help
check "the demo passes: fixed loses nothing" status 0 "$lab" demo --rounds 3 --json "$temp/report.json"
check "the table has a line for each sample" \
  test "$(grep -cE '^(lost|cleanup|cache|health).* of 3 +[0-9]+ of 3 *$' "$temp/out")" -eq 8
check "buggy leaves 400 to 600 rows queued in every round" \
  grep -qE '^cleanup queue, as written +<= 64 rows +[45][0-9]{2}.* 3 of 3 +0 of 3' "$temp/out"
check "the report is whole" grep -q '"verdict": "passed"' "$temp/report.json"
check "nothing is left beside the report" test "$(find "$temp" -name 'report*' | wc -l)" -eq 1
check "a report that can't be written is status 3" status 3 "$lab" demo --rounds 1 --json "$temp/no/such/folder.json"
check "it says which" grep -q "can't write $temp/no/such/folder.json" "$temp/err"
RACELAB_ROOT=$temp
check "a missing program is status 3" status 3 "$lab" demo --rounds 1
check "it names the program" grep -q "build/release/tools/demo/demo_buggy ended" "$temp/err"
exit $failures
