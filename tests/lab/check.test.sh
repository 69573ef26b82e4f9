#!/bin/sh
# The student's loop, as a student has it: what start, reset, check, hint, list and replay print, and their statuses.
#
#   check.test.sh LAB SOURCE_FOLDER
set -u
# The launcher's checks are its own test's: LAB_PROGRAM, if it is set, is the program that it would hand over to.
lab=${LAB_PROGRAM:-$1} root=$2
export RACELAB_ROOT="$root"
folder=$(mktemp -d)
trap 'chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
export RACELAB_WORK="$folder/work"
source=$RACELAB_WORK/session_manager.cpp
failed=0

# expect NAME STATUS PATTERN COMMAND ARGS...: the status, and a line of the output that matches
expect() {
  name=$1 status=$2 pattern=$3
  shift 3
  output=$("$@" 2>&1)
  got=$?
  if [ $got -ne "$status" ] || ! printf '%s\n' "$output" | grep -qE -- "$pattern"; then
    printf '%s: status %s, expected %s and /%s/ in:\n%s\n' "$name" $got "$status" "$pattern" "$output"
    failed=1
  fi
  # A terminal is left as it was, whatever the copy prints.
  if printf '%s' "$output" | LC_ALL=C grep -q "$(printf '\033')"; then
    echo "$name: an escape sequence reaches the terminal"
    failed=1
  fi
}
# says PATTERN: the last output has such a line too
says() {
  printf '%s\n' "$output" | grep -qE -- "$1" && return
  printf '%s: no line matches /%s/ in:\n%s\n' "$name" "$1" "$output"
  failed=1
}
lab() { "$lab" "$@"; }
# A new working copy in which update_session begins with the statement; with a patch, of the handout mended by it.
begin_update_with() {
  rm -rf "$RACELAB_WORK" && lab start >/dev/null
  [ $# -eq 1 ] || patch -s -p1 -d "$RACELAB_WORK" < "$2" || failed=1
  sed -i "s|^Result<void> Manager::update_session(.*|&\n  $1|; s|#include <utility>|&\n#include <cstdio>\n#include <cstdlib>\n#include <thread>|" \
    "$source"
}

# --- before there is a copy, and while it is not one

expect "there is no copy" 2 'there is no working copy .*: ./lab start makes it' lab check
expect "there is nothing to watch" 2 'there is no working copy .*: ./lab start makes it' lab watch
expect "a hint needs no copy" 0 '^Hint 1 of 5 for 01 Lost update$' lab hint 01
expect "nor does the ladder" 0 'There is no working copy yet: ./lab start makes it' lab list
expect "an exercise that there is not" 2 'there is no exercise 13: they are 01 to 12' lab check 13
expect "one to watch that there is not" 2 'there is no exercise 13: they are 01 to 12' lab watch 13
expect "a hint for none" 2 'there is no exercise lost: ' lab hint lost
expect "start makes the copy" 0 'work is your working copy' lab start
cmp "$root/buggy/session_manager.cpp" "$source" || failed=1
expect "start overwrites nothing" 2 'is there already: ./lab check judges it; ./lab reset' lab start
echo "// mine" >> "$source"
expect "reset keeps the old copy" 0 'kept as .*work[.]1, with its progress' lab reset
grep -q "// mine" "$folder/work.1/session_manager.cpp" || { echo "reset lost the old copy"; failed=1; }
cmp "$root/buggy/session_manager.cpp" "$source" || failed=1
lab reset >/dev/null
[ -d "$folder/work.2" ] || { echo "a second reset has no place of its own"; failed=1; }
rm "$RACELAB_WORK/session_manager.hpp"
expect "half a copy" 2 'session_manager.hpp is missing: bring it back' lab check 01
mkdir "$RACELAB_WORK/session_manager.hpp"
expect "a folder for a file" 2 "can't read .*session_manager.hpp: " lab check 01
rm -r "$RACELAB_WORK" && touch "$RACELAB_WORK" && ln -s loop "$folder/loop"
expect "a folder that can't be looked into" 2 'can.t look at .*loop/work .Too many.*: give it, and the folders it is in, to this user' \
  env RACELAB_WORK="$folder/loop/work" "$lab" check 01
expect "a file for the copy" 2 'work is no folder: move it away' lab check 01
rm "$RACELAB_WORK"

# --- hints

lab start >/dev/null
lab hint 01 >/dev/null
expect "the first hint" 0 '^Hint 1 of 4 for 02 ' lab hint 02
expect "the next hint, and the exercise by its number" 0 '^Hint 2 of 4 for 02 ' lab hint 2
expect "a certain hint, and the exercise by its name" 0 '^Hint 1 of 4 for 02 ' lab hint lost-increment --number 1
expect "a hint for the first that is not green" 0 '^Hint 2 of 5 for 01 ' lab hint
expect "no such hint" 2 'exercise 02 has 4 hints, and no hint 9' lab hint 02 --number 9
lab hint 02 >/dev/null && lab hint 02 >/dev/null
expect "after the last hint comes the last again" 0 '^That was the last' lab hint 02
echo '{"schema": 1, "hints": {"02": -7}, "verdicts": 3}' > "$RACELAB_WORK/progress.json"
expect "progress that is none is begun anew" 0 '^Hint 1 of 4 for 02 ' lab hint 02
rm "$RACELAB_WORK/progress.json"
expect "progress may be deleted" 0 '^Hint 1 of 4 for 02 ' lab hint 02

# --- red, green, and red again

expect "the first red exercise" 1 '^01 Lost update +red  .2 failures.$' lab check --width 100
says '^  claim +concurrent updates of distinct keys are all kept$'
says '^  expected +alice'
says "^  got +lost update: 1 of 2 keys are gone: alice's (language|theme)$"
says '^  where +session_manager.cpp:105$'
says ' 105  changed = place->second;$'
says '^  -- thread 2 takes over from thread 1, which could have gone on -'
says '^  next +./lab hint 01, or read .*exercises/01-lost-update/README.md'
says '^  also +an update does not undo a revocation: lost update: '
again=$(printf '%s\n' "$output" | sed -n 's/^  again *.[/]lab replay //p')
[ "$(printf '%s\n' "$output" | wc -l)" -lt 50 ] || { echo "a failure is more than a screen: $output"; failed=1; }
# On a lower screen fewer steps are told, and it fits too.
expect "a lower screen" 1 'takes over .*[(][0-9]+ steps left out[)]' \
  script -qec "stty rows 40 cols 100; NO_COLOR=1 '$lab' check 01 2>/dev/null" /dev/null
[ "$(printf '%s\n' "$output" | wc -l)" -lt 40 ] || { echo "a failure is more than 40 lines: $output"; failed=1; }
below=$root/build/tsan/copy_below
rm -rf "$below" && mkdir "$below" && cp "$RACELAB_WORK"/session_manager.?pp "$below"
expect "a copy below the build folder has lines too" 1 ' 105  changed = place->second;$' \
  env RACELAB_WORK="$below" "$lab" check 01 --width 100
rm -r "$below"
expect "the ladder knows" 0 '^01  red    Lost update ' lab list
expect "the schedule is run again" 1 '^Verdict: assertion .*lost update: 1 of 2' \
  lab replay --json "$folder/report.json" --width 110 "$again"
says ' session_manager.cpp:105$'
grep -q '"verdict": "assertion"' "$folder/report.json" || { echo "replay of a claim writes no report"; failed=1; }
expect "a deadlock, in the words of the site" 1 "^  got +the merges wait for each other, and none of alice's requests is" \
  lab check 09 --width 100
says '^  that is +thread [12] waits for a lock that thread [12] holds, and thread'
expect "another claim's schedule" 2 'exercise 01 has 2 claims that can be replayed, and no number 9' \
  lab replay "$(echo "$again" | sed 's/01.1/01.9/')"
expect "nothing to replay" 2 'replay needs a schedule: ' lab replay
expect "no schedule" 2 'character 6 of the schedule, in the build id: .n. stands where' lab replay 01.1/lab1-nonsense
expect "a claim reads nothing" 2 'a claim reads nothing: leave out --stdin' lab replay --stdin /dev/null "$again"
expect "the report" 1 '^02 Lost increment +red' lab check 02 --json "$folder/report.json"
# reports COUNT PATTERN: so many lines of the report match
reports() {
  [ "$(grep -cE -- "$2" "$folder/report.json")" = "$1" ] && return
  printf 'the report has no %s lines /%s/:\n' "$1" "$2"
  cat "$folder/report.json"
  failed=1
}
reports 1 '^  "schema": 1,?$'
reports 1 '^  "verdict": "failed"'
reports 1 '^  "points": 0,?$'
reports 11 '^      "verdict": "skipped"'
reports 1 '^      "verdict": "failed"'
reports 1 '^          "verdict": "assertion"'
reports 1 '^          "verdict": "use_after_free"'
reports 2 '^          "replay": "02[.][12]/lab1-'
patch -s -p1 -d "$RACELAB_WORK" < "$root/tests/blame/patches/01-in-place.patch" || failed=1
expect "a right repair is green" 0 '^01 Lost update +green$' lab check
says '^08 Resurrection +green  by the repair of 01$'
says '^Why it happened, and what else does not work: .*01-lost-update/debrief.md$'
says '^Next: 02 Lost increment, '
expect "a schedule of what was there before" 2 'of another state of the working copy: ./lab check 01' lab replay "$again"
cp "$root/buggy/session_manager.cpp" "$source"
expect "what was green and is red is told, with the first that never was green" 1 '^01 Lost update +red, and was green' \
  lab check
says '^02 Lost increment +red'
says '^08 Resurrection +red, and was green'
[ "$(printf '%s\n' "$output" | grep -c '^  claim ')" = 1 ] || { echo "more than one failure in full"; failed=1; }

patch -s -p1 -d "$RACELAB_WORK" < "$root/tests/tempting/equal_versions.patch" || failed=1
expect "what a test compares stands behind its words" 1 '^  got +stale refresh: an older copy replaced a newer one$' \
  lab check 03 --width 200
says '^  that is +world->get_session.id..value...metadata.count.*, which is 0 == 1$'
says '^  test +refresh.cpp:[0-9]+$'
cp "$root/buggy/session_manager.cpp" "$source"

# --- pages to step through, and to play in

# page NAME PATTERN: the page has it
page() {
  grep -qE -- "$2" "$folder/$1.html" && return
  echo "$name: $1.html has no /$2/"
  failed=1
}
expect "a failure is a page, if that is wished" 1 '^  step through it: .*step.html$' \
  lab check 10 --timeline "$folder/step.html"
page step '"title":"Lost wake-up: stop[(][)] needed a time-out'
page step '"play":null'
expect "one to play in, too" 1 '^  step through it, or play: .*play.html$' lab check 10 --timeline "$folder/play.html" --play
page play '"play":[{].*"complete":true.*"failing":[1-9]'
again=$(printf '%s\n' "$output" | sed -n 's/^  again *.[/]lab replay //p')
expect "so is a schedule that is run again" 1 '^Step through it: .*again.html$' \
  lab replay --timeline "$folder/again.html" --play "$again"
page again '"play":[{].*"complete":true.*"failing":[1-9]'
expect "there is nothing to play in without a page" 2 '--play requires --timeline' lab check 10 --play
expect "a page that can't be written" 3 '/no/such/page.html' lab check 10 --timeline "$folder/no/such/page.html"
patch -s -p1 -d "$RACELAB_WORK" < "$root/tests/blame/patches/10-lost-wakeup.patch" || failed=1
rm "$folder/step.html"
expect "what holds is no page to step through" 0 '^10 Lost wake-up +green$' lab check 10 --timeline "$folder/step.html"
[ ! -e "$folder/step.html" ] || { echo "a page of no failure"; failed=1; }
expect "but one to play in" 0 '^Try to break it: .*holds.html$' lab check 10 --timeline "$folder/holds.html" --play
page holds '"play":[{].*"complete":true.*"failing":0'

# --- copies that are no programs, or should not be

begin_update_with 'int x = "";'
expect "the compiler's own words" 1 'error: cannot initialize a variable' lab check 01 --json "$folder/report.json"
says 'does not compile or link, so that nothing was tried'
reports 1 '^  "verdict": "failed"'
reports 1 '^      "verdict": "failed"'
reports 11 '^      "verdict": "skipped"'
reports 1 '^          "judge": "build"'
reports 1 '^          "summary": "cannot initialize a variable of type'
reports 1 '^          "location": "session_manager.cpp:[0-9]+"'
begin_update_with 'std::list<int> some; (void)some;'
sed -i 's|^#include <atomic>|&\n#include <list>|' "$RACELAB_WORK/session_manager.hpp"
expect "an include that the handout does not have" 1 '^01 Lost update +red' lab check 01
sed -i '/^#include <list>/d' "$RACELAB_WORK/session_manager.hpp"
expect "the same, forgotten" 1 "named 'list' in namespace 'std'" lab check 01
rm -rf "$RACELAB_WORK" && lab start >/dev/null && echo 'int main() {}' >> "$source"
expect "the linker's own words" 1 '(multiple definition of .|duplicate symbol: )main' lab check 01
begin_update_with 'int unused = 0;'
expect "a warning stops nobody" 1 "warning: unused variable 'unused'" lab check 01
says '^01 Lost update +red'
begin_update_with '*reinterpret_cast<volatile int*>(1) = 1;'
expect "a crash" 1 '^  got +the site goes down, and every request with it$' lab check 01
says '^  that is +segmentation fault at address 0x1'
begin_update_with 'std::exit(0);'
expect "the end of the process" 1 '^  that is +the code ends the whole process, with status 0' lab check 01
says 'the code under test ended the who'
begin_update_with 'std::thread([] { for (volatile int i = 0;;) i = 1; }).detach();'
expect "a thread that is left running" 1 '^01 Lost update +red' lab check 01
begin_update_with 'std::thread([] { for (volatile int i = 0;;) i = 1; }).detach();' "$root/tests/blame/patches/01-in-place.patch"
expect "the same, where all else is right" 1 '^  that is +no thread has got on for 2000 points: ' lab check 01
begin_update_with 'std::printf("\\033[2Jvanished\\a");'
expect "what it prints does not reach the terminal" 1 '^  got +lost update' lab check 01
begin_update_with 'for (long i = 0; i < 20000000; ++i) std::puts("a line of fifty characters to flood who reads it all");'
expect "a gigabyte" 1 '^  that is +the code runs on without any access to memory.*; it printed more than 1024 KiB$' \
  lab check 01 --width 200
begin_update_with 'for (;;) {}'
expect "an endless loop" 1 '^  got +a request goes on and on, and is never answered$' \
  lab check 01 --json "$folder/report.json"
says '^  that is +the code runs on without any access to memory'
# The one-thread tests would run on too: nobody waits for them.
reports 2 '^          "verdict": "livelock"'
reports 0 '^          "judge": "stress"'
expect "a check that is interrupted" 3 '^lab: interrupted: nothing was judged$' \
  timeout --preserve-status --foreground -s INT 5 "$lab" check 01
begin_update_with 'for (;;) { WriterLock lock(store_mutex_); if (store_.count(id) > 1) break; }'
expect "an endless loop that works" 1 '^  got +a request goes on and on, and is never answered$' lab check 01
rm -rf "$RACELAB_WORK" && lab start >/dev/null
printf '#include <cstdlib>\nstatic const int before = (std::exit(0), 1);\nconst int* used = &before;\n' >> "$source"
expect "the end of the process before any test" 1 'ended the whole process before any test began, with status 0' lab check 01
sed -i 's/std::exit(0)/std::exit(2)/' "$source"
expect "the same, as if there were no test" 1 'ended the whole process before any test began, with status 2' lab check 01

exit $failed
