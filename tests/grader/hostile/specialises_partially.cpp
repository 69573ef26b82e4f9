// tries: results of a form of its own
// verdict: refused library
namespace own = tl;
template <class Value>
class own::expected<Value, long> {};
