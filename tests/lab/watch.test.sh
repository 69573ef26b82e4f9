#!/bin/sh
# ./lab watch: what a save starts, however an editor saves; what it gives up; how it ends.
#
#   watch.test.sh LAB SOURCE_FOLDER
set -u
# The launcher's checks are its own test's: LAB_PROGRAM, if it is set, is the program that it would hand over to.
lab=${LAB_PROGRAM:-$1} root=$2
export RACELAB_ROOT="$root"
folder=$(mktemp -d)
export RACELAB_WORK="$folder/work"
source=$RACELAB_WORK/session_manager.cpp
out=$folder/out
watcher=
end() {
  [ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null
  rm -rf "$folder"
}
trap end EXIT

fail() {
  echo "$1; it printed:"
  cat "$out"
  exit 1
}
# until_printed COUNT PATTERN: waits for so many such lines, and not for ever
until_printed() {
  tries=0
  while [ "$(grep -cE -- "$2" "$out")" -lt "$1" ]; do
    tries=$((tries + 1))
    [ $tries -lt 2400 ] || fail "no $1 lines match /$2/"
    kill -0 "$watcher" 2>/dev/null || fail "it has ended"
    sleep 0.1
  done
}

"$lab" start >/dev/null || exit 1
"$lab" check 01 >/dev/null  # whatever has to be built is built
: > "$out"
"$lab" watch 01 >"$out" 2>&1 &
watcher=$!
until_printed 1 '^watching '
grep -q '^01 Lost update .*red' "$out" || fail "the first check found nothing"

# An editor that writes a new file and renames it over the old one.
cp "$source" "$folder/new" && sed -i 's/^}  \/\/ namespace lab$/int x = "";\n&/' "$folder/new" && mv "$folder/new" "$source"
until_printed 2 '^watching '
grep -q 'error: cannot initialize a variable' "$out" || fail "what was saved by renaming was not compiled"

# One that moves the old file away and writes to a new one of its name.
mv "$source" "$source~" && cp "$root/buggy/session_manager.cpp" "$source"
until_printed 3 '^watching '
[ "$(grep -c '^01 Lost update .*red' "$out")" -ge 2 ] || fail "what was written after moving was not compiled"

# One that writes into the file; and a second save while the first is being checked, which is given up.
echo "// one" >> "$source"
until_printed 4 '^checking '
patch -s -p1 -d "$RACELAB_WORK" < "$root/tests/blame/patches/01-in-place.patch"
until_printed 1 '^01 Lost update .*green'
until_printed 4 '^watching '
[ "$(grep -c '^checking ' "$out")" = 5 ] || fail "two saves are not two checks"
[ "$(grep -c '^watching ' "$out")" = 4 ] || fail "the check that is outdated was not given up"

# A file that is touched, or is no source, starts nothing; this next one does.
touch "$source" && echo "notes" > "$RACELAB_WORK/notes.txt"
echo "// two" >> "$source"
until_printed 5 '^watching '
[ "$(grep -c '^checking ' "$out")" = 6 ] || fail "something else than a change started a check"

# The copy is gone, and is made anew.
"$lab" reset >/dev/null
until_printed 6 '^watching '
[ "$(grep -c '^01 Lost update .*red' "$out")" -ge 3 ] || fail "the new copy was not checked"

# In the middle of a check.
echo "// three" >> "$source"
until_printed 7 '^checking '
kill -INT "$watcher"
wait "$watcher"
watcher=
[ "$(grep -c '^watching ' "$out")" = 6 ] || fail "it went on after the interrupt"
exit 0
