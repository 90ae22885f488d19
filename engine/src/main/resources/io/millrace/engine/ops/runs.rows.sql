SELECT id, kind, what, why, state, message, started_micros, ended_micros FROM runs
