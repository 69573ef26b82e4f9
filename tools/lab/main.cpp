// What ./lab hands over to once everything is installed and built.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/lab/bench.hpp"
#include "tools/lab/commands.hpp"
#include "tools/lab/compile.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/explore.hpp"
#include "tools/lab/grade.hpp"
#include "tools/lab/serve.hpp"

using namespace lab::cli;

namespace {

Context find_context() {
  const char* root = std::getenv("RACELAB_ROOT");  // ./lab sets it
  return {root != nullptr ? std::filesystem::path(root) : std::filesystem::current_path()};
}

// A compiler's command line is no business of ours but for --help.
int run_compiler(Language language, const std::vector<std::string>& words) {
  if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h")) {
    print_compile_help(language);
    return passed;
  }
  return compile(language, words);
}

// The program and its arguments come last, and what follows the program's name belongs to it.
void add_program(CLI::App& command, ProgramOptions& options) {
  command.prefix_command();
  command.add_option("--stdin", options.input, "what the program reads (default: what the command itself is given)")
      ->check(CLI::ExistingFile);
  command.add_option("--json", options.json, "write the report to this file as well");
  CLI::Option* const timeline =
      command.add_option("--timeline", options.timeline, "write the run to this file as a page to step through");
  command.add_flag("--play", options.play, "... and to play in: you pick who goes on")->needs(timeline);
  command.add_option("--width", options.width, "columns of the text (default: the terminal's)")
      ->check(CLI::Range(40, 1000));
}

Status no_program(std::string_view command) {
  fmt::print(stderr, "lab: {} needs a program: ./lab {} --help\n", command, command);
  return usage;
}

class ExploreCommand {
public:
  explicit ExploreCommand(CLI::App& app)
      : command_(*app.add_subcommand("explore", "find a schedule under which a program fails")) {
    using lab::explorer::Method;
    const std::map<std::string, Method> methods = {{"alternating", Method::alternating},
                                                   {"deviations", Method::deviations},
                                                   {"preemptions", Method::preemptions},
                                                   {"random", Method::uniform},
                                                   {"pos", Method::pos},
                                                   {"pct", Method::pct}};
    command_
        .add_option("--strategy", options_.method, "alternating (default), deviations, preemptions, random, pos or pct")
        ->transform(CLI::Transformer(methods, CLI::ignore_case))
        ->option_text("NAME");
    command_.add_option("--bound", bound_, "of the systematic search: a number, or none (default: 3)")->type_name("N");
    command_.add_option("--runs", options_.runs, "at most")->check(CLI::PositiveNumber)->capture_default_str();
    command_.add_option("--time", seconds_, "seconds, at most")->check(CLI::PositiveNumber)->capture_default_str();
    command_.add_option("--samples", options_.samples, "runs by sampling, at least, before \"nothing found\"")
        ->capture_default_str();
    command_.add_option("--seed", options_.seed, "of the sampling, and of what the program gets as random")
        ->capture_default_str();
    command_.add_option("--depth", options_.depth, "of pct")->check(CLI::Range(1, 32))->capture_default_str();
    command_.add_option("--steps", options_.steps, "points in a run, at most")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command_.add_option("--status", status_, "the exit status that is right, or any")->capture_default_str();
    command_.add_flag_callback(
        "--no-timeouts", [this] { options_.time_outs = false; }, "a time-out fires only where nothing else can run");
    command_.add_flag_callback(
        "--no-spurious", [this] { options_.spurious = false; }, "no wait on a condition variable ends for nothing");
    command_.add_flag_callback(
        "--no-races", [this] { options_.races = false; }, "a data race alone is no failure");
    command_.add_flag("--every-access", options_.every_access, "each access to memory is a point (slow)");
    command_.add_flag_callback(
        "--no-reduce", [this] { options_.reduce = false; }, "run schedules too that only reorder independent steps");
    add_program(command_, program_);
    command_.footer(
        "PROGRAM [ARGUMENTS...] follow the options.\n"
        "Exit status: 0 passed, 1 failed, 2 usage, 3 could not judge. docs/reference/explorer.md has the details.");
  }

