# Writes OUTPUT, a C++ file with the page's parts of FOLDER as bytes, and the hashes by which the page's policy names its
# style and its script: nothing else in the page can run.

include(${CMAKE_CURRENT_LIST_DIR}/../embed.cmake)

# Of 64 hexadecimal digits: three of them are two of base 64, and the last is one and a sign of padding.
function(base64_of_hash digits result)
  set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  set(text "")
  foreach(at RANGE 0 60 3)
    string(SUBSTRING ${digits} ${at} 3 three)
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING ${alphabet} ${high} 1 first)
    string(SUBSTRING ${alphabet} ${low} 1 second)
    string(APPEND text ${first}${second})
  endforeach()
  string(SUBSTRING ${digits} 63 1 one)
  math(EXPR last "0x${one} << 2")
  string(SUBSTRING ${alphabet} ${last} 1 first)
  set(${result} "${text}${first}=" PARENT_SCOPE)
endfunction()

# One script of them all, each after what it needs.
get_filename_component(build ${OUTPUT} DIRECTORY)
file(REMOVE ${build}/script.js)
foreach(part engine texts rails panels walk game start)
  file(READ ${FOLDER}/${part}.js text)
  file(APPEND ${build}/script.js "${text}")
endforeach()
file(SHA256 ${build}/script.js script_digits)
file(SHA256 ${FOLDER}/page.css style_digits)
base64_of_hash(${script_digits} script_hash)
base64_of_hash(${style_digits} style_hash)
bytes_of(${FOLDER}/page.html template)
bytes_of(${FOLDER}/page.css style)
bytes_of(${build}/script.js script)

file(WRITE ${OUTPUT} "// Made by embed.cmake.
#include \"tools/timeline/assets.hpp\"

namespace lab::timeline {
namespace {
constexpr char template_bytes[] = {${template}};
constexpr char style_bytes[] = {${style}};
constexpr char script_bytes[] = {${script}};
template <std::size_t size>
std::string_view text_of(const char (&bytes)[size]) { return {bytes, size}; }
}  // namespace
Assets assets() {
  return {text_of(template_bytes), text_of(style_bytes), text_of(script_bytes), \"${style_hash}\", \"${script_hash}\"};
}
}  // namespace lab::timeline
")
