-- A key that was deleted has, until it comes back, a version that says so, with the values it had last.
SELECT * EXCLUDE (${inner}), millrace_time AS valid_from, millrace_until AS valid_to, false AS is_deleted
FROM versions
WHERE NOT millrace_gone
UNION ALL
SELECT * EXCLUDE (${inner}), millrace_until AS valid_from, millrace_again AS valid_to, true AS is_deleted
FROM versions
WHERE NOT millrace_gone AND millrace_ends
