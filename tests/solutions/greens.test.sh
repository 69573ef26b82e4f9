#!/bin/sh
# A solution, judged as a student's working copy: which exercises are green, and in which words another is red.
#
#   greens.test.sh LAB FOLDER PATTERN ID...     PATTERN: of the output, -: none; ID...: those that are green, or all
set -u
# The launcher's checks are its own test's: LAB_PROGRAM, if it is set, is the program that it would hand over to.
export RACELAB_ROOT="${1%/lab}"
lab=${LAB_PROGRAM:-$1} solution=$2 pattern=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/work"
cp "$solution/session_manager.hpp" "$solution/session_manager.cpp" "$folder/work/"
wanted="$*"
[ "$wanted" = all ] && wanted="01 02 03 04 05 06 07 08 09 10 11 12"

output=$(RACELAB_WORK="$folder/work" "$lab" check all 2>&1)
got=$?
green=$(printf '%s\n' "$output" | sed -nE 's/^([01][0-9]) .* green( .*)?$/\1/p' | tr '\n' ' ')
if [ "${green% }" != "$wanted" ]; then
  printf 'green are %s, expected %s; status %s:\n%s\n' "$green" "$wanted" $got "$output"
  exit 1
fi
if [ "$pattern" != - ] && ! printf '%s\n' "$output" | grep -qE -- "$pattern"; then
  printf 'no line matches /%s/ in:\n%s\n' "$pattern" "$output"
  exit 1
fi
# A warning of the compiler's would stand before the first verdict.
case $output in
  [01][0-9]\ *) ;;
  *) printf 'it says something before the verdicts:\n%s\n' "$output" && exit 1 ;;
esac
exit 0
