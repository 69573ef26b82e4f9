// Pages of one file without scripts: a tree of elements that a library writes, so that whatever is put in as text comes
// out as text. For the formats here, not for others.
//
// What it writes is HTML, and XML as well, which is how the tests look into it.
#pragma once

#include <initializer_list>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "tools/grader/formats/report.hpp"

namespace lab::grader::formats::html {

using Attributes = std::initializer_list<std::pair<const char*, std::string>>;

// Appends an element. One that is no void element must not stay empty: HTML does not know <p/>. add() with a text
// sees to that, even if the text is empty.
pugi::xml_node add(pugi::xml_node parent, const char* name, Attributes attributes = {});
pugi::xml_node add(pugi::xml_node parent, const char* name, Attributes attributes, const std::string& text);
void add_text(pugi::xml_node parent, const std::string& text);

// A verdict as a mark and a word: colour never stands alone.
void add_badge(pugi::xml_node parent, Verdict verdict, const std::string& words);
const char* sign_of(Verdict verdict);

// A bar, of which the part `share`, 0 to 1, is filled. It repeats what a number beside it says, and is no more than
// that to a screen reader.
void add_bar(pugi::xml_node parent, double share, const char* kind);

class Page {
public:
  explicit Page(const std::string& title);

  pugi::xml_node main() const { return main_; }
  std::string text() const;

private:
  pugi::xml_document document_;
  pugi::xml_node main_;
};

extern const char* const style;

}  // namespace lab::grader::formats::html
