#!/bin/sh
# The checker of advice, checked: what it says to reports that are not as expected.
#
#   checker.test.sh CHECK_TEMPTING
set -u
check_tempting=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

cat > "$folder/rules" <<'JSON'
{ "schema": 1, "functions": {}, "rules": [
  { "name": "a", "exercises": "all", "when": [{ "has": "a" }], "advice": "This." },
  { "name": "b", "exercises": "all", "when": [{ "has": "b" }], "advice": "That." } ] }
JSON
# report VERDICT_OF_01 ADVICE VERDICT_OF_02
report() {
  cat > "$folder/report" <<JSON
{ "exercises": [
  { "id": "01", "verdict": "$1", "evidence": [
    { "verdict": "passed", "summary": "", "advice": null },
    { "verdict": "assertion", "summary": "lost", "advice": $2 } ] },
  { "id": "02", "verdict": "$3", "evidence": [] } ] }
JSON
}
# expect STATUS OUTPUT ARGS...
expect() {
  status=$1 output=$2
  shift 2
  got_output=$("$check_tempting" "$folder/report" "$folder/rules" "$@" 2>&1)
  got=$?
  if [ $got -eq "$status" ] && [ "$got_output" = "$output" ]; then return; fi
  echo "status $got, expected $status and '$output'; it said: $got_output"
  failed=1
}

report failed '"This."' passed
expect 0 "" 01 lost a
expect 0 "" 01 lost a --others-passed
expect 1 "another rule has advised: This." 01 lost b
expect 1 "there is no rule c" 01 lost c
expect 1 "there is advice for another reason: lost" 01 torn a
expect 1 "exercise 02 is passed" 02 lost a
expect 1 "exercise 01 gets advice: This." --no-advice
report failed null failed
expect 0 "" --no-advice
expect 1 "there is no advice for: lost" 01 lost a
expect 1 "it failed for other reasons: lost" 01 torn a
expect 1 "it failed for other reasons: " 02 lost a
report failed '"This."' failed
expect 1 "exercise 02 is failed" 01 lost a --others-passed
report passed null failed
expect 1 "exercise 01 is passed" --no-advice
echo "{}" > "$folder/rules"
expect 2 "$folder/rules: [json.exception.out_of_range.403] key 'schema' not found" 01 lost a
rm "$folder/report"
"$check_tempting" "$folder/report" "$folder/rules" --no-advice > "$folder/said" && failed=1
grep -q "^$folder/report: " "$folder/said" || { echo "a report that is not there: $(cat "$folder/said")"; failed=1; }
"$check_tempting" > "$folder/said" 2>&1
if [ $? -ne 2 ] || ! grep -q '^usage: ' "$folder/said"; then
  echo "usage: $(cat "$folder/said")"
  failed=1
fi
exit $failed
