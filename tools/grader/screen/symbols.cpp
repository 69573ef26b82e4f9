#include "tools/grader/screen/symbols.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <regex>
#include <string_view>
#include <vector>

namespace lab::grader {
namespace {

using Names = std::set<std::string_view>;

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// h or v, numbers and underscores: how far the thunk moves `this`.
void skip_thunk(std::string_view& text) {
  const bool is_virtual = text.starts_with("v");
  if (!is_virtual && !text.starts_with("h")) return;
  for (int offsets = is_virtual ? 2 : 1; offsets > 0; --offsets) {
    const std::size_t end = text.find('_');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

// The first two parts of the name that a mangled one (Itanium C++ ABI, section 5.1) is of: {"lab", "Manager"} for the
// vtable of lab::Manager and for a static of its member. Empty for an operator of the global namespace, and for the
// typeinfo of a built-in or compound type. From the mangled name, for in the demangled one types stand before the name.
std::vector<std::string> parts_of(std::string_view text) {
  if (!skip(text, "_Z")) return {};
  if (skip(text, "T")) {
    if (!text.empty() && std::string_view("VTISHW").find(text[0]) != std::string_view::npos) {
      text.remove_prefix(1);
    } else {
      skip_thunk(text);
    }
  } else if (!skip(text, "GV")) {
    (void)skip(text, "GR");
  }
  while (skip(text, "Z")) continue;
  std::vector<std::string> parts;
  const bool nested = skip(text, "N");
  while (nested && !text.empty() && std::string_view("rVKRO").find(text[0]) != std::string_view::npos)
    text.remove_prefix(1);
  if (skip(text, "St")) {
    parts.emplace_back("std");
  } else if (text.size() >= 2 && text[0] == 'S' && std::string_view("absiod").find(text[1]) != std::string_view::npos) {
    return {"std"};
  }
  while (parts.size() < 2) {
    (void)skip(text, "L");
    std::size_t length = 0;
    bool has_length = false;
    while (!text.empty() && is_decimal(text[0]) && length < text.size()) {
      length = length * 10 + static_cast<std::size_t>(text[0] - '0');
      text.remove_prefix(1);
      has_length = true;
    }
    if (!has_length || length > text.size()) break;
    parts.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
    if (!nested) break;
  }
  return parts;
}

bool is_allocation(std::string_view symbol) {
  return symbol.starts_with("_Znw") || symbol.starts_with("_Zna") || symbol.starts_with("_Zdl") ||
         symbol.starts_with("_Zda");
}

bool is_typeinfo(std::string_view symbol) { return symbol.starts_with("_ZTI") || symbol.starts_with("_ZTS"); }

bool is_judges(const std::vector<std::string>& parts) {
  static const Names names = {"test", "explorer", "exercises", "grader", "process", "cli", "bench", "demo"};
  return parts.size() == 2 && parts[0] == "lab" && names.contains(parts[1]);
}

// What clang 14 and g++ 12 themselves call in an object with a sanitizer; nothing that a program would call.
bool is_emitted_by_sanitizers(const std::string& symbol) {
  static const std::regex emitted(
      "__tsan_(init|func_entry|func_exit|vptr_read|vptr_update|memcpy|memmove|memset"
      "|(unaligned_)?(volatile_)?(read|write|read_write)(1|2|4|8|16)|(read|write)_range"
      "|atomic(8|16|32|64|128)_(load|store|exchange|fetch_[a-z]+|compare_exchange_[a-z]+)|atomic_(thread|signal)_fence)"
      "|__asan_(init|version_mismatch_check_v[0-9]+|(un)?register_(elf_)?globals|(before|after)_dynamic_init"
      "|handle_no_return|memcpy|memmove|memset|option_detect_stack_use_after_return"
      "|report_(load|store)(_n|[0-9]+)|(load|store)(N|[0-9]+)|set_shadow_[0-9a-f]{2}"
      "|stack_(malloc|free)(_always)?_[0-9]+|alloca_poison|allocas_unpoison|(un)?poison_stack_memory"
      "|(poison|load)_cxx_array_cookie|shadow_memory_dynamic_address)"
      "|__(start|stop)_asan_globals"
      "|__ubsan_(handle_[a-z0-9_]+|vptr_type_cache)");
  return std::regex_match(symbol, emitted);
}

// C functions and objects that a session manager may use, by itself or, as most, through the C++ library's inline
// functions. `syscall` is among the latter (std::atomic::wait, std::latch, semaphores): the source may not name it, and
// the sandbox holds it to futex.
const Names& harmless_c() {
  static const Names names = {
      // the C++ runtime
      "_Unwind_Resume", "__cxa_allocate_exception", "__cxa_atexit", "__cxa_bad_cast", "__cxa_bad_typeid",
      "__cxa_begin_catch", "__cxa_deleted_virtual", "__cxa_end_catch", "__cxa_free_exception", "__cxa_guard_abort",
      "__cxa_guard_acquire", "__cxa_guard_release", "__cxa_init_primary_exception", "__cxa_pure_virtual",
      "__cxa_rethrow", "__cxa_thread_atexit", "__cxa_throw", "__cxa_throw_bad_array_new_length", "__dso_handle",
      "__dynamic_cast", "__gcc_personality_v0", "__gxx_personality_v0", "__libc_single_threaded", "__once_proxy",
      "__tls_get_addr", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "__emutls_get_address",
      // arithmetic of 128 bits, and atomics of more
      "__udivti3", "__divti3", "__umodti3", "__modti3", "__muloti4", "__fixunsdfti", "__fixdfti", "__floattidf",
      "__floatuntidf", "__atomic_load", "__atomic_store", "__atomic_exchange", "__atomic_compare_exchange",
      "__atomic_is_lock_free", "__atomic_load_16", "__atomic_store_16", "__atomic_exchange_16",
      "__atomic_compare_exchange_16", "__atomic_fetch_add_16", "__atomic_fetch_sub_16",
      // threads
      "pthread_mutex_lock", "pthread_mutex_trylock", "pthread_mutex_timedlock", "pthread_mutex_clocklock",
      "pthread_mutex_unlock", "pthread_mutex_init", "pthread_mutex_destroy", "pthread_mutexattr_init",
      "pthread_mutexattr_settype", "pthread_mutexattr_destroy", "pthread_cond_init", "pthread_cond_destroy",
      "pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_clockwait", "pthread_cond_signal",
      "pthread_cond_broadcast", "pthread_rwlock_init", "pthread_rwlock_destroy", "pthread_rwlock_rdlock",
      "pthread_rwlock_tryrdlock", "pthread_rwlock_timedrdlock", "pthread_rwlock_clockrdlock", "pthread_rwlock_wrlock",
      "pthread_rwlock_trywrlock", "pthread_rwlock_timedwrlock", "pthread_rwlock_clockwrlock", "pthread_rwlock_unlock",
      "pthread_once", "pthread_self", "pthread_equal", "pthread_create", "pthread_join", "pthread_detach",
      "__pthread_key_create", "sched_yield", "syscall", "nanosleep", "clock_nanosleep", "sem_init", "sem_destroy",
      "sem_wait", "sem_trywait", "sem_timedwait", "sem_clockwait", "sem_post",
      // memory and strings
      "malloc", "calloc", "realloc", "free", "aligned_alloc", "memchr", "memcmp", "bcmp", "memcpy", "memmove", "memset",
      "memrchr", "strcat", "strchr", "strcmp", "strcoll", "strcpy", "strcspn", "strerror", "strlen", "strncat",
      "strncmp", "strncpy", "strnlen", "strpbrk", "strrchr", "strspn", "strstr", "strxfrm", "wmemchr", "wmemcmp",
      "wmemcpy", "wmemmove", "wmemset", "wcslen", "isalnum", "isalpha", "isdigit", "islower", "isprint", "ispunct",
      "isspace", "isupper", "isxdigit", "tolower", "toupper", "__ctype_b_loc", "__ctype_tolower_loc",
      "__ctype_toupper_loc", "atoi", "atol", "atoll", "atof", "strtol", "strtoll", "strtoul", "strtoull", "strtof",
      "strtod", "strtold", "__isoc23_strtol", "__isoc23_strtoll", "__isoc23_strtoul", "__isoc23_strtoull",
      // output, which nobody reads for results
      "printf", "fprintf", "snprintf", "sprintf", "vprintf", "vfprintf", "vsnprintf", "puts", "fputs", "putchar",
      "putc", "fputc", "fwrite", "fflush", "perror", "stdout", "stderr", "__printf_chk", "__fprintf_chk",
      "__snprintf_chk", "__sprintf_chk", "__vsnprintf_chk", "sscanf", "__isoc99_sscanf", "__isoc23_sscanf",
      // time
      "time", "clock", "clock_gettime", "difftime", "gmtime", "gmtime_r", "localtime", "localtime_r", "mktime",
      "timegm", "strftime", "asctime", "ctime",
      // the rest
      "__assert_fail", "__errno_location", "abs", "labs", "llabs", "div", "ldiv", "lldiv", "rand", "srand", "rand_r",
      "qsort", "bsearch"};
  return names;
}

bool is_arithmetic(const std::string& symbol) {
  static const std::regex functions(
      "(a?(sin|cos|tan)h?|atan2|exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|hypot|floor|ceil|round|trunc|rint"
      "|nearbyint|lround|llround|lrint|llrint|fmod|remainder|fabs|fmin|fmax|fma|fdim|frexp|ldexp|modf|scalbn|nextafter"
      "|copysign|erf|erfc|tgamma|lgamma)[fl]?");
  return std::regex_match(symbol, functions);
}

// Parts of the C++ library that reach beyond the program, or change it for all.
const Names& harmful_cpp() {
  static const Names names = {"std::filesystem",      "std::basic_filebuf",   "std::basic_ifstream",
                              "std::basic_ofstream",  "std::basic_fstream",   "std::__basic_file",
                              "__gnu_cxx::stdio_",    "std::set_terminate(",  "std::set_new_handler(",
                              "std::set_unexpected(", "std::locale::global(", "std::experimental"};
  return names;
}

std::string needed_because(const std::string& symbol) {
  static const std::map<std::string_view, std::string_view> because = [] {
    std::map<std::string_view, std::string_view> all;
    for (const char* name :
         {"exit", "_exit", "_Exit", "quick_exit", "abort", "atexit", "at_quick_exit", "raise", "__cxa_at_quick_exit",
          "longjmp", "_longjmp", "siglongjmp", "__longjmp_chk", "pthread_exit"})
      all[name] = "ends the program or its thread; return an error instead";
    for (const char* name : {"fork",         "vfork",  "clone",   "execv",   "execve",  "execvp", "execl",
                             "execlp",       "execle", "execvpe", "fexecve", "system",  "popen",  "posix_spawn",
                             "posix_spawnp", "kill",   "tgkill",  "killpg",  "waitpid", "wait"})
      all[name] = "has to do with other processes; a session manager has none";
    for (const char* name :
         {"open",    "open64",      "openat",    "creat",  "read",     "write",  "close",   "fopen", "fopen64",
          "fdopen",  "freopen",     "freopen64", "fclose", "unlink",   "remove", "rename",  "mkdir", "rmdir",
          "opendir", "readlink",    "fread",     "fgets",  "getc",     "fgetc",  "getline", "dup",   "dup2",
          "dup3",    "close_range", "closefrom", "mmap",   "mprotect", "munmap"})
      all[name] = "reads or writes what lies outside; a session manager has its database";
    for (const char* name : {"socket", "connect", "bind", "listen", "accept", "send", "sendto", "recv", "getaddrinfo"})
      all[name] = "is of the network; a session manager has its database";
    for (const char* name : {"signal", "sigaction", "bsd_signal", "sigprocmask", "pthread_sigmask", "pthread_kill",
                             "alarm", "setitimer", "setjmp", "_setjmp", "__sigsetjmp"})
      all[name] = "has to do with signals or jumps; a session manager needs neither";
    for (const char* name : {"getenv", "secure_getenv", "setenv", "putenv", "environ", "__environ", "getpid", "getppid",
                             "getuid", "sysconf", "dl_iterate_phdr", "dladdr", "dlsym", "dlopen", "prctl", "ptrace",
                             "personality", "gettid", "program_invocation_name"})
      all[name] = "asks or changes where the program runs; write code that is the same everywhere";
    return all;
  }();
  const auto found = because.find(symbol);
  if (found != because.end()) return fmt::format("it needs {}, which {}", symbol, found->second);
  if (symbol.starts_with("__tsan") || symbol.starts_with("__asan") || symbol.starts_with("__ubsan") ||
      symbol.starts_with("__lsan") || symbol.starts_with("__sanitizer") || symbol.starts_with("Annotate"))
    return fmt::format("it needs {}, by which a program tells a sanitizer what to see; leave it out", symbol);
  return fmt::format("it needs {}, which is not among the functions that a session manager may use", demangled(symbol));
}

// The sanitizer whose names begin so, or "".
std::string sanitizer_of(const std::string& symbol) {
  static const std::vector<std::pair<std::string_view, std::string>> sanitizers = {
      {"__tsan", "ThreadSanitizer"},
      {"Annotate", "ThreadSanitizer"},
      {"__asan", "AddressSanitizer"},
      {"__lsan", "LeakSanitizer"},
      {"__ubsan", "UBSan"},
      {"__sanitizer", "every sanitizer"},
      {"__interceptor", "every sanitizer"}};
  for (const auto& [prefix, name] : sanitizers) {
    if (symbol.starts_with(prefix)) return name;
  }
  return "";
}

bool is_made_by_compiler(const std::string& symbol) {
  static const Names names = {"__clang_call_terminate", "asan.module_ctor", "asan.module_dtor", "tsan.module_ctor",
                              "__asan_globals_registered"};
  return names.contains(symbol) || symbol.starts_with("DW.ref.") || symbol.starts_with("__odr_asan_gen_");
}

}  // namespace

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 && text ? text.get() : symbol;
}

std::optional<std::string> objection_to_needed(const std::string& symbol, const SymbolNames& common) {
  if (harmless_c().contains(symbol) || is_arithmetic(symbol) || is_emitted_by_sanitizers(symbol)) return std::nullopt;
  if (!symbol.starts_with("_Z")) return needed_because(symbol);
  if (is_allocation(symbol)) return std::nullopt;

  const std::vector<std::string> parts = parts_of(symbol);
  if (parts.empty()) return is_typeinfo(symbol) ? std::nullopt : std::optional(needed_because(symbol));
  if (parts[0] == "std" || parts[0] == "__gnu_cxx" || parts[0] == "__cxxabiv1") {
    const std::string name = demangled(symbol);
    for (const std::string_view harmful : harmful_cpp()) {
      if (name.find(harmful) != std::string::npos) return needed_because(symbol);
    }
    return std::nullopt;
  }
  if (is_judges(parts)) return needed_because(symbol);
  if (parts[0] == "lab" && parts.size() == 2 && (parts[1] == "SqliteDatabase" || parts[1] == "FaultyDatabase"))
    return fmt::format("it needs {}; use the database that the manager is given", demangled(symbol));
  if (common.contains(symbol)) return std::nullopt;
  return fmt::format("it needs {}, which neither it nor common/ defines", demangled(symbol));
}

std::optional<std::string> objection_to_defined(const std::string& symbol, bool weak, const SymbolNames& common) {
  if (is_made_by_compiler(symbol)) return std::nullopt;
  if (const std::string sanitizer = sanitizer_of(symbol); !sanitizer.empty())
    return fmt::format("it defines {}, which could silence {}", symbol, sanitizer);
  if (symbol == "main") return "it defines main; the tests bring their own";
  if (!symbol.starts_with("_Z"))
    return fmt::format(
        "it defines {} as C does, and every part of the program would use that; put it into namespace lab", symbol);
  // The placement forms are inline functions of <new>.
  static const Names placement = {"_ZnwmPv", "_ZnamPv", "_ZdlPvS_", "_ZdaPvS_"};
  if (is_allocation(symbol) && !(weak && placement.contains(symbol)))
    return fmt::format("it defines {}, which every part of the program would use; use an allocator of your own",
                       demangled(symbol));
  const std::vector<std::string> parts = parts_of(symbol);
  if (common.contains(symbol))
    return fmt::format("it defines {}, which common/ defines already; choose another name", demangled(symbol));
  if (is_judges(parts))
    return fmt::format("it defines {} in a namespace that the judges use; choose another one", demangled(symbol));
  static const Names libraries = {"fmt", "nlohmann", "Catch", "__cxxabiv1", "__gnu_cxx", "std", "tl"};
  const std::string scope = parts.empty() ? "" : parts[0];
  const bool template_or_inline = weak && (scope == "std" || scope == "__gnu_cxx" || scope == "tl");
  if (!template_or_inline && (libraries.contains(scope) || scope.starts_with("__")))
    return fmt::format("it defines {} in a library's namespace; put it into namespace lab", demangled(symbol));
  return std::nullopt;
}

}  // namespace lab::grader
