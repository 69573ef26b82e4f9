// Chart.js was not there when this was built: install libjs-chart.js, and build again. The page has its tables.
