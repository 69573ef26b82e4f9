// tries: another order of ids, for every map of the program
// verdict: refused library
template <>
struct std::less<lab::SessionId> {
  bool operator()(const lab::SessionId&, const lab::SessionId&) const { return false; }
};
