#!/bin/sh
# The scripts of docs/samples that platforms run, with a stand-in for ./lab that ends with the status in $STATUS.
# Prints one line per case and ends with status 1 if one failed.
# shellcheck disable=SC2016 # the stand-in's own variables
set -u

samples=$(readlink -f -- "$(dirname -- "$0")/../../docs/samples")
temp=$(mktemp -d) || exit 3
trap 'rm -rf -- "$temp"' EXIT
failures=0

# stand_in FOLDER: with status 0, 1 or 3 it writes the file that it is asked for, and ends with the scores if it is
# asked for those; with "hangs" it does nothing until it is interrupted.
stand_in() {
  mkdir -p "$1"
  cat >"$1/lab" <<'END'
#!/bin/sh
[ "$STATUS" != hangs ] || { trap 'exit 3' INT; while :; do sleep 0.1; done; }
case " $* " in
  *' --autolab '*) echo "compiling" >&2; [ "$STATUS" = 2 ] || echo '{"scores":{"01":8}}' ;;
  *) for file; do :; done; case "$STATUS $file" in [013]*.json) echo "$*" >"$file" ;; esac ;;
esac
exit "$STATUS"
END
  chmod +x "$1/lab"
}

# holds NAME COMMAND…
holds() {
  name=$1
  shift
  if "$@"; then echo "passed: $name"; else echo "FAILED: $name" && failures=$((failures + 1)); fi
}

export AUTOGRADER="$temp/autograder" GRADE="$temp/grade" LAB="$temp/lab" LAB_SECONDS=20
stand_in "$AUTOGRADER/source/lab"
stand_in "$LAB"
mkdir -p "$AUTOGRADER/results"
results=$AUTOGRADER/results/results.json

# gradescope LAB-STATUS EXPECTED-STATUS
gradescope() {
  rm -f "$results"
  STATUS=$1 "$samples/gradescope/run_autograder" >"$temp/out" 2>&1
  [ $? -eq "$2" ]
}
asked() { [ "$(cat "$results")" = "grade $AUTOGRADER/submission --gradescope $results" ]; }
holds 'run_autograder ends well where all points are earned' gradescope 0 0
holds 'it asks for Gradescope'"'"'s file' asked
holds 'it ends well where not all points are earned' gradescope 1 0
holds 'it fails where the submission could not be judged' gradescope 3 3
holds 'it fails where the command is wrong' gradescope 2 2
LAB_SECONDS=0.3
holds 'it fails where the time is over' gradescope hangs 124
holds 'there is no file then' [ ! -e "$results" ]
LAB_SECONDS=20

# setup LAB-STATUS EXPECTED-STATUS
setup() {
  STATUS=$1 "$samples/gradescope/setup.sh" >"$temp/out" 2>&1
  [ $? -eq "$2" ]
}
holds 'setup.sh ends well where fixed is graded' setup 0 0
holds 'it fails where nothing was built' setup 3 1
for build in tsan asan release; do
  mkdir -p "$AUTOGRADER/source/lab/build/$build/tests"
  cp "$LAB/lab" "$AUTOGRADER/source/lab/build/$build/tests/suite_fixed"
done
holds 'it ends well where all was built and only the sandbox is refused' setup 3 0

# prairielearn LAB-STATUS WORDS-OF-THE-FILE
prairielearn() {
  rm -rf "$GRADE"
  STATUS=$1 "$samples/prairielearn/grade.sh" >"$temp/out" 2>&1 && grep -q "$2" "$GRADE/results/results.json"
}
holds 'grade.sh makes the folder and asks for PrairieLearn'"'"'s file' prairielearn 0 "grade $GRADE/student --prairielearn"
holds 'it leaves the file as it is where the submission could not be judged' prairielearn 3 'grade '
holds 'it says that nothing is gradable where the command is wrong' prairielearn 2 '"gradable": false'
LAB_SECONDS=0.3
holds 'it says so where the time is over' prairielearn hangs '"gradable": false'
LAB_SECONDS=20

# autolab LAB-STATUS EXPECTED-LAST-LINE
autolab() {
  (cd "$temp" && STATUS=$1 make -s -f "$samples/autolab/autograde-Makefile" LAB="$LAB" >out 2>&1) &&
    [ "$(tail -n 1 "$temp/out")" = "$2" ]
}
if command -v make >/dev/null; then
  for status in 0 1 3; do
    holds "the scores are the last line with status $status" autolab "$status" '{"scores":{"01":8}}'
  done
  holds 'there are none where the command is wrong' autolab 2 ''
fi

[ "$failures" -eq 0 ]
