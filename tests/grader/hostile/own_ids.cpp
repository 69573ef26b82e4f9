// tries: ids that it can guess, for everybody
// verdict: refused defined_symbol
namespace lab {
SessionId new_session_id() { return SessionId("1"); }
}  // namespace lab
