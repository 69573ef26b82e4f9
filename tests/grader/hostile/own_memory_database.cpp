// tries: a database that forgets, for everybody
// verdict: refused defined_symbol
namespace lab {
Result<void> MemoryDatabase::purge(const SessionId&) { return {}; }
}  // namespace lab
