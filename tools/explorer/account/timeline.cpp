#include "tools/explorer/account/timeline.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "tools/explorer/account/kinds.hpp"
#include "tools/explorer/account/mistake.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

using nlohmann::json;

// Lines shown above and below one that a step is on.
constexpr int lines_around = 4;

// Memory in pieces that are touched as a whole or not at all: a number for each, so that a page can follow who wrote
// what without knowing addresses.
class Cells {
public:
  void see(const std::vector<ExplainedStep>& steps) {
    for (const ExplainedStep& step : steps)
      for (const Deed& deed : step.deeds)
        for (const Touched& touched : deed.touched) cuts_.insert({touched.address, touched.address + touched.size});
  }

  json of(const Deed& deed) {
    std::set<std::size_t> numbers;
    for (const Touched& touched : deed.touched) {
      const auto end = cuts_.lower_bound(touched.address + touched.size);
      for (auto at = cuts_.lower_bound(touched.address); at != end; ++at)
        numbers.insert(numbers_.try_emplace(*at, numbers_.size()).first->second);
    }
    return numbers;
  }

private:
  std::set<std::uint64_t> cuts_;
  std::map<std::uint64_t, std::size_t> numbers_;  // by where they begin
};

class Files {
public:
  explicit Files(Names& names) : names_(names) {}

  // The number of a place, or null for none.
  json of(const Place& place) {
    if (place.file.empty()) return nullptr;
    const auto [file, is_new] = files_.try_emplace(place.file);
    if (is_new) {
      file->second.number = order_.size();
      order_.push_back(place.file);
    }
    for (int line = std::max(place.line - lines_around, 1); line <= place.line + lines_around; ++line)
      file->second.lines.insert(line);
    json entry = {file->second.number, place.line, clean(place.function)};
    const auto [number, is_first] = numbers_.try_emplace(entry.dump(), places_.size());
    if (is_first) places_.push_back(std::move(entry));
    return number->second;
  }

  const json& places() const { return places_; }

  json files() {
    json entries = json::array();
    for (const std::string& path : order_) {
      json lines = json::object();
      for (const int line : files_[path].lines) {
        const std::string text = clean(names_.indented_line(path, line));
        if (!text.empty()) lines[std::to_string(line)] = text;
      }
      const std::size_t slash = path.find_last_of('/');
      entries.push_back({{"name", clean(path.substr(slash == std::string::npos ? 0 : slash + 1))},
                         {"path", clean(path)},
                         {"lines", std::move(lines)}});
    }
    return entries;
  }

private:
  struct File {
    std::size_t number = 0;
    std::set<int> lines;
  };
  Names& names_;
  std::map<std::string, File> files_;
  std::vector<std::string> order_;
  json places_ = json::array();
  std::map<std::string, std::size_t> numbers_;
};

json or_null(const std::optional<Source>& source) { return source ? json(source->step) : json(); }

class Writer {
public:
  explicit Writer(Names& names) : files_(names) {}

  void see(const std::vector<ExplainedStep>& steps) {
    cells_.see(steps);
    for (const ExplainedStep& step : steps) threads_.insert(step.thread);
  }

  // `apart`: a step that belongs to many runs, and so names no other.
  json step(const ExplainedStep& step, bool apart = false) {
    json entry = {{"thread", step.thread}, {"place", files_.of(step.place)}, {"text", clean(step.text)}};
    if (step.aside) entry["aside"] = true;
    json deeds = json::array();
    for (const Deed& one : step.deeds) {
      deeds.push_back(deed(one, apart));
      if (step.aside) deeds.back().erase("told");
    }
    entry["deeds"] = std::move(deeds);
    json holds = json::array();
    for (const Held& held : step.holds) holds.push_back({{"lock", clean(held.lock)}, {"shared", held.shared}});
    entry["holds"] = std::move(holds);
    if (step.failing) entry["failing"] = true;
    if (step.takes_over) entry["takes_over"] = true;
    if (step.preempts) entry["preempts"] = true;
    if (step.times > 1) {
      entry["block"] = step.block;
      entry["times"] = step.times;
    }
    return entry;
  }

  json steps(const std::vector<ExplainedStep>& all) {
    json entries = json::array();
    for (const ExplainedStep& one : all) entries.push_back(step(one));
    return entries;
  }

  json threads() const {
    json entries = json::array();
    for (const std::uint16_t thread : threads_) entries.push_back({{"id", thread}, {"name", thread_name(thread)}});
    return entries;
  }
  json places() const { return files_.places(); }
  json files() { return files_.files(); }

private:
  json deed(const Deed& deed, bool apart) {
    Deed told = deed;
    if (apart) {
      told.written_by.reset();
      told.overwrites.reset();
      told.last_read.reset();
    }
    json entry = {{"operation", operation_name(told.operation)}, {"told", clean(sentence(told))}};
    if (!told.object.empty()) entry["object"] = clean(told.object);
    if (told.value) entry["value"] = value_text(*told.value, told.size);
    if (is_memory(told.operation)) {
      const bool updates = told.operation == Operation::atomic_update && told.succeeded;
      const bool writes = updates || told.operation == Operation::write || told.operation == Operation::atomic_store;
      json cells = cells_.of(told);
      if (updates || !writes) entry["reads"] = cells;
      if (writes) entry["writes"] = std::move(cells);
    }
    if (told.words > 0) entry["words"] = told.words;
    if (told.written_by) entry["written_by"] = or_null(told.written_by);
    if (told.overwrites) entry["overwrites"] = or_null(told.overwrites);
    if (told.last_read) entry["last_read"] = or_null(told.last_read);
    if (told.waiting) entry["waiting"] = true;
    if (told.holder) entry["holder"] = *told.holder;
    if (told.times > 1) {
      entry["block"] = told.block;
      entry["times"] = told.times;
    }
    return entry;
  }

