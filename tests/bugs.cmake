# Which claim finds which bug of buggy/, and with what words: the failing direction of the suite. A claim that
# depends on how threads meet is tried up to LAB_ATTEMPTS times. docs/reference/bugs.md has the rates per try; at
# the lowest seen, 8 in 20, all 60 tries miss once in 20 million million (0.6^60 = 5e-14).
#
#   lab_bug(BUG "claim" REASON regex [BUILDS debug release tsan asan gcc] [ATTEMPTS n])

set(LAB_ATTEMPTS 60)

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
  add_test(NAME "${name}"
    COMMAND expect_failure ${arg_REASON} ${arg_ATTEMPTS} --races ${LAB_RACES} -- $<TARGET_FILE:suite_buggy> ${pattern})
  set_tests_properties("${name}" PROPERTIES TIMEOUT 300 ENVIRONMENT "LAB_STUCK_AFTER_MS=5000")
endfunction()

lab_bug(B1 "concurrent updates of distinct keys are all kept" REASON "lost update: [0-9]+ of 100 keys are gone")
lab_bug(B1 "an update does not undo a revocation" REASON "lost update: the session is authenticated again")
lab_bug(B2 "no two increments return the same number, and the last is their number" REASON "lost increment: "
  BUILDS plain asan)
lab_bug(B2 "no two increments return the same number, and the last is their number"
  REASON "report by ThreadSanitizer: data-race: .*increment_access" BUILDS tsan)
lab_bug(B2 "an increment beside a delete touches no memory that the delete frees"
  REASON "heap-use-after-free" BUILDS asan)
lab_bug(B3 "a refresh does not undo an update that was made while it fetched" REASON "stale refresh: " ATTEMPTS 1)
lab_bug(B3 "a stale copy stays if the database's is not newer" REASON "stale refresh: " ATTEMPTS 1)
lab_bug(B4 "a row that failed in three passes goes to the dead letters" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "the dead letters keep the latest 1,024 and count the rest" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "a thousand deletes of which half can't be purged leave at most 64 queued" REASON "cleanup leak: " ATTEMPTS 1)
lab_bug(B4 "deletes and passes at once leave no row queued for ever" REASON "cleanup leak: ")
lab_bug(B5 "while sessions only end, no later count is greater than an earlier one" REASON "phantom session: ")
lab_bug(B5 "a session that a reader finds gone is no longer counted" REASON "phantom session: ")
lab_bug(B6 "every get counts one hit or one miss" REASON "torn statistics: " BUILDS plain asan)
lab_bug(B6 "every get counts one hit or one miss" REASON "report by ThreadSanitizer: data-race: .*get_session" BUILDS tsan)
lab_bug(B7 "a sweep removes no session that was used in time" REASON "random logout: ")
lab_bug(B7 "a get that finds nothing counts a miss and no hit" REASON "random logout: ")
lab_bug(B8 "an update brings no deleted session back" REASON "resurrection: ")
lab_bug(B9 "merges in opposite directions finish, and one of them wins" REASON "stuck: deadlock: ")
lab_bug(B9 "merge takes its locks in one order whichever way it goes"
  REASON "report by ThreadSanitizer: lock-order-inversion.*merge_sessions" BUILDS tsan ATTEMPTS 1)
lab_bug(B10 "stop returns though no clock advances" REASON "stuck: lost wake-up: ")
lab_bug(B11 "everybody who asks first gets the same, fully built instance"
  REASON "report by ThreadSanitizer: data-race: .*process_instance" BUILDS tsan)
lab_bug(C12 "no call to the database holds up work on other sessions"
  REASON "stuck: independence: work on other sessions waits for create_session" ATTEMPTS 1)
