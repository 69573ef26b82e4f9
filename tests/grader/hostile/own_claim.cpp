// tries: a claim of its own
// verdict: refused name
CONCURRENT_CLAIM("everything holds") {}
