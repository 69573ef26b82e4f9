#!/bin/sh
# One tempting fix, judged: a copy of buggy/ with it in is built without a warning, fails its exercise for the expected
# reason, and is told what the rule says.
#
#   tempting.test.sh ROOT LAB CHECK_TEMPTING FOLDER PATCH EXERCISE SUMMARY RULE [--others-passed]
#   tempting.test.sh ROOT LAB CHECK_TEMPTING FOLDER --no-advice
#
# FOLDER is made anew, and kept for whoever wants to look. With --others-passed all exercises are judged, and the others
# are green. With --no-advice the copy is buggy/ as it is, all exercises are judged, and none gets advice.
set -u
[ $# -ge 5 ] || { echo "usage: tempting.test.sh ROOT LAB CHECK_TEMPTING FOLDER PATCH ..." >&2; exit 2; }
# The launcher's checks are its own test's: LAB_PROGRAM, if it is set, is the program that it would hand over to.
root=$1 lab=${LAB_PROGRAM:-$2} check_tempting=$3 folder=$4 patch=$5
shift 5
rules=$root/exercises/tempting.json
report=$folder/report.json

rm -rf -- "$folder"
mkdir -p "$folder" || exit 2
cp "$root/buggy/session_manager.hpp" "$root/buggy/session_manager.cpp" "$folder" && chmod u+w "$folder"/* || exit 2
if [ "$patch" = --no-advice ]; then
  which=all
  set -- --no-advice
else
  which=$1
  [ "${4-}" = --others-passed ] && which=all
  patch --quiet --strip=1 --no-backup-if-mismatch --directory="$folder" --input="$patch" || exit 2
fi

RACELAB_ROOT=$root RACELAB_WORK=$folder "$lab" check "$which" --json "$report" >"$folder/out" 2>&1
status=$?
if [ $status -ne 1 ]; then
  echo "lab check ended with status $status, not 1 (failed):"
  cat "$folder/out"
  exit 1
fi
if grep 'warning:' "$folder/out"; then exit 1; fi
"$check_tempting" "$report" "$rules" "$@" || { cat "$folder/out"; exit 1; }

# On the screen the advice is a note below the schedule.
if [ "$which" = "${1-}" ] && ! grep -q '^  note  ' "$folder/out"; then
  echo "no note is printed:"
  cat "$folder/out"
  exit 1
fi
if [ "$which" = "${1-}" ] && [ "$(wc -l < "$folder/out")" -ge 50 ]; then
  echo "it is more than a screen of 50 lines:"
  cat "$folder/out"
  exit 1
fi
if [ "$patch" = --no-advice ] && grep '^  note  ' "$folder/out"; then exit 1; fi
