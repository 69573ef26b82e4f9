# Which claim finds which bug of buggy/, and with what words: the failing direction of the suite. A claim that
# depends on how threads meet is tried up to LAB_ATTEMPTS times. The rarest was once found at its 17th try: at 1 in 17, all
# 200 tries miss once in 180,000 ((16/17)^200 = 5e-6). docs/reference/bugs.md has rates. What luck finds too rarely for
# that is the explorer's alone, as B2's read of freed memory.
#
#   lab_bug(BUG "claim" REASON regex [BUILDS plain tsan asan] [ATTEMPTS n])
#
# Under the explorer luck has no part: the first failing schedule has this verdict and these words, and interrupts or
# blocks a thread in this function of buggy, near the bug's mark (explored/check_explored.cpp).
#
#   lab_explored_bug(BUG "claim" VERDICT verdict WORDS regex IN function)   !function: it has no mark; -: no place

set(LAB_ATTEMPTS 200)
set(LAB_RECORDS ${PROJECT_BINARY_DIR}/matrix)

if(LAB_SANITIZE STREQUAL "thread")
  set(LAB_BUILD tsan)
elseif(LAB_SANITIZE)
  set(LAB_BUILD asan)
else()
  set(LAB_BUILD plain)
endif()

# The places where ThreadSanitizer may accuse buggy/: B2, B6 and B11 as data races, B9 as a cycle of locks.
set(LAB_RACES "increment_access|get_session|get_stats|run_cleanup|process_instance|Manager::Manager|lock-order-inversion.*merge_sessions")

function(lab_bug bug claim)
  cmake_parse_arguments(arg "" "REASON;ATTEMPTS" "BUILDS" ${ARGN})
  if(arg_BUILDS AND NOT LAB_BUILD IN_LIST arg_BUILDS)
    return()
  endif()
  if(NOT arg_ATTEMPTS)
    set(arg_ATTEMPTS ${LAB_ATTEMPTS})
  endif()
  string(REPLACE "," "\\," pattern "${claim}")  # a comma separates Catch2's test specs
  set(name "buggy: ${bug} is found by: ${claim}")
  string(MD5 hash "${bug} ${claim}")
  add_test(NAME "${name}"
    COMMAND expect_failure ${arg_REASON} ${arg_ATTEMPTS} --races ${LAB_RACES}
      --record ${LAB_RECORDS}/${hash}.json ${bug} ${claim} ${LAB_PRESET} -- $<TARGET_FILE:suite_buggy> ${pattern})
  set_tests_properties("${name}" PROPERTIES TIMEOUT 900 ENVIRONMENT "LAB_STUCK_AFTER_MS=5000"
    FIXTURES_SETUP records)
endfunction()

function(lab_explored_bug bug claim)
  if(NOT TARGET explored_buggy)
    return()
  endif()
  cmake_parse_arguments(arg "" "VERDICT;WORDS;IN" "" ${ARGN})
  string(MD5 hash "${bug} ${claim}")
  set(name "explore buggy: ${bug} is found by: ${claim}")
  add_test(NAME "${name}"
    COMMAND check_explored ${bug} ${claim} ${arg_VERDICT} ${arg_WORDS} ${arg_IN}
      ${PROJECT_SOURCE_DIR}/buggy/session_manager.cpp ${LAB_RECORDS}-explore/${hash}.json $<TARGET_FILE:explored_buggy>)
  set_tests_properties("${name}" PROPERTIES TIMEOUT 600 LABELS explore FIXTURES_SETUP explored_records)
endfunction()

lab_bug(B1 "concurrent updates of distinct keys are all kept" REASON "lost update: [0-9]+ of 100 keys are gone")
lab_bug(B1 "an update does not undo a revocation" REASON "lost update: the session is authenticated again")
lab_bug(B2 "no two increments return the same number, and the last is their number" REASON "lost increment: "
  BUILDS plain asan)
lab_bug(B2 "no two increments return the same number, and the last is their number"
  REASON "report by ThreadSanitizer: data-race: .*increment_access" BUILDS tsan)
lab_bug(B3 "a refresh does not undo an update that was made while it fetched" REASON "stale refresh: " ATTEMPTS 1)
lab_bug(B3 "a stale copy stays if the database's is not newer" REASON "stale refresh: " ATTEMPTS 1)
lab_bug(B4 "a row that failed in three passes goes to the dead letters" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "the dead letters keep the latest 1,024 and count the rest" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "a thousand deletes of which half can't be purged leave at most 64 queued" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "deletes and passes at once leave no row queued for ever" REASON "cleanup leak: ")
lab_bug(B5 "while sessions only end, no later count is greater than an earlier one" REASON "phantom session: ")
lab_bug(B5 "while sessions only begin, no later count is smaller, and as many are live as ever were"
  REASON "phantom session: ")
lab_bug(B5 "a session that a reader finds gone is no longer counted" REASON "phantom session: ")
lab_bug(B6 "every get counts one hit or one miss" REASON "torn statistics: " BUILDS plain asan)
lab_bug(B6 "every get counts one hit or one miss" REASON "report by ThreadSanitizer: data-race: .*get_session" BUILDS tsan)
lab_bug(B7 "a sweep removes no session that was used in time" REASON "random logout: ")
lab_bug(B7 "a get that finds nothing counts a miss and no hit" REASON "random logout: ")
lab_bug(B8 "an update brings no deleted session back" REASON "resurrection: ")
lab_bug(B8 "an update of a merge's source is moved or refused" REASON "resurrection: ")
lab_bug(B9 "merges in opposite directions finish, and one of them wins" REASON "stuck: deadlock: " BUILDS plain asan)
# ThreadSanitizer need not see the deadlock, and mostly nobody does: the program is slower, and its threads meet less.
lab_bug(B9 "merges in opposite directions finish, and one of them wins"
  REASON "stuck: deadlock: |report by ThreadSanitizer: lock-order-inversion: .*merge_sessions" BUILDS tsan)
