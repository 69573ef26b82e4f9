// tries: the same with a digraph
// verdict: refused directive
%:line 7
