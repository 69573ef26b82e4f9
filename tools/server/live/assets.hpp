// The page's files, compiled in: nothing is looked for when it is served. CMake writes the definitions from page/, and
// chart_js from Debian's package of Chart.js; where the build had none, that is a comment.
#pragma once

#include <string_view>

namespace lab::live::assets {

std::string_view index_html();
std::string_view page_css();
std::string_view page_js();
std::string_view chart_js();

}  // namespace lab::live::assets
