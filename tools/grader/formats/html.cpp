#include "tools/grader/formats/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace lab::grader::formats::html {

pugi::xml_node add(pugi::xml_node parent, const char* name, Attributes attributes) {
  pugi::xml_node made = parent.append_child(name);
  for (const auto& [key, value] : attributes) made.append_attribute(key).set_value(value.c_str());
  return made;
}

pugi::xml_node add(pugi::xml_node parent, const char* name, Attributes attributes, const std::string& text) {
  pugi::xml_node made = add(parent, name, attributes);
  add_text(made, text);
  return made;
}

void add_text(pugi::xml_node parent, const std::string& text) {
  parent.append_child(pugi::node_pcdata).set_value(text.c_str());
}

const char* sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "✓";
    case Verdict::failed:
      return "✗";
    case Verdict::skipped:
      return "–";
    case Verdict::could_not_judge:
      break;
  }
  return "?";
}

void add_badge(pugi::xml_node parent, Verdict verdict, const std::string& words) {
  static const char* const kinds[] = {"passed", "failed", "unjudged", "skipped"};
  pugi::xml_node badge = add(parent, "span", {{"class", fmt::format("badge {}", kinds[static_cast<int>(verdict)])}});
  add(badge, "span", {{"aria-hidden", "true"}}, sign_of(verdict));
  add_text(badge, " " + words);
}

void add_bar(pugi::xml_node parent, double share, const char* kind) {
  const double width = std::clamp(share, 0.0, 1.0) * 100;
  pugi::xml_node bar =
      add(parent, "svg",
          {{"class", "bar"}, {"viewBox", "0 0 100 8"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  add(bar, "rect", {{"class", "empty"}, {"width", "100"}, {"height", "8"}, {"rx", "2"}}, "");
  if (width > 0) {
    add(bar, "rect", {{"class", kind}, {"width", fmt::format("{:.1f}", width)}, {"height", "8"}, {"rx", "2"}}, "");
  }
}

Page::Page(const std::string& title) {
  pugi::xml_node root = add(document_, "html", {{"lang", "en"}});
  pugi::xml_node head = add(root, "head");
  add(head, "meta", {{"charset", "utf-8"}});
  // Before anything that it governs. Nothing is loaded and nothing runs, whatever the page may hold.
  add(head, "meta",
      {{"http-equiv", "Content-Security-Policy"},
       {"content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"}});
  add(head, "meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  add(head, "meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  add(head, "title", {}, title);
  add(head, "style", {}, style);
  main_ = add(add(root, "body"), "main");
}

std::string Page::text() const {
  std::ostringstream text;
  text << "<!DOCTYPE html>\n";
  // Without indentation: it would stand between words.
  document_.save(text, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  text << "\n";
  return text.str();
}

}  // namespace lab::grader::formats::html