  bool chosen() const { return static_cast<bool>(command_); }

  Status run() {
    program_.words = command_.remaining();
    if (program_.words.empty()) return no_program("explore");
    if (const auto bound = number(bound_, "none", lab::explorer::no_bound)) {
      options_.bound = *bound;
    } else {
      return wrong("--bound", bound_, "none");
    }
    if (const auto status = number(status_, "any", any_status)) {
      options_.exit_status = *status == any_status ? -1 : static_cast<int>(*status);
    } else {
      return wrong("--status", status_, "any");
    }
    options_.time = std::chrono::milliseconds(static_cast<std::int64_t>(seconds_ * 1000));
    return explore_program(program_, options_);
  }

private:
  static constexpr unsigned any_status = 1'000'000;

  static std::optional<unsigned> number(const std::string& text, std::string_view word, unsigned value_of_word) {
    if (text == word) return value_of_word;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value >= any_status) return std::nullopt;
    return value;
  }

  static Status wrong(std::string_view option, std::string_view text, std::string_view word) {
    fmt::print(stderr, "lab: {} {}: neither a number nor \"{}\"\n", option, text, word);
    return usage;
  }

  CLI::App& command_;
  lab::explorer::Options options_;
  ProgramOptions program_;
  double seconds_ = 30;
  std::string bound_ = "3";
  std::string status_ = "0";
};

class ReplayCommand {
public:
  explicit ReplayCommand(CLI::App& app)
      : command_(*app.add_subcommand("replay", "run one schedule again, step by step")) {
    add_program(command_, program_);
    command_.footer(
        "SCHEDULE PROGRAM [ARGUMENTS...] follow the options; a report ends with them. Or a schedule alone, "
        "01.1/lab1-...,\n"
        "of a claim on the working copy, as ./lab check prints it.\n"
        "Exit status: 1 it fails again, 0 it passes, 2 usage (a schedule of another build, say), 3 it ended in "
        "another\n"
        "way than the recorded one.");
  }

  bool chosen() const { return static_cast<bool>(command_); }

  Status run(const Context& context) {
    std::vector<std::string> words = command_.remaining();
    if (words.size() == 1 && is_of_claim(words[0])) return replay_claim(context, words[0], program_);
    if (words.size() < 2) {
      fmt::print(stderr,
                 "lab: replay needs a schedule: ./lab replay 01.1/lab1-... as ./lab check prints it, or ./lab replay "
                 "lab1-... PROGRAM\n");
      return usage;
    }
    program_.words.assign(words.begin() + 1, words.end());
    return replay_program(program_, words[0]);
  }

private:
  CLI::App& command_;
  ProgramOptions program_;
};

class GradeCommand {
public:
  explicit GradeCommand(CLI::App& app) : command_(*app.add_subcommand("grade", "judge one submission")) {
    using lab::grader::formats::Visibility;
    command_
        .add_option("path", options_.path, "a folder or an archive with session_manager.hpp and session_manager.cpp")
        ->required();
    lab::cli::GradeFiles& files = options_.files;
    command_.add_option("--json", files.json, "write the report to this file");
    command_.add_option("--html", files.html, "... as a page to read offline");
    command_.add_option("--timelines", files.timelines,
                        "write each failing schedule to this folder as a page to step through");
    command_.add_option("--junit", files.junit, "... as JUnit XML");
    command_.add_option("--sarif", files.sarif, "... as SARIF 2.1.0");
    command_.add_option("--gradescope", files.gradescope, "... as Gradescope's results.json");
    command_.add_option("--prairielearn", files.prairielearn, "... as PrairieLearn's results.json");
    command_.add_flag("--autolab", files.autolab, "end with the line of scores that Autolab reads");
    const std::map<std::string, Visibility> visibilities = {{"visible", Visibility::visible},
                                                            {"hidden", Visibility::hidden},
                                                            {"after_due_date", Visibility::after_due_date},
                                                            {"after_published", Visibility::after_published}};
    command_
        .add_option("--visibility", options_.gradescope.visibility,
                    "of Gradescope's tests: visible (default), hidden, after_due_date or after_published")
        ->transform(CLI::Transformer(visibilities))
        ->option_text("NAME");
    command_.add_flag("--by-claim", options_.gradescope.by_claim, "a test of Gradescope's for each claim");
    command_.add_option("--seed", options_.seed, "of what is drawn (default: another each time)");
    command_.add_option("--workers", options_.workers, "processes at once (default: the machine's processors)");
    command_.add_option("--replay", options_.replay, "instead: run this schedule again, 01.1/lab1-... of a report");
    command_.footer("Exit status: 0 all points, 1 not all, 2 usage, 3 could not judge. docs/guide/instructors.md.");
  }
  bool chosen() const { return static_cast<bool>(command_); }
  Status run(const Context& context) { return grade(context, options_); }

private:
  CLI::App& command_;
  GradeCommandOptions options_;
};

