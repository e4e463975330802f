"""Speed, as ratios measured in one run. `make bench` prints them as JSON and a table."""