lab_bug(B9 "merge takes its locks in one order whichever way it goes"
  REASON "report by ThreadSanitizer: lock-order-inversion.*merge_sessions" BUILDS tsan ATTEMPTS 1)
lab_bug(B10 "stop returns though no clock advances" REASON "stuck: lost wake-up: ")
lab_bug(B11 "everybody who asks first gets the same, fully built instance"
  REASON "report by ThreadSanitizer: data-race: .*process_instance" BUILDS tsan)
# Without a clock, wherever the system tells what threads wait for.
set(without_clock "")
if(EXISTS /proc/self/syscall)
  set(without_clock ".* .each thread waits")
endif()
lab_bug(C12 "no call to the database holds up work on other sessions"
  REASON "stuck: independence: work on other sessions waits for create_session${without_clock}" ATTEMPTS 1)

lab_explored_bug(B1 "concurrent updates of distinct keys are all kept"
  VERDICT assertion WORDS "lost update: 1 of 2 keys are gone" IN update_session)
lab_explored_bug(B1 "an update does not undo a revocation"
  VERDICT assertion WORDS "lost update: the session is authenticated again" IN update_session)
lab_explored_bug(B2 "no two increments return the same number, and the last is their number"
  VERDICT assertion WORDS "lost increment: two callers got 1" IN increment_access)
lab_explored_bug(B2 "an increment beside a delete touches no memory that the delete frees"
  VERDICT use_after_free WORDS "in a block that was freed" IN increment_access)
lab_explored_bug(B3 "an update beside a refresh is kept"
  VERDICT assertion WORDS "stale refresh: " IN refresh_from_database)
lab_explored_bug(B4 "deletes and passes at once leave no row queued for ever"
  VERDICT assertion WORDS "cleanup leak: " IN -)
lab_explored_bug(B5 "while sessions only end, no later count is greater than an earlier one"
  VERDICT assertion WORDS "phantom session: 0 sessions are live, then 1" IN delete_session)
lab_explored_bug(B5 "while sessions only begin, no later count is smaller, and as many are live as ever were"
  VERDICT assertion WORDS "phantom session: 1 sessions are live, then 0" IN create_session)
lab_explored_bug(B5 "a session that a reader finds gone is no longer counted"
  VERDICT assertion WORDS "phantom session: it is gone and still counted" IN delete_session)
lab_explored_bug(B6 "every get counts one hit or one miss"
  VERDICT assertion WORDS "torn statistics: 1 hits of 2" IN get_session)
lab_explored_bug(B6 "failed cleanups are counted one by one while others read them"
  VERDICT data_race WORDS "data race: session_manager.cpp:[0-9]+ .lab::Manager::(run_cleanup|get_stats)" IN !run_cleanup)
lab_explored_bug(B7 "a sweep removes no session that was used in time"
  VERDICT assertion WORDS "random logout: a session was used in time and swept" IN expire_idle)
lab_explored_bug(B7 "a get that finds nothing counts a miss and no hit"
  VERDICT assertion WORDS "random logout: 0 gets found the session, 1 hits were counted" IN get_session)
lab_explored_bug(B8 "an update brings no deleted session back"
  VERDICT assertion WORDS "resurrection: the session was deleted and answers" IN update_session)
lab_explored_bug(B8 "an update of a merge's source is moved or refused"
  VERDICT assertion WORDS "resurrection: an update of a session that was merged is acknowledged" IN update_session)
lab_explored_bug(B9 "merges in opposite directions finish, and one of them wins"
  VERDICT deadlock WORDS "waits for a lock that thread [123] holds" IN merge_sessions)
lab_explored_bug(B9 "merges round a ring of three finish"
  VERDICT deadlock WORDS "waits for a lock that thread [123] holds" IN merge_sessions)
lab_explored_bug(B10 "stop returns though no clock advances"
  VERDICT assertion WORDS "lost wake-up: stop\\(\\) needed a time-out" IN stop)
lab_explored_bug(B11 "everybody who asks first gets the same, fully built instance"
  VERDICT data_race WORDS "data race" IN process_instance)
lab_explored_bug(B4 "a pass over ten times the rows is at most fifteen times the work"
  VERDICT assertion WORDS "cleanup leak: [0-9]+ accesses for 100 rows, [0-9]+ for 1000" IN -)
lab_explored_bug(C12 "no lock that is held while a large session is worked on holds up work on others"
  VERDICT deadlock WORDS "independence: work on other sessions waits for get_session of a fresh copy: thread 2 waits at session_manager.cpp:[0-9]+ for the lock that thread 1 took at session_manager.cpp:[0-9]+: WriterLock lock.store_mutex_" IN -)

# The published matrix says what these tests find, build by build.
lab_matrix_is_published(records ${LAB_PRESET} ${LAB_RECORDS})
lab_matrix_is_published(explored_records explore ${LAB_RECORDS}-explore explore)
