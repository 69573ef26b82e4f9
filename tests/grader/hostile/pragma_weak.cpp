// tries: to give a function another one's name
// verdict: refused pragma
#pragma weak main
