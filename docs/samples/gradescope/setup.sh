#!/bin/sh
# Gradescope runs this once, as root, when it makes the image of the assignment. The zip holds this file, run_autograder
# and the lab's checkout in the folder "lab".
set -u

lab=${AUTOGRADER:-/autograder}/source/lab
cd "$lab" || exit 1

# Installs the packages, builds all that judges, and grades the right solution. A machine that makes images may refuse
# the sandbox, and a machine that grades may not, so that what counts here is what was built.
./lab grade fixed && exit 0
for build in tsan asan release; do
  [ -x "build/$build/tests/suite_fixed" ] || {
    echo "setup.sh: $lab/build/$build has no suite; the lines above say why" >&2
    exit 1
  }
done
echo "setup.sh: all is built, and fixed/ could not be graded here; grade a submission to see whether it can be there" >&2