class ServeCommand {
public:
  explicit ServeCommand(CLI::App& app)
      : command_(*app.add_subcommand("serve", "the web application over buggy, fixed or your copy")) {
    command_.add_option("--impl", options_.implementation, "buggy, fixed or work, the working copy")
        ->check(CLI::IsMember({"buggy", "fixed", "work"}))
        ->capture_default_str();
    add("--framework", "httplib (default), beast or poco")->check(CLI::IsMember({"httplib", "beast", "poco"}));
    add("--port", "to listen on (default: 8080); 0: the system chooses")->check(CLI::Range(0, 65535));
    add("--address", "to listen on (default: 127.0.0.1, this machine alone)");
    add("--cleanup-seconds", "between two passes of the cleanup worker (default: 300)");
    command_.add_option("--database", options_.database,
                        "the SQLite file of the sessions (default: build/serve/IMPL.sqlite)");
    command_.add_flag_callback(
        "--trust-proxy", [this] { options_.more.emplace_back("--trust-proxy"); },
        "believe X-Forwarded-Proto, because a proxy of yours sets it");
    command_.add_flag_callback(
        "--faults", [this] { options_.more.emplace_back("--faults"); },
        "the document's database: fetches take 10 ms, half of the purges fail");
    command_.add_option(
        "--lose", options_.lose,
        "instead: update one session of the server at this address from ten clients at once, and count");
    command_.footer(
        "Ends on SIGINT and SIGTERM, when requests under way are answered. Exit status: 0 so, 2 usage, 3 it could not "
        "serve.\n"
        "With --lose: 0 nothing was lost, 1 something was, 3 nobody answers. docs/guide/serve.md has the details.");
  }
  bool chosen() const { return static_cast<bool>(command_); }
  Status run(const Context& context) {
    if (options_.lose.empty() && command_.count("--port") == 0)
      options_.more.insert(options_.more.end(), {"--port", "8080"});
    return serve(context, options_);
  }

private:
  // One that is handed on as it is.
  CLI::Option* add(const std::string& name, const std::string& what) {
    return command_.add_option_function<std::string>(
        name,
        [this, name](const std::string& value) {
          options_.more.insert(options_.more.end(), {name, value});
        },
        what);
  }

  CLI::App& command_;
  ServeOptions options_;
};

