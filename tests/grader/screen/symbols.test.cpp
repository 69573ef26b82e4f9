#include "tools/grader/screen/symbols.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader;

namespace {

const SymbolNames common = {"_ZN3lab14new_session_idEv", "_ZTVN3lab11SystemClockE"};

std::string needed(const std::string& symbol) { return objection_to_needed(symbol, common).value_or(""); }
std::string defined(const std::string& symbol, bool weak = false) {
  return objection_to_defined(symbol, weak, common).value_or("");
}

}  // namespace

TEST_CASE("what compilers and the library's inline functions call may be needed") {
  for (const char* symbol : {"__tsan_read8",
                             "__tsan_unaligned_write4",
                             "__tsan_atomic64_compare_exchange_val",
                             "__asan_report_load_n",
                             "__asan_set_shadow_f8",
                             "__ubsan_handle_type_mismatch_v1_abort",
                             "_Unwind_Resume",
                             "__cxa_throw",
                             "memcpy",
                             "syscall",
                             "pthread_mutex_lock",
                             "lround",
                             "_Znwm",
                             "_ZdlPvSt11align_val_t",
                             "_ZTIv",
                             "_ZNSt6thread4joinEv",
                             "_ZSt4cout",
                             "_ZTVN10__cxxabiv117__class_type_infoE",
                             "_ZNSaIcEC1ERKS_",
                             "_ZTv0_n24_NSoD0Ev",
                             "_ZN3lab14new_session_idEv",
                             "_ZTVN3lab11SystemClockE"}) {
    INFO(symbol);
    CHECK(needed(symbol) == "");
  }
}

TEST_CASE("what speaks to a sanitizer may not be needed") {
  for (const char* symbol : {"__tsan_acquire", "__tsan_release", "__tsan_mutex_pre_lock", "__tsan_ignore_thread_begin",
                             "__asan_poison_memory_region", "__sanitizer_set_report_fd", "AnnotateIgnoreReadsBegin"}) {
    CHECK(needed(symbol) ==
          std::string("it needs ") + symbol + ", by which a program tells a sanitizer what to see; leave it out");
  }
}

TEST_CASE("a function that may not be needed is named, with the reason") {
  CHECK(needed("_exit") == "it needs _exit, which ends the program or its thread; return an error instead");
  CHECK(needed("fork") == "it needs fork, which has to do with other processes; a session manager has none");
  CHECK(needed("fopen") ==
        "it needs fopen, which reads or writes what lies outside; a session manager has its database");
  CHECK(needed("socket") == "it needs socket, which is of the network; a session manager has its database");
  CHECK(needed("sigaction") ==
        "it needs sigaction, which has to do with signals or jumps; a session manager needs neither");
  CHECK(needed("getenv") ==
        "it needs getenv, which asks or changes where the program runs; write code that is the same everywhere");
  CHECK(needed("gethostname") ==
        "it needs gethostname, which is not among the functions that a session manager may use");
  CHECK(needed("_ZNSt13basic_filebufIcSt11char_traitsIcEEC1Ev") ==
        "it needs std::basic_filebuf<char, std::char_traits<char> >::basic_filebuf(), which is not among the functions "
        "that a "
        "session manager may use");
  CHECK(needed("_ZSt13set_terminatePFvvE") ==
        "it needs std::set_terminate(void (*)()), which is not among the functions that a session manager may use");
  CHECK(needed("_ZN3lab5ownedEv") == "it needs lab::owned(), which neither it nor common/ defines");
  CHECK(needed("_Z3runv") == "it needs run(), which neither it nor common/ defines");
  CHECK(needed("_ZN3lab4test6passedEv") ==
        "it needs lab::test::passed(), which is not among the functions that a session manager may use");
  CHECK(needed("_ZN3lab14SqliteDatabase4openEv") ==
        "it needs lab::SqliteDatabase::open(); use the database that the manager is given");
}

TEST_CASE("its own functions, and inline functions and templates of libraries, may be defined") {
  for (const char* symbol : {"_ZN3lab7Manager9get_statsEv", "_ZTVN3lab7ManagerE", "_Z6helperv", "_ZN4util6helperEv",
                             "_ZThn8_N3lab7Manager5clockEv", "_ZN3lablsERSoRKNS_3OwnE", "DW.ref.__gxx_personality_v0",
                             "__odr_asan_gen__ZTVN3lab7ManagerE"}) {
    INFO(symbol);
    CHECK(defined(symbol) == "");
  }
  for (const char* symbol : {"_ZNSt6vectorIiSaIiEED2Ev", "_ZNK2tl8expectedIiiE9has_valueEv", "__clang_call_terminate",
                             "_ZnwmPv", "_ZZN3lab3getEvE4once", "_ZGVZN3lab3getEvE4once"}) {
    INFO(symbol);
    CHECK(defined(symbol, true) == "");
  }
}

TEST_CASE("what others would use may not be defined") {
  CHECK(defined("__tsan_default_suppressions") ==
        "it defines __tsan_default_suppressions, which could silence ThreadSanitizer");
  CHECK(defined("__asan_default_options", true) ==
        "it defines __asan_default_options, which could silence AddressSanitizer");
  CHECK(defined("main") == "it defines main; the tests bring their own");
  CHECK(defined("malloc") ==
        "it defines malloc as C does, and every part of the program would use that; put it into namespace lab");
  CHECK(defined("_Znwm", true) ==
        "it defines operator new(unsigned long), which every part of the program would use; use an allocator of your "
        "own");
  CHECK(defined("_ZnwmPv").starts_with("it defines operator new(unsigned long, void*), "));
  CHECK(defined("_ZN3lab14new_session_idEv", true) ==
        "it defines lab::new_session_id(), which common/ defines already; choose another name");
  CHECK(defined("_ZN3lab4test6passedEv") ==
        "it defines lab::test::passed() in a namespace that the judges use; choose another one");
  CHECK(defined("_ZNSt6thread4joinEv") ==
        "it defines std::thread::join() in a library's namespace; put it into namespace lab");
  CHECK(defined("_ZN5Catch7Session3runEv", true) ==
        "it defines Catch::Session::run() in a library's namespace; put it into namespace lab");
  CHECK(defined("_ZN11__sanitizer3DieEv") ==
        "it defines __sanitizer::Die() in a library's namespace; put it into namespace lab");
}

TEST_CASE("a name that is no mangled one is no reason to fall") {
  for (const char* symbol :
       {"_Z", "_ZN", "_ZT", "_ZTv", "_ZTv0_", "_ZN999999999999999999999x", "_ZZZZZ", "_ZNK", "_ZS", ""}) {
    INFO(symbol);
    CHECK(needed(symbol) != "never said");
    CHECK(defined(symbol) != "never said");
  }
}
