#!/bin/sh
# cc, cxx, explore and replay: what they build, print and return.
#
#   explore.test.sh PATH-OF-LAB ROOT
#
# Prints one line per case and ends with status 1 if one failed.
set -u
[ $# -eq 2 ] || { echo "usage: explore.test.sh PATH-OF-LAB ROOT" >&2; exit 2; }
lab=$1
root=$2
programs=$root/tests/explorer/programs
temp=$(mktemp -d) || exit 3
trap 'rm -rf -- "$temp"' EXIT
export TMPDIR="$temp/tmp"
mkdir "$TMPDIR" "$temp/a folder"
cd "$temp" || exit 3
unset CC CXX
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
  "$@" </dev/null >"$temp/out" 2>"$temp/err"
  got=$?
  [ "$got" -eq "$expected" ] || { echo "status $got instead of $expected: $*"; cat "$temp/out" "$temp/err"; return 1; }
}
says() { grep -qF -- "$1" "$temp/out" "$temp/err" || { echo "not said: $1"; cat "$temp/out" "$temp/err"; return 1; }; }
is_clean() { [ -z "$(ls "$TMPDIR")" ] || { echo "left behind: $(ls "$TMPDIR")"; return 1; }; }
schedule() { grep -o 'lab1-[a-z0-9.,_+-]*' "$temp/out" | tail -n 1; }

# --- cc and cxx -------------------------------------------------------------------------------------------

check "cc builds a C program" status 0 "$lab" cc -o lost "$programs/lost_update.buggy.c"
check "cxx builds a C++ program" status 0 "$lab" cxx -std=c++20 -o promise "$programs/future_broken_promise.buggy.cpp"
check "cc takes C++ as well" status 0 "$lab" cc -std=c++20 -o promise2 "$programs/future_broken_promise.buggy.cpp"
check "it compiles and links in two steps" status 0 "$lab" cc -c "$programs/lost_update.fixed.c" -o fixed.o
check "...the second of them" status 0 "$lab" cc fixed.o -o "a folder/fixed program" -lm
printf 'int helper(void) { return 0; }\n' >"a folder/helper.c"
printf 'int helper(void);\nint main(void) { return helper(); }\n' >"a folder/main.c"
check "several sources, in a folder with a space" \
  status 0 "$lab" cc -Wall -o "a folder/two" "a folder/main.c" "a folder/helper.c"
check "what it builds runs as any program" status 0 "./a folder/two"
check "without -o it makes a.out" status 0 "$lab" cc "a folder/main.c" "a folder/helper.c"
check "...there" test -x a.out
printf 'int main(void) { return oops; }\n' >broken.c
check "an error of the program is status 1" status 1 "$lab" cc -o broken broken.c
check "...in the compiler's words" says "broken.c:1"
check "...and leaves no program" test ! -e broken
check "nothing is left in the folder for temporary files" is_clean
check "another sanitizer is refused" status 2 "$lab" cc -fsanitize=address broken.c
check "...by name" says "lab: -fsanitize=address can't be had under the explorer"
check "-static is refused" status 2 "$lab" cxx -static broken.c
check "no source is a usage error" status 2 "$lab" cc -O1
check "...that says what to do" says "lab: no source to compile: ./lab cc -o PROGRAM SOURCE..."
check "a compiler that is not there is status 3" status 3 env CC=no-such-compiler "$lab" cc broken.c
check "...with its name" says "lab: no-such-compiler can't be started"
check "--help is no error" status 0 "$lab" cxx --help
if command -v g++ >/dev/null; then
  check "CC names the compiler" status 0 env CC=gcc "$lab" cc -o lost_gcc "$programs/lost_update.buggy.c"
  check "its program is explored too" status 1 "$lab" explore ./lost_gcc
fi

# --- explore ------------------------------------------------------------------------------------------------

