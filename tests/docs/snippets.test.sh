#!/bin/sh
# What the checker of the documents says about bad pages, word for word.
#
#   snippets.test.sh PATH-OF-SNIPPETS
#
# Prints one line per case and ends with status 1 if one failed.
# shellcheck disable=SC2016 # back-quotes in the pages
set -u

[ $# -eq 1 ] || { echo "usage: snippets.test.sh PATH-OF-SNIPPETS" >&2; exit 2; }
snippets=$(readlink -f -- "$1")
temp=$(mktemp -d) || exit 3
trap 'rm -rf -- "$temp"' EXIT
root=$temp/root
failures=0

# A small repository without a fault.
repository() {
  rm -rf -- "$root"
  mkdir -p "$root/docs/samples" "$root/docs/tutorial" "$root/docs/reference" "$root/docs/explanation" \
    "$root/exercises/01-a" "$root/exercises/work.1" "$root/buggy" "$root/fixed"
  printf '# A lab\n\nSee [the start](docs/tutorial/quick-start.md#step-1-look).\n' >"$root/README.md"
  printf '%s\n' 'void f() {' '  // [look]' '  if (a) {' '    b();' '  }' '  // [look end]' '}' \
    >"$root/docs/samples/s.cpp"
  printf '%s\n' '# Start' '' '## Step 1: Look' '' '<!-- sample: docs/samples/s.cpp look -->' '```cpp' 'if (a) {' \
    '  b();' '}' '```' >"$root/docs/tutorial/quick-start.md"
  for bug in 1 2 3 4 5 6 7 8 9 10 11; do
    echo "  x$bug();  // BUG B$bug: why" >>"$root/buggy/session_manager.cpp"
    printf '## B%s name\n\n' "$bug" >>"$root/docs/reference/bugs.md"
  done
  printf '%s\n' 'a = b;' '  if (c || d) {' '    e = f(' '        g);' >>"$root/buggy/session_manager.cpp"
  echo 'mended();' >"$root/fixed/session_manager.cpp"
  echo 'Quoted: `x1();`, `mended();`' >"$root/docs/explanation/technical-analysis.md"
  printf '%s\n' '# Debrief' '' '| step | `set(id, false)` |' '|---|---|' '| 1 | `a = b;` or `if (c \|\| d)` |' '' \
    '`e =` what, `e = f( g);`, `BUG B1`, `stop()` ; x = y `==` and `./lab check 01` see `none`' '' \
    '## What fixed does' '' '`mended();` where `x1();` was' >"$root/exercises/01-a/debrief.md"
  echo '[mine](none.md) `none();`' >"$root/exercises/work.1/notes.md"
}

# case_of NAME STATUS EXPECTED-OUTPUT [OPTION]: runs the checker on the repository as it is now.
case_of() {
  out=$("$snippets" ${4:+"$4"} "$root" 2>&1)
  status=$?
  if [ "$status" -eq "$2" ] && [ "$out" = "$3" ]; then
    echo "ok: $1"
  else
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected status %s: %s\n  got status %s: %s\n' "$1" "$2" "$3" "$status" "$out"
  fi
}

start=docs/tutorial/quick-start.md

repository
case_of 'a repository without a fault passes in silence' 0 ''

repository
sed -i 's/^  b();/  c();/' "$root/$start"
case_of 'a drifted block is a fault' 1 \
  "$start:6: the block is not region look of docs/samples/s.cpp; run snippets --write"
case_of 'write copies the region' 0 '' --write
case_of 'and then the block is right' 0 ''
grep -q '^  b();$' "$root/$start" || { echo 'FAILED: write did not change the page'; failures=$((failures + 1)); }
[ -z "$(find "$root" -name '*.new')" ] || { echo 'FAILED: write left a file behind'; failures=$((failures + 1)); }

repository
sed -i 's/look -->/gone -->/' "$root/$start"
case_of 'a missing region is a fault' 1 \
  "$start:5: docs/samples/s.cpp has no region gone; mark it there, or correct its name here"

repository
sed -i 's/look end/look ned/' "$root/docs/samples/s.cpp"
case_of 'a region without an end is a fault' 1 \
  "$start:5: docs/samples/s.cpp has no region look; mark it there, or correct its name here"

repository
rm "$root/docs/samples/s.cpp"
case_of 'a missing sample is a fault' 1 "$start:5: the sample docs/samples/s.cpp can't be read; correct its name"

repository
printf '<!-- sample: docs/samples/s.cpp look -->\n\n' >>"$root/README.md"
case_of 'a marker without a block is a fault' 1 \
  'README.md:4: no block follows this marker; put a line ```cpp right below it'

repository
printf '\n```cpp\nint x;\n```\n' >>"$root/$start"
case_of 'code of the quick start that is no sample is a fault' 1 \
  "$start:12: this code is not included from a sample; put <!-- sample: FILE REGION --> above it"

repository
printf '[a](docs/none.md) [b](%s#none) [c](#none)\n' "$start" >>"$root/README.md"
case_of 'dead links are faults' 1 "README.md:4: the link docs/none.md leads to no file; correct it
README.md:4: the link $start#none leads to no heading of that page; correct it
README.md:4: the link #none leads to no heading of that page; correct it"

repository
printf '`[a](none.md)` [b](https://example.org/none) [c](docs)\n```\n[d](none.md)\n```\n' >>"$root/README.md"
case_of 'code, other sites and folders are no dead links' 0 ''

repository
sed -i 's/^## B1 name/## B12 name/' "$root/docs/reference/bugs.md"
case_of 'a bug without an entry is a fault' 1 \
  'buggy/session_manager.cpp:1: BUG B1 has no entry in docs/reference/bugs.md; add a heading B1'

repository
sed -i 's/BUG B11/BUG/' "$root/buggy/session_manager.cpp"
case_of 'a bug without a mark is a fault' 1 \
  'buggy/session_manager.cpp:1: no line is marked BUG B11; mark the place of that bug'

repository
sed -i 's/x1()/y1()/' "$root/buggy/session_manager.cpp"
case_of 'a quoted statement that is gone is a fault' 1 \
  'docs/explanation/technical-analysis.md:1: `x1();` is in neither buggy/ nor fixed/ any more; quote it anew
exercises/01-a/debrief.md:11: `x1();` is in neither buggy/ nor fixed/ any more; quote it anew'

debrief=exercises/01-a/debrief.md
repository
sed -i 's/a = b;/a += b;/; s/c || d/c/; s/e = f(/h = f(/' "$root/buggy/session_manager.cpp"
case_of 'what a debrief quotes of the handout that is gone is a fault' 1 \
  "$debrief:5: \`a = b;\` is not in buggy/ any more; quote it anew
$debrief:5: \`if (c || d)\` is not in buggy/ any more; quote it anew
$debrief:7: \`e =\` is not in buggy/ any more; quote it anew
$debrief:7: \`e = f( g);\` is not in buggy/ any more; quote it anew"

repository
sed -i 's/a = b;/mended();/' "$root/$debrief"
case_of 'what fixed has is no quotation of the handout' 1 \
  "$debrief:5: \`mended();\` is not in buggy/ any more; quote it anew"

repository
echo '[a](none.md)' >>"$root/$debrief"
case_of 'a dead link of an exercise is a fault' 1 \
  "$debrief:12: the link none.md leads to no file; correct it"

repository
rm "$root/$start"
case_of 'a missing page is a fault, and so are the links to it' 1 \
  "$start:1: the page is missing; write it
README.md:3: the link $start#step-1-look leads to no file; correct it"

usage='usage: snippets [--write] ROOT, where ROOT is the folder that holds README.md and docs/'
for arguments in '' "$temp/none" "$root $root" '--write'; do
  # shellcheck disable=SC2086 # a list of words
  out=$("$snippets" $arguments 2>&1)
  status=$?
  if [ "$status" -eq 2 ] && [ "$out" = "$usage" ]; then
    echo "ok: usage on '${arguments##*/}'"
  else
    failures=$((failures + 1))
    printf 'FAILED: usage on "%s": got status %s: %s\n' "$arguments" "$status" "$out"
  fi
done

[ "$failures" -eq 0 ]
