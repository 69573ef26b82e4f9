// tries: to call the test framework
// verdict: refused name
namespace Catch {
class Session;
}  // namespace Catch
