// The third part of the screen: what a submission's object defines, wants and consists of. Objects are ELF's, for this
// machine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "tools/grader/screen/objection.hpp"
#include "tools/grader/screen/symbols.hpp"

namespace lab::grader {

// The symbols that an object, or all objects of an archive, define for others, weak ones left out. The error is a
// sentence: it can't be read, or is neither.
tl::expected<SymbolNames, std::string> strong_definitions(const std::filesystem::path& file);

// Whatever they define or need, for themselves too. The error is as above.
tl::expected<SymbolNames, std::string> all_symbols(const std::filesystem::path& file);

// `common` are the strong definitions of common/, which the object is going to be linked with. The rules are
// "needed_symbol", "defined_symbol" and "section". The error is a sentence: it can't be read, or is no object of this
// machine's; a compiler printed something else than it was asked for.
tl::expected<Objections, std::string> objections_to_object(const std::filesystem::path& object,
                                                           const SymbolNames& common);

// How many places of the object tell ThreadSanitizer of a read, a write or an atomic operation. None at all in an
// object compiled for it: it was not. The error is as above.
tl::expected<std::size_t, std::string> instrumented_accesses(const std::filesystem::path& object);

}  // namespace lab::grader
