// tries: a machine's clock that stands still, for everybody
// verdict: refused defined_symbol
namespace lab {
Instant SystemClock::now() { return {}; }
}  // namespace lab
