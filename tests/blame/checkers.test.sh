#!/bin/sh
# The checkers, checked: with programs that say what they are told to, what check_blame and check_index make of it.
#
#   checkers.test.sh CHECK_BLAME CHECK_INDEX SOURCE_FOLDER
set -u
check_blame=$1 check_index=$2 root=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
index=$root/exercises/index.json
source=$root/buggy/session_manager.cpp
failed=0

# explored CLAIM ... --evidence FILE ...: what $folder/fails has a line of fails; the rest passes.
cat > "$folder/explored" <<'PROGRAM'
#!/bin/sh
folder=$(dirname "$0")
if [ "$1" = --list-tests ]; then
  cat "$folder/tests"
  exit
fi
claim=$(printf %s "$1" | tr -d '\\')
while [ $# -gt 1 ]; do
  [ "$1" = --evidence ] && file=$2
  shift
done
[ -e "$folder/gone" ] && exit 7
echo '{ "schema": 1, "evidence": [] }' > "$file"
[ -e "$folder/silent" ] && exit 1
verdict=passed
grep -qxF "$claim" "$folder/fails" && verdict=assertion
[ -e "$folder/races" ] && races=$(cat "$folder/races") verdict=data_race
cat > "$file" <<JSON
{ "schema": 1, "evidence": [ { "test": "$claim", "verdict": "$verdict", "summary": "so it is told", "location": null,
  "races": [ ${races-} ] } ] }
JSON
PROGRAM
cat > "$folder/one_thread" <<'PROGRAM'
#!/bin/sh
folder=$(dirname "$0")
if [ "$1" = --list-tests ]; then
  cat "$folder/tests"
  exit
fi
claim=$(printf %s "$1" | tr -d '\\')
while [ $# -gt 1 ]; do
  [ "$1" = --evidence ] && file=$2
  shift
done
if grep -qxF "$claim" "$folder/fails"; then
  echo "stuck: as it is told"
  exit 3
fi
printf '{ "schema": 1, "evidence": [ { "test": "%s", "verdict": "passed", "summary": "", "races": [] } ] }' "$claim" > "$file"
PROGRAM
chmod +x "$folder/explored" "$folder/one_thread"

# expect NAME STATUS PATTERN COMMAND ARGS...
expect() {
  name=$1 status=$2 pattern=$3
  shift 3
  output=$("$@" 2>&1)
  got=$?
  if [ $got -eq "$status" ] && printf '%s\n' "$output" | grep -q -- "$pattern"; then return; fi
  echo "$name: status $got, expected $status and /$pattern/ in:"
  printf '%s\n' "$output"
  failed=1
}
blame() {
  "$check_blame" --index "$index" --source "$source" --explored "$folder/explored" --one-thread "$folder/one_thread" \
    --handout "$folder/races.json" "$@"
}
claims() { grep -oE '"[a-z][^"]* [^"]*"' "$index" | tr -d '"'; }

: > "$folder/fails"
expect "nothing races in a handout that passes" 1 '^01 green; it must be red' blame --record --green none
expect "all green is all green" 0 '^12 green$' blame --green all
expect "one green too many" 1 '^08 green; it must be red' blame --green 01
echo "no call to the database holds up work on other sessions" > "$folder/fails"
expect "a claim of the suite says why it failed" 1 '"no call to the database.*": stuck: as it is told' blame --green none
claims > "$folder/fails"
expect "one green too few" 1 '^04 red; it must be green' blame --green 04
touch "$folder/silent"
expect "what wrote no evidence is neither green nor red" 3 '^01 could not be judged; it must be red' blame --green none
rm "$folder/silent"
touch "$folder/gone"
expect "who ends the process in its initialisation is red" 1 'ended the whole process before any test.*status 7' \
  blame --green all
rm "$folder/gone"
claims | grep -vx "stop returns though no clock advances" > "$folder/fails"
expect "exactly one green" 0 '^10 green$' blame --green 10
: > "$folder/fails"
place='{ "location": "session_manager.cpp:1", "function": "lab::Manager::increment_access" }'
printf '{ "later": %s, "earlier": %s }' "$place" "$place" > "$folder/races"
expect "an increment's race fails 02 alone and is named elsewhere" 1 '^02 red; it must be green' blame --green all
printf '%s\n' "$output" | grep -q '^08 green$' || { echo "an increment's race fails 08"; failed=1; }
printf '%s\n' "$output" | grep -q '^     also seen: exercise 02$' || { echo "an increment's race is not named"; failed=1; }
place='{ "location": "session_manager.cpp:1", "function": "lab::Manager::get_session" }'
printf '{ "later": %s, "earlier": %s }' "$place" "$place" > "$folder/races"
expect "a race that the handout does not have fails whoever finds it" 1 '^08 red; it must be green' blame --green all
expect "a race of the handout is recorded" 1 '^06 red; it must be green' blame --record --green all
expect "a race of the handout fails 06 alone" 1 '^08 green$' blame --green all
expect "what races in the handout is compared" 0 '^12 green' blame --compare --green 01 02 03 04 05 07 08 09 10 11 12
echo '{ "schema": 1, "races": [] }' > "$folder/races.json"
expect "a handout in which something else races" 1 'races.json does not say what races in' blame --compare --green all
rm "$folder/races.json"
expect "a handout of which nothing is known" 3 "^can't read .*races.json" blame --green all
expect "an argument is missing" 2 '^usage: ' "$check_blame" --index "$index"
expect "an argument is unknown" 2 '^usage: ' blame --red 01

claims > "$folder/tests"
expect "every claim is there" 0 'every claim and every page is there' \
  "$check_index" "$index" "$folder/explored" "$folder/one_thread"
claims | grep -v revocation > "$folder/tests"
expect "a claim is not there" 1 '^exercise 01: .* has no claim "an update does not undo a revocation"$' \
  "$check_index" "$index" "$folder/explored" "$folder/one_thread"
expect "an index is not there" 1 "^can't read " "$check_index" "$folder/index.json" "$folder/explored" "$folder/one_thread"
claims > "$folder/tests"
cp -r "$root/exercises" "$folder/exercises"
# broken NAME PATTERN: check_index on the copy, in which something is wrong
broken() {
  expect "$1" 1 "$2" "$check_index" "$folder/exercises/index.json" "$folder/explored" "$folder/one_thread"
  rm -r "$folder/exercises" && cp -r "$root/exercises" "$folder/exercises"
}
rm "$folder/exercises/03-stale-refresh/README.md"
broken "a page is missing" '03-stale-refresh/README.md: it does not begin with "# 03 Stale refresh"$'
sed -i '/^## The story/d' "$folder/exercises/03-stale-refresh/README.md"
broken "a section is missing" 'README.md: its sections are "The symptom, Your task, What to read", not '
sed -i 's/^## 2/## 3/' "$folder/exercises/04-cleanup-leak/hints.md"
broken "a hint is missing" '04-cleanup-leak/hints.md: "## 3" stands where hint 2 belongs$'
printf '## 9\n' >> "$folder/exercises/04-cleanup-leak/hints.md"
broken "a hint is one too many" '04-cleanup-leak/hints.md: "## 9" stands where'
printf '\n```cpp\nlock();\n```\n' >> "$folder/exercises/04-cleanup-leak/hints.md"
broken "a hint shows code" '04-cleanup-leak/hints.md: it shows code: ```cpp$'
printf '\nPut `WriterLock lock(store_mutex_);` there.\n' >> "$folder/exercises/04-cleanup-leak/hints.md"
broken "a hint shows a statement" '04-cleanup-leak/hints.md: it shows code: `WriterLock lock(store_mutex_);`$'
printf '\nCall `store_.erase(\nplace)` there.\n' >> "$folder/exercises/04-cleanup-leak/hints.md"
broken "a hint shows a call over two lines" '04-cleanup-leak/hints.md: it shows code: `store_.erase( place)`$'
printf '\n`BUG B4`, `run_cleanup()`, `lab::Manager::queue_` and `common/values.hpp` are names.\n' \
  >> "$folder/exercises/04-cleanup-leak/hints.md"
expect "names in a hint are no code" 0 'every page is there' \
  "$check_index" "$folder/exercises/index.json" "$folder/explored" "$folder/one_thread"
sed -i 's/breaks C4/breaks C5/' "$folder/exercises/02-lost-increment/README.md"
broken "a page's facts are not the index's" \
  '02-lost-increment/README.md: its third line is not "B2 · breaks C4 · about 40 minutes · you learn: a lock guards'
sed -i 's/"minutes": 90/"minutes": 80/' "$folder/exercises/index.json"
broken "the index's facts are not a page's" '12-.*: its third line is not "Want of C12 · breaks C12 · about 80 minutes'
sed -i 's/an update brings no deleted/an update brings a deleted/' "$folder/exercises/08-resurrection/README.md"
broken "a page names another claim" \
  '/README.md: "The symptom" names "an update brings a deleted session back", which is no claim of the exercise$'
printf '%s\n' "$output" | grep -q '/README.md: "The symptom" does not name the claim "an update brings no deleted s' ||
  { echo "the claim that is not named is not told"; failed=1; }
sed -i '/^- \*merges round a ring/d' "$folder/exercises/09-deadlock/README.md"
broken "a page leaves a claim out" '"The symptom" does not name the claim "merges round a ring of three finish"$'
mkdir "$folder/exercises/13-more"
broken "a folder is of no exercise" '/13-more: no exercise is so called$'
sed -i 's/"hints": 5/"hints": 6/' "$folder/exercises/index.json"
broken "the index counts other hints" 'it has 5 hints, and the index says 6$'
expect "check_index's arguments are missing" 2 '^usage: ' "$check_index" "$index"
exit $failed
