#!/bin/sh
# PrairieLearn's entrypoint. A job that runs beyond its time is a failure of the student's there, so that the grader is
# ended before: keep these seconds below "timeout" in info.json.
set -u

grade=${GRADE:-/grade}
lab=${LAB:-/lab}
seconds=${LAB_SECONDS:-570}
results=$grade/results/results.json

mkdir -p "$grade/results"
timeout --signal=INT --kill-after=10 "$seconds" "$lab/lab" grade "$grade/student" --prairielearn "$results"
status=$?
# With status 3 the file says so itself, unless nothing could be graded at all.
[ -e "$results" ] || printf '%s\n' \
  '{"gradable": false, "format_errors": ["The grader could not judge this. It is not your fault: submit it again."]}' \
  >"$results"
case $status in 0 | 1 | 3) exit 0 ;; esac
echo "grade.sh: the lab ended with status $status"