int run(int argc, char** argv) {
  if (argc > 1 && (std::string(argv[1]) == "cc" || std::string(argv[1]) == "cxx"))
    return run_compiler(std::string(argv[1]) == "cc" ? Language::c : Language::cxx, {argv + 2, argv + argc});

  CLI::App app("A lab for concurrency bugs: a session manager, buggy and fixed, under one suite of claims.", "lab");
  app.require_subcommand(1);
  app.footer("Exit status: 0 passed, 1 failed, 2 usage, 3 could not judge.");

  DemoOptions demo_options;
  CLI::App* demo_command =
      app.add_subcommand("demo", "run the document's samples on buggy beside fixed, and explain one bug");
  demo_command->add_option("--rounds", demo_options.rounds, "how often to run each sample")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  demo_command->add_option("--json", demo_options.json, "write the figures to this file as well");
  demo_command->add_option("--timeline", demo_options.timeline,
                           "write the explained bug to this folder as pages to step through and play in: buggy.html, "
                           "fixed.html");

  TestOptions test_options;
  CLI::App* test_command = app.add_subcommand("test", "build and test everything, with and without sanitizers");
  test_command->add_flag("--thorough", test_options.thorough,
                         "then repeat the suite on fixed, 200 times in release and 20 times under ThreadSanitizer, and "
                         "the explorer's tests with their full counts");

  CLI::App* start_command = app.add_subcommand("start", "make the working copy, exercises/work/");
  CLI::App* reset_command = app.add_subcommand("reset", "make a new working copy; the old one is kept as work.N/");

  CheckOptions check_options;
  const auto add_check = [&](const std::string& name, const std::string& what) {
    CLI::App* command = app.add_subcommand(name, what);
    command->add_option("exercise", check_options.which,
                        "01 to 12, or all (default: those that were green, and the first that is not)");
    command->add_option("--width", check_options.width, "columns of the text (default: the terminal's)")
        ->check(CLI::Range(40, 1000));
    return command;
  };
  CLI::App* check_command = add_check("check", "build the working copy and judge it");
  check_command->add_option("--json", check_options.json, "write the report to this file as well");
  CLI::Option* const check_timeline = check_command->add_option(
      "--timeline", check_options.timeline, "write the failing schedule to this file as a page to step through");
  check_command->add_flag("--play", check_options.play, "... and to play in, even if nothing fails")
      ->needs(check_timeline);
  CLI::App* watch_command = add_check("watch", "check now, and again at each save");

  HintOptions hint_options;
  CLI::App* hint_command = app.add_subcommand("hint", "the next hint for an exercise");
  hint_command->add_option("exercise", hint_options.exercise, "01 to 12 (default: the first that is not green)");
  hint_command->add_option("--number", hint_options.number, "this one, and not the next")->check(CLI::PositiveNumber);

  CLI::App* list_command = app.add_subcommand("list", "the ladder of exercises, and where you stand");

  app.add_subcommand("cc", "compile a C program for the explorer (./lab cc --help)");
  app.add_subcommand("cxx", "compile a C++ program for the explorer (./lab cxx --help)");

  ExploreCommand explore_command(app);
  ReplayCommand replay_command(app);

  GradeCommand grade_command(app);

  GradeClassOptions class_options;
  CLI::App* class_command = app.add_subcommand("grade-class", "judge a folder of submissions");
  class_command->add_option("folder", class_options.folder, "each submission is a folder or an archive in it")
      ->required();
  class_command->add_option("--out", class_options.out, "where reports and pages go (default: FOLDER-grades)");
  class_command->add_option("--workers", class_options.workers,
                            "submissions at once (default: the machine's processors)");
  class_command->add_flag("--again", class_options.again, "grade all anew, and say what changed");
  class_command->footer(
      "Ended at any moment, it goes on where it was. Exit status: 0 all points, 1 not all, 2 usage, 3 some could not "
      "be "
      "judged.");

  ServeCommand serve_command(app);

  BenchOptions bench_options;
  CLI::App* bench_command = app.add_subcommand("bench", "measure the explorer, with what there is to compare it with");
  bench_command->add_option("--json", bench_options.json, "write the figures to this file as well");
  bench_command->add_option("--seconds", bench_options.seconds, "to measure each repetition for, at least")
      ->capture_default_str();
  bench_command->add_option("--repetitions", bench_options.repetitions, "of each figure; the median counts")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? passed : usage;
  }
  const Context context = find_context();
  if (serve_command.chosen()) return serve_command.run(context);
  if (grade_command.chosen()) return grade_command.run(context);
  if (*class_command) return grade_class(context, class_options);
  if (*demo_command) return demo(context, demo_options);
  if (*bench_command) return bench(context, bench_options);
  if (explore_command.chosen()) return explore_command.run();
  if (replay_command.chosen()) return replay_command.run(context);
  if (*start_command) return start(context);
  if (*reset_command) return reset(context);
  if (*check_command) return check(context, check_options);
  if (*watch_command) return watch(context, check_options);
  if (*hint_command) return hint(context, hint_options);
  if (*list_command) return list(context);
  return test(context, test_options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "lab: {}\n", error.what());
    return could_not_judge;
  }
}
