"""What is made of recorded races: tables, durations, intervals, exchange rates, verdicts."""
