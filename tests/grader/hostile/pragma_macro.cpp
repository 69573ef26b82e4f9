// tries: to change a macro of the headers
// verdict: refused pragma
#pragma push_macro("assert")