check "a failure is status 1" status 1 "$lab" explore --json report.json ./lost
check "the verdict names the place" says "lost_update.buggy.c:25"
check "the lanes show what was read" says "reads counter = 0"
check "the schedule has the fewest deviations" says "fewest deviations"
check "the last line replays it" sh -c "tail -n 1 out | grep -q '^./lab replay lab1-.* ./lost\$'"
replayed=$(schedule)
check "a program that is right is status 0" status 0 "$lab" explore "./a folder/fixed program"
check "...and how far it was explored is said" says "Explored every schedule"
check "an exception that nobody catches" status 1 "$lab" explore ./promise
check "...is named" says "std::future_error"
check "the bound can be set" status 0 "$lab" explore --bound 0 --strategy deviations --no-races ./lost
check "sampling alone finds it" status 1 "$lab" explore --strategy pos --seed 7 ./lost
check "pct alone finds it" status 1 "$lab" explore --strategy pct --depth 2 ./lost
check "preemptions are counted where asked" status 1 "$lab" explore --strategy preemptions ./lost
check "...and said" says "fewest preemptions"
printf '#include <stdio.h>\n#include <string.h>\nint main(int n, char** words) { char line[9] = ""; return fgets(line, 9, stdin) && n == 3 && !strcmp(words[1], "--json") && !strcmp(line, "two") ? 4 : 0; }\n' >words.c
check "a program with arguments and input" status 0 "$lab" cc -o words words.c
printf two >input
check "what follows the program is its own, and it reads --stdin" \
  status 1 "$lab" explore --stdin input ./words --json x
check "...and its status is told" says "the program ends with status 4"
check "a status can be right" status 0 "$lab" explore --status 4 --stdin input ./words --json x
check "any can" status 0 "$lab" explore --status any --stdin input ./words --json x
check "a bound is a number" status 2 "$lab" explore --bound two ./lost
check "...and it says so" says 'lab: --bound two: neither a number nor "none"'
check "no program is a usage error" status 2 "$lab" explore
check "a program that is not there is one" status 2 "$lab" explore ./nothing
check "...and named" says "lab: there is no program ./nothing"
check "a text is no program" status 2 "$lab" explore ./input
check "a program that cc did not build is one" status 2 "$lab" explore /bin/true
check "...that says what to do" says "lab: /bin/true can't be explored: build it with ./lab cc or ./lab cxx"
printf '#include <pthread.h>\nint main(void) { return pthread_cancel(pthread_self()); }\n' >cancel.c
check "a call that is not modelled" status 0 "$lab" cc -o cancel cancel.c
check "...is status 3" status 3 "$lab" explore ./cancel
check "...with its name" says "pthread_cancel"
check "a report that can't be written is status 3" status 3 "$lab" explore --json no/such/folder.json ./lost
check "the report has the fields of the contract" sh -c '
  for field in schema verdict runs preemptions deviations minimal exhaustive bound seconds replay steps; do
    grep -q "^  \"$field\":" report.json || { echo "no $field"; exit 1; }
  done
  for field in thread location operation object value written_by; do
    grep -q "^      \"$field\":" report.json || { echo "no $field in a step"; exit 1; }
  done'
check "...with their words" grep -q '"verdict": "assertion"' report.json
check "nothing is left beside it" test "$(find . -name 'report*' | wc -l)" -eq 1

# --- replay -------------------------------------------------------------------------------------------------

check "a replay fails again" status 1 "$lab" replay --json replayed.json "$replayed" ./lost
check "...at the same place" says "lost_update.buggy.c:25"
cp out first
for _ in 1 2 3 4 5; do
  status 1 "$lab" replay "$replayed" ./lost && grep -v ' in [0-9.]* s' first >a && grep -v ' in [0-9.]* s' out >b &&
    cmp -s a b || { echo "FAILED: five replays are alike"; failures=1; break; }
done
check "--play without a page is a usage error" status 2 "$lab" explore --play ./lost
check "a failure is written as a page, too" status 1 "$lab" explore --timeline page.html --play --json timeline.json ./lost
check "...which is said" says "Step through it: page.html"
check "...which is whole" sh -c 'head -1 page.html | grep -q "<!DOCTYPE html>" && tail -1 page.html | grep -q "</html>"'
check "...and loads nothing" sh -c '! grep -qE "(src|href)=|https?:" page.html'
check "...with the report's object" grep -q '"mistake": {' timeline.json
check "nothing is left beside it" test "$(find . -name 'page*' | wc -l)" -eq 1
check "so is a replay" status 1 "$lab" replay --timeline again.html "$replayed" ./lost
check "a page that can't be written is status 3" status 3 "$lab" explore --timeline no/such/page.html ./lost
check "a string of another build is refused" status 2 "$lab" replay "$replayed" ./promise
check "...with a sentence that says so" says "the schedule was recorded with another build of the program"
check "a string that is none is refused" status 2 "$lab" replay hello ./lost
check "a program is needed" status 2 "$lab" replay "$replayed"
exit $failures