  Files files_;
  Cells cells_;
  std::set<std::uint16_t> threads_ = {0};
};

json sentences(const std::vector<std::string>& all) {
  json entries = json::array();
  for (const std::string& one : all) entries.push_back(clean(one));
  return entries;
}

json mistake_json(const Report& report) {
  if (!report.explanation) return nullptr;
  const std::optional<Mistake> mistake = mistake_in(*report.explanation, report.verdict);
  if (!mistake) return nullptr;
  constexpr std::string_view kinds[] = {"lost_update", "race", "circle", "freed", "failure"};
  const auto number = [](const std::optional<std::size_t>& step) { return step ? json(*step) : json(); };
  return {{"kind", kinds[static_cast<std::size_t>(mistake->kind)]},
          {"step", mistake->step},
          {"look", number(mistake->look)},
          {"change", number(mistake->change)},
          {"what", clean(mistake->what)},
          {"believed", sentences(mistake->believed)},
          {"was_true", sentences(mistake->was_true)}};
}

json right_json(const RightOrder* right, const Report& report, Writer& writer) {
  if (right == nullptr) return nullptr;
  json entry = {{"how", clean(right->how)}, {"steps", nullptr}};
  if (!right->explanation) return entry;
  entry["steps"] = writer.steps(right->explanation->steps);
  entry["preemptions"] = right->preemptions;
  entry["deviations"] = right->deviations;
  entry["races"] = right->races;
  // As far as both orders are the same.
  std::size_t same = 0;
  if (report.explanation) {
    const auto& a = report.explanation->steps;
    const auto& b = right->explanation->steps;
    while (same < a.size() && same < b.size() && a[same].thread == b[same].thread && a[same].place == b[same].place)
      ++same;
  }
  entry["same"] = same;
  return entry;
}

std::string_view act_name(Act act) {
  constexpr std::string_view names[] = {"run", "time_out", "spurious", "choose"};
  return names[static_cast<std::size_t>(act)];
}

// Edges name their steps by number: most stand on many edges.
class PlayWriter {
public:
  explicit PlayWriter(Writer& writer) : writer_(writer) {}

  json write(const PlayTree& tree) {
    json nodes = json::array();
    for (const PlayNode& node : tree.nodes) {
      json choices = json::array();
      for (const PlayEdge& one : node.edges) choices.push_back(edge(one));
      nodes.push_back({{"running", node.running}, {"could_go_on", node.could_go_on}, {"choices", std::move(choices)}});
    }
    json leaves = json::array();
    for (const PlayLeaf& leaf : tree.leaves) {
      // What ends well and races is a data race to whoever judges the program.
      const bool races = leaf.verdict == Verdict::passed && !leaf.races.empty();
      leaves.push_back({{"verdict", verdict_word(leaf.verdict)},
                        {"title", verdict_title(leaf.verdict)},
                        {"what", clean(leaf.what)},
                        {"by_lost_update", may_be_lost_update(races ? Verdict::data_race : leaf.verdict)},
                        {"races", sentences(leaf.races)},
                        {"waits", sentences(leaf.waits)}});
    }
    json start = edge(tree.start);
    return {{"schema", 1},
            {"complete", tree.complete},
            {"bound", tree.bound},
            {"runs", tree.runs},
            {"orders", tree.orders},
            {"failing", tree.failing},
            {"racing", tree.racing},
            {"limit", clean(tree.limit)},
            {"steps", std::move(steps_)},
            {"start", std::move(start)},
            {"nodes", std::move(nodes)},
            {"leaves", std::move(leaves)}};
  }

private:
  json edge(const PlayEdge& edge) {
    json entry = {{"thread", edge.alternative.thread}, {"act", act_name(edge.alternative.act)}};
    if (!edge.recorded) return entry;
    json numbers = json::array();
    for (const ExplainedStep& step : edge.steps) {
      json told = writer_.step(step, true);
      const auto [number, is_new] = numbers_.try_emplace(told.dump(), steps_.size());
      if (is_new) steps_.push_back(std::move(told));
      numbers.push_back(number->second);
    }
    entry["steps"] = std::move(numbers);
    if (edge.node) entry["node"] = *edge.node;
    if (edge.leaf) entry["leaf"] = *edge.leaf;
    return entry;
  }

  Writer& writer_;
  json steps_ = json::array();
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

json timeline_json(const Report& report, const RightOrder* right, const PlayTree* play, Names& names) {
  Writer writer(names);
  const bool failed = report.verdict != Verdict::passed;
  const bool tells = report.explanation && (failed || play == nullptr);
  if (tells) writer.see(report.explanation->steps);
  if (right != nullptr && right->explanation) writer.see(right->explanation->steps);
  if (play != nullptr) {
    writer.see(play->start.steps);
    for (const PlayNode& node : play->nodes)
      for (const PlayEdge& edge : node.edges) writer.see(edge.steps);
  }
  json timeline = {{"schema", 1},
                   {"title", clean(verdict_sentence(report))},
                   {"extent", clean(extent_sentence(report))},
                   {"replay", clean(replay_command(report))}};
  if (failed && is_judged(report.verdict) && !report.replay.empty())
    timeline["length"] = clean(length_sentence(report));
  timeline["steps"] = tells ? writer.steps(report.explanation->steps) : json();
  timeline["mistake"] = mistake_json(report);
  timeline["right"] = right_json(right, report, writer);
  timeline["play"] = play != nullptr ? PlayWriter(writer).write(*play) : json();
  timeline["threads"] = writer.threads();
  timeline["places"] = writer.places();
  timeline["files"] = writer.files();
  return timeline;
}

}  // namespace lab::explorer
